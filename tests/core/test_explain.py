"""Why one debtor stands where it stands: points, what decides, the conditions of the next step, the rules that block."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

import pandas as pd
import pytest

from batch.core.explain import Explanation, explain
from batch.core.plan import make_plan
from batch.core.tables import EVENTS
from tests.core.kit import event, events, item, ledger, policy

AS_OF = dt.date(2026, 11, 20)


def explained(
    items: Sequence[dict[str, object]], history: Sequence[dict[str, object]] = (), debtor_id: str = "ALDER"
) -> Explanation:
    """Return what there is to say of one debtor on 20 November 2026."""
    plan = make_plan(ledger(items), events(history), policy(), AS_OF, first_run=False)
    return explain(plan, policy(), debtor_id)


def condition(found: Explanation, code: str) -> dict[str, Any]:
    """Return the only condition of that code."""
    rows = found.conditions[found.conditions["code"] == code]
    assert len(rows) == 1
    return {str(name): value for name, value in rows.iloc[0].items()}


def states(found: Explanation) -> dict[str, str]:
    """Return how far the only invoice is with each rung."""
    return dict(found.rungs[["step", "state"]].itertuples(index=False, name=None))


def stopped(found: Explanation) -> list[str]:
    """Return the codes of the rules that block something."""
    return sorted(set(found.rules.loc[found.rules["blocks"], "code"].tolist()))


LATE = item("ALDER", "A-1", "2026-09-20", "2026-10-20", 800)  # 31 days late


def test_first_reminder_shows_since_when_it_holds() -> None:
    """Three days late are reached three days after the due date; nobody was contacted, so no gap is waited for."""
    found = explained([LATE])
    days = condition(found, "days-late")
    assert (days["need"], days["on"], days["holds"]) == (3, pd.Timestamp("2026-10-23"), True)
    assert found.conditions["code"].tolist() == ["days-late", "no-approval"]
    assert states(found)["reminder_1"] == "next"


def test_waiting_days_are_shown_from_the_contact() -> None:
    """Reminded on 15 November: ten days make 25 November, and the gap of seven days ends on 22 November."""
    found = explained([LATE], [event("2026-11-15", "ALDER", "sent", "A-1", "reminder_1")])
    since, gap = condition(found, "since-contact"), condition(found, "gap")
    assert (since["on"], since["holds"]) == (pd.Timestamp("2026-11-25"), False)
    assert (gap["on"], gap["holds"]) == (pd.Timestamp("2026-11-22"), False)
    assert condition(found, "days-late")["holds"]
    assert stopped(found) == ["gap"]


def test_a_rung_left_behind_says_how() -> None:
    """Second reminder taken; the call lapsed 14 + 7 days after it; a meeting is for larger accounts; the notice is next."""
    history = [
        event("2026-10-23", "ALDER", "sent", "A-1", "reminder_1"),
        event("2026-10-30", "ALDER", "sent", "A-1", "reminder_2"),
    ]
    found = explained([LATE], history)
    assert states(found) == {
        "courtesy": "passed", "reminder_1": "passed", "reminder_2": "taken", "call": "lapsed", "meeting": "skipped",
        "formal_notice": "next", "bailiff": "later", "court": "later",
    }  # fmt: skip
    assert found.rungs.set_index("step")["on"]["call"] == pd.Timestamp("2026-11-20")
    written = condition(found, "written")
    assert (written["need"], written["have"], written["holds"]) == (2, 2, True)
    assert not condition(found, "approval")["holds"]


def test_a_promise_blocks_until_its_grace_ends() -> None:
    """Promised for Monday 23 November: three business days later is Thursday the 26th."""
    found = explained([LATE], [event("2026-11-16", "ALDER", "promised", "A-1", until="2026-11-23")])
    rule = found.rules[found.rules["blocks"]].iloc[0]
    assert (rule["code"], rule["until"]) == ("promise-running", pd.Timestamp("2026-11-26"))


def test_every_rule_is_told_of_every_open_invoice() -> None:
    """What did not block was looked at too: as many lines for each invoice, and none for a paid one."""
    paid = item("ALDER", "A-0", "2026-05-01", "2026-05-31", 500, 0, paid_on="2026-05-30")
    found = explained([LATE, paid, item("ALDER", "A-2", "2026-11-01", "2026-12-01", 300)])
    counts = found.rules.groupby("item_id").size()
    assert counts.min() == counts.max()
    assert [name.split("|")[2] for name in counts.index] == ["A-1", "A-2"]


def test_points_add_up_to_the_totals() -> None:
    """A broken promise gives bad faith three points, but one hard fact is not enough; forgetful starts with one."""
    found = explained([LATE], [event("2026-10-25", "ALDER", "promised", "A-1", until="2026-10-28")])
    rows = found.points.set_index("code")
    assert rows["dishonest"]["promise-broken"] == 3
    assert found.totals["dishonest"] == 3
    assert found.totals["forgetful"] == rows["forgetful"].sum() + 1
    assert "dishonest" in found.ruled_out
    assert (found.standing["standing"], found.decided_by) == ("forgetful", "points")


def test_what_decides_is_named() -> None:
    """Nothing overdue, a dispute of everything and a person's choice each decide whatever the points are."""
    coming = item("ALDER", "A-1", "2026-11-10", "2026-12-10", 800)
    assert explained([coming]).decided_by == "nothing-overdue"
    assert explained([LATE | {"disputed": True}]).decided_by == "dispute"
    chosen = [event("2026-11-18", "ALDER", "reclassified", value="dishonest")]
    assert explained([LATE], chosen).decided_by == "override"


def test_a_debtor_who_owes_nothing_has_nothing_to_explain() -> None:
    """Everything paid: no standing, no rungs, no rules."""
    found = explained(
        [LATE, item("BIRCH", "B-1", "2026-05-01", "2026-05-31", 9, 0, paid_on="2026-05-30")], debtor_id="BIRCH"
    )
    assert found.standing == {}
    assert found.totals == {}
    assert found.rungs.empty
    assert found.rules.empty


def test_the_plan_is_the_same_whether_or_not_it_is_explained() -> None:
    """Explaining asks the ladder again and changes nothing that was worked out."""
    plan = make_plan(ledger([LATE]), EVENTS.empty(), policy(), AS_OF, first_run=False)
    before = plan.item_steps.copy()
    explain(plan, policy(), "ALDER")
    pd.testing.assert_frame_equal(plan.item_steps, before)


@pytest.mark.parametrize(("on", "decided_by"), [("2026-10-08", "points"), ("2026-10-09", "override")])
def test_a_decision_set_aside_no_longer_decides(on: str, decided_by: str) -> None:
    """The promise broken and the silence after the notice, a fact from 9 October, are newer than a word of the 8th."""
    history = [
        event("2026-08-20", "ALDER", "promised", "A-1", until="2026-08-28"),
        event("2026-09-01", "ALDER", "sent", "A-1", "reminder_1"),
        event("2026-09-15", "ALDER", "sent", "A-1", "reminder_2"),
        event("2026-10-01", "ALDER", "sent", "A-1", "formal_notice"),
        event(on, "ALDER", "reclassified", value="forgetful"),
    ]
    found = explained([item("ALDER", "A-1", "2026-06-01", "2026-07-01", 1000)], history)
    assert found.decided_by == decided_by
    assert ("override-lifted" in found.facts["code"].tolist()) == (decided_by == "points")
