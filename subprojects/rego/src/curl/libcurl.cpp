// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "curl/libcurl.hpp"

#include <dlfcn.h>
#include <stdexcept>
#include <string>

namespace rego {

namespace {

/// The name of every version since 7.16, which the headers are of.
constexpr const char* file_name = "libcurl.so.4";

[[noreturn]] void failed(const std::string& why) {
  throw std::runtime_error(std::string(file_name) + ": " + why);
}

/// Stays loaded: its functions may be in use at the end.
libcurl load() {
  auto* from = dlopen(file_name, RTLD_NOW | RTLD_LOCAL);
  if (!from)
    failed("cannot be loaded; expected the package libcurl4");
  libcurl out;
  auto find = [&](auto& to, const char* name) {
    to = reinterpret_cast<std::remove_reference_t<decltype(to)>>(
        dlsym(from, name));
    if (!to)
      failed(std::string("has no ") + name);
  };
  find(out.easy_cleanup, "curl_easy_cleanup");
  find(out.easy_getinfo, "curl_easy_getinfo");
  find(out.easy_init, "curl_easy_init");
  find(out.easy_setopt, "curl_easy_setopt");
  find(out.easy_strerror, "curl_easy_strerror");
  find(out.global_init, "curl_global_init");
  find(out.multi_add_handle, "curl_multi_add_handle");
  find(out.multi_cleanup, "curl_multi_cleanup");
  find(out.multi_info_read, "curl_multi_info_read");
  find(out.multi_init, "curl_multi_init");
  find(out.multi_perform, "curl_multi_perform");
  find(out.multi_poll, "curl_multi_poll");
  find(out.multi_remove_handle, "curl_multi_remove_handle");
  find(out.multi_strerror, "curl_multi_strerror");
  find(out.slist_append, "curl_slist_append");
  find(out.slist_free_all, "curl_slist_free_all");
  if (out.global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
    failed("cannot be set up");
  return out;
}

} // namespace

const libcurl& load_libcurl() {
  static const auto loaded = load();
  return loaded;
}

} // namespace rego
