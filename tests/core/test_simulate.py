"""The replay of a policy on the past: what was known then, each step once, what was paid after it."""

import datetime as dt
from dataclasses import replace

import pandas as pd

from batch.core.records import Ledger
from batch.core.simulate import every_week, known_until, outcomes, replay
from tests.core.kit import day, event, item, ledger, policy


def taken(found: Ledger, first: str, last: str) -> pd.DataFrame:
    """Return the steps of all weeks."""
    days = every_week(dt.date.fromisoformat(first), dt.date.fromisoformat(last))
    return pd.concat(list(replay(found, policy(), days)), ignore_index=True)


def told(steps: pd.DataFrame) -> list[tuple[str, str, str]]:
    """Return day, number and step of each."""
    days = steps["at"].dt.strftime("%Y-%m-%d").tolist()
    return list(zip(days, steps["number"].tolist(), steps["step"].tolist(), strict=True))


# Due on Wednesday 1 April 2026, paid on 11 May.
SLOW = item("ALDER", "A-1", "2026-03-02", "2026-04-01", 300, 0, paid_on="2026-05-11")


def test_weeks_start_on_the_first_day() -> None:
    """Every seventh day, the last day included when it is one of them."""
    assert every_week(dt.date(2026, 4, 6), dt.date(2026, 4, 20)) == [dt.date(2026, 4, n) for n in (6, 13, 20)]
    assert every_week(dt.date(2026, 4, 6), dt.date(2026, 4, 5)) == []


def test_each_step_is_taken_once_and_its_days_count_from_there() -> None:
    """5 days late: reminder 1; the second 15 days late and ten after; a call 14 days after that; paid before more."""
    steps = taken(ledger([SLOW]), "2026-04-06", "2026-05-25")
    assert told(steps) == [
        ("2026-04-06", "A-1", "reminder_1"),
        ("2026-04-20", "A-1", "reminder_2"),
        ("2026-05-04", "A-1", "call"),
    ]
    assert steps["days_late"].tolist() == [5, 19, 33]
    assert steps["days_to_pay"].tolist() == [35, 21, 7]


def test_what_came_later_is_not_known() -> None:
    """A dispute flag and a comment have no date, the ledger's own reminders are of another policy: none of them steers a replay."""
    later = SLOW | {"disputed": True, "note": "LITIGE", "hold_until": day("2026-12-31")}
    history = [event("2026-04-03", "ALDER", "sent", "A-1", "reminder_1")]
    plain = taken(ledger([SLOW]), "2026-04-06", "2026-04-27")
    assert told(taken(ledger([later], history=history), "2026-04-06", "2026-04-27")) == told(plain)


def test_an_invoice_is_unknown_before_it_is_issued() -> None:
    """Nothing is proposed on days before the ledger's first invoice."""
    assert taken(ledger([SLOW]), "2026-02-02", "2026-02-23").empty


def test_outcomes_count_what_was_paid_soon_after() -> None:
    """Paid 35, 21 and 7 days after the three steps: within 30 days of the last two, within 7 of the call alone."""
    found = ledger([SLOW, item("BIRCH", "B-1", "2026-06-30", "2026-08-30", 100)])
    steps = taken(found, "2026-04-06", "2026-05-11")
    rows = outcomes(steps, known_until(found)).set_index("step")
    assert rows["paid_30"].to_dict() == {"call": 1, "reminder_1": 0, "reminder_2": 1}
    assert rows["paid_7"].to_dict() == {"call": 1, "reminder_1": 0, "reminder_2": 0}
    assert rows["open"].to_dict() == {"call": 30000, "reminder_1": 30000, "reminder_2": 30000}


def test_shares_are_of_steps_whose_days_have_passed() -> None:
    """The ledger ends on 11 May: what was paid within 30 days of the call on 4 May cannot be said yet, within 7 days it can."""
    found = ledger([SLOW])
    rows = outcomes(taken(found, "2026-04-06", "2026-05-11"), known_until(found)).set_index("step")
    assert (rows["seen_7"]["call"], rows["paid_7"]["call"]) == (1, 1)
    assert (rows["seen_30"]["call"], rows["paid_30"]["call"]) == (0, 0)


def test_another_policy_makes_other_steps() -> None:
    """With the first reminder after eight days, the week of five days late sends nothing."""
    steps = tuple(replace(step, days_late=8) if step.code == "reminder_1" else step for step in policy().steps)
    weeks = list(replay(ledger([SLOW]), replace(policy(), steps=steps), [dt.date(2026, 4, 6), dt.date(2026, 4, 13)]))
    assert [told(week) for week in weeks] == [[], [("2026-04-13", "A-1", "reminder_1")]]
