// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Functions of a library that is loaded when it is first needed, because most
// processes never need it and it takes memory from the start otherwise.

#include <dlfcn.h>

namespace rego {

/// Finds one function after the other, and knows whether all were there.
class function_finder {
public:
  explicit function_finder(const char* file)
      : from_(::dlopen(file, RTLD_NOW | RTLD_LOCAL)) {}

  template <class Function>
  void operator()(Function& to, const char* name) {
    to = from_ ? reinterpret_cast<Function>(::dlsym(from_, name)) : nullptr;
    all_ = all_ && to;
  }

  bool all() const { return all_; }

private:
  void* from_; // stays loaded: its functions may be in use at the end
  bool all_ = true;
};

} // namespace rego
