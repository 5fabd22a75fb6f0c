"""What drops out of exports of open items: when it counts as settled, when, and when nothing is concluded."""

import datetime as dt
from dataclasses import replace

import pandas as pd

from batch.core.plan import make_plan
from batch.core.records import Ledger
from batch.core.settled import with_disappeared
from batch.core.tables import SNAPSHOTS
from tests.core.kit import cents, day, events, item, ledger, policy

AS_OF = dt.date(2026, 11, 20)
F1, F2, F3 = (item("A", number, "2026-10-08", "2026-11-07", 100) for number in ("F1", "F2", "F3"))
B1 = item("B", "G1", "2026-10-08", "2026-11-07", 100)


def snapshots(*days: tuple[str, list[dict[str, object]]]) -> pd.DataFrame:
    """Return SNAPSHOTS: on each day these items were open."""
    rows = [(one["item_id"], day(at), one["open"]) for at, items in days for one in items]
    return SNAPSHOTS.conform(pd.DataFrame(rows, columns=["item_id", "as_of", "open"]))


def gone(found: Ledger) -> list[tuple[str, str]]:
    """Return number and day of settlement of the items that count as settled."""
    return [
        (number, at.date().isoformat()) for number, at in zip(found.gone["number"], found.gone["paid_on"], strict=True)
    ]


def test_settled_in_the_middle_between_two_exports() -> None:
    """Seen on the 13th, missing on the 20th: the 17th, three and a half days rounded up; the amount is what was open."""
    found = with_disappeared(ledger([F1]), snapshots(("2026-11-13", [F1, F2])), AS_OF)
    assert gone(found) == [("F2", "2026-11-17")]
    (row,) = found.gone.to_dict("records")
    assert [row[name] for name in ("debtor_id", "kind", "amount", "open", "currency", "source_row")] == [
        "A",
        "invoice",
        cents(100),
        0,
        "EUR",
        0,
    ]
    assert row["due"] == row["issued"] == day("2026-11-07")
    (said,) = found.problems
    assert (said.code, said.facts["n"], said.facts["first"], said.facts["last"]) == (
        "DISAPPEARED-SETTLED",
        1,
        dt.date(2026, 11, 13),
        AS_OF,
    )
    assert len(found.items) == 1


def test_history_grows_week_by_week() -> None:
    """F2 went between the first two snapshots, F3 after the second: each keeps its own days."""
    seen = snapshots(("2026-11-06", [F1, F2, F3]), ("2026-11-13", [F1, F3]))
    assert gone(with_disappeared(ledger([F1]), seen, AS_OF)) == [("F2", "2026-11-10"), ("F3", "2026-11-17")]


def test_it_becomes_evidence_and_no_row() -> None:
    """Three invoices that went in time make a habit; a customer with nothing left has no account and no step."""
    early = [item("A", f"E{n}", f"2026-{n:02}-01", f"2026-{n + 1:02}-15", 100) for n in (8, 9, 10)]
    seen = snapshots(
        ("2026-09-05", [F1, B1, *early]),
        ("2026-09-12", [F1, B1, *early[1:]]),
        ("2026-10-10", [F1, B1, early[2]]),
        ("2026-11-07", [F1, B1]),
    )
    plan = make_plan(with_disappeared(ledger([F1]), seen, AS_OF), events([]), policy(), AS_OF, first_run=False)
    facts = plan.evidence[plan.evidence["code"] == "habit-on-time"]
    assert facts[["debtor_id", "n", "m"]].to_numpy().tolist() == [["A", 3, 3]]
    assert plan.accounts["debtor_id"].tolist() == ["A"]
    assert plan.account_steps["debtor_id"].tolist() == ["A"]
    assert plan.accounts["open"].tolist() == [cents(100)]


def test_a_file_with_settled_items_speaks_for_itself() -> None:
    """Where the export lists what was paid, what is gone was deleted, archived or filtered."""
    full = ledger([F1, item("A", "F0", "2026-09-01", "2026-10-01", 50, 0, paid_on="2026-10-01")])
    assert with_disappeared(full, snapshots(("2026-11-13", [F1, F2])), AS_OF) is full


def test_another_due_date_is_no_payment() -> None:
    """A number that the customer still has was postponed, not paid."""
    postponed = item("A", "F2", "2026-10-08", "2026-12-07", 100)
    found = with_disappeared(ledger([F1, postponed]), snapshots(("2026-11-13", [F1, F2])), AS_OF)
    assert (gone(found), found.problems) == ([], ())


def test_another_file_is_no_payment() -> None:
    """Nothing of the last snapshot is left: another selection or another company; said, and nothing concluded."""
    found = with_disappeared(ledger([F3]), snapshots(("2026-11-13", [F1, F2])), AS_OF)
    assert (gone(found), [problem.code for problem in found.problems]) == ([], ["SNAPSHOT-FOREIGN"])


def test_other_due_dates_are_not_another_file() -> None:
    """New terms move every due date and so change every key: the numbers are still those of the last snapshot."""
    moved = [item("A", number, "2026-10-08", "2026-12-07", 100) for number in ("F1", "F2")]
    known = ledger(moved)
    assert with_disappeared(known, snapshots(("2026-11-13", [F1, F2])), AS_OF) is known


def test_only_earlier_days_count() -> None:
    """The day's own snapshot and later ones say nothing of the past: a second run of the same day is the same."""
    for at in ("2026-11-20", "2026-11-27"):
        known = ledger([F1])
        assert with_disappeared(known, snapshots((at, [F1, F2])), AS_OF) is known


def test_too_long_between_two_exports() -> None:
    """31 days apart, the middle is still told; after 32 nothing is known of when."""
    for at, expected in (("2026-10-20", [("F2", "2026-11-05")]), ("2026-10-19", [])):
        assert gone(with_disappeared(ledger([F1]), snapshots((at, [F1, F2])), AS_OF)) == expected


def test_credits_and_several_currencies_are_left_out() -> None:
    """A credit that goes was used, not paid; in which of his currencies a customer paid is not known."""
    credit = item("A", "AV1", "2026-10-08", "2026-11-07", -30)
    assert gone(with_disappeared(ledger([F1]), snapshots(("2026-11-13", [F1, credit])), AS_OF)) == []
    dollars = item("A", "F9", "2026-10-08", "2026-11-07", 100) | {"currency": "USD"}
    assert gone(with_disappeared(ledger([F1, dollars]), snapshots(("2026-11-13", [F1, F2])), AS_OF)) == []


def test_bars_inside_names_and_numbers() -> None:
    """The key is cut at the kind and the date, so a bar in a number is part of the number."""
    odd = item("A", "F|2|x", "2026-10-08", "2026-11-07", 100)
    assert gone(with_disappeared(ledger([F1]), snapshots(("2026-11-13", [F1, odd])), AS_OF)) == [
        ("F|2|x", "2026-11-17")
    ]


def test_an_empty_journal_or_ledger() -> None:
    """No snapshot, or nothing read: the ledger stays as it is."""
    known = ledger([F1])
    assert with_disappeared(known, SNAPSHOTS.empty(), AS_OF) is known
    nothing = replace(known, items=known.items.iloc[:0])
    assert with_disappeared(nothing, snapshots(("2026-11-13", [F1])), AS_OF) is nothing
