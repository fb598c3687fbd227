"""What a person at the terminal reads while it works."""

import sys
import time

QUIET_SECONDS = 10.0
"""Seconds between two lines of progress where the output is not a terminal."""


def say(text: str) -> None:
    """Print a line."""
    print(text, flush=True)


def warn(text: str) -> None:
    """Print a warning."""
    print(f"warning: {text}", file=sys.stderr, flush=True)


class Progress:
    """A counter that says how far the work is and how long it will still take."""

    def __init__(self, what: str, total: int) -> None:
        """Start counting to `total`."""
        self._what = what
        self._total = total
        self._done = 0
        self._start = time.monotonic()
        self._shown = self._start
        self._terminal = sys.stdout.isatty()

    def advance(self, note: str = "") -> None:
        """Count one more, and show it if it is time to."""
        self._done += 1
        now = time.monotonic()
        last = self._done == self._total
        if not last and now - self._shown < (0.2 if self._terminal else QUIET_SECONDS):
            return
        self._shown = now
        spent = now - self._start
        left = spent / self._done * (self._total - self._done)
        times = f"{spent:.0f} s" if last else f"{left:.0f} s left"
        line = f"{self._what}: {self._done} of {self._total}, {times}{note}"
        if self._terminal:
            print(f"\r{line}\033[K", end="\n" if last else "", flush=True)
        else:
            say(line)
