"""Accounts → the Review sheet: one row each, what is known, what Relance proposes, and the cells a person may fill in."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace

import pandas as pd
from openpyxl.workbook import Workbook

from batch.words import Words
from batch.workbook.layout import FIRST_ROW, REVIEW, REVIEW_SEALED, Column
from batch.workbook.seals import seal
from batch.workbook.sheets.accounts import Key, units
from batch.workbook.sheets.links import COLUMN, hold_link, links
from batch.workbook.sheets.long_sheet import close_sheet, heights_of, look_of, open_sheet
from batch.workbook.sheets.looks import LINK, PALE, STANDING_COLOURS, Wardrobe, money_form
from batch.workbook.sheets.strips import Body, Strip, clean, rows_of

# Where a column's texts come from in accounts.account_rows; the person's columns but the decision start empty.
TEXTS = {
    "debtor_id": "debtor_id", "currency": "currency", "name": "name", "standing": "standing_label", "because": "because_told",
    "step": "step_label", "channel": "channel_label", "reason": "reason_told", "next_step": "next_step_label",
    "subject": "subject", "decision": "proposal_label", "step_code": "step", "standing_code": "standing", "digest": "digest",
    "numbers": "numbers", "phone": "phone", "contact": "contact", "caller": "caller", "address": "address",
    "talking_points": "talking_points", "invoices": "invoices", "decision_code": "proposal", "seal": "seal",
    "letter": "letter",
}  # fmt: skip
FIGURES = {"confidence": "confidence", "days_late": "oldest_days_late", "overdue_items": "overdue_items"}
MONEY = {"overdue": "overdue", "open": "open", "asked": "asked"}
DAYS = {"next_on": "next_on"}
# The sheets' calendar counts from here, because of a leap day that never was.
DAY_ZERO = pd.Timestamp(1899, 12, 30)


Typed = Mapping[Key, Mapping[str, object]]  # account → column → what a person typed there before


def add_review(
    workbook: Workbook, wardrobe: Wardrobe, accounts: pd.DataFrame, words: Words, typed: Typed
) -> tuple[str, Body]:
    """Add the Review sheet, with what was typed before; return its name and the text of its rows."""
    sheet = open_sheet(workbook, "review", REVIEW, words, frozen=3)
    hold_link(sheet, REVIEW, accounts["anchor"].tolist())
    close_sheet(sheet, REVIEW, len(accounts), words)
    sealed = with_seals(accounts, REVIEW_SEALED)
    return sheet.title, body(REVIEW, sealed, wardrobe, words.label("review", "empty"), typed)


def with_seals(accounts: pd.DataFrame, codes: Sequence[str]) -> pd.DataFrame:
    """Return the accounts with the seal of their row."""
    columns = (map(clean, accounts[TEXTS[code]].tolist()) for code in codes)
    return accounts.assign(seal=pd.Series(map(seal, zip(*columns, strict=True)), index=accounts.index, dtype="str"))


def body(
    columns: tuple[Column, ...], accounts: pd.DataFrame, wardrobe: Wardrobe, empty: str, typed: Typed | None = None
) -> Body:
    """Return the rows of a sheet of accounts as text, and their links into the preview; without accounts one row says so."""
    if accounts.empty:
        style = wardrobe.number(replace(look_of(columns[0]), italic=True, line=""))
        return Body(rows_of(FIRST_ROW, [Strip([empty], style)], [20.0]))
    strips = [_strip(column, accounts, wardrobe) for column in columns]
    if typed:
        strips = _with_typed(columns, strips, accounts, typed)
    wrapped = [
        strip.values
        for column, strip in zip(columns, strips, strict=True)
        if column.kind == "wrapped" and column.band != "person"
    ]
    linked = any(column.code == COLUMN for column in columns)
    listed = links(columns, accounts["anchor"].tolist()) if linked else ""
    return Body(rows_of(FIRST_ROW, strips, heights_of(columns, wrapped)), listed)  # type: ignore[arg-type]  # wrapped strips are texts


def _strip(column: Column, accounts: pd.DataFrame, wardrobe: Wardrobe) -> Strip:
    look = look_of(column)
    style = wardrobe.number(look)
    if column.code in TEXTS:
        styles = _text_styles(accounts, column, wardrobe)
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


def _with_typed(columns: Sequence[Column], strips: list[Strip], accounts: pd.DataFrame, typed: Typed) -> list[Strip]:
    """Return the columns with what was typed in the cells that are a person's."""
    keys = zip(accounts["debtor_id"].tolist(), accounts["currency"].tolist(), strict=True)
    rows = [typed.get(key, {}) for key in keys]
    return [
        replace(strip, values=[
            _cell(row[column.code], column) if column.code in row else proposed
            for row, proposed in zip(rows, strip.values, strict=True)
        ]) if column.band == "person" else strip
        for column, strip in zip(columns, strips, strict=True)
    ]  # fmt: skip


def _cell(value: object, column: Column) -> str | float:
    """Return what was typed in the form of a cell: a day as the sheets count it, but only where the column shows days."""
    if isinstance(value, dt.datetime):
        count = (value - DAY_ZERO.to_pydatetime()) / dt.timedelta(days=1)
        if column.kind == "date":
            return int(count) if count.is_integer() else count
        return value.date().isoformat()
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    return str(value)


def _figures(column: pd.Series) -> list[float | int | None]:
    whole = column.dtype.kind == "i"
    return [
        None if figure != figure else figure if whole or not float(figure).is_integer() else int(figure)  # noqa: PLR0124  NaN
        for figure in column.tolist()
    ]


def _by_code(codes: pd.Series, styles: Mapping[str, int]) -> list[int]:
    return [styles[code] for code in codes.tolist()]


def _text_styles(accounts: pd.DataFrame, column: Column, wardrobe: Wardrobe) -> int | list[int]:
    plain = look_of(column)
    if column.code == "standing":
        return _standing_styles(accounts, column, wardrobe)
    if column.code != COLUMN:
        return wardrobe.number(plain)
    linked = wardrobe.number(replace(plain, ink=LINK, underlined=True))
    return [linked if anchor else wardrobe.number(plain) for anchor in accounts["anchor"].tolist()]


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
