"""Sessions that claim and settle at the same time share transactions; each hears its own end, and none suffers from another."""

import datetime as dt
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from threading import Barrier

import pytest
from sqlalchemy.exc import IntegrityError

from batch.journal import AlreadyClaimed, Journal, Line
from batch.journal.together import Together

AT = dt.datetime(2026, 11, 20, 9, 30)
SESSIONS = 8


def test_acts_that_wait_go_in_one_transaction() -> None:
    """While the first transaction is on its way, the other seven gather; two transactions do all eight."""
    transactions: list[list[int]] = []
    first_is_on_its_way, seven_wait = Barrier(2), Barrier(2)

    def transaction(acts: Sequence[int]) -> Sequence[int]:
        if not transactions:
            first_is_on_its_way.wait(10)
            seven_wait.wait(10)
        transactions.append(list(acts))
        return [act * 10 for act in acts]

    together = Together[int, int](transaction)
    with ThreadPoolExecutor(SESSIONS) as pool:
        first = pool.submit(together.do, 0)
        first_is_on_its_way.wait(10)
        others = [pool.submit(together.do, number) for number in range(1, SESSIONS)]
        while len(together._queue) < SESSIONS - 1:  # noqa: SLF001  nothing else tells that all of them wait
            time.sleep(0.001)
        seven_wait.wait(10)
        assert [first.result(10), *(one.result(10) for one in others)] == [number * 10 for number in range(SESSIONS)]
    assert transactions[0] == [0]
    assert sorted(transactions[1]) == list(range(1, SESSIONS))
    assert len(transactions) == 2


def test_sessions_at_work_wait_for_each_other() -> None:
    """Three sessions, each with an act or two: one transaction. When one has gone home, the other two no longer wait for it."""
    transactions: list[list[int]] = []

    def transaction(acts: Sequence[int]) -> Sequence[int]:
        transactions.append(sorted(acts))
        return acts

    together = Together[int, int](transaction, patience=60)
    with ExitStack() as others, together.session(), together.session(), ThreadPoolExecutor(SESSIONS) as pool:
        others.enter_context(together.session())
        given = [pool.submit(together.do, *acts) for acts in ((1,), (2, 3), (4,))]
        assert [one.result(10) for one in given] == [1, 3, 4]
        waiting = [pool.submit(together.do, act) for act in (5, 6)]
        others.close()
        assert [one.result(10) for one in waiting] == [5, 6]
    assert together.do(7) == 7
    assert transactions == [[1, 2, 3, 4], [5, 6], [7]]


def test_one_that_cannot_be_does_not_spoil_the_others() -> None:
    """The transaction fails as a whole; then each act has one of its own, and only the impossible one fails."""

    def transaction(acts: Sequence[int]) -> Sequence[int]:
        if -1 in acts:
            raise IntegrityError("", None, Exception("held"))
        return acts

    together = Together[int, int](transaction)
    with ThreadPoolExecutor(SESSIONS) as pool:
        ends = [pool.submit(together.do, number - 1) for number in range(SESSIONS)]
    assert isinstance(ends[0].exception(), IntegrityError)
    assert [end.result() for end in ends[1:]] == list(range(SESSIONS - 1))


def test_acts_given_together_share_a_transaction() -> None:
    """The end of the last is returned; where the last cannot be, those before it are done all the same."""
    transactions: list[list[int]] = []

    def transaction(acts: Sequence[int]) -> Sequence[int]:
        if -1 in acts:
            raise IntegrityError("", None, Exception("held"))
        transactions.append(list(acts))
        return [act * 10 for act in acts]

    together = Together[int, int](transaction)
    assert together.do(1, 2) == 20
    with pytest.raises(IntegrityError):
        together.do(3, -1)
    assert transactions == [[1, 2], [3]]


@pytest.mark.parametrize("error", [OSError("disk full"), KeyboardInterrupt()])
def test_every_session_hears_of_a_failure(error: BaseException) -> None:
    """Nobody waits for ever, and the next act has its turn."""
    broken = [True]

    def transaction(acts: Sequence[int]) -> Sequence[int]:
        if broken[0]:
            raise error
        return acts

    together = Together[int, int](transaction)
    for _ in range(2):
        with pytest.raises(type(error)):
            together.do(1)
    broken.clear()
    broken.append(False)
    assert together.do(1) == 1


def test_many_sessions_claim_and_settle(journal: Journal) -> None:
    """Eight sessions, forty mails, of which every fourth shares a line with the one before: each line is held once, each claim settled once."""

    def lines(number: int) -> list[Line]:
        shared = number - 1 if number % 4 == 3 else number
        return [Line(f"item {shared}", "", "reminder_1", 1), Line(f"own {number}", "", "reminder_1", 1)]

    def send(number: int) -> tuple[int | AlreadyClaimed, list[bool]]:
        claim = journal.claim(
            f"<{number}@alpha.example>", f"411{number}", "EUR", "reminder_1", lines(number),
            recipient="compta@durand.example", subject=str(number), text="Bonjour", at=AT,
        )  # fmt: skip
        if isinstance(claim, AlreadyClaimed):
            return claim, []
        outcome = "uncertain" if number % 5 == 0 else "sent"
        return claim, [journal.settle(claim, outcome, "250", AT) for _ in range(2)]

    with ThreadPoolExecutor(SESSIONS) as pool:
        told = list(pool.map(send, range(40)))
    claimed = [number for number, (claim, _) in enumerate(told) if not isinstance(claim, AlreadyClaimed)]
    assert len(claimed) == 30
    assert all(settled == [True, False] for claim, settled in told if not isinstance(claim, AlreadyClaimed))
    events = journal.events()
    assert sorted(events["message_id"]) == sorted(f"<{number}@alpha.example>" for number in claimed for _ in range(2))
    assert not journal.unsettled()
    assert {claim.message_id for claim in journal.uncertain()} == {
        f"<{number}@alpha.example>" for number in claimed if number % 5 == 0
    }


def test_what_others_have_claimed_is_counted(address: str) -> None:
    """Earlier calls and other senders count, our own claims and those taken back do not, nor what is longer ago."""

    def claim(journal: Journal, number: int, at: dt.datetime) -> int:
        made = journal.claim(
            f"<{number}@alpha.example>", "411", "EUR", "reminder_1", [Line(f"item {number}", "", "reminder_1", 1)],
            recipient="compta@durand.example", subject="", text="", at=at,
        )  # fmt: skip
        assert isinstance(made, int)
        return made

    paris = dt.timezone(dt.timedelta(hours=1))
    moment = dt.datetime(2026, 11, 20, 0, 30, tzinfo=paris)
    with Journal.open(address, "Alpha") as earlier, Journal.open(address, "Alpha") as ours:
        claim(earlier, 1, moment - dt.timedelta(hours=25))
        claim(earlier, 2, moment - dt.timedelta(hours=2))
        refused = claim(earlier, 3, (moment - dt.timedelta(minutes=5)).astimezone(dt.UTC))
        assert earlier.settle(refused, "refused", "550", moment)
        assert earlier.withdraw(claim(earlier, 4, moment), "451", moment)
        claim(ours, 5, moment)
        hour, day = (ours.claimed_by_others(moment - dt.timedelta(hours=hours)) for hours in (1, 24))
    assert hour == [moment - dt.timedelta(minutes=5)]
    assert sorted(day) == [moment - dt.timedelta(hours=2), moment - dt.timedelta(minutes=5)]
