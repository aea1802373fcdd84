// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "builtins/patched.hpp"

#include <algorithm>
#include <charconv>
#include <map>
#include <memory_resource>
#include <vector>

namespace rego {

namespace {

// Position in an array of `size` elements, or -1; `size` itself for "-".
int64_t array_index(const value& key, size_t size) {
  int64_t n = -1;
  if (key.is_number()) {
    n = to_int64(key).value_or(-1);
  } else if (key.is_string()) {
    auto s = key.as_string();
    if (s == "-")
      return static_cast<int64_t>(size);
    if (s.size() > 1 && s[0] == '0')
      return -1;
    auto [end, ec] = std::from_chars(s.data(), s.data() + s.size(), n);
    if (ec != std::errc() || end != s.data() + s.size())
      return -1;
  }
  return n >= 0 && n <= static_cast<int64_t>(size) ? n : -1;
}

value child(const value& v, const value& key) {
  if (v.is_array()) {
    auto i = array_index(key, v.size());
    return i >= 0 && i < static_cast<int64_t>(v.size())
               ? v.items()[static_cast<size_t>(i)]
               : value();
  }
  return v.is_collection() ? lookup(v, key) : value();
}

} // namespace

struct patched::opened {
  /// Nothing is given back, as the arena takes back all.
  class arena_resource : public std::pmr::memory_resource {
  public:
    explicit arena_resource(arena& a) : arena_(a) {}

  private:
    void* do_allocate(size_t bytes, size_t) override {
      return arena_.allocate(bytes);
    }
    void do_deallocate(void*, size_t, size_t) override {}
    bool do_is_equal(const memory_resource& o) const noexcept override {
      return this == &o;
    }
    arena& arena_;
  };

  struct patch_order {
    bool operator()(const value& x, const value& y) const {
      return compare(x, y) < 0;
    }
  };

  struct entry {
    value key; // as it was written last
    value now; // undefined where it is gone; of a set the key
  };

  opened(arena& a, const value& v)
      : was(v), memory(a), items(&memory), entries(&memory) {
    if (!v.is_array())
      return;
    items.reserve(v.size() + size_t{1});
    items.assign(v.items().begin(), v.items().end());
  }

  // Where what a key leads to is kept; null where nothing was changed there.
  value* kept(const value& key) {
    if (was.is_array()) {
      auto i = array_index(key, items.size());
      return i >= 0 && i < static_cast<int64_t>(items.size())
                 ? &items[static_cast<size_t>(i)]
                 : nullptr;
    }
    auto at = entries.find(key);
    return at == entries.end() ? nullptr : &at->second.now;
  }
  value get(const value& key) {
    auto* here = kept(key);
    return here ? *here : was.is_array() ? value() : lookup(was, key);
  }
  value& put(const value& key, const value& now) {
    auto& e = entries[key];
    e = {key, now};
    return e.now;
  }

  value was;
  arena_resource memory;
  std::pmr::vector<value> items;                    // of an array, all
  std::pmr::map<value, entry, patch_order> entries; // of others what differs
};

patched::opened& patched::open(value& v) {
  if (v.type() != kind::node) {
    c_.tick(1 + (v.is_array() ? v.size() / 4 : 0));
    auto* made =
        new (c_.memory().allocate(sizeof(opened))) opened(c_.memory(), v);
    v = value::node(made, 0);
  }
  return *static_cast<opened*>(const_cast<void*>(v.as_pointer()));
}

void patched::close(value& v) {
  if (v.type() != kind::node)
    return;
  auto& o = open(v);
  if (o.was.is_array()) {
    c_.tick(o.items.size() / 4 + 1);
    for (auto& x : o.items)
      close(x);
    v = adopt_array(c_.memory(), o.items.data(), o.items.size());
    return;
  }
  auto keys = o.was.keys();
  auto size = keys.size() + o.entries.size();
  c_.tick(size / 4 + 1);
  bool object = o.was.is_object();
  array_builder members(c_.memory(), object ? 0 : size);
  object_builder pairs(c_.memory(), object ? size : 0);
  auto add = [&](const value& key, const value& now) {
    if (object)
      pairs.add(key, now);
    else
      members.push(key);
  };
  size_t i = 0;
  for (auto& [key, e] : o.entries) {
    int order = -1;
    for (; i < keys.size() && (order = compare(keys[i], key)) < 0; ++i)
      add(keys[i], object ? o.was.values()[i] : keys[i]);
    i += i < keys.size() && order == 0;
    close(e.now);
    if (e.now.defined())
      add(e.key, e.now);
  }
  for (; i < keys.size(); ++i)
    add(keys[i], object ? o.was.values()[i] : keys[i]);
  v = object ? pairs.finish() : members.set();
}

value patched::at(path p) {
  c_.tick(p.size());
  auto* kept = &root_; // null where none of it is open
  auto v = root_;
  for (auto& key : p) {
    if (v.type() == kind::node) {
      auto& o = open(*kept);
      kept = o.kept(key);
      v = o.get(key);
    } else {
      kept = nullptr;
      v = child(v, key);
    }
    if (!v.defined())
      return v;
  }
  if (v.type() != kind::node)
    return v;
  close(*kept);
  return *kept;
}

bool patched::changed(value& v, path p, change how, const value& now) {
  if (p.empty()) {
    v = now;
    return how != change::remove;
  }
  if (v.type() != kind::node && !v.is_collection())
    return false;
  auto& o = open(v);
  return o.was.is_array() ? changed_array(o, p, how, now)
         : o.was.is_set() ? changed_set(o, p, how, now)
                          : changed_object(o, p, how, now);
}

bool patched::changed_array(opened& o, path p, change how, const value& now) {
  auto size = static_cast<int64_t>(o.items.size());
  auto i = array_index(p[0], o.items.size());
  bool inserts = p.size() == 1 && how == change::insert;
  if (i < 0 || (i == size && !inserts))
    return false;
  if (p.size() > 1 || how == change::replace)
    return changed(o.items[static_cast<size_t>(i)], p.subspan(1), how, now);
  c_.tick(static_cast<uint64_t>(size - i) / 16 + 1);
  if (how == change::insert)
    o.items.insert(o.items.begin() + i, now);
  else
    o.items.erase(o.items.begin() + i);
  return true;
}

bool patched::changed_set(opened& o, path p, change how, const value& now) {
  auto old = o.get(p[0]);
  if (how != change::insert || p.size() > 1) {
    if (!old.defined())
      return false;
    o.put(p[0], {});
  }
  if (p.size() == 1) {
    if (how == change::remove)
      return true;
    if (!equal(p[0], now))
      return false;
    // Of equals the one that is there already stays.
    if (!o.get(now).defined())
      o.put(now, now);
    return true;
  }
  // Without what is to be replaced the member is another, and no longer there.
  if (how == change::replace || !changed(old, p.subspan(1), how, now))
    return false;
  close(old);
  if (!o.get(old).defined())
    o.put(old, old);
  return true;
}

bool patched::changed_object(opened& o, path p, change how, const value& now) {
  auto old = o.get(p[0]);
  bool inserts = p.size() == 1 && how == change::insert;
  if (!inserts && !old.defined())
    return false;
  if (p.size() == 1) {
    o.put(p[0], how == change::remove ? value() : now);
    return true;
  }
  return changed(o.put(p[0], old), p.subspan(1), how, now);
}

bool patched::put(path p, change how, const value& now) {
  c_.tick(p.size());
  if (!changed(root_, p, how, now))
    return false;
  if (p.size() + now.depth() > value_depth_max + size_t{c_.memory().deeper()})
    throw bound_reached{bound::depth};
  return true;
}

bool patched::insert(path p, const value& what) {
  return put(p, change::insert, what);
}
bool patched::remove(path p) {
  return put(p, change::remove, {});
}
bool patched::replace(path p, const value& what) {
  return put(p, change::replace, what);
}

} // namespace rego
