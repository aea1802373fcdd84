# SPDX-FileCopyrightText: The ACGS authors
# SPDX-License-Identifier: Apache-2.0
#
# One change of control state: what CONTROL orders, stores for ever and, in a
# cluster, replicates. The same commands in the same order give the same state
# everywhere. Ordinals are stable.
# The meaning of each field is documented in runtime/domain/command.hpp.
@0xd7a1be5290c3f46e;

using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("acgs::schema");

using Decision = import "decision.capnp";

struct Command {
  kind             @0 :UInt8;
  name             @1 :Text;
  body             @2 :Text;
  reason           @3 :Text;
  requestId        @4 :Text;
  timeNanos        @5 :Int64;
  expectedRevision @6 :UInt64;
  caller           @7 :Decision.Identity;
  salt             @8 :Data;
}
