# SPDX-FileCopyrightText: The ACGS authors
# SPDX-License-Identifier: Apache-2.0
#
# What a node says of the policies, data and bundles that it has, and of how
# they came about. Ordinals are stable: add at the end, never renumber.
@0xb7f2c85d4e19a036;

using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("acgs::schema");

using Decision = import "decision.capnp";

struct PolicyInfo {
  id        @0 :Text;   # "constitution/..." for a file of the constitution
  bytes     @1 :UInt64;
  revision  @2 :UInt64;
  timeNanos @3 :Int64;
  origin    @4 :Text;   # "user", "bundle" or "constitution"
}

struct PolicyText {
  info @0 :PolicyInfo;
  text @1 :Text;
}

struct HistoryFilter {
  name   @0 :Text;     # only about this policy, path, user; empty: all
  before @1 :UInt64;   # only smaller revisions; 0: from the newest
  limit  @2 :UInt32;   # 0: 100; at most 1000
}

struct Change {
  revision  @0 :UInt64;
  kind      @1 :Text;   # "put_policy"
  name      @2 :Text;
  reason    @3 :Text;
  requestId @4 :Text;
  timeNanos @5 :Int64;
  by        @6 :Decision.Identity;
  bytes     @7 :UInt64;   # of the body
}

struct DataDocument {
  json     @0 :Text;
  revision @1 :UInt64;
}

struct Candidate {
  name      @0 :Text;    # empty: there is none
  share     @1 :Float64;
  modules   @2 :List(PolicyInfo);
  revision  @3 :UInt64;
  timeNanos @4 :Int64;
  by        @5 :Text;
}

struct Bundle {
  name           @0 :Text;
  digest         @1 :Text;
  bundleRevision @2 :Text;         # as its manifest says
  roots          @3 :List(Text);
  isDelta        @4 :Bool;
  bytes          @5 :UInt64;
  signedBy       @6 :Text;
  revision       @7 :UInt64;       # of control state, when it was put
  timeNanos      @8 :Int64;
  active         @9 :Bool;
  activeNanos    @10 :Int64;       # since when; 0: it is not
}

struct BundleAt {
  digests @0 :List(Text);   # what was active; empty: nothing
}
