# SPDX-FileCopyrightText: The ACGS authors
# SPDX-License-Identifier: Apache-2.0
#
# Control state at one revision, as CONTROL keeps it beside the history so that
# a start need not apply all commands again. Maps are lists sorted by their
# key, without doubles. Ordinals are stable.
# The meaning of each field is documented in runtime/domain/control_state.hpp.
@0xb94c0e6d27f1a853;

using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("acgs::schema");

struct ControlState {
  revision           @0  :UInt64;
  timeNanos          @1  :Int64;
  constitutionDigest @2  :Data;   # SHA-256
  constitution       @3  :List(Module);
  policies           @4  :List(Module);
  data               @5  :Text;   # JSON
  dataRevision       @6  :UInt64;
  users              @7  :List(User);
  tokens             @8  :List(Token);
  limits             @9  :List(Limit);
  keys               @10 :List(Key);
  logLevel           @11 :Text;
  strict             @12 :Mode;
  lockdown           @13 :Mode;
  candidate          @14 :Candidate;   # no name: there is none
  archives           @15 :List(Archive);   # by id, then bundle
  bundles            @16 :List(Bundle);
  aliases            @17 :Aliases;     # null: none were ever set

  struct Module {
    name      @0 :Text;
    text      @1 :Text;   # Rego
    revision  @2 :UInt64;
    timeNanos @3 :Int64;
    bundle    @4 :Text;
    v0        @5 :Bool;
  }

  struct Archive {
    id             @0 :Text;   # SHA-256 in hexadecimal
    bundle         @1 :Text;
    bundleRevision @2 :Text;
    roots          @3 :List(Text);
    isDelta        @4 :Bool;
    bytes          @5 :UInt64;
    signedBy       @6 :Text;
    revision       @7 :UInt64;
    timeNanos      @8 :Int64;
  }

  struct Bundle {
    name           @0 :Text;
    digests        @1 :List(Text);
    bundleRevision @2 :Text;
    roots          @3 :List(Text);
    revision       @4 :UInt64;
    timeNanos      @5 :Int64;
  }

  struct Aliases {
    entries @0 :List(Alias);
  }

  struct Alias {
    name  @0 :Text;   # SHA-256 of the constitution in hexadecimal
    alias @1 :Text;
  }

  struct User {
    name         @0 :Text;
    role         @1 :UInt8;   # runtime/domain/identity.hpp, role
    tenant       @2 :Text;
    passwordHash @3 :Text;
    revoked      @4 :Bool;
    createdNanos @5 :Int64;
  }

  struct Token {
    id           @0 :Text;
    subject      @1 :Text;
    role         @2 :UInt8;
    tenant       @3 :Text;
    kind         @4 :UInt8;   # runtime/domain/control_state.hpp, token_kind
    family       @5 :Text;
    issuedNanos  @6 :Int64;
    expiresNanos @7 :Int64;
    revoked      @8 :Bool;
  }

  struct Limit {
    name              @0 :Text;
    requestsPerSecond @1 :Float64;
    burst             @2 :Float64;
  }

  struct Key {
    name        @0 :Text;
    purpose     @1 :Text;
    verifierKey @2 :Text;
    active      @3 :Bool;
    revoked     @4 :Bool;
    timeNanos   @5 :Int64;
  }

  struct Candidate {
    name      @0 :Text;
    share     @1 :Float64;
    modules   @2 :List(Module);
    revision  @3 :UInt64;
    timeNanos @4 :Int64;
    by        @5 :Text;
  }

  struct Mode {
    on         @0 :Bool;
    by         @1 :Text;
    reason     @2 :Text;
    sinceNanos @3 :Int64;
  }
}
