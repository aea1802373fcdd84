# SPDX-FileCopyrightText: The ACGS authors
# SPDX-License-Identifier: Apache-2.0
#
# One entry of the ledger: the bytes that are hashed into the tree, stored,
# mirrored and shown to auditors. An entry never changes, so this schema only
# ever grows at its end. Whatever may hold personal data is not in here: it
# lies beside the log, encrypted, and stands here as a salted commitment.
# The stored form is the flat, single-segment encoding with its segment table.
@0xb90c6d0f3a5e7281;

using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("acgs::schema");

using Decision = import "decision.capnp";

struct Commitment {
  kind  @0 :UInt8;   # runtime/domain/entry.hpp, payload_kind
  value @1 :Data;    # SHA-256(salt || payload)
}

struct Entry {
  kind          @0  :UInt8;   # runtime/domain/entry.hpp, entry_kind
  timeNanos     @1  :Int64;   # since the Unix epoch, by the node's clock
  node          @2  :Text;
  eventType     @3  :Text;
  requestId     @4  :Text;
  decisionId    @5  :Text;
  agent         @6  :Text;
  path          @7  :Text;
  outcome       @8  :UInt8;   # runtime/domain/decision.hpp, verdict
  caller        @9  :Decision.Identity;
  policyDigest  @10 :Data;
  dataDigest    @11 :Data;
  revision      @12 :UInt64;
  raftIndex     @13 :UInt64;
  durationNanos @14 :Int64;
  detail        @15 :Text;    # a small JSON object
  commitments   @16 :List(Commitment);
}
