"""A plan's advice → the Prevention part of the Summary sheet: a line for each kind of advice, the largest amount first."""

import pandas as pd
from openpyxl.worksheet.worksheet import Worksheet

from batch.core.plan import Plan
from batch.words import Words
from batch.workbook.sheets.accounts import units
from batch.workbook.sheets.looks import money_form
from batch.workbook.sheets.sentences import labels
from batch.workbook.sheets.small_table import Part, write_table

# Columns of the sheet that each part spans, from the first column on.
WHAT, WHO, COUNT, SUM = 5, 5, 1, 2
NAMED, ROOM = 4, 88  # names that are written out, and the characters they may take


def write_advice(sheet: Worksheet, row: int, places: tuple[int, int], plan: Plan, words: Words) -> int:
    """Write the table from the first place on; return the next free row. Without advice nothing is written.

    Amounts are those of the currency most customers owe; advice about other currencies is counted, not added up.
    """
    if plan.advice.empty:
        return row
    currency = plan.summary.kpis.sort_values("debtors", ascending=False, kind="stable")["currency"].head(1)
    lines = _lines(plan, currency.iloc[0] if len(currency) else "", words)
    parts = [
        Part(words.label("summary", "advice_what"), labels("advice_short", lines["code"], words), span=WHAT),
        Part(words.label("summary", "advice_for"), lines["names"].tolist(), span=WHO),
        Part(words.label("summary", "debtors"), lines["n"].tolist(), span=COUNT, forms="#,##0;;"),
        Part(words.label("summary", "concerned"), lines["size"].tolist(), span=SUM, forms=lines["form"].tolist()),
    ]
    first = write_table(sheet, (row, places[0]), words.label("summary", "advice"), parts)
    return first + len(lines) + 1


def _lines(plan: Plan, currency: str, words: Words) -> pd.DataFrame:
    """Return code, n (customers), size (amount in major units), form and names of each kind of advice."""
    people = plan.ledger.debtors.drop_duplicates("debtor_id").set_index("debtor_id")["name"]
    rows = plan.advice.assign(amount=plan.advice["amount"].where(plan.advice["currency"] == currency, 0))
    rows = rows.groupby(["code", "debtor_id"])["amount"].sum().reset_index()
    rows = rows.sort_values(["amount", "debtor_id"], ascending=[False, True], kind="stable")
    everybody = words.label("summary", "everybody")
    rows["name"] = rows["debtor_id"].map(people).fillna(rows["debtor_id"]).mask(rows["debtor_id"] == "", everybody)
    groups = rows.assign(n=(rows["debtor_id"] != "").astype("int64")).groupby("code")
    lines: pd.DataFrame = groups[["amount", "n"]].sum()
    lines["names"] = [_few(names) for names in groups["name"].agg(list).tolist()]
    lines = lines.sort_values(["amount", "n"], ascending=False, kind="stable").reset_index()
    form = f"{money_form(currency).split(';')[0]};;"  # nothing where there is no amount
    return lines.assign(size=lines["amount"] / units(pd.Series(currency, index=lines.index)), form=form)


def _few(names: list[str]) -> str:
    """Return the first names, as many as there is room for, and dots when there are more."""
    shown = names[:1]
    while len(shown) < min(NAMED, len(names)) and len(", ".join(names[: len(shown) + 1])) <= ROOM:
        shown = names[: len(shown) + 1]
    return ", ".join(shown) + (", …" if len(shown) < len(names) else "")
