// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "rego/curl_transport.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <cerrno>
#include <cstring>
#include <poll.h>
#include <strings.h>
#include <sys/socket.h>

#include "curl/libcurl.hpp"

namespace rego {

namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;

// How long a cancellation may go unseen.
constexpr int look_up_ms = 50;
// What a header takes besides its text, so that many empty ones count.
constexpr size_t bytes_a_header = 64;

http_response failure(http_failure how, std::string why) {
  http_response out;
  out.failure = how;
  out.message = std::move(why);
  return out;
}

struct easy_end {
  void operator()(CURL* h) const { load_libcurl().easy_cleanup(h); }
};
struct multi_end {
  void operator()(CURLM* h) const { load_libcurl().multi_cleanup(h); }
};
struct list_end {
  void operator()(curl_slist* l) const { load_libcurl().slist_free_all(l); }
};

class lines {
public:
  void add(const std::string& text) {
    auto* longer = load_libcurl().slist_append(list_.get(), text.c_str());
    if (!longer)
      throw std::bad_alloc();
    static_cast<void>(list_.release());
    list_.reset(longer);
  }
  curl_slist* get() const { return list_.get(); }

private:
  std::unique_ptr<curl_slist, list_end> list_;
};

/// An address as text; all empty where it is neither IPv4 nor IPv6.
struct endpoint {
  std::string address;
  std::string with_port; // "127.0.0.1:80", "[::1]:80"
};

endpoint endpoint_of(const curl_sockaddr& at) {
  char room[INET6_ADDRSTRLEN] = {};
  const void* bytes = nullptr;
  int port = 0;
  sockaddr_in v4{};
  sockaddr_in6 v6{};
  if (at.family == AF_INET && at.addrlen >= sizeof v4) {
    std::memcpy(&v4, &at.addr, sizeof v4);
    bytes = &v4.sin_addr;
    port = ntohs(v4.sin_port);
  } else if (at.family == AF_INET6 && at.addrlen >= sizeof v6) {
    // Of a curl_sockaddr only the beginning is declared.
    std::memcpy(&v6, static_cast<const void*>(&at.addr), sizeof v6);
    bytes = &v6.sin6_addr;
    port = ntohs(v6.sin6_port);
  }
  if (!bytes || !::inet_ntop(at.family, bytes, room, sizeof room))
    return {};
  std::string text = room;
  auto shown = at.family == AF_INET6 ? "[" + text + "]" : text;
  return {std::move(text), shown + ":" + std::to_string(port)};
}

const http_header* header(const http_request& r, const char* name) {
  for (auto& h : r.headers)
    if (::strcasecmp(h.name.c_str(), name) == 0)
      return &h;
  return nullptr;
}

/// One request on its way. Stays where it is, as libcurl points to it.
class exchange {
public:
  exchange(const curl_options& options, const http_request& r)
      : options_(options), request_(r), easy_(load_libcurl().easy_init()),
        multi_(load_libcurl().multi_init()) {}
  exchange(const exchange&) = delete;
  exchange& operator=(const exchange&) = delete;

  http_response run() {
    if (!easy_ || !multi_)
      return failure(http_failure::connection, "libcurl cannot be set up");
    set_target();
    set_body();
    set_headers();
    set_tls();
    set_receivers();
    set_connection();
    if (refused_ != CURLE_OK)
      return failed(refused_);
    load_libcurl().multi_add_handle(multi_.get(), easy_.get());
    auto done = wait();
    load_libcurl().multi_remove_handle(multi_.get(), easy_.get());
    return done;
  }

private:
  template <class T>
  void set(CURLoption option, T what) {
    if (refused_ == CURLE_OK)
      refused_ = load_libcurl().easy_setopt(easy_.get(), option, what);
  }
  void set_text(CURLoption option, const std::string& text) {
    curl_blob blob{const_cast<char*>(text.data()), text.size(),
                   CURL_BLOB_NOCOPY};
    set(option, &blob);
  }

  void set_target();
  void set_body();
  void set_headers();
  void set_tls();
  void set_receivers();
  void set_connection();
  http_response wait();
  http_response finished(CURLcode how);
  http_response failed(CURLcode how);
  std::string in_gos_words(CURLcode how) const;
  bool take(std::string& to, const char* from, size_t size);
  void take_header(std::string_view line);

  static size_t on_body(char* from, size_t size, size_t n, void* me) {
    auto& self = *static_cast<exchange*>(me);
    return self.take(self.got_.body, from, size * n) ? size * n : 0;
  }
  static curl_socket_t on_socket(void* me, curlsocktype, curl_sockaddr* at) {
    auto& self = *static_cast<exchange*>(me);
    auto to = endpoint_of(*at);
    if (self.options_.may_connect && !self.options_.may_connect(to.address)) {
      self.closed_ = std::move(to.address);
      return CURL_SOCKET_BAD;
    }
    if (self.tried_.empty())
      self.tried_ = std::move(to.with_port);
    return ::socket(at->family, at->socktype | SOCK_CLOEXEC, at->protocol);
  }
  static size_t on_header(char* from, size_t size, size_t n, void* me) {
    auto& self = *static_cast<exchange*>(me);
    self.taken_ = std::min(self.taken_ + bytes_a_header,
                           self.request_.response_bytes_max);
    if (!self.take(self.line_, from, size * n))
      return 0;
    self.take_header(self.line_);
    self.line_.clear();
    return size * n;
  }

  const curl_options& options_;
  const http_request& request_;
  std::unique_ptr<CURL, easy_end> easy_;
  std::unique_ptr<CURLM, multi_end> multi_;
  lines headers_, connect_to_;
  CURLcode refused_ = CURLE_OK;
  char why_[CURL_ERROR_SIZE] = {};
  http_response got_;
  std::string line_;
  size_t taken_ = 0;
  bool too_large_ = false;
  std::string closed_; // an address that may not be connected to
  std::string tried_;  // the first one that may, with its port
};

// Where another name is to be verified, the URL gets that name and the
// connection goes to the host that it had.
void exchange::set_target() {
  auto url = request_.url;
  auto& name = request_.tls.server_name;
  if (url.starts_with("https:") && !name.empty() && name != request_.host) {
    auto host = request_.host.find(':') == std::string::npos
                    ? request_.host
                    : "[" + request_.host + "]";
    url.replace(std::strlen("https://"), host.size(), name);
    connect_to_.add("::" + host + ":");
    set(CURLOPT_CONNECT_TO, connect_to_.get());
  }
  set(CURLOPT_URL, url.c_str());
  set(CURLOPT_PROTOCOLS_STR, "http,https");
  set(CURLOPT_PATH_AS_IS, 1L);
  set(CURLOPT_FOLLOWLOCATION, 0L);
  set(CURLOPT_PROXY, "");
  set(CURLOPT_NOPROXY, "*");
  set(CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
  set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  set(CURLOPT_NOSIGNAL, 1L);
  auto ms = std::chrono::ceil<milliseconds>(request_.timeout).count();
  constexpr int64_t ms_max = 1'000'000'000;
  if (ms > 0) {
    auto bounded = static_cast<long>(std::min<int64_t>(ms, ms_max));
    set(CURLOPT_TIMEOUT_MS, bounded);
    set(CURLOPT_CONNECTTIMEOUT_MS, bounded);
  }
}

void exchange::set_body() {
  auto& method = request_.method;
  bool with_length = method == "POST" || method == "PUT" || method == "PATCH";
  if (method == "HEAD") {
    set(CURLOPT_NOBODY, 1L);
  } else if (with_length || !request_.body.empty()) {
    set(CURLOPT_POSTFIELDS, request_.body.data());
    set(CURLOPT_POSTFIELDSIZE_LARGE,
        static_cast<curl_off_t>(request_.body.size()));
  }
  set(CURLOPT_CUSTOMREQUEST, method.c_str());
}

// Of the headers that libcurl adds by itself only Host is left, which another
// name for verification must not change.
void exchange::set_headers() {
  for (auto* own : {"Accept", "Expect", "Content-Type"})
    if (!header(request_, own))
      headers_.add(std::string(own) + ":");
  if (connect_to_.get() && !header(request_, "Host")) {
    auto rest = request_.url.substr(std::strlen("https://"));
    headers_.add("Host: " + rest.substr(0, rest.find_first_of("/?")));
  }
  for (auto& h : request_.headers)
    headers_.add(h.value.empty() ? h.name + ";" : h.name + ": " + h.value);
  set(CURLOPT_HTTPHEADER, headers_.get());
}

void exchange::set_tls() {
  auto& tls = request_.tls;
  bool verify = !tls.skip_verification;
  set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  set(CURLOPT_SSL_VERIFYPEER, verify ? 1L : 0L);
  set(CURLOPT_SSL_VERIFYHOST, verify ? 2L : 0L);
  if (!tls.system_certificates) {
    set(CURLOPT_CAINFO, static_cast<const char*>(nullptr));
    set(CURLOPT_CAPATH, static_cast<const char*>(nullptr));
  }
  if (!tls.ca_certificates.empty())
    set_text(CURLOPT_CAINFO_BLOB, tls.ca_certificates);
  if (!tls.client_certificate.empty()) {
    set_text(CURLOPT_SSLCERT_BLOB, tls.client_certificate);
    set_text(CURLOPT_SSLKEY_BLOB, tls.client_key);
    set(CURLOPT_SSLCERTTYPE, "PEM");
    set(CURLOPT_SSLKEYTYPE, "PEM");
  }
}

void exchange::set_receivers() {
  set(CURLOPT_ERRORBUFFER, why_);
  set(CURLOPT_WRITEFUNCTION, on_body);
  set(CURLOPT_WRITEDATA, this);
  set(CURLOPT_HEADERFUNCTION, on_header);
  set(CURLOPT_HEADERDATA, this);
}

// Who waits for an answer does not wait for the end of a look-up that nobody
// needs any more.
void exchange::set_connection() {
  set(CURLOPT_QUICK_EXIT, 1L);
  set(CURLOPT_OPENSOCKETFUNCTION, on_socket);
  set(CURLOPT_OPENSOCKETDATA, this);
}

bool exchange::take(std::string& to, const char* from, size_t size) {
  if (size > request_.response_bytes_max - taken_) {
    too_large_ = true;
    return false;
  }
  taken_ += size;
  to.append(from, size);
  return true;
}

// A status line begins anew, as behind a 100; a line that is no header ends.
void exchange::take_header(std::string_view line) {
  while (line.ends_with('\n') || line.ends_with('\r'))
    line.remove_suffix(1);
  if (line.starts_with("HTTP/")) {
    got_.headers.clear();
    auto space = line.find(' ');
    got_.status = space == line.npos ? "" : line.substr(space + 1);
    if (got_.status.ends_with(' ')) // no reason behind the code
      got_.status.pop_back();
    return;
  }
  auto colon = line.find(':');
  if (colon == line.npos)
    return;
  auto value = line.substr(colon + 1);
  value.remove_prefix(std::min(value.find_first_not_of(" \t"), value.size()));
  value = value.substr(0, value.find_last_not_of(" \t") + 1);
  got_.headers.push_back(
      {std::string(line.substr(0, colon)), std::string(value)});
}

http_response exchange::wait() {
  for (int running = 1;;) {
    if (request_.cancelled && request_.cancelled())
      return failure(http_failure::cancelled, "cancelled");
    auto code = load_libcurl().multi_perform(multi_.get(), &running);
    int left = 0;
    while (auto* m = load_libcurl().multi_info_read(multi_.get(), &left))
      if (m->msg == CURLMSG_DONE)
        return finished(m->data.result);
    if (code == CURLM_OK)
      code = load_libcurl().multi_poll(multi_.get(), nullptr, 0, look_up_ms,
                                       nullptr);
    if (code != CURLM_OK)
      return failure(http_failure::connection,
                     load_libcurl().multi_strerror(code));
  }
}

http_response exchange::finished(CURLcode how) {
  if (how != CURLE_OK)
    return failed(how);
  long status = 0;
  load_libcurl().easy_getinfo(easy_.get(), CURLINFO_RESPONSE_CODE, &status);
  got_.status_code = static_cast<int>(status);
  return std::move(got_);
}

// What clients of OPA tell apart, as Go has it; empty: as libcurl has it.
std::string exchange::in_gos_words(CURLcode how) const {
  if (how == CURLE_COULDNT_RESOLVE_HOST)
    return "dial tcp: lookup " + request_.host + ": no such host";
  long code = 0;
  load_libcurl().easy_getinfo(easy_.get(), CURLINFO_OS_ERRNO, &code);
  if (how != CURLE_COULDNT_CONNECT || tried_.empty())
    return {};
  for (auto [known, text] : {std::pair{ECONNREFUSED, "connection refused"},
                             std::pair{EHOSTUNREACH, "no route to host"},
                             std::pair{ENETUNREACH, "network is unreachable"}})
    if (code == known)
      return "dial tcp " + tried_ + ": connect: " + text;
  return {};
}

http_response exchange::failed(CURLcode how) {
  if (how == CURLE_COULDNT_CONNECT && !closed_.empty())
    return failure(http_failure::refused,
                   "its name leads to " + closed_
                       + ", an address that is not allowed");
  auto out = failure(http_failure::connection, in_gos_words(how));
  if (out.message.empty())
    out.message = why_[0] ? why_ : load_libcurl().easy_strerror(how);
  switch (how) {
  case CURLE_OPERATION_TIMEDOUT:
    out.failure = http_failure::timeout;
    break;
  case CURLE_WRITE_ERROR:
    if (too_large_)
      out.failure = http_failure::too_large;
    break;
  case CURLE_SSL_CONNECT_ERROR:
  case CURLE_PEER_FAILED_VERIFICATION:
  case CURLE_SSL_CERTPROBLEM:
  case CURLE_SSL_CACERT_BADFILE:
  case CURLE_SSL_ISSUER_ERROR:
    out.failure = http_failure::tls;
    break;
  case CURLE_UNSUPPORTED_PROTOCOL:
  case CURLE_URL_MALFORMAT:
    out.failure = http_failure::refused;
    break;
  default:
    break;
  }
  return out;
}

class curl_transport : public http_transport {
public:
  explicit curl_transport(curl_options options) : options_(std::move(options)) {
    load_libcurl();
  }

  http_response send(const http_request& request) override {
    return exchange(options_, request).run();
  }

  void pause(nanoseconds time,
             const std::function<bool()>& cancelled) override {
    auto until = std::chrono::steady_clock::now() + time;
    while (!cancelled || !cancelled()) {
      auto left = std::chrono::ceil<milliseconds>(
          until - std::chrono::steady_clock::now());
      if (left.count() <= 0)
        return;
      ::poll(nullptr, 0,
             static_cast<int>(std::min<int64_t>(left.count(), look_up_ms)));
    }
  }

private:
  curl_options options_;
};

} // namespace

std::shared_ptr<http_transport> make_curl_transport(curl_options options) {
  return std::make_shared<curl_transport>(std::move(options));
}

} // namespace rego
