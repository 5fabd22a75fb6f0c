"""Accounts → the Calls sheet (who to call, what to say, what came of it) and the Letters sheet (what to print and post)."""

import datetime as dt

import pandas as pd
from openpyxl.workbook import Workbook

from batch.core.codes import LETTER_CHANNELS, LETTER_STEPS
from batch.core.plan import Plan
from batch.core.problem import Money
from batch.core.tables import ACCOUNT
from batch.words import Words
from batch.workbook.layout import CALL_CHANNELS, CALLS, CALLS_SEALED, LETTERS
from batch.workbook.sheets.accounts import Key
from batch.workbook.sheets.links import hold_link
from batch.workbook.sheets.long_sheet import close_sheet, open_sheet
from batch.workbook.sheets.looks import Wardrobe
from batch.workbook.sheets.review_sheet import Typed, body, with_seals
from batch.workbook.sheets.strips import Body

# A caller names a few invoices, not fifty.
MOST_INVOICES = 4


def add_calls(
    workbook: Workbook, wardrobe: Wardrobe, plan: Plan, accounts: pd.DataFrame, words: Words, typed: Typed
) -> tuple[str, Body]:
    """Add the Calls sheet, of the accounts whose channel is a call or a task; return its name and the text of its rows."""
    called = accounts[accounts["channel"].isin(CALL_CHANNELS)].reset_index(drop=True)
    sheet = open_sheet(workbook, "calls", CALLS, words, frozen=3)
    close_sheet(sheet, CALLS, len(called), words)
    invoices = _overdue_invoices(plan, called, words)
    keys = zip(called["debtor_id"].tolist(), called["currency"].tolist(), strict=True)
    told = called.assign(
        talking_points=[
            "\n".join(filter(None, (words.label("talking_points", code or "current"), note)))
            for code, note in zip(called["standing"].tolist(), called["note_told"].tolist(), strict=True)
        ],
        invoices=["\n".join(invoices.get(key, ())) for key in keys],
    )
    sealed = with_seals(told, CALLS_SEALED)
    return sheet.title, body(CALLS, sealed, wardrobe, words.label("calls", "empty"), typed)


def add_letters(
    workbook: Workbook, wardrobe: Wardrobe, accounts: pd.DataFrame, words: Words
) -> tuple[str, Body] | None:
    """Add the Letters sheet when there is a letter to print; return its name and the text of its rows, else None."""
    written = accounts["channel"].isin(LETTER_CHANNELS) | accounts["step"].isin(LETTER_STEPS)
    if not written.any():
        return None
    letters = accounts[written].reset_index(drop=True)
    sheet = open_sheet(workbook, "letters", LETTERS, words, frozen=3)
    close_sheet(sheet, LETTERS, len(letters), words)
    hold_link(sheet, LETTERS, letters["anchor"].tolist())
    return sheet.title, body(LETTERS, letters, wardrobe, "")


def _overdue_invoices(plan: Plan, called: pd.DataFrame, words: Words) -> dict[Key, list[str]]:
    """Return a line for each overdue invoice of the accounts, oldest first, and one that counts those left out."""
    overdue = plan.aged.loc[plan.aged["overdue"], ["item_id", "debtor_id", "currency", "open"]]
    rows = (
        overdue.merge(called[ACCOUNT], on=ACCOUNT)
        .merge(plan.items[["item_id", "number", "due"]], on="item_id")
        .sort_values(["due", "number"], kind="stable")
    )
    found: dict[Key, list[str]] = {}
    columns = (rows[name].tolist() for name in ("debtor_id", "currency", "number", "open", "due"))
    for debtor_id, currency, number, amount, due in zip(*columns, strict=True):
        found.setdefault((debtor_id, currency), []).append(_invoice(words, number, amount, currency, due))
    return {key: _shortened(lines, words) for key, lines in found.items()}


def _invoice(words: Words, number: str, amount: int, currency: str, due: dt.date) -> str:
    return words.sentence("calls", "invoice", {"number": number, "amount": Money(amount, currency), "due": due})


def _shortened(lines: list[str], words: Words) -> list[str]:
    left = len(lines) - MOST_INVOICES
    return lines if left <= 0 else [*lines[:MOST_INVOICES], words.sentence("calls", "more", {"n": left})]
