"""The plan's tables by account → the entries of plan.json's `debtors`, one for each debtor and currency."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from batch.core.codes import STEPS
from batch.core.plan import Plan
from batch.core.records import Message
from batch.core.tables import ACCOUNT
from batch.report.figures import decimal_strings, iso_days, or_null, records
from batch.words import Words
from batch.words.facts import fact_sentences, reason_sentences

CHARGED = ("interest", "fixed_sum", "fees")
MONEY = ["open", "overdue", "not_due", "unallocated"]
TEXTS = ["step", "channel", "approval", "reason", "reason_text", "blocked_by", "next_step"]
# A confirmation comes after any step and claims nothing by itself.
RANKS = {step: rank for rank, step in enumerate(STEPS) if step != "confirmation"}

Account = tuple[str, str]
Entry = dict[str, Any]


def debtor_entries(
    plan: Plan, messages: Mapping[Account, Message], words: Words, claimed_from: str, letters: Mapping[Account, str]
) -> list[Entry]:
    """Return an entry for each account that has an open balance, a step, or something that blocks."""
    table = _told(_joined(plan))
    accounts = list(zip(table["debtor_id"].tolist(), table["currency"].tolist(), strict=True))
    because, advancing = _because(plan, words), _advancing(plan)
    found = [messages.get(account) for account in accounts]
    columns = {
        "debtor_id": table["debtor_id"].tolist(),
        "name": table["name"].fillna("").tolist(),
        "currency": table["currency"].tolist(),
        **{name: decimal_strings(table[name], table["currency"]) for name in ("open", "overdue", "unallocated")},
        "oldest_days_late": table["oldest_days_late"].tolist(),
        "standing": or_null(table["standing"]),
        "confidence": [None if math.isnan(figure) else round(figure, 2) for figure in table["confidence"].tolist()],
        "because": [because.get(debtor_id, []) for debtor_id, _ in accounts],
        "step": or_null(table["step"]),
        "channel": or_null(table["channel"]),
        "approval": or_null(table["approval"]),
        "items": [advancing.get(account, []) for account in accounts],
        "reason": [sentence or None for sentence in reason_sentences(table, words)],
        "blocked_by": or_null(table["blocked_by"]),
        "next_step": or_null(table["next_step"]),
        "next_on": iso_days(table["next_on"]),
        "charges": _charges(table, claimed_from),
        "subject": [message.subject if message else None for message in found],
        "digest": [message.digest if message else None for message in found],
        "letter": [letters.get(account) for account in accounts],
    }
    return records(columns)


def _joined(plan: Plan) -> pd.DataFrame:
    """Return one row per account with its name, standing, steps, charges and how far its items have gone."""
    table = (
        plan.accounts.merge(plan.account_steps, on=ACCOUNT, how="left")
        .merge(plan.standings[["debtor_id", "standing", "confidence"]], on="debtor_id", how="left")
        .merge(plan.ledger.debtors[["debtor_id", "name"]], on="debtor_id", how="left")
        .merge(_charged(plan), on=ACCOUNT, how="left")
        .merge(_reached(plan), on=ACCOUNT, how="left")
    )
    counts = dict.fromkeys(("reason_days", "reason_amount", *CHARGED), 0)
    filled = table.fillna(dict.fromkeys(TEXTS, "") | counts | {"reached": -1})
    return filled.astype(dict.fromkeys([*counts, "reached"], "int64"))


def _told(table: pd.DataFrame) -> pd.DataFrame:
    return table[(table[MONEY] != 0).any(axis=1) | (table["step"] != "") | (table["blocked_by"] != "")]


def _charged(plan: Plan) -> pd.DataFrame:
    """Return interest, fixed sum and fees by account, over the overdue items."""
    overdue = plan.aged.loc[plan.aged["overdue"], ["item_id"]]
    charged = plan.charges.merge(overdue, on="item_id")
    return charged.groupby(ACCOUNT, as_index=False)[list(CHARGED)].sum()


def _reached(plan: Plan) -> pd.DataFrame:
    """Return by account the rank of the furthest step that one of its items has taken."""
    ranked = plan.item_steps[ACCOUNT].assign(reached=plan.item_steps["last_step"].map(RANKS).fillna(-1).astype("int64"))
    return ranked.groupby(ACCOUNT, as_index=False).agg(reached=("reached", "max"))


def _charges(table: pd.DataFrame, claimed_from: str) -> list[Entry]:
    now = table["step"].map(RANKS).fillna(-1).astype("int64")
    columns: dict[str, Sequence[Any]] = {
        **{name: decimal_strings(table[name], table["currency"]) for name in CHARGED},
        "claimed": (table["reached"].clip(lower=now) >= RANKS[claimed_from]).tolist(),
    }
    return records(columns)


def _because(plan: Plan, words: Words) -> dict[str, list[Entry]]:
    """Return the facts behind each debtor's standing, in the plan's order."""
    rows = plan.because
    sentences = fact_sentences("evidence", rows, words)
    found: dict[str, list[Entry]] = {}
    for debtor_id, code, points, sentence in zip(
        rows["debtor_id"].tolist(), rows["code"].tolist(), rows["points"].tolist(), sentences, strict=True
    ):
        found.setdefault(debtor_id, []).append({"code": code, "points": points, "sentence": sentence})
    return found


def _advancing(plan: Plan) -> dict[Account, list[str]]:
    """Return the numbers of the items that take a step in this run, by account."""
    steps = plan.item_steps.loc[plan.item_steps["advances"], ["item_id", *ACCOUNT]]
    rows = steps.merge(plan.items[["item_id", "number"]], on="item_id")
    found: dict[Account, list[str]] = {}
    for debtor_id, currency, number in zip(*(rows[name].tolist() for name in (*ACCOUNT, "number")), strict=True):
        found.setdefault((debtor_id, currency), []).append(number)
    return found
