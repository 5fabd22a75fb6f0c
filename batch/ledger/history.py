"""Items and their typed columns → what already happened: tables.PAYMENTS, and the ledger's own last reminders as EVENTS."""

import numpy as np
import pandas as pd

from batch.core.tables import EVENTS, PAYMENTS
from batch.ledger.items import NO_DAY, Columns
from batch.ledger.values import code_by_word, exact_code, mapped


def build_payments(columns: Columns, items: pd.DataFrame) -> pd.DataFrame:
    """Return PAYMENTS: what was paid on the ledger's payment date, for items where both are known."""
    at = columns.days("payment_date")
    difference = (items["amount"] - items["open"]).to_numpy()
    paid = np.where(columns.money("amount_paid") != 0, columns.money("amount_paid"), difference)
    known = ~np.isnat(at) & (paid != 0) & (items["kind"] == "invoice").to_numpy()
    return PAYMENTS.conform(pd.DataFrame({"item_id": items["item_id"][known], "at": at[known], "amount": paid[known]}))


def build_history(columns: Columns, items: pd.DataFrame) -> pd.DataFrame:
    """Return EVENTS: one reminder sent for each item that names its last one; a date without level is the first reminder."""
    at = columns.days("last_reminder_date")
    level = np.array(mapped(columns.text("last_reminder_level"), _step) or ["reminder_1"] * columns.count, dtype=object)
    known = ~np.isnat(at) & (level != "none")
    if not known.any():
        return EVENTS.empty()
    chosen = items[known]
    texts_absent = dict.fromkeys(("message_id", "value", "meaning", "note"), "")
    frame = pd.DataFrame(
        {
            "at": at[known], "debtor_id": chosen["debtor_id"], "item_id": chosen["item_id"], "number": chosen["number"],
            "kind": "sent", "step": level[known], "round": 0, "amount": 0, "currency": chosen["currency"],
            "until": NO_DAY, "by": "ledger", **texts_absent,
        }
    )  # fmt: skip
    return EVENTS.conform(frame)


def _step(text: str) -> str:
    """Return the step of a level ("R2", "Niveau 2", "mise en demeure", 2.0): the highest level named wins."""
    if not text:
        return "reminder_1"
    exact = exact_code("reminder_levels")(text.removesuffix(".0"))
    return exact or code_by_word("reminder_levels")(text) or "reminder_1"
