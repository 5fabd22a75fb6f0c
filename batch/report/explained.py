"""Why one debtor stands where it stands → what the terminal and --json both say: name, notes, open items, conditions."""

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd

from batch.core.explain import Explanation
from batch.core.history import notes
from batch.core.problem import Money
from batch.words import Words

_AFTER = ("written", "previous", "invoice")  # what days count from, beside steps
_MARK = 3  # letters of yes, oui
Row = Mapping[Hashable, Any]


def notes_of(explanation: Explanation) -> pd.DataFrame:
    """Return what people noted about the customer: currency, at, text, the latest last."""
    found = notes(explanation.plan.events)
    return found[found["debtor_id"] == explanation.debtor_id].drop(columns="debtor_id")


def name_of(explanation: Explanation) -> str:
    """Return the customer's name."""
    debtors = explanation.plan.ledger.debtors
    return str(debtors.loc[debtors["debtor_id"] == explanation.debtor_id, "name"].iloc[0])


def open_items(explanation: Explanation) -> pd.DataFrame:
    """Return the debtor's open items, the oldest due first, with how late they are and how far they went."""
    plan = explanation.plan
    aged = plan.aged[plan.aged["debtor_id"] == explanation.debtor_id]
    lines = plan.items[["item_id", "number", "due"]].drop_duplicates("item_id")
    steps = plan.item_steps.drop(columns=["debtor_id", "currency"])
    rows = aged.merge(lines, on="item_id").merge(steps, on="item_id", how="left")
    filled = rows.fillna({"last_step": "", "next_step": "", "blocked_by": ""})
    return filled.sort_values(["due", "item_id"], kind="stable")


def condition_sentence(row: Row, currency: str, words: Words) -> str:
    """Return one condition (core.explain.CONDITIONS) and whether it holds, since when or from when."""
    after = row["after"]
    code = "days-before" if row["code"] == "days-late" and row["need"] < 0 else row["code"]
    facts = {
        "n": abs(row["need"]),
        "have": row["have"],
        "amount": Money(row["amount"], currency),
        "after": "" if not after else words.label("explain" if after in _AFTER else "steps", after),
    }
    state = "holds" if row["holds"] else "not_yet"
    mark = words.label("explain", "yes" if row["holds"] else "no")
    return (
        f"{mark:<{_MARK}}  "
        + words.sentence("conditions", code, facts)
        + words.sentence("explain", state, {"on": row["on"]})
    )
