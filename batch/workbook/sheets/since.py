"""What changed since the journal's last snapshot → two tables of the Summary sheet: the changes, and what reminders did."""

import pandas as pd
from openpyxl.worksheet.worksheet import Worksheet

from batch.core.codes import STEPS
from batch.core.plan import Plan
from batch.core.since import CHANGED
from batch.words import Words
from batch.workbook.sheets.accounts import units
from batch.workbook.sheets.looks import PERCENT_FORM, money_form
from batch.workbook.sheets.sentences import labels
from batch.workbook.sheets.small_table import Part, write_table


def write_since(sheet: Worksheet, row: int, places: tuple[int, int], plan: Plan, words: Words) -> int:
    """Write both tables, the changes from the first place on, the effects from the second; return the next free row.

    Nothing is written on a first run, nor where the journal knows another file.
    """
    if plan.since.day is None:
        return row
    changes = _sorted(plan.since.changes, "code", CHANGED)
    effects = _sorted(plan.since.effects, "step", STEPS)
    on = {"on": plan.since.day}
    first = write_table(
        sheet, (row, places[0]), words.sentence("summary", "since", on), _change_parts(changes, words),
        words.label("summary", "no_changes"),
    )  # fmt: skip
    write_table(
        sheet, (row, places[1]), words.sentence("summary", "effects", on), _effect_parts(effects, words),
        words.label("summary", "no_effects"),
    )  # fmt: skip
    return first + max(len(changes), len(effects), 1) + 1


def _sorted(table: pd.DataFrame, by: str, order: tuple[str, ...]) -> pd.DataFrame:
    """Return the rows with something in them, by currency and in the given order."""
    ranks = {code: rank for rank, code in enumerate(order)}
    rows = table[table["items"] > 0].assign(_rank=table[by].map(ranks))
    return rows.sort_values(["currency", "_rank"], kind="stable").drop(columns="_rank")


def _money(table: pd.DataFrame, heading: str, column: str) -> Part:
    forms = [money_form(code) for code in table["currency"].tolist()]
    return Part(heading, (table[column] / units(table["currency"])).tolist(), forms=forms)


def _change_parts(changes: pd.DataFrame, words: Words) -> list[Part]:
    return [
        Part(words.label("summary", "change"), labels("changes", changes["code"], words), span=3),
        Part(words.label("headings", "currency"), changes["currency"].tolist()),
        Part(words.label("summary", "items"), changes["items"].tolist(), forms="#,##0"),
        _money(changes, words.label("summary", "amount"), "amount"),
    ]


def _effect_parts(effects: pd.DataFrame, words: Words) -> list[Part]:
    steps = labels("steps", effects["step"], words)
    if len(set(effects["currency"].tolist())) > 1:
        steps = [f"{step} ({currency})" for step, currency in zip(steps, effects["currency"].tolist(), strict=True)]
    share = (effects["collected"] / effects["open"].where(effects["open"] != 0)).fillna(0.0)
    return [
        Part(words.label("summary", "step"), steps, span=2),
        Part(words.label("summary", "items"), effects["items"].tolist(), forms="#,##0"),
        _money(effects, words.label("summary", "reminded"), "open"),
        _money(effects, words.label("summary", "collected"), "collected"),
        Part(words.label("summary", "share_column"), share.tolist(), forms=PERCENT_FORM),
    ]
