"""The gate every mail passes before it is claimed: it opens, or says why not, for all sessions of one call alike.

What closes it: the call's own limit, a server that takes nothing, the pace and the hours of relance.toml, the end of the day for which
all was worked out, Ctrl-C, an error elsewhere.
"""

import datetime as dt
import time
from collections.abc import Callable, Sequence
from threading import Lock

from batch.delivery.postman import Kind, Outcome
from batch.settings import Pace

PATIENCE = 3  # mails in a row that a server may put off before the rest waits for another call
SECONDS_BETWEEN_LOOKS = 0.1  # while the minute is full
SECONDS_TO_REMEMBER = 1.0  # what other senders claimed is read no more often

Moments = Sequence[dt.datetime]


class Gate:
    """Opens for one mail after the other; asked by several sessions at the same time."""

    def __init__(
        self, pace: Pace, limit: int | None, *, now: Callable[[], dt.datetime], stop: Callable[[], bool],
        others: Callable[[dt.datetime], Moments],
    ) -> None:  # fmt: skip
        """Take the pace, the call's limit, a clock, what tells of Ctrl-C, and what other calls have claimed since a moment."""
        self._pace = pace
        self._limit = limit
        self._now = now
        self._day = now().date()
        self._stop = stop
        self._others = others
        self._lock = Lock()
        self._own: list[dt.datetime] = []
        self._put_off = 0
        self._closed = ""
        self._known: Moments = ()
        self._read_at: float | None = None

    @property
    def paced(self) -> bool:
        """Say whether to open may take a while: so many mails a minute go, no more."""
        return bool(self._pace.per_minute)

    def opens(self) -> str:
        """Let one mail through and return "", or return the reason why none goes; waits while the minute is full."""
        with self._lock:
            while not (reason := self._reason()):
                if not self._full(self._pace.per_minute, dt.timedelta(minutes=1)):
                    self._own.append(self._now())
                    return ""
                time.sleep(SECONDS_BETWEEN_LOOKS)
            return reason

    def hear(self, outcome: Outcome) -> None:
        """Learn what became of a mail: a server that asks for a pause, or puts off one mail after the other, is left alone."""
        with self._lock:
            self._put_off = self._put_off + 1 if outcome.kind is Kind.LATER else 0
            if outcome.pause or self._put_off >= PATIENCE:
                self._closed = "server-later"

    def shut(self) -> None:
        """Let nothing more through: another session has failed."""
        with self._lock:
            self._closed = "interrupted"

    def _reason(self) -> str:
        if self._stop():
            return "interrupted"
        if self._limit is not None and len(self._own) >= self._limit:
            return "limit-reached"
        if self._closed:
            return self._closed
        if self._now().date() != self._day:
            return "day-over"
        if self._pace.window and not self._pace.window[0] <= self._now().time() < self._pace.window[1]:
            return "outside-window"
        full = self._full(self._pace.per_hour, dt.timedelta(hours=1)) or self._full(
            self._pace.per_day, dt.timedelta(days=1)
        )
        return "pace-reached" if full else ""

    def _full(self, most: int, span: dt.timedelta) -> bool:
        """Say whether so many mails, ours and those of other calls, have gone in the time up to now; 0 = no such bound."""
        if not most:
            return False
        if self._read_at is None or time.monotonic() - self._read_at > SECONDS_TO_REMEMBER:
            self._known, self._read_at = self._others(self._now() - dt.timedelta(days=1)), time.monotonic()
        since = self._now() - span
        return sum(moment > since for moment in (*self._known, *self._own)) >= most
