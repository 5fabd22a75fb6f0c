"""What a person typed in an earlier workbook + the new plan → what of it stands in the new one's cells, and what does not.

A row is the same when account, step and the digest of its message are. What the journal holds already is known to the plan
and is not typed again.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from batch.core.plan import Plan
from batch.core.problem import Problem, Severity
from batch.core.records import Message
from batch.core.tables import ACCOUNT
from batch.workbook.decisions import Reviewed
from batch.workbook.layout import CALL_CHANNELS
from batch.workbook.reading.typed_rows import TypedRow

Key = tuple[str, str]

# The cells that made an event of a kind.
CELLS_OF = {
    "skipped": ("decision",), "closed": ("decision",), "reclassified": ("standing_typed",), "address": ("email_typed",),
    "noted": ("note",), "sent": ("step_done", "step_done_on"), "held": ("hold_until",), "promised": ("promise_date", "promise_amount"),
    "disputed": ("dispute",), "called": ("call_result", "call_on", "call_amount", "call_until", "call_note"),
    "met": ("call_result", "call_on", "call_amount", "call_until", "call_note"),
}  # fmt: skip


@dataclass(frozen=True)
class Carried:
    """The typed cells of the new workbook by sheet (review, calls), account and column; the customers; what was left behind."""

    cells: Mapping[str, Mapping[Key, Mapping[str, object]]]
    customers: int
    problems: tuple[Problem, ...]


def carry(kept: Reviewed, plan: Plan, messages: Mapping[Key, Message], lacking: pd.Series, new: str) -> Carried:
    """Return what is carried over into the workbook named `new`; `lacking` tells which of kept.events the journal does not hold.

    What was typed on a row that has changed since, or is gone, is NOT-CARRIED, cell by cell.
    """
    shown, now, sent = _shown(kept), _now(plan, messages), _sent(plan, kept.about.as_of)
    called = _accounts(plan.account_steps, plan.account_steps["channel"].isin(CALL_CHANNELS))
    names = dict(zip(plan.ledger.debtors["debtor_id"], plan.ledger.debtors["name"], strict=True))
    cells: dict[str, dict[Key, Mapping[str, object]]] = {"review": {}, "calls": {}}
    problems: list[Problem] = []
    for row in kept.typed:
        left = _unknown(row, kept.events, lacking)
        if (row.key[0], shown.get(row.key, ("", ""))[0]) in sent:
            left.pop("decision", None)
        same = row.sound and row.key in now and shown.get(row.key) == now[row.key]
        if same and (row.sheet == "review" or row.key in called):
            if left:
                cells[row.sheet][row.key] = left
            continue
        for code, value in left.items():
            facts = {"typed": value, "debtor": names.get(row.key[0], row.key[0]), "currency": row.key[1], "new": new,
                     "cell": f"{row.places[code].column}{row.places[code].row}"}  # fmt: skip
            problems.append(Problem("NOT-CARRIED", Severity.WARNING, row.places[code], facts))
    return Carried(cells, len({key for rows in cells.values() for key in rows}), tuple(problems))


def _shown(kept: Reviewed) -> dict[Key, tuple[str, str]]:
    """Return step and digest that each row of the earlier workbook showed."""
    table = kept.decisions
    columns = (table[name].tolist() for name in (*ACCOUNT, "step", "digest"))
    return {(debtor, currency): (step, digest) for debtor, currency, step, digest in zip(*columns, strict=True)}


def _now(plan: Plan, messages: Mapping[Key, Message]) -> dict[Key, tuple[str, str]]:
    """Return step and digest of every account of the new plan that Review may show."""
    table = plan.accounts[ACCOUNT].merge(plan.account_steps[[*ACCOUNT, "step"]], on=ACCOUNT, how="left")
    columns = (table[ACCOUNT[0]].tolist(), table[ACCOUNT[1]].tolist(), table["step"].fillna("").tolist())
    keys = ((debtor, currency, step) for debtor, currency, step in zip(*columns, strict=True))
    return {
        (debtor, currency): (step, messages[debtor, currency].digest if (debtor, currency) in messages else "")
        for debtor, currency, step in keys
    }


def _sent(plan: Plan, since: dt.date) -> set[tuple[str, str]]:
    """Return the customers and steps of the mails that left since the earlier workbook was made: their approval is used up."""
    events = plan.events[(plan.events["kind"] == "sent") & (plan.events["at"] >= pd.Timestamp(since))]
    return set(zip(events["debtor_id"].tolist(), events["step"].tolist(), strict=True))


def _accounts(table: pd.DataFrame, chosen: pd.Series) -> set[Key]:
    rows = table.loc[chosen, ACCOUNT]
    return set(zip(rows["debtor_id"].tolist(), rows["currency"].tolist(), strict=True))


def _unknown(row: TypedRow, events: pd.DataFrame, lacking: pd.Series) -> dict[str, object]:
    """Return the row's cells without those of which the journal holds every event."""
    here = events.iloc[row.events.start : row.events.stop]
    new = lacking.iloc[row.events.start : row.events.stop].tolist()
    pending = {kind for kind, lacks in zip(here["kind"].tolist(), new, strict=True) if lacks}
    known = {cell for kind in set(here["kind"]) - pending for cell in CELLS_OF.get(kind, ())}
    if len(here) and not pending:
        known.add("note")
    return {code: value for code, value in row.cells.items() if code not in known}
