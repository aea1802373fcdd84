# SPDX-FileCopyrightText: The ACGS authors
# SPDX-License-Identifier: Apache-2.0
"""Verifiers of the log that others wrote, and the log as they read it.

The Go program stands on golang.org/x/mod, the Node script on @sigstore/verify;
both are in tests/verifiers. Whoever lacks the tools is told which.
"""

import base64
import os
import shutil
import subprocess
from pathlib import Path

from node import BUILD, SOURCE

SOURCES = SOURCE / "tests" / "verifiers"
TOOLS = BUILD / "tests" / "verifiers"
HINT = "scripts/install-deps.sh installs what the tests need"


def run(*words, **options):
    """(exit code, what it said)."""
    try:
        done = subprocess.run(words, capture_output=True, text=True,
                              timeout=240, check=False, **options)
    except FileNotFoundError as missing:
        raise RuntimeError(f"{missing.filename} is missing: {HINT}") from None
    return done.returncode, done.stdout + done.stderr


def go_program():
    """Builds the Go verifier from Debian's packages, without a network."""
    TOOLS.mkdir(parents=True, exist_ok=True)
    environment = dict(os.environ, GO111MODULE="off", GOFLAGS="",
                       GOPATH="/usr/share/gocode", GOPROXY="off",
                       GOCACHE=str(TOOLS / "go-cache"), CGO_ENABLED="0")
    program = TOOLS / "checktree"
    code, said = run("go", "build", "-o", str(program),
                     str(SOURCES / "checktree.go"), env=environment)
    if code:
        raise RuntimeError(f"the Go verifier is not built: {said}\n{HINT}")
    return str(program)


def node_packages():
    """Installs what the lock file names, once; the folder."""
    folder = TOOLS / "node"
    folder.mkdir(parents=True, exist_ok=True)
    lock = (SOURCES / "package-lock.json").read_bytes()
    mark = folder / "installed"
    if mark.exists() and mark.read_bytes() == lock:
        return folder
    for name in ("package.json", "package-lock.json"):
        shutil.copy(SOURCES / name, folder)
    code, said = run("npm", "ci", "--ignore-scripts", "--no-audit",
                     "--no-fund", cwd=folder)
    if code:
        raise RuntimeError(f"npm could not install @sigstore/verify: {said}\n"
                           f"{HINT}; npm needs its registry")
    mark.write_bytes(lock)
    return folder


def sigstore(vkey, *files):
    """(exit code, what @sigstore/verify says of receipts)."""
    return run("node", str(SOURCES / "checkreceipt.js"), vkey,
               *map(str, files), cwd=node_packages())


def openssl(folder, vkey, checkpoint):
    """Whether openssl takes the signature of a checkpoint."""
    text, signatures = checkpoint.split(b"\n\n", 1)
    signature = base64.b64decode(signatures.split()[2])[4:]
    key = base64.b64decode(vkey.split("+", 2)[2])[1:]
    (folder / "message").write_bytes(text + b"\n")
    (folder / "signature").write_bytes(signature)
    (folder / "key.der").write_bytes(
        bytes.fromhex("302a300506032b6570032100") + key)
    return run("openssl", "pkeyutl", "-verify", "-pubin", "-keyform", "DER",
               "-inkey", str(folder / "key.der"), "-rawin",
               "-in", str(folder / "message"),
               "-sigfile", str(folder / "signature"))


def get(node, path, headers=None):
    """The answer to one GET, and its body as bytes."""
    wire = node.connection()
    try:
        wire.request("GET", path, headers=headers or {})
        answer = wire.getresponse()
        return answer, answer.read()
    finally:
        wire.close()


def number_path(number):
    """1234067 is x001/x234/067 (C2SP tlog-tiles)."""
    groups = [f"{number % 1000:03}"]
    while number >= 1000:
        number //= 1000
        groups.insert(0, f"x{number % 1000:03}")
    return "/".join(groups)


def tiles_of(size):
    """The path of every tile and bundle of a log of that size."""
    level, count, out = 0, size, []
    while count > 0:
        for kind in ([str(level)] if level else ["0", "entries"]):
            full, rest = divmod(count, 256)
            out += [f"tile/{kind}/{number_path(n)}" for n in range(full)]
            if rest:
                out.append(f"tile/{kind}/{number_path(full)}.p/{rest}")
        level, count = level + 1, count // 256
    return out


def size_of(checkpoint):
    return int(checkpoint.split(b"\n")[1])


def mirror(node, folder):
    """Takes the log off the node's HTTP endpoints, as a stranger would."""
    headers = node.token("viewer")
    folder = Path(folder)
    answer, checkpoint = get(node, "/ledger/checkpoint")
    assert answer.status == 200, checkpoint
    for path in tiles_of(size_of(checkpoint)):
        answer, data = get(node, f"/ledger/{path}", headers)
        assert answer.status == 200, f"{path}: {answer.status} {data[:200]}"
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    (folder / "checkpoint").write_bytes(checkpoint)
    return folder
