# SPDX-FileCopyrightText: The ACGS authors
# SPDX-License-Identifier: Apache-2.0
#
# What a node says of its parts to whoever looks after it. Ordinals are stable:
# add at the end, never renumber.
@0xd41c9a7be05f2683;

using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("acgs::schema");

struct Actor {
  name        @0 :Text;
  parent      @1 :Text;     # empty: the root
  state       @2 :Text;     # "running", "restarting", "stopping", "stopped"
  mailbox     @3 :UInt64;   # messages waiting
  restarts    @4 :UInt64;
  uptimeNanos @5 :Int64;    # in this state
  mailboxMax  @6 :UInt64;   # beyond it requests are refused; 0: not bounded
  refused     @7 :UInt64;   # requests, since its last start
  lastError   @8 :Text;     # why it ended last; empty: it never did
  queue       @9 :UInt64;   # work that waits for whichever of its children
                            # comes free first, beside all mailboxes
  queueMax    @10 :UInt64;  # beyond it work is refused; 0: it has no queue
}

struct CacheStats {
  l1Hits    @0 :UInt64;
  l1Misses  @1 :UInt64;
  l1Entries @2 :UInt64;
  l1Max     @3 :UInt64;
  l2Hits    @4 :UInt64;
  l2Misses  @5 :UInt64;
  l2Entries @6 :UInt64;
  l2Max     @7 :UInt64;
}

struct Cleared {
  entries @0 :UInt64;
}

struct Warmed {
  scenarios @0 :UInt64;
  evaluated @1 :UInt64;
  added     @2 :UInt64;
  nanos     @3 :Int64;
}

struct Breaker {
  name        @0 :Text;
  state       @1 :Text;    # "closed", "open", "half_open"
  calls       @2 :UInt64;  # in the window
  failures    @3 :UInt64;
  slow        @4 :UInt64;
  rejected    @5 :UInt64;  # since the start
  opened      @6 :UInt64;  # how often, since the start
  changeNanos @7 :Int64;   # when it entered its state
}

struct LedgerStats {
  origin     @0 :Text;
  entries    @1 :UInt64;
  indexed    @2 :UInt64;
  bytesUsed  @3 :UInt64;
  mapBytes   @4 :UInt64;
  firstNanos @5 :Int64;
  lastNanos  @6 :Int64;
  byKind     @7 :List(UInt64);   # in the order of entry_kind, of what is here
  archived   @8 :UInt64;         # entries before this are in an archive
}

struct SealedPlace {
  bundle @0 :UInt64;
  offset @1 :UInt64;   # within the record of `index` and `place`
  index  @2 :UInt64;   # 0: from the bundle's first
  place  @3 :UInt8;
}

struct SealedPiece {
  content @0 :Data;   # runtime/store/payload_bundle.hpp
  more    @1 :Bool;
  next    @2 :SealedPlace;   # where there is more
}

struct ArchivedPart {
  first    @0 :UInt64;   # of the archive
  size     @1 :UInt64;   # entries before this go
  root     @2 :Data;     # of the tree over them
  payloads @3 :Data;     # SHA-256 over the archive's payloads
}

struct Load {
  # What the node decides, over both gateways.
  decisions          @0 :UInt64;   # since its start
  refusals           @1 :UInt64;   # of these
  refusalsLastMinute @2 :UInt64;
  uptimeNanos        @3 :Int64;
  latency            @4 :Latencies;   # from the decoded request to the verdict
  durable            @5 :Latencies;   # the wait for the disk

  struct Latencies {
    # Of the last minute or two.
    p50Nanos  @0 :Int64;
    p95Nanos  @1 :Int64;
    p99Nanos  @2 :Int64;
    meanNanos @3 :Int64;
  }
}
