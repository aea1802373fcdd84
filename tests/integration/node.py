# SPDX-FileCopyrightText: The ACGS authors
# SPDX-License-Identifier: Apache-2.0
"""A real node for a test: the real program, in a folder of its own.

ACGS_BUILD names the folder with the programs, ACGS_SOURCE that with the
sources. A node is given ports of the kernel's choice and writes them down.
"""

import contextlib
import http.client
import json
import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

# Tests have them from here.
from samples import PERMITTED, REFUSED

SOURCE = Path(os.environ.get("ACGS_SOURCE", Path(__file__).parents[2]))
BUILD = Path(os.environ.get("ACGS_BUILD", SOURCE / "build"))

# Seconds after which something hangs: more than a machine stands still.
PATIENCE = 240


class Node:
    """Use as a context manager, or call start and close."""

    def __init__(self, start=True, **environment):
        self.folder = Path(tempfile.mkdtemp(prefix="acgs-test-"))
        self.environment = dict(os.environ)
        self.environment.update({
            "ACGS_NODE_DATA_DIR": str(self.folder),
            "ACGS_HTTP_LISTEN": "127.0.0.1:0",
            "ACGS_RPC_LISTEN": "127.0.0.1:0",
            "ACGS_METRICS_LISTEN": "127.0.0.1:0",
            "ACGS_CONSTITUTION_DIRECTORY":
                str(SOURCE / "config" / "constitution"),
            "ACGS_LIMITS_REQUESTS_PER_SECOND": "1000000",
            "ACGS_LIMITS_BURST": "1000000",
            # A machine that stands still is no part that does not end.
            "ACGS_PROCESS_GRACEFUL_SHUTDOWN_TIMEOUT": "10m",
        })
        self.environment.update(environment)
        # How the program itself is started: not what `acgs` is run with.
        self.process_options = {}
        self.process = None
        self.log = self.folder / "stderr.log"
        if start:
            self.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def start(self, timeout=PATIENCE):
        """Starts the program and waits until it says that it is ready."""
        with open(self.log, "ab") as log:
            self.process = self.spawn(log)
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise RuntimeError(
                    f"acgsd ended with {self.process.returncode}:\n"
                    + self.log.read_text())
            try:
                if self.request("GET", "/ready")[0] == 200:
                    return
            except (OSError, http.client.HTTPException):
                pass
            select_wait()
        raise RuntimeError("not ready:\n" + self.log.read_text())

    def spawn(self, log):
        options = dict(self.process_options)
        environment = dict(self.environment, **options.pop("env", {}))
        return subprocess.Popen(
            [BUILD / "acgsd", "--config", SOURCE / "config/acgs.yaml"],
            cwd=self.log.parent, env=environment, stdout=log, stderr=log,
            **options)

    @contextlib.contextmanager
    def frozen(self):
        """As long as it lasts the node does nothing."""
        self.process.send_signal(signal.SIGSTOP)
        # Its threads go on until each has taken notice.
        os.waitid(os.P_PID, self.process.pid, os.WSTOPPED)
        try:
            yield
        finally:
            self.process.send_signal(signal.SIGCONT)

    def port(self, name="http"):
        text = (self.folder / "pids" / f"{name}.port").read_text()
        return int(text.split()[0])

    def connection(self, timeout=PATIENCE):
        return http.client.HTTPConnection("127.0.0.1", self.port(), timeout)

    def request(self, method, path, body=None, headers=None,
                timeout=PATIENCE):
        """(status, parsed body or text, headers) of one request."""
        wire = self.connection(timeout)
        try:
            if body is not None and not isinstance(body, (bytes, str)):
                body = json.dumps(body)
            wire.request(method, path, body, headers or {})
            answer = wire.getresponse()
            text = answer.read().decode("utf-8", "replace")
            try:
                parsed = json.loads(text)
            except ValueError:
                parsed = text
            return answer.status, parsed, dict(answer.getheaders())
        finally:
            wire.close()

    def decide(self, body, headers=None):
        return self.request("POST", "/v1/data/acgs/main/decision", body,
                            headers)

    def acgs(self, *words, code=0, text=None, timeout=PATIENCE):
        """Runs one command on the node's socket; what it prints."""
        done = subprocess.run(
            [BUILD / "acgs", "--addr", f"unix:{self.folder}/acgsd.sock",
             *words],
            cwd=self.folder, env=self.environment, input=text,
            capture_output=True, text=True, timeout=timeout)
        if code is not None and done.returncode != code:
            raise AssertionError(
                f"acgs {' '.join(words)} ended with {done.returncode}, "
                f"expected {code}:\n{done.stdout}{done.stderr}")
        return done.stdout if code in (0, None) else done.stdout + done.stderr

    def acgs_json(self, *words):
        return [json.loads(line)
                for line in self.acgs("--json", *words).splitlines() if line]

    def token(self, role="admin"):
        """The headers of a caller with that role."""
        made = self.acgs_json("token", "issue", "--role", role,
                              "--subject", f"test-{role}")
        return {"Authorization": "Bearer " + made[0]["token"]}

    def stop(self):
        """SIGTERM; the exit code."""
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(PATIENCE)
        self.process = None
        return code

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(PATIENCE)
        self.process = None

    def close(self):
        if self.process is not None:
            self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)


def select_wait():
    """The one place where a test waits for a process to do something."""
    time.sleep(0.02)


def wait_for(what, seconds=PATIENCE):
    """The first true value of what()."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found = what()
        if found:
            return found
        select_wait()
    raise AssertionError(f"not within {seconds} s: {what}")
