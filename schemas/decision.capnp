# SPDX-FileCopyrightText: The ACGS authors
# SPDX-License-Identifier: Apache-2.0
#
# A question to the policies and its answer, as they travel between actors,
# nodes and clients. Ordinals are stable: add at the end, never renumber.
# The meaning of each field is documented in runtime/domain/decision.hpp.
@0xe2f0a7c1d4b35986;

using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("acgs::schema");

struct Identity {
  subject @0 :Text;
  role    @1 :UInt8;   # runtime/domain/identity.hpp, role
  tenant  @2 :Text;
  method  @3 :UInt8;   # runtime/domain/identity.hpp, auth_method
  tokenId @4 :Text;
  address @5 :Text;
}

struct DecideRequest {
  requestId           @0  :Text;
  asks                @1  :UInt8;
  path                @2  :Text;
  input               @3  :Text;   # JSON
  pinnedHash          @4  :Text;   # names, separated by spaces
  idempotencyKey      @5  :Text;
  wanted              @6  :UInt8;
  strictBuiltinErrors @7  :Bool;
  receivedNanos       @8  :Int64;  # steady clock of the node that received it
  caller              @9  :Identity;
  partial             @10 :Text;   # JSON, of a question about what is left
  explain             @11 :UInt8;
  explainLines        @12 :Bool;
}

struct Decision {
  decisionId         @0  :Text;
  requestId          @1  :Text;
  path               @2  :Text;
  outcome            @3  :UInt8;
  result             @4  :Text;    # JSON
  errorCode          @5  :Text;
  errorMessage       @6  :Text;
  constitutionalHash @7  :Text;    # 16 digits of its digest; over RPC its alias
  policyDigest       @8  :Data;    # SHA-256
  dataDigest         @9  :Data;    # SHA-256
  revision           @10 :UInt64;
  cacheHit           @11 :Bool;
  nondeterministic   @12 :Bool;
  evaluationNanos    @13 :Int64;
  latencyNanos       @14 :Int64;
  explanation        @15 :Text;    # JSON
  inputParseNanos    @16 :Int64;
  prepareNanos       @17 :Int64;
  instructions       @18 :UInt64;
  errors             @19 :Text;    # JSON
}
