"""A plan and one debtor → why: the points of every fact, what decides, and each rule of the ladder that holds or blocks.

The ladder is asked again, item by item, for what a run does not keep.
"""

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from batch.core.classify import JUDGED, LIFTED, scores
from batch.core.evidence import Known, know
from batch.core.ladder.owed import owed_items
from batch.core.ladder.pauses import PAUSES
from batch.core.ladder.rungs import Rung, rungs
from batch.core.plan import Plan
from batch.core.policy import Policy
from batch.core.tables import COUNT, DAY, FLAG, MONEY, TEXT, Table

POINTS = Table("points", {"code": TEXT} | dict.fromkeys(JUDGED, COUNT))

RUNGS = Table("rungs", {
    "item_id": TEXT,
    "step": TEXT,
    "state": TEXT,            # taken, passed (a later step stands for it), made, lapsed, skipped, next, later
    "on": DAY,                # made, lapsed: since when; next: from when its own conditions hold
})  # fmt: skip

CONDITIONS = Table("conditions", {
    "item_id": TEXT,
    "step": TEXT,
    "code": TEXT,             # days-late, since-contact, after, resend-grace, written, minimum, gap, approval …
    "need": COUNT,            # days, reminders
    "have": COUNT,            # of what is no day: reminders so far
    "amount": MONEY,          # the minimum
    "after": TEXT,            # what days are counted from: written, previous, invoice, or a step
    "on": DAY,                # from when it holds; missing = it is not a matter of days
    "holds": FLAG,
})  # fmt: skip

RULES = Table("rules", {"item_id": TEXT, "code": TEXT, "blocks": FLAG, "until": DAY})

# What may stop an item after its own pauses, in the order in which the ladder looks.
LATER_RULES = ("offer-wait", "claim-filed", "gap", "credits-cover", "below-tolerance", "below-minimum", "ladder-end")
_DECISIVE = ("insolvency", "insolvency-words", "plan-agreed")


@dataclass(frozen=True)
class Explanation:
    """What there is to say about one debtor; `standing` and `totals` are empty when nothing is open."""

    plan: Plan
    debtor_id: str
    standing: dict[Hashable, Any]  # the row of STANDING_TABLE
    facts: pd.DataFrame  # EVIDENCE of this debtor, the weightiest first, rows as `points`
    points: pd.DataFrame  # POINTS
    totals: dict[str, int]  # by judged standing, what each starts with included
    ruled_out: tuple[str, ...]  # standings that lack the facts without which they are never chosen
    decided_by: str  # points, nothing-overdue, dispute, plan-agreed, insolvency, insolvency-words, override
    rungs: pd.DataFrame  # RUNGS
    conditions: pd.DataFrame  # CONDITIONS of each item's next step on the ladder
    rules: pd.DataFrame  # RULES


def explain(plan: Plan, policy: Policy, debtor_id: str) -> Explanation:
    """Return what the plan says about one debtor, and why."""
    known = know(plan.items, plan.aged, plan.ledger.debtors, plan.ledger.payments, plan.events, policy, plan.as_of)
    facts = _facts(plan, debtor_id)
    points = _points(facts, policy)
    totals = _totals(points, policy)
    order = points[list(JUDGED)].abs().max(axis=1).sort_values(ascending=False, kind="stable").index
    rows = plan.standings[plan.standings["debtor_id"] == debtor_id].to_dict("records")
    standing = rows[0] if rows else {}
    walked, conditions, rules = _ladder(known, plan, debtor_id)
    return Explanation(
        plan=plan,
        debtor_id=debtor_id,
        standing=standing,
        facts=facts.loc[order].reset_index(drop=True),
        points=POINTS.conform(points.loc[order]),
        totals=totals if standing else {},
        ruled_out=_ruled_out(facts, totals, policy),
        decided_by=_decided_by(facts, standing),
        rungs=walked,
        conditions=conditions,
        rules=rules,
    )


def _facts(plan: Plan, debtor_id: str) -> pd.DataFrame:
    """Return EVIDENCE of the debtor; a decision that newer facts have set aside is called so."""
    facts = plan.evidence[plan.evidence["debtor_id"] == debtor_id]
    because = plan.because[plan.because["debtor_id"] == debtor_id]
    if LIFTED not in because["code"].tolist():
        return facts
    return facts.assign(code=facts["code"].mask(facts["code"] == "override", LIFTED))


def _points(facts: pd.DataFrame, policy: Policy) -> pd.DataFrame:
    """Return POINTS with the index of `facts`."""
    given = {
        name: facts["code"].map({code: row.get(name, 0) for code, row in policy.points.items()}) for name in JUDGED
    }
    return pd.DataFrame({"code": facts["code"]} | {name: column.fillna(0) for name, column in given.items()})


def _totals(points: pd.DataFrame, policy: Policy) -> dict[str, int]:
    sums = {name: int(points[name].sum()) for name in JUDGED}
    return sums | {"forgetful": sums["forgetful"] + policy.first_points}


def _ruled_out(facts: pd.DataFrame, totals: dict[str, int], policy: Policy) -> tuple[str, ...]:
    """Return the judged standings that are out of the question: bad faith without two hard facts, loss without a delivery fact."""
    if facts.empty:
        return ("invoice_lost", "dishonest")
    counted = scores(facts, policy).iloc[0]
    return tuple(name for name in JUDGED if counted[name] != totals[name])


def _decided_by(facts: pd.DataFrame, standing: dict[Hashable, Any]) -> str:
    """Return what the standing comes from, in the order in which classify lets the decisive facts speak."""
    codes = set(facts["code"])
    computed = standing.get("computed", "current")
    if "override" in codes:
        return "override"
    if computed == "current":
        return "nothing-overdue"
    if computed == "disputed":
        return "dispute"
    decisive = [code for code in _DECISIVE if code in codes]
    return decisive[0] if decisive and computed in ("insolvent", "in_difficulty") else "points"


def _ladder(known: Known, plan: Plan, debtor_id: str) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Return RUNGS, CONDITIONS and RULES of the debtor's open invoices, in the order of their due days."""
    owed = owed_items(known, known.numbered(plan.accounts), known.numbered(plan.standings))
    mine = known.worded(owed)[["debtor_id", "item_id", "due"]]
    mine = mine[mine["debtor_id"] == debtor_id].sort_values(["due", "item_id"], kind="stable")
    owed = owed.loc[mine.index]
    if owed.empty:
        return RUNGS.empty(), CONDITIONS.empty(), RULES.empty()
    walked: list[dict[str, Any]] = []
    asked: list[dict[str, Any]] = []
    for place, item_id in enumerate(mine["item_id"]):
        seen: list[Rung] = []
        item = rungs(known, owed.iloc[[place]], seen).assign(item_id=item_id).iloc[0]
        walked += _road(seen, item)
        asked += [row for rung in seen if rung.step.code == item["next_step"] for row in _conditions(rung, item, known)]
    return (
        RUNGS.conform(pd.DataFrame(walked, columns=list(RUNGS.columns))),
        CONDITIONS.conform(pd.DataFrame(asked, columns=list(CONDITIONS.columns))),
        RULES.conform(known.worded(_rules(known, plan, rungs(known, owed)))),
    )


def _day(days: Any) -> pd.Timestamp:  # noqa: ANN401  one element of an array of days
    found: pd.Timestamp = pd.Timestamp(np.asarray(days).reshape(-1)[0])
    return found


def _road(seen: list[Rung], item: "pd.Series[Any]") -> list[dict[str, Any]]:
    """Return how far one item is with each rung of its road."""
    rows = []
    passing = True
    for rung in seen:
        here = rung.step.code == item["next_step"]
        passing &= not here
        state, on = ("next", _day(rung.holds_on)) if here else _passed(rung, item) if passing else ("later", pd.NaT)
        rows.append({"item_id": item["item_id"], "step": rung.step.code, "state": state, "on": on})
    return rows


def _passed(rung: Rung, item: "pd.Series[Any]") -> tuple[str, pd.Timestamp]:
    """Return how an item passed a rung, and on which day."""
    nothing: Any = pd.NaT
    if rung.step.code == item["last_step"]:
        return "taken", item["last_on"].normalize()
    if rung.reached[0]:
        return "passed", nothing
    if rung.skipped[0]:
        return "skipped", nothing
    if rung.made is not None and rung.lapses_on is not None and not np.isnat(rung.made[0]):
        before = not np.isnat(rung.lapses_on[0]) and rung.lapses_on[0] < rung.made[0]
        return ("lapsed", _day(rung.lapses_on)) if before else ("made", _day(rung.made))
    return "lapsed", nothing if rung.lapses_on is None else _day(rung.lapses_on)


def _conditions(rung: Rung, item: "pd.Series[Any]", known: Known) -> list[dict[str, Any]]:
    """Return the conditions of an item's next rung: its own days first, then reminders, amounts, the gap and the approval."""
    step = rung.step
    rows = [
        _row(
            asked.code, need=_number(asked.need), on=_day(asked.on), after=asked.after, holds=asked.on[0] <= known.as_of
        )
        for asked in rung.conditions
        if not np.isnat(asked.on[0])
    ]
    if step.written:
        sent = _number(rung.reminders)
        rows.append(_row("written", need=step.written, have=sent, holds=sent >= step.written))
    if step.minimum:
        rows.append(_row("minimum", amount=step.minimum, holds=item["account_gross"] >= step.minimum))
    if not pd.isna(item["free_on"]):
        rows.append(_row("gap", need=rung.policy.gap_days, on=item["free_on"], holds=item["free_on"] <= known.as_of))
    rows.append(_row("approval" if step.approval else "no-approval", holds=not step.approval))
    return [{"item_id": item["item_id"], "step": step.code} | row for row in rows]


def _number(figure: Any) -> int:  # noqa: ANN401  a number, or an array of one
    return int(np.asarray(figure).reshape(-1)[0])


def _row(code: str, **figures: object) -> dict[str, Any]:
    return {"code": code, "need": 0, "have": 0, "amount": 0, "after": "", "on": pd.NaT} | figures


def _rules(known: Known, plan: Plan, owed: pd.DataFrame) -> pd.DataFrame:
    """Return RULES: every pause that was looked at, and what else stopped the item, for each open invoice."""
    steps = known.numbered(plan.item_steps).set_index("item_id").reindex(owed["item_id"])
    final, until = steps["blocked_by"].set_axis(owed.index), steps["blocked_until"].set_axis(owed.index)
    found = [pause(known, owed) for pause in PAUSES]
    found += [(code, final == code, until) for code in LATER_RULES]
    return pd.concat(
        pd.DataFrame({"item_id": owed["item_id"], "code": code, "blocks": holds, "until": end.where(holds)})
        for code, holds, end in found
    )
