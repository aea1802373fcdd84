// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// Networks: contains, intersects, expand, merge; look-up of host names through
// the resolver that the context has, if any.

#include <algorithm>
#include <optional>

#include "builtins/families.hpp"
#include "builtins/net_address.hpp"
#include "builtins/support.hpp"

namespace rego {

namespace {

// OPA counts both operands as the first in these messages.
std::optional<net_prefix> network(call_context& c, const value& v) {
  if (!v.is_string()) {
    c.operand_error(1, v, "string");
    return std::nullopt;
  }
  auto p = parse_prefix(v.as_string());
  if (!p)
    c.fail("invalid CIDR address: " + std::string(v.as_string()));
  return p;
}

// Two addresses and all between them: a network, or one address twice.
struct address_span {
  net_address first, last;
};

// An error is recorded in the context.
std::optional<address_span> addresses(call_context& c, const value& v) {
  if (!v.is_string()) {
    c.operand_error(1, v, "string");
    return std::nullopt;
  }
  if (auto ip = parse_address(v.as_string()))
    return address_span{*ip, *ip};
  if (auto p = parse_prefix(v.as_string()))
    return address_span{p->first, p->last()};
  c.fail("not a valid textual representation of an IP address or CIDR: "
         + std::string(v.as_string()));
  return std::nullopt;
}

bool contains_all(const net_prefix& n, const address_span& s) {
  return n.contains(s.first) && n.contains(s.last);
}

value cidr_contains(call_context& c, args a) {
  auto outer = network(c, a[0]);
  if (!outer)
    return {};
  auto inner = addresses(c, a[1]);
  return inner ? truth(contains_all(*outer, *inner)) : value();
}

value cidr_intersects(call_context& c, args a) {
  auto x = network(c, a[0]);
  if (!x)
    return {};
  auto y = network(c, a[1]);
  if (!y)
    return {};
  return truth(x->contains(y->first) || y->contains(x->first));
}

value cidr_is_valid(call_context&, args a) {
  return truth(a[0].is_string() && parse_prefix(a[0].as_string()).has_value());
}

struct named_network {
  value network, name;
};

// What operand n holds: networks, each with its index, key or itself.
bool networks_of(call_context& c, args a, size_t n,
                 std::vector<named_network>& out) {
  auto& v = a[n - 1];
  if (v.is_string()) {
    out.push_back({v, v});
    return true;
  }
  if (!v.is_collection())
    return true;
  auto list = v.is_object() ? v.values() : elements(v);
  for (size_t i = 0; i < list.size(); ++i) {
    auto x = list[i];
    if (x.is_array() && x.size() > 0)
      x = x.items()[0];
    else if (!x.is_string()) {
      c.fail("operand " + std::to_string(n)
             + ": element must be string or non-empty array");
      return false;
    }
    c.tick(1);
    out.push_back({x, v.is_array() ? whole(i) : v.keys()[i]});
  }
  return true;
}

value contains_matches(call_context& c, args a) {
  std::vector<named_network> outer, inner;
  if (!networks_of(c, a, 1, outer))
    return {};
  if (!outer.empty() && !networks_of(c, a, 2, inner))
    return {};
  array_builder out(c.memory());
  std::vector<address_span> spans; // of the inner ones, read with the first
  for (auto& x : outer) {
    if (inner.empty())
      break;
    c.tick(inner.size());
    auto net = network(c, x.network);
    if (!net)
      return {};
    for (size_t i = 0; i < inner.size(); ++i) {
      if (i == spans.size()) {
        auto read = addresses(c, inner[i].network);
        if (!read)
          return {};
        spans.push_back(*read);
      }
      if (contains_all(*net, spans[i]))
        out.push(make_array(c.memory(), {x.name, inner[i].name}));
    }
  }
  return out.set();
}

value cidr_expand(call_context& c, args a) {
  auto p = network(c, a[0]);
  if (!p)
    return {};
  auto hosts = p->last().bits - p->first.bits;
  if (hosts > c.memory().room() / 64)
    throw memory_exceeded{};
  array_builder out(c.memory(), static_cast<size_t>(hosts) + 1);
  for (auto at = p->first;; ++at.bits) {
    c.tick(1);
    out.push(c.string(to_string(at)));
    if (at.bits == p->last().bits)
      return out.set();
  }
}

struct address_range {
  address_bits first, last;
  std::string text; // as it was given, where it was not merged
};

// An address without prefix stands for its old class A, B or C network.
std::optional<address_range> range_of(call_context& c, const value& v) {
  if (!v.is_string()) {
    c.fail("element must be string");
    return std::nullopt;
  }
  auto s = v.as_string();
  auto ip = parse_address(s);
  if (ip && !ip->is_v4()) {
    c.fail("IPv6 invalid: needs prefix length");
    return std::nullopt;
  }
  if (ip) {
    auto top = static_cast<unsigned>(ip->bits >> 24 & 255);
    auto length = top < 128 ? 8 : top < 192 ? 16 : 24;
    auto p = parse_prefix(prefix_text(*ip, length));
    return address_range{p->first.bits, p->last().bits,
                         prefix_text(*ip, length)};
  }
  auto p = parse_prefix(s);
  if (!p) {
    c.fail("invalid CIDR address: " + std::string(s));
    return std::nullopt;
  }
  return address_range{p->first.bits, p->last().bits,
                       prefix_text(p->first, p->length)};
}

void merge_ranges(std::vector<address_range>& r) {
  std::sort(r.begin(), r.end(), [](auto& x, auto& y) {
    return x.last != y.last ? x.last < y.last : x.first < y.first;
  });
  // From behind; what is done gathers at the end.
  auto kept = r.size();
  for (auto i = r.size(); i-- > 0;) {
    if (kept < r.size()) {
      auto& next = r[kept];
      auto previous = next.first;
      if (previous != 0 && previous != address_bits{0xFFFF} << 32)
        --previous;
      if (previous <= r[i].last) {
        next = {std::min(r[i].first, next.first), next.last, ""};
        continue;
      }
    }
    if (--kept != i)
      r[kept] = std::move(r[i]);
  }
  r.erase(r.begin(), r.begin() + static_cast<std::ptrdiff_t>(kept));
}

// The fewest networks that make up a range.
void push_networks(call_context& c, array_builder& out, address_range r) {
  bool v4 = net_address{r.first}.is_v4() && net_address{r.last}.is_v4();
  while (true) {
    c.tick(1);
    int free = 0;
    int most = v4 ? 32 : 128;
    auto end = [&](int n) {
      return n == 128 ? ~address_bits{0}
                      : r.first | ((address_bits{1} << n) - 1);
    };
    while (free < most && !(r.first >> free & 1) && end(free + 1) <= r.last)
      ++free;
    out.push(c.string(prefix_text({r.first}, most - free)));
    if (end(free) == r.last)
      return;
    r.first = end(free) + 1;
  }
}

value cidr_merge(call_context& c, args a) {
  if (!a[0].is_array() && !a[0].is_set())
    return c.fail("operand must be an array");
  std::vector<address_range> ranges;
  for (auto& v : elements(a[0])) {
    c.tick(1 + (v.is_string() ? v.as_string().size() / 16 : 0));
    auto r = range_of(c, v);
    if (!r)
      return {};
    ranges.push_back(*r);
  }
  merge_ranges(ranges);
  array_builder out(c.memory());
  for (auto& r : ranges) {
    if (r.text.empty())
      push_networks(c, out, r);
    else
      out.push(c.string(r.text));
  }
  return out.set();
}

value lookup_address(call_context& c, args a) {
  if (!need(c, a, {kind::string}))
    return {};
  std::string host(a[0].as_string());
  auto& kept = c.evaluation_cache()["net.lookup_ip_addr:" + host];
  if (kept.defined())
    return kept;
  std::vector<std::string> found;
  std::string error;
  if (auto ip = parse_address(host))
    found.push_back(to_string(*ip));
  else if (host == "localhost") // RFC 6761: never asked of the network
    found = {"127.0.0.1", "::1"};
  else if (!c.resolve(host, found, error))
    return c.fail("lookup " + host + ": " + error);
  array_builder out(c.memory(), found.size());
  for (auto& address : found)
    out.push(c.string(address));
  return kept = out.set();
}

} // namespace

void register_cidr(builtin_table& t) {
  t.add("net.cidr_contains", cidr_contains);
  t.add("net.cidr_contains_matches", contains_matches);
  t.add("net.cidr_expand", cidr_expand);
  t.add("net.cidr_intersects", cidr_intersects);
  t.add("net.cidr_is_valid", cidr_is_valid);
  t.add("net.cidr_merge", cidr_merge);
  t.add("net.cidr_overlap", cidr_contains);
  t.add("net.lookup_ip_addr", lookup_address);
}

} // namespace rego
