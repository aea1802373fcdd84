# SPDX-FileCopyrightText: The ACGS authors
# SPDX-License-Identifier: Apache-2.0
#
# Recorded decisions made again, a part of the log for each call: what is asked
# for and what came of it. Ordinals are stable: add at the end, never renumber.
@0xa6d0b52f19c7e843;

using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("acgs::schema");

struct ReplayRequest {
  fromNanos    @0 :Int64;    # inclusive; 0: open
  toNanos      @1 :Int64;    # exclusive; 0: open
  path         @2 :Text;
  agent        @3 :Text;
  first        @4 :UInt64;   # the entry to begin with
  last         @5 :UInt64;   # and to end with; 0: the newest
  entriesMax   @6 :UInt32;   # looked at for one answer; 0: 16,384
  decisionsMax @7 :UInt64;   # made again for one answer; 0: no bound
  examplesMax  @8 :UInt32;   # of each list in the answer
  candidate    @9 :List(ReplayModule);   # empty: the policy of the time
}

struct ReplayModule {
  # Stands in for the policies of its package.
  name @0 :Text;
  text @1 :Text;   # Rego
}

struct Replayed {
  next        @0 :UInt64;   # entry to go on with; `end`: there is no more
  end         @1 :UInt64;   # one beyond the last that was asked for
  decisions   @2 :UInt64;   # made again
  same        @3 :UInt64;   # to the byte
  reworded    @4 :UInt64;   # the same verdict in other words
  changed     @5 :UInt64;   # another verdict
  shredded    @6 :UInt64;   # not made again: their input is gone
  unknown     @7 :UInt64;   # nor these, see `skips`
  turns       @8 :List(UInt64);   # verdicts, before * 6 + after
  differences @9 :List(Difference);
  skips       @10 :List(Skipped);
  archived    @11 :UInt64;   # entries before this cannot be read here
  unread      @12 :UInt64;   # nor so many others: a file of theirs is missing

  struct Difference {
    index      @0 :UInt64;
    timeNanos  @1 :Int64;
    decisionId @2 :Text;
    path       @3 :Text;
    agent      @4 :Text;
    before     @5 :UInt8;   # runtime/domain/decision.hpp, verdict
    after      @6 :UInt8;
    textBefore @7 :Text;    # result or error; cut
    textAfter  @8 :Text;
  }

  struct Skipped {
    index @0 :UInt64;
    why   @1 :Text;
  }
}
