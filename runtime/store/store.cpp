// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#include "runtime/store/store.hpp"

namespace acgs::store {

cursor::~cursor() = default;
read_transaction::~read_transaction() = default;
environment::~environment() = default;

} // namespace acgs::store
