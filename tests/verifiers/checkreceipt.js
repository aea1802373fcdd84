// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// Verifies receipts (C2SP tlog-proof) with the parts of @sigstore/verify that
// check a log's checkpoint and an entry's inclusion, and nothing of ours.
//
//   node checkreceipt.js VKEY FILE...
//
// Run where node_modules is. Says "ok" or what is wrong, a line a file; ends
// with 1 where one is wrong.
'use strict';

const crypto = require('crypto');
const fs = require('fs');
const path = require('path');
const { createRequire } = require('module');

// The script may lie elsewhere than the packages: they are where it is run.
const from = createRequire(path.join(process.cwd(), 'package.json'));
const { verifyCheckpoint } =
    from('@sigstore/verify/dist/timestamp/checkpoint.js');
const { verifyMerkleInclusion } =
    from('@sigstore/verify/dist/timestamp/merkle.js');

// A log as the package knows one: its id begins with the key's hint.
function logOf(vkey) {
  const [name, id, key] = vkey.split('+');
  const typed = Buffer.from(vkey.slice(name.length + id.length + 2), 'base64');
  if (!key || typed.length !== 33 || typed[0] !== 1)
    throw new Error('not an Ed25519 verifier key');
  const logID = crypto.createHash('sha256')
      .update(name).update('\n').update(typed).digest();
  if (logID.subarray(0, 4).toString('hex') !== id)
    throw new Error('the key does not have this id');
  const publicKey = crypto.createPublicKey({
    key: {
      kty: 'OKP', crv: 'Ed25519', x: typed.subarray(1).toString('base64url'),
    },
    format: 'jwk',
  });
  return {
    logID, publicKey, baseURL: '',
    validFor: {start: new Date(0), end: new Date(8.64e15)},
  };
}

// The receipt as the package's log entry.
function entryOf(text) {
  const cut = text.indexOf('\n\n');
  const [form, extra, index, ...hashes] = text.slice(0, cut).split('\n');
  if (cut < 0 || form !== 'c2sp.org/tlog-proof@v1' ||
      !extra.startsWith('extra ') || !index.startsWith('index '))
    throw new Error('not a receipt that carries its entry');
  const envelope = text.slice(cut + 2);
  const [, treeSize, root] = envelope.split('\n');
  return {
    integratedTime: '1',
    canonicalizedBody: Buffer.from(extra.slice(6), 'base64'),
    inclusionProof: {
      logIndex: index.slice(6),
      treeSize,
      rootHash: Buffer.from(root, 'base64'),
      hashes: hashes.map((each) => Buffer.from(each, 'base64')),
      checkpoint: {envelope},
    },
  };
}

const [vkey, ...files] = process.argv.slice(2);
const log = logOf(vkey);
for (const file of files) {
  try {
    const entry = entryOf(fs.readFileSync(file, 'utf8'));
    verifyCheckpoint(entry, [log]);
    verifyMerkleInclusion(entry);
    console.log(`ok: entry ${entry.inclusionProof.logIndex}`);
  } catch (error) {
    console.log(`wrong: ${error.message}`);
    process.exitCode = 1;
  }
}
