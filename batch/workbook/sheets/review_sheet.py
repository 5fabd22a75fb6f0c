"""Accounts → the Review sheet: one row each, what is known, what Relance proposes, and the cells a person may fill in."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pandas as pd
from openpyxl.workbook import Workbook

from batch.words import Words
from batch.workbook.layout import FIRST_ROW, REVIEW, Column
from batch.workbook.sheets.accounts import units
from batch.workbook.sheets.long_sheet import close_sheet, heights_of, look_of, open_sheet
from batch.workbook.sheets.looks import PALE, STANDING_COLOURS, Wardrobe, money_form
from batch.workbook.sheets.strips import Strip, rows_of

# Where a column's texts come from in accounts.account_rows; the person's columns but the decision start empty.
TEXTS = {
    "debtor_id": "debtor_id", "currency": "currency", "name": "name", "standing": "standing_label", "because": "because_told",
    "step": "step_label", "channel": "channel_label", "reason": "reason_told", "next_step": "next_step_label",
    "subject": "subject", "decision": "proposal_label", "step_code": "step", "standing_code": "standing", "digest": "digest",
    "numbers": "numbers", "phone": "phone", "contact": "contact", "caller": "caller", "address": "address",
    "talking_points": "talking_points", "invoices": "invoices",
}  # fmt: skip
FIGURES = {"confidence": "confidence", "days_late": "oldest_days_late", "overdue_items": "overdue_items"}
MONEY = {"overdue": "overdue", "open": "open", "asked": "asked"}
DAYS = {"next_on": "next_on"}
# The sheets' calendar counts from here, because of a leap day that never was.
DAY_ZERO = pd.Timestamp(1899, 12, 30)


def add_review(workbook: Workbook, wardrobe: Wardrobe, accounts: pd.DataFrame, words: Words) -> tuple[str, str]:
    """Add the Review sheet; return its name and the text of its rows."""
    sheet = open_sheet(workbook, "review", REVIEW, words, frozen=3)
    close_sheet(sheet, REVIEW, len(accounts), words)
    return sheet.title, body(REVIEW, accounts, wardrobe, words.label("review", "empty"))


def body(columns: Sequence[Column], accounts: pd.DataFrame, wardrobe: Wardrobe, empty: str) -> str:
    """Return the rows of a sheet of accounts as text; without accounts one row says so."""
    if accounts.empty:
        style = wardrobe.number(replace(look_of(columns[0]), italic=True, line=""))
        return rows_of(FIRST_ROW, [Strip([empty], style)], [20.0])
    strips = [_strip(column, accounts, wardrobe) for column in columns]
    wrapped = [
        strip.values
        for column, strip in zip(columns, strips, strict=True)
        if column.kind == "wrapped" and column.band != "person"
    ]
    return rows_of(FIRST_ROW, strips, heights_of(columns, wrapped))  # type: ignore[arg-type]  # wrapped strips are texts


def _strip(column: Column, accounts: pd.DataFrame, wardrobe: Wardrobe) -> Strip:
    look = look_of(column)
    style = wardrobe.number(look)
    if column.code in TEXTS:
        styles = _standing_styles(accounts, column, wardrobe) if column.code == "standing" else style
        return Strip(accounts[TEXTS[column.code]].tolist(), styles)
    if column.code in MONEY:
        amounts = accounts[MONEY[column.code]] / units(accounts["currency"])
        return Strip(amounts.tolist(), _money_styles(accounts, column, wardrobe))
    if column.code in FIGURES:
        return Strip(_figures(accounts[FIGURES[column.code]]), style)
    if column.code in DAYS:
        return Strip(_figures((accounts[DAYS[column.code]] - DAY_ZERO).dt.days), style)
    styles = _money_styles(accounts, column, wardrobe) if column.kind == "money" else style
    return Strip([""] * len(accounts), styles)


def _figures(column: pd.Series) -> list[float | int | None]:
    whole = column.dtype.kind == "i"
    return [
        None if figure != figure else figure if whole or not float(figure).is_integer() else int(figure)  # noqa: PLR0124  NaN
        for figure in column.tolist()
    ]


def _by_code(codes: pd.Series, styles: Mapping[str, int]) -> list[int]:
    return [styles[code] for code in codes.tolist()]


def _standing_styles(accounts: pd.DataFrame, column: Column, wardrobe: Wardrobe) -> list[int]:
    plain = look_of(column)
    codes = accounts["standing"].unique().tolist()
    tints = {code: STANDING_COLOURS[code][1] if code in STANDING_COLOURS else PALE for code in codes}
    return _by_code(
        accounts["standing"],
        {code: wardrobe.number(replace(plain, fill=tint, bold=True)) for code, tint in tints.items()},
    )


def _money_styles(accounts: pd.DataFrame, column: Column, wardrobe: Wardrobe) -> list[int]:
    plain = look_of(column)
    codes = accounts["currency"].unique().tolist()
    return _by_code(
        accounts["currency"], {code: wardrobe.number(replace(plain, form=money_form(code))) for code in codes}
    )
