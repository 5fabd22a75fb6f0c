"""Acts of several sessions → one transaction: each session hears how its act ended once all of them are on disk.

A transaction costs a write to the disk that is waited for, and its statements, whatever stands in it. So while one is on its way, the
next acts gather, and the first of them does them all; where several sessions are at work, it goes on gathering until all of them have
come, or for a moment none comes any more. An act of somebody who works alone goes alone, and at once.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from threading import Condition, Event, Lock
from typing import Generic, TypeVar

from sqlalchemy.exc import IntegrityError

PATIENCE = 0.005  # seconds: about a transaction's own time, and little beside a mail server's answer

Act = TypeVar("Act")
End = TypeVar("End")


class _Waiting(Generic[Act, End]):
    """An act and, once its transaction has ended, how it ended: with one value, or with an error."""

    def __init__(self, act: Act, *, first: bool) -> None:
        """Take the act; `first`: of those that its session brings at once."""
        self.act = act
        self.first = first
        self.ends: Sequence[End] = ()
        self.error: BaseException | None = None
        self.called = Event()  # it has ended, or it is its turn to do what waits

    def ended(self) -> bool:
        """Say whether the act is on disk, or never will be."""
        return bool(self.ends) or self.error is not None


class Together(Generic[Act, End]):
    """Acts that share a transaction when they wait at the same time and are of one kind."""

    def __init__(
        self,
        transaction: Callable[[Sequence[Act]], Sequence[End]],
        kind: Callable[[Act], object] = lambda _act: None,
        patience: float = PATIENCE,
    ) -> None:
        """Take what does some acts of one kind in one transaction, all or none; `patience` in seconds without a further act."""
        self._transaction = transaction
        self._kind = kind
        self._patience = patience
        self._gate = Lock()
        self._came = Condition(self._gate)
        self._busy = False
        self._sessions = 0
        self._queue: list[_Waiting[Act, End]] = []

    @contextmanager
    def session(self) -> Iterator[None]:
        """Count as one who brings an act again and again, so that it is worth while to wait for it."""
        with self._gate:
            self._sessions += 1
        try:
            yield
        finally:
            with self._gate:
                self._sessions -= 1
                self._came.notify_all()

    def do(self, *acts: Act) -> End:
        """Return how the last of some acts of one kind ended, once all are on disk; raises what it, or one before it, alone raises.

        Acts given together share a transaction. Where one of them cannot be, the others are done.
        """
        mine: list[_Waiting[Act, End]] = [_Waiting(act, first=not place) for place, act in enumerate(acts)]
        with self._gate:
            self._queue += mine
            self._came.notify_all()
            first = not self._busy
            self._busy = True
        if not first:
            mine[0].called.wait()
        if not mine[0].ended():
            try:
                self._do(self._gathered())
            finally:
                self._pass_on()
        for one in mine:
            one.called.wait()
            if one.error is not None:
                raise one.error
        return mine[-1].ends[0]

    def _gathered(self) -> list[_Waiting[Act, End]]:
        with self._gate:
            while not self._all_have_come() and self._came.wait(self._patience):
                pass
            kind = self._kind(self._queue[0].act)
            mine = [one for one in self._queue if self._kind(one.act) == kind]
            self._queue = [one for one in self._queue if self._kind(one.act) != kind]
        return mine

    def _all_have_come(self) -> bool:
        return sum(one.first for one in self._queue) >= self._sessions

    def _pass_on(self) -> None:
        with self._gate:
            self._busy = bool(self._queue)
            if self._queue:
                self._queue[0].called.set()

    def _do(self, waiting: Sequence[_Waiting[Act, End]]) -> None:
        try:
            for one, end in zip(waiting, self._transaction([one.act for one in waiting]), strict=True):
                one.ends = (end,)
        except IntegrityError as error:
            if len(waiting) > 1:  # one act cannot be; none of them is done, and the others shall not suffer
                for one in waiting:
                    self._do([one])
                return
            waiting[0].error = error
        except BaseException as error:  # noqa: BLE001  raised again by each session
            for one in waiting:
                one.error = error
        for one in waiting:
            one.called.set()
