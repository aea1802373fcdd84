#!/usr/bin/env python3
# SPDX-FileCopyrightText: The ACGS authors
# SPDX-License-Identifier: Apache-2.0
"""Stands in for acgsd before the life-cycle scripts.

Keeps acgsd's contract with them (options, files, signals, exit codes) and can
be told by FAKE_MODE to be one that a real node should never be: `deaf` does not
end at SIGTERM, `sick` answers 503, `silent` never listens, `broken` ends at
once, `wrong` refuses its configuration. FAKE_DIR is its data folder.
"""

import fcntl
import json
import os
import signal
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

MODE = os.environ.get("FAKE_MODE", "")
DATA = Path(os.environ["FAKE_DIR"])
PIDS = DATA / "pids"
SETTINGS = {
    "node.data_dir": DATA,
    "process.pid_dir": PIDS,
    "process.start_timeout": os.environ.get("FAKE_START_TIMEOUT", "10s"),
    "process.graceful_shutdown_timeout": "300ms",
    "http.listen": "127.0.0.1:0",
    "http.tls_certificate": "",
    "rpc.socket": DATA / "acgsd.sock",
    "metrics.listen": "127.0.0.1:9464",
    "logging.file": "",
}


def decide(body):
    allow = body["action"] == "data.read_public"
    return {"allow": allow, "compliance_score": 1.0 if allow else 0.0,
            "reasons": [] if allow else ["dangerous action"],
            "ledger_index": 7}


class handler(BaseHTTPRequestHandler):
    def answer(self, status, value):
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        status = 503 if MODE == "sick" else 200
        name = "unhealthy" if MODE == "sick" else "healthy"
        self.answer(status, {"status": name, "components": {
            "audit": {"status": name}}})

    def do_POST(self):
        length = int(self.headers["Content-Length"])
        self.answer(200, decide(json.loads(self.rfile.read(length))))

    def log_message(self, *_):
        pass


def start_ticks():
    stat = Path("/proc/self/stat").read_text()
    return stat.rsplit(")", 1)[1].split()[19]


def claim():
    PIDS.mkdir(parents=True, exist_ok=True)
    lock = open(PIDS / "acgs.lock", "a+")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        print("already running", file=sys.stderr)
        sys.exit(3)
    lock.truncate(0)
    lock.write(f"{os.getpid()} {start_ticks()}\n")
    lock.flush()
    (PIDS / "acgsd.pid").write_text(f"{os.getpid()}\n")
    return lock


def serve():
    lock = claim()
    stop = threading.Event()
    signal.signal(signal.SIGTERM,
                  lambda *_: None if MODE == "deaf" else stop.set())
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    if MODE != "silent":
        threading.Thread(target=server.serve_forever, daemon=True).start()
        (PIDS / "http.port").write_text(f"{server.server_port}\n")
        for name in ("rpc", "metrics"):
            (PIDS / f"{name}.port").write_text("1\n")
    stop.wait()
    for path in PIDS.iterdir():
        path.unlink()
    lock.close()


def main(args):
    config = Path(args[args.index("--config") + 1])
    if not config.is_file():
        print(f"{config}: cannot be read", file=sys.stderr)
        return 2
    if "--check-config" in args or "--print-config" in args:
        if MODE == "wrong":
            print("http.listen: 'x' is not accepted", file=sys.stderr)
            return 2
        for key, value in SETTINGS.items():
            print(f"{key}={value}")
        return 0
    if MODE == "broken":
        print("the store is corrupt", file=sys.stderr)
        return 4
    serve()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
