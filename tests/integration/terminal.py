# SPDX-FileCopyrightText: The ACGS authors
# SPDX-License-Identifier: Apache-2.0
"""A program on a terminal of its own, as a person sits at one."""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time

# Seconds after which something hangs: more than a machine stands still.
PATIENCE = 240

# What moves the cursor or changes colours.
STEERING = re.compile(rb"\x1b\[[0-9;?]*[A-Za-z]|\x1b[=>]|\r|\x07")


class Terminal:
    """`screen` is all that was shown so far."""

    def __init__(self, program, *words, environment, columns=80):
        self.raw = self.screen = b""
        self.seen = 0
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.execve(program, [program, *words], environment)
        self.resize(columns)

    def close(self):
        try:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        except (ProcessLookupError, ChildProcessError):
            pass # it has ended and was waited for
        os.close(self.fd)

    def resize(self, columns, lines=24):
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ,
                    struct.pack("HHHH", lines, columns, 0, 0))

    def type(self, text):
        """Types without an end of line."""
        data = text if isinstance(text, bytes) else text.encode()
        while data:
            self.pump(0)
            data = data[os.write(self.fd, data[:512]):]

    def modes(self):
        """What the program has set the terminal to."""
        return termios.tcgetattr(self.fd)[:4]

    def wait_until_taken(self, timeout=PATIENCE):
        """Until the program has read all that was typed."""
        inner = os.open(f"/proc/{self.pid}/fd/0", os.O_RDONLY | os.O_NOCTTY)
        deadline = time.monotonic() + timeout
        try:
            while self.left_to_read(inner):
                assert time.monotonic() < deadline, "keys were not read"
                self.pump(0.01)
        finally:
            os.close(inner)

    @staticmethod
    def left_to_read(inner):
        count = fcntl.ioctl(inner, termios.FIONREAD, bytes(4))
        return struct.unpack("i", count)[0]

    def pump(self, seconds):
        """Takes what is shown; False where the program has ended."""
        if not select.select([self.fd], [], [], seconds)[0]:
            return True
        try:
            got = os.read(self.fd, 65536)
        except OSError: # EIO: nobody holds the other end
            return False
        self.raw += got # a sequence may come in two parts
        self.screen = STEERING.sub(b"", self.raw)
        return bool(got)

    def wait_for(self, text, timeout=PATIENCE):
        """What was shown since the last wait, up to and with `text`."""
        wanted = text.encode()
        deadline = time.monotonic() + timeout
        while wanted not in self.screen[self.seen:]:
            if time.monotonic() > deadline or not self.pump(0.1):
                if wanted in self.screen[self.seen:]:
                    break
                raise AssertionError(
                    f"never showed {text!r}:\n"
                    + self.screen[self.seen:].decode("utf-8", "replace"))
        end = self.screen.index(wanted, self.seen) + len(wanted)
        out = self.screen[self.seen:end].decode("utf-8", "replace")
        self.seen = end
        return out

    def exit_code(self, timeout=PATIENCE):
        """Waits until the program ends."""
        deadline = time.monotonic() + timeout
        while self.pump(0.1):
            if time.monotonic() > deadline:
                raise AssertionError("did not end:\n" + self.screen.decode())
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
