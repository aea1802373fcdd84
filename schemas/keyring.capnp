# SPDX-FileCopyrightText: The ACGS authors
# SPDX-License-Identifier: Apache-2.0
#
# The signing keys of a node, past ones too, by their public parts, and what a
# change of them did. Ordinals are stable: add at the end, never renumber.
@0xb1f4c7a93d05e26a;

using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("acgs::schema");

struct Key {
  purpose      @0 :Text;
  name         @1 :Text;
  publicKey    @2 :Data;   # Ed25519
  verifierKey  @3 :Text;   # C2SP signed-note form
  createdNanos @4 :Int64;
  active       @5 :Bool;
  revoked      @6 :Bool;
  lastSize     @7 :UInt64;  # where not active: the log's size then
  endedNanos   @8 :Int64;   # where not active
  reason       @9 :Text;    # for those who may change keys
}

struct KeyChange {
  key       @0 :Text;     # "name+id" of the one that signs no more
  successor @1 :Text;     # empty where none follows
  revision  @2 :UInt64;   # of control state
  index     @3 :UInt64;   # of the ledger's last entry about it
}
