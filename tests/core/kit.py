"""Plain rows → the tables that core takes, so that a test reads like a page of the ledger."""

from collections.abc import Sequence
from functools import cache
from typing import Any

import pandas as pd

from batch import settings
from batch.core.policy import Policy
from batch.core.records import Ledger, LedgerFile
from batch.core.tables import DEBTORS, EVENTS, ITEMS, PAYMENTS


def day(text: str) -> pd.Timestamp:
    """Return the day of an ISO text; "" is no day."""
    found: Any = pd.Timestamp(text) if text else pd.NaT
    return found  # type: ignore[no-any-return]


@cache
def policy() -> Policy:
    """Return the default policy."""
    return settings.load(None, beside=None, environment={}).policy


def cents(amount: float) -> int:
    """Return an amount in minor units."""
    return round(amount * 100)


def item(  # noqa: D103  one row, named as in tables.ITEMS
    debtor: str, number: str, issued: str, due: str, amount: float, still_open: float | None = None, **more: object
) -> dict[str, object]:
    left = amount if still_open is None else still_open
    kind = str(more.get("kind") or ("invoice" if amount >= 0 else "credit_note"))
    row = {
        "item_id": f"{debtor}|{kind}|{number}|{due}|1", "debtor_id": debtor, "kind": kind, "number": number,
        "issued": day(issued), "due": day(due), "sent_on": pd.NaT, "amount": cents(amount), "open": cents(left),
        "currency": "EUR", "paid_on": pd.NaT, "payment_mode": "", "disputed": False, "hold_until": pd.NaT,
        "retention": False, "reference": "", "note": "", "source_sheet": "", "source_row": 0,
    }  # fmt: skip
    days = {name: day(str(more.pop(name))) for name in ("paid_on", "hold_until", "sent_on") if name in more}
    return row | days | more


def debtor(name: str, **more: object) -> dict[str, object]:
    """Return one row of tables.DEBTORS with an address and a telephone."""
    row = dict.fromkeys(DEBTORS.columns, "") | {
        "debtor_id": name, "name": name, "email": f"compta@{name.lower()}.example", "phone": "01 99 00 12 34",
        "nature": "business", "known_since": pd.NaT,
    }  # fmt: skip
    return row | {key: day(value) if key == "known_since" else value for key, value in more.items()}  # type: ignore[arg-type]


def event(at: str, debtor_id: str, kind: str, number: str = "", step: str = "", **more: object) -> dict[str, object]:
    """Return one row of tables.EVENTS."""
    row = dict.fromkeys(EVENTS.columns, "") | {
        "at": day(at), "debtor_id": debtor_id, "number": number, "kind": kind, "step": step, "round": 0,
        "amount": 0, "until": pd.NaT, "by": "import",
    }  # fmt: skip
    return row | {key: day(str(value)) if key == "until" else value for key, value in more.items()}


def events(rows: Sequence[dict[str, object]]) -> pd.DataFrame:
    """Return EVENTS of these rows."""
    return EVENTS.conform(pd.DataFrame(list(rows))) if rows else EVENTS.empty()


def ledger(
    items: Sequence[dict[str, object]], debtors: Sequence[dict[str, object]] = (), payments: Sequence[tuple[str, str, float]] = (),
    history: Sequence[dict[str, object]] = (),
) -> Ledger:  # fmt: skip
    """Return a Ledger; debtors that are not given get an address and a telephone."""
    table = ITEMS.conform(pd.DataFrame([row | {"source_row": n} for n, row in enumerate(items, start=2)]))
    given = {str(row["debtor_id"]): row for row in debtors}
    known = [given.get(name) or debtor(name) for name in table["debtor_id"].unique().tolist()]
    people = DEBTORS.conform(pd.DataFrame(known))
    first = table.groupby("debtor_id")["issued"].min()
    people["known_since"] = people["known_since"].fillna(people["debtor_id"].map(first)).astype("datetime64[s]")
    paid = PAYMENTS.empty()
    if payments:
        ids = table.set_index("number")["item_id"]
        paid = PAYMENTS.conform(
            pd.DataFrame([{"item_id": ids[number], "at": day(at), "amount": cents(x)} for number, at, x in payments])
        )
    source = LedgerFile("ledger.xlsx", "0" * 64, "Ledger", 1, len(table) + 1, len(table), 0, None)
    return Ledger(source, table, people, paid, events(history))
