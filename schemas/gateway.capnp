# SPDX-FileCopyrightText: The ACGS authors
# SPDX-License-Identifier: Apache-2.0
#
# What clients of a node speak: Cap'n Proto RPC over the Unix socket or over
# TCP with mutual TLS.
#
# A client bootstraps one `Gateway`, authenticates, and gets a `Session`. What
# can be done it gets from there as capabilities: `Policy` to ask and to read,
# `Authoring` to change policies and data, `Ledger` to read the record, `Keys`
# for public keys, `Identities` for users and tokens, `Admin` for the node
# itself. Every session is given these; what its role does not grant is refused
# when it is called, and recorded where it would have changed the node. A
# capability lives as long as its connection; when a token is revoked or runs
# out, the next call of its session is refused.
#
# Every method answers a `Result`: a value or an error. An RPC exception means
# a broken protocol, a lost connection or a bug, and nothing else. A result
# whose discriminant a reader does not know is to be taken as an error.
#
# A decision that a client sees is durable already: `Policy.decide` answers
# with the entry's place in the ledger.
#
# Texts are UTF-8. Times are nanoseconds since the Unix epoch, durations
# nanoseconds. Documents of policies travel as JSON text. Roles, verdicts and
# kinds travel as their numbers, which are stable (runtime/domain), or as their
# names where the field is a text.
#
# Bounds: 8 MiB a message, nesting 64; a session may have a limited number of
# calls in flight, beyond which it reads `overloaded`. Ordinals are stable:
# add at the end, never renumber; unknown fields are kept.
@0xc4e1d2907b3f5a68;

using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("acgs::schema");

using Decision = import "decision.capnp";
using Facts = import "facts.capnp";
using Keyring = import "keyring.capnp";
using Policies = import "policies.capnp";
using Replay = import "replay.capnp";

# ---- Answers

struct Error {
  code    @0 :Text;   # runtime/base/error.hpp, "not_found"
  message @1 :Text;   # one sentence for the reader
  field   @2 :Text;   # what it is about: a parameter, a key; may be empty
}

struct Result(T) {
  # The error comes first, so that an answer that was never filled in is one.
  union {
    error @0 :Error;
    value @1 :T;
  }
}

struct Done {}

# ---- Getting in

interface Gateway {
  authenticate @0 (credential :Credential) -> (result :Result(Session));
  # May be called again for another session; each is checked by itself.
}

struct Credential {
  union {
    connection @0 :Void;
    # What the connection proves: the user id at the other end of the Unix
    # socket, or the client certificate.
    token @1 :Text;
    # A token as `Identities.issueToken` gives it.
  }
}

interface Session {
  identity   @0 () -> (result :Result(Decision.Identity));
  health     @1 () -> (result :Result(Health));
  node       @2 () -> (result :Result(Node));
  policy     @3 () -> (result :Result(Policy));
  ledger     @4 () -> (result :Result(Ledger));
  keys       @5 () -> (result :Result(Keys));
  identities @6 () -> (result :Result(Identities));
  admin      @7 () -> (result :Result(Admin));
  load       @8 () -> (result :Result(Load));
}

struct Component {
  name   @0 :Text;
  status @1 :Text;   # "healthy", "degraded", "unhealthy"
  reason @2 :Text;   # empty where healthy
  facts  @3 :Text;   # JSON object
}

struct Health {
  status     @0 :Text;
  service    @1 :Text;
  version    @2 :Text;
  components @3 :List(Component);
  timeNanos  @4 :Int64;
}

struct Mode {
  on         @0 :Bool;
  by         @1 :Text;
  reason     @2 :Text;
  sinceNanos @3 :Int64;
}

struct Node {
  name               @0 :Text;
  version            @1 :Text;
  startedNanos       @2 :Int64;
  uptimeNanos        @3 :Int64;
  constitutionalHash @4 :Text;   # its alias, else 16 hexadecimal digits
  constitutionDigest @5 :Text;   # the whole digest
  revision           @6 :UInt64; # of control state
  policies           @7 :UInt64; # put by users
  strictMode         @8 :Mode;
  lockdown           @9 :Mode;
}

# ---- Asking the policies, and reading them

interface Policy {
  decide    @0 (question :Question) -> (result :Result(Decided));
  list      @1 () -> (result :Result(List(PolicyInfo)));
  get       @2 (id :Text) -> (result :Result(PolicyText));
  history   @3 (filter :HistoryFilter) -> (result :Result(List(Change)));
  getData   @4 (path :Text) -> (result :Result(DataDocument));
  authoring @5 () -> (result :Result(Authoring));
  decideMany @6 (batch :Batch) -> (result :Result(List(BatchAnswer)));
  # Answers in the order of the inputs, none before all of them are durable.
  candidate @7 () -> (result :Result(Candidate));
  getAt     @8 (id :Text, revision :UInt64) -> (result :Result(PolicyText));
  # As it was at a revision of control state, at the last one where that is
  # 2^64 - 1; `not_found` where there was none.
  bundles   @9 () -> (result :Result(List(Bundle)));
  bundleAt  @10 (name :Text, revision :UInt64) -> (result :Result(BundleAt));
}

struct Question {
  enum Asks       { document @0; query @1; }
  enum Durability { local @0; quorum @1; }

  requestId           @0 :Text;   # taken or, where empty, made
  asks                @1 :Asks;
  path                @2 :Text;   # "acgs/main/decision": steps joined by
                                  # single slashes, "~1" for a slash and "~0"
                                  # for a tilde in one; or a query's text
  input               @3 :Text;   # JSON; empty: no input
  pinnedHash          @4 :Text;   # refuse under another constitution
  idempotencyKey      @5 :Text;   # 1 to 128 visible ASCII characters without
                                  # quotes or backslash; null: none
  durability          @6 :Durability;
  strictBuiltinErrors @7 :Bool;
}

struct Decided {
  decision     @0 :Decision.Decision;
  index        @1 :UInt64;   # of its entry in the ledger
  durableNanos @2 :Int64;    # waited until it was durable
}

struct Batch {
  requestId           @0 :Text;   # of all; taken or, where empty, made
  path                @1 :Text;
  inputs              @2 :List(Text);   # JSON each; at most 1000
  pinnedHash          @3 :Text;
  durability          @4 :Question.Durability;
  strictBuiltinErrors @5 :Bool;
}

struct BatchAnswer {
  union {
    error   @0 :Error;     # could not be recorded, and so was not decided
    decided @1 :Decided;
  }
}

# ---- Changing policies and data

interface Authoring {
  putPolicy    @0 (id :Text, text :Text, change :ChangeOptions)
               -> (result :Result(Applied));
  deletePolicy @1 (id :Text, change :ChangeOptions)
               -> (result :Result(Applied));
  putData      @2 (path :Text, json :Text, change :ChangeOptions)
               -> (result :Result(Applied));
  patchData    @3 (path :Text, patch :Text, change :ChangeOptions)
               -> (result :Result(Applied));   # RFC 6902
  deleteData   @4 (path :Text, change :ChangeOptions)
               -> (result :Result(Applied));
  putCandidate @5 (candidate :NewCandidate, change :ChangeOptions)
               -> (result :Result(Applied));
  dropCandidate @6 (name :Text, change :ChangeOptions)
               -> (result :Result(Applied));
  putBundle    @7 (name :Text, bytes :UInt64, change :ChangeOptions)
               -> (result :Result(Upload));
  # Opens an upload of an archive of that many bytes. A node takes few at a
  # time; dropping the capability gives one up.
  activateBundle @8 (name :Text, digests :List(Text), change :ChangeOptions)
                 -> (result :Result(Applied));
  # A snapshot with deltas after it, or deltas on what is active. None: the
  # bundle is active no more, and what its roots cover is gone.
}

# Policies that a share of the decisions is put to as well, after the answer,
# to see what they would say. Never enforced.
struct NewCandidate {
  name    @0 :Text;
  share   @1 :Float64;   # of the decisions, 0 to 1
  modules @2 :List(Module);

  struct Module {
    id   @0 :Text;   # of the policy in place of which, or beside which, it is
    text @1 :Text;
  }
}

interface Upload {
  write  @0 (part :Data) -> (result :Result(Done));   # in order
  finish @1 () -> (result :Result(BundlePut));
}

struct BundlePut {
  digest  @0 :Text;   # SHA-256 of the archive, in hexadecimal
  applied @1 :Applied;
}

struct ChangeOptions {
  reason           @0 :Text;
  requestId        @1 :Text;
  expectedRevision @2 :UInt64;   # 0: any
}

struct Applied {
  revision @0 :UInt64;   # of control state
  index    @1 :UInt64;   # of the ledger's entry
}

# ---- Reading the record

interface Ledger {
  query    @0 (query :LedgerQuery) -> (result :Result(EntryPage));
  show     @1 (entry :EntryKey, withPayloads :Bool)
           -> (result :Result(EntryDetail));
  receipt  @2 (entry :EntryKey) -> (result :Result(Document));
  verify   @3 (range :Range) -> (result :Result(Verification));
  stats    @4 () -> (result :Result(LedgerStats));
  resource @5 (origin :Text, path :Text) -> (result :Result(Document));
  # What C2SP tlog-tiles serves: "checkpoint", "tile/0/000", "vkey"; and "keys",
  # and "checkpoint/512", of the log as it was at a size.
  shred    @6 (entry :EntryKey, change :ChangeOptions)
           -> (result :Result(Noted));
  # Destroys the keys of what the entry commits to, for good.
  recordOutcome @7 (outcome :Outcome) -> (result :Result(Noted));
  # What became of a decision.
  replay   @8 (request :Replay.ReplayRequest)
           -> (result :Result(Replay.Replayed));
  # Makes recorded decisions again, a part of the log at a time.
  sealed   @9 (from :SealedPlace) -> (result :Result(SealedPiece));
  # What the entries of a bundle commit to, encrypted: for an archive.
  archive  @10 (part :ArchivedPart, change :ChangeOptions)
           -> (result :Result(Noted));
  # Entries that an archive holds go from the store.
}

struct Outcome {
  decisionId     @0 :Text;   # or its entry's index: where that is archived
  status         @1 :Text;   # runtime/auth/notes.hpp, "succeeded"
  detail         @2 :Text;   # JSON; may be empty
  requestId      @3 :Text;
  idempotencyKey @4 :Text;   # as a question's
}

struct Noted {
  index    @0 :UInt64;   # of the entry that was written
  repeated @1 :Bool;     # the idempotency key had been used before
}

struct LedgerQuery {
  eventType   @0  :Text;
  agent       @1  :Text;
  requestId   @2  :Text;
  decisionId  @3  :Text;
  path        @4  :Text;     # "a/b", or as people write it: "/a/b", "data.a.b"
  fromNanos   @5  :Int64;    # inclusive; 0: open
  toNanos     @6  :Int64;    # exclusive; 0: open
  offset      @7  :UInt64;   # at most 10,000; go further by `before`
  limit       @8  :UInt32;   # 0: 100; at most 1000
  before      @9  :UInt64;   # cursor: only what comes after this index in the
                             # order asked for; 0: none, unless `goesOn`
  oldestFirst @10 :Bool;
  goesOn      @11 :Bool;     # `before` is a cursor whatever its value
}

struct LocatedEntry {
  index    @0 :UInt64;
  leafHash @1 :Data;   # RFC 6962 leaf hash of `entry`
  entry    @2 :Data;   # schemas/entry.capnp, exactly as it is hashed
}

struct EntryPage {
  entries @0 :List(LocatedEntry);
  total   @1 :UInt64;   # matches in all, counted up to 10,000
  next    @2 :UInt64;   # cursor for `before`, where there is `more`
  more    @3 :Bool;     # oldest first, index 0 is a cursor like any other
  archivedBefore @4 :UInt64;   # entries before this were not searched
  beyondTotal    @5 :Bool;     # there are more matches than `total`
}

struct EntryKey {
  union {
    index      @0 :UInt64;
    decisionId @1 :Text;
  }
}

struct Payload {
  kind     @0 :UInt8;   # runtime/domain/entry.hpp, payload_kind
  shredded @1 :Bool;
  matches  @2 :Bool;    # the entry's commitment covers it
  text     @3 :Text;
  lost     @4 :Bool;    # its key is not on this node
}

struct Shredding {
  index     @0 :UInt64;   # of the entry that tells of it
  timeNanos @1 :Int64;
  by        @2 :Text;
  reason    @3 :Text;
}

struct EntryDetail {
  entry    @0 :LocatedEntry;
  payloads @1 :List(Payload);
  shredded @2 :Shredding;            # null: it was not
  outcomes @3 :List(LocatedEntry);   # of a decision, oldest first
}

struct Document {
  text @0 :Text;
}

struct Range {
  first   @0 :UInt64;
  last    @1 :UInt64;   # inclusive, where bounded
  bounded @2 :Bool;
}

struct Verification {
  verified      @0 :Bool;
  checked       @1 :UInt64;
  treeSize      @2 :UInt64;
  root          @3 :Data;
  problem       @4 :Text;     # empty where verified
  hasFirstWrong @5 :Bool;
  firstWrong    @6 :UInt64;
  archived      @7 :UInt64;   # so many more by their kept hashes alone
  hasFirstUnread @8 :Bool;
  firstUnread   @9 :UInt64;   # of these, where a file of its archive is missing
}

# ---- Keys

interface Keys {
  list   @0 () -> (result :Result(List(Keyring.Key)));
  rotate @1 (purpose :Text, change :ChangeOptions)
         -> (result :Result(Keyring.KeyChange));
  revoke @2 (key :Text, change :ChangeOptions)
         -> (result :Result(Keyring.KeyChange));
  # By "name+id" or id. One that still signs is replaced first.
  export @3 () -> (result :Result(Document));
  # JSON: the keys, and the log's signed statements about them.
}

# ---- Users and tokens

interface Identities {
  listUsers   @0 () -> (result :Result(List(User)));
  putUser     @1 (user :NewUser) -> (result :Result(Done));
  revokeUser  @2 (name :Text, change :ChangeOptions)
              -> (result :Result(Applied));
  listTokens  @3 () -> (result :Result(List(Token)));
  issueToken  @4 (request :TokenRequest) -> (result :Result(IssuedToken));
  revokeToken @5 (id :Text, change :ChangeOptions) -> (result :Result(Done));
}

struct User {
  name         @0 :Text;
  role         @1 :Text;
  tenant       @2 :Text;
  revoked      @3 :Bool;
  createdNanos @4 :Int64;
}

struct NewUser {
  name      @0 :Text;
  password  @1 :Text;
  role      @2 :Text;
  tenant    @3 :Text;
  requestId @4 :Text;
}

struct Token {
  id           @0 :Text;
  subject      @1 :Text;
  role         @2 :Text;
  tenant       @3 :Text;
  kind         @4 :Text;   # "access", "refresh", "api_key"
  issuedNanos  @5 :Int64;
  expiresNanos @6 :Int64;
  revoked      @7 :Bool;
}

struct TokenRequest {
  subject       @0 :Text;
  role          @1 :Text;
  tenant        @2 :Text;
  lifetimeNanos @3 :Int64;   # 0: the configured one
  kind          @4 :Text;    # "access" where empty, or "api_key"
  requestId     @5 :Text;
}

struct IssuedToken {
  token        @0 :Text;
  id           @1 :Text;
  expiresNanos @2 :Int64;
}

# ---- The node itself

interface Admin {
  actors        @0 () -> (result :Result(List(Actor)));
  restartActor  @1 (name :Text, change :ChangeOptions)
                -> (result :Result(Done));
  cacheStats    @2 () -> (result :Result(CacheStats));
  clearCache    @3 (change :ChangeOptions) -> (result :Result(Cleared));
  warmCache     @4 (change :ChangeOptions) -> (result :Result(Warmed));
  setStrictMode @5 (on :Bool, change :ChangeOptions)
                -> (result :Result(Applied));
  setLockdown   @6 (on :Bool, change :ChangeOptions)
                -> (result :Result(Applied));
  breakers      @7 () -> (result :Result(List(Breaker)));
  tripBreaker   @8 (name :Text, change :ChangeOptions)
                -> (result :Result(Done));
  resetBreaker  @9 (name :Text, change :ChangeOptions)
                -> (result :Result(Done));
  setLogLevel   @10 (level :Text, change :ChangeOptions)
                -> (result :Result(Done));
  backup        @11 (base :BackupBase, change :ChangeOptions)
                -> (result :Result(Backup));
}

interface Backup {
  # A backup under way, as the bytes of its file: read until `last`, one call
  # at a time. What it holds was fixed when it began.
  read @0 () -> (result :Result(BackupPart));
}

struct BackupBase {
  # From where on; all zero: everything.
  size     @0 :UInt64;   # entries of the log
  root     @1 :Data;     # what they must lead to; empty: not checked
  revision @2 :UInt64;   # of control state
  salt     @3 :Data;     # with what opens payloads, sealed; empty: without
  sealKey  @4 :Data;     # 32 bytes, derived from the salt and a passphrase
}

struct BackupPart {
  bytes   @0 :Data;
  last    @1 :Bool;
  entries @2 :UInt64;    # so far
  total   @3 :UInt64;
}

using Load = Facts.Load;
using LedgerStats = Facts.LedgerStats;
using SealedPlace = Facts.SealedPlace;
using SealedPiece = Facts.SealedPiece;
using ArchivedPart = Facts.ArchivedPart;
using Actor = Facts.Actor;
using CacheStats = Facts.CacheStats;
using Cleared = Facts.Cleared;
using Warmed = Facts.Warmed;
using Breaker = Facts.Breaker;
using PolicyInfo = Policies.PolicyInfo;
using PolicyText = Policies.PolicyText;
using HistoryFilter = Policies.HistoryFilter;
using Change = Policies.Change;
using DataDocument = Policies.DataDocument;
using Candidate = Policies.Candidate;
using Bundle = Policies.Bundle;
using BundleAt = Policies.BundleAt;
