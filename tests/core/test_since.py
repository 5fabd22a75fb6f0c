"""What changed since the journal's last snapshot, and what the reminders sent since have done."""

import datetime as dt
from collections.abc import Sequence

import pandas as pd

from batch.core.plan import make_plan
from batch.core.records import Ledger
from batch.core.since import NOTHING_BEFORE, Since
from batch.core.tables import SNAPSHOTS
from tests.core.kit import cents, day, event, events, item, ledger, policy

AS_OF = dt.date(2026, 11, 20)
BEFORE = "2026-11-13"

PAID = item("ALDER", "1", "2026-09-01", "2026-10-01", 100, 0, paid_on="2026-11-16")
PART = item("ALDER", "2", "2026-09-01", "2026-10-01", 300, 120)
STILL = item("BIRCH", "3", "2026-09-01", "2026-10-05", 500)
FELL_DUE = item("BIRCH", "4", "2026-10-01", "2026-11-15", 70)
NEW = item("CEDAR", "5", "2026-11-17", "2026-12-17", 60)
REMINDED = [event(BEFORE, debtor, "sent", number, "reminder_1")
            for debtor, number in (("ALDER", "1"), ("ALDER", "2"), ("BIRCH", "3"))]  # fmt: skip


def seen(open_then: Sequence[tuple[dict[str, object], float]], on: str = BEFORE) -> pd.DataFrame:
    """Return SNAPSHOTS of one day."""
    rows = [{"item_id": str(row["item_id"]), "as_of": day(on), "open": cents(amount)} for row, amount in open_then]
    return SNAPSHOTS.conform(pd.DataFrame(rows))


ALL_THEN = seen([(PAID, 100), (PART, 300), (STILL, 500), (FELL_DUE, 70)])


def found(read: Ledger, snapshots: pd.DataFrame, history: Sequence[dict[str, object]] = ()) -> Since:
    """Return what the plan of 20 November says has changed."""
    return make_plan(read, events(history), policy(), AS_OF, first_run=False, snapshots=snapshots).since


def changes(since: Since) -> dict[str, tuple[int, int]]:
    """Return invoices and cents by kind of change."""
    rows = since.changes[["code", "items", "amount"]].itertuples(index=False, name=None)
    return {code: (items, amount) for code, items, amount in rows}


def test_what_came_in_what_is_new_and_what_became_late() -> None:
    """100 and 180 of 300 came in; invoice 4 fell due on the 15th and is late; 5 is new; 2 and 3, reminded, take no step yet."""
    since = found(ledger([PAID, PART, STILL, FELL_DUE, NEW]), ALL_THEN, REMINDED)
    assert since.day == dt.date(2026, 11, 13)
    assert changes(since) == {"collected": (2, 28000), "settled": (1, 10000), "new": (1, 6000), "newly_late": (1, 7000)}


def test_what_the_reminders_have_done() -> None:
    """Three invoices were reminded, 900.00 in all: one is paid, and 280.00 came in."""
    since = found(ledger([PAID, PART, STILL, FELL_DUE, NEW]), ALL_THEN, REMINDED)
    assert since.effects.to_dict("records") == [
        {"step": "reminder_1", "currency": "EUR", "items": 3, "open": 90000, "paid": 1, "collected": 28000}
    ]


def test_who_takes_the_next_step() -> None:
    """Reminded on 1 November, invoice 3 takes its second reminder."""
    since = found(ledger([STILL]), seen([(STILL, 500)]), [event("2026-11-01", "BIRCH", "sent", "3", "reminder_1")])
    assert changes(since) == {"next_step": (1, 50000)}


def test_what_an_export_of_open_items_drops_was_settled() -> None:
    """Invoice 1 is gone from an export that lists open items only."""
    assert changes(found(ledger([STILL]), seen([(PAID, 100), (STILL, 500)]))) == {
        "collected": (1, 10000),
        "settled": (1, 10000),
    }


def test_what_a_fuller_export_drops_says_nothing() -> None:
    """Invoice 1 is gone from an export that lists settled items too: nobody knows why."""
    old = item("BIRCH", "0", "2026-01-01", "2026-02-01", 10, 0, paid_on="2026-02-01")
    assert changes(found(ledger([old, STILL]), seen([(PAID, 100), (STILL, 500)]))) == {}


def test_another_file_or_no_snapshot_says_nothing() -> None:
    """Without a snapshot before the day, or with one that shares no invoice, there is nothing to compare with."""
    for snapshots in (SNAPSHOTS.empty(), seen([(PAID, 100)]), seen([(STILL, 500)], "2026-11-20")):
        assert found(ledger([STILL]), snapshots) is NOTHING_BEFORE


def test_the_last_snapshot_counts() -> None:
    """Of two, the newer one before the day is compared with."""
    both = pd.concat([seen([(STILL, 900)], "2026-11-06"), seen([(STILL, 600)])])
    assert changes(found(ledger([STILL]), both)) == {"collected": (1, 10000)}
