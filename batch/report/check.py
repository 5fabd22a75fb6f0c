"""A ledger as it was read → what `relance check` says: the table found, the columns matched, totals, problems."""

import datetime as dt
from typing import TYPE_CHECKING, Any

from batch.core.problem import Source
from batch.core.records import ColumnUse, ContactsFile, Ledger
from batch.report.figures import records, total_strings
from batch.report.grid import new_table, print_heading
from batch.report.problems import INDENT, names_settings, place_words, print_problems, problem_json
from batch.report.reconciliation import print_reconciliation, reconciliation_json
from batch.words import Words

if TYPE_CHECKING:
    from rich.console import Console


def check_json(
    ledger: Ledger, *, version: str, words: Words, newest: dt.date | None = None, today: dt.date | None = None
) -> dict[str, Any]:
    """Return how the ledger was understood; amounts are decimal strings, totals those of the file, at no date.

    `newest` is the newest entry up to `today`, and `age_days` how long ago that was.
    """
    source = ledger.source
    return {
        "relance": version,
        "ledger": {
            "file": source.file,
            "sha256": source.sha256,
            "sheet": source.sheet,
            "header_row": source.header_row,
            "last_row": source.last_row,
            "rows": source.rows,
            "items": len(ledger.items),
            "left_out": source.left_out,
            "left_by": dict(source.left_by),
            "aside": source.aside,
            "totals": source.totals,
            "debtors": len(ledger.debtors),
            "total_open": total_strings(ledger.items),
            "newest_entry": source.newest_entry.isoformat() if source.newest_entry else None,
            "age_days": (today - newest).days if newest and today else None,
        },
        "columns": records(dict(zip(("field", "column", "heading"), zip(*source.columns, strict=True), strict=True)))
        if source.columns
        else [],
        "uses": [_use_json(use) for use in source.uses],
        "reconciliation": reconciliation_json(source),
        "contacts": _contacts_json(source.contacts),
        "problems": [problem_json(problem, words) for problem in ledger.problems],
    }


def _use_json(use: ColumnUse) -> dict[str, Any]:
    return {
        "column": use.column,
        "heading": use.heading,
        "field": use.field or None,
        "why": use.why,
        "tier": use.tier or None,
        "others": list(use.others),
    }


def _contacts_json(contacts: ContactsFile | None) -> dict[str, Any] | None:
    if contacts is None:
        return None
    names = ("field", "column", "heading")
    columns = [dict(zip(names, column, strict=True)) for column in contacts.columns]
    return {name: getattr(contacts, name) for name in ("file", "sheet", "header_row")} | {
        "columns": columns, "rows": contacts.rows, "joined": contacts.joined, "strangers": contacts.strangers,
    }  # fmt: skip


def print_check(
    console: "Console", ledger: Ledger, words: Words, *, newest: dt.date | None = None, today: dt.date | None = None
) -> None:
    """Print how the ledger was understood, with every problem; `newest` is the newest entry up to `today`."""
    source = ledger.source
    print_heading(console, words.sentence("terminal", "table_found", _place(ledger, words)))
    _print_rows(console, ledger, words)
    if newest and today:
        age = {"on": newest, "n": (today - newest).days}
        console.print(INDENT + words.sentence("terminal", "newest_age", age))
    elif source.newest_entry:
        console.print(INDENT + words.sentence("terminal", "newest_entry", {"on": source.newest_entry}))
    if contacts := source.contacts:
        place = place_words(Source(file=contacts.file, sheet=contacts.sheet), words)
        facts = {"place": place, "header_row": contacts.header_row, "joined": contacts.joined,
                 "customers": len(ledger.debtors), "strangers": contacts.strangers}  # fmt: skip
        console.print(INDENT + words.sentence("terminal", "contacts_found", facts))
    _print_columns(console, ledger, words)
    print_reconciliation(console, source, words)
    _print_totals(console, ledger, words)
    if ledger.problems:
        print_problems(console, ledger.problems, words, every=True)
        if names_settings(ledger.problems, words):
            console.print()
            console.print(words.label("terminal", "about_settings"))
    else:
        console.print(words.label("terminal", "no_problems"))


def _print_rows(console: "Console", ledger: Ledger, words: Words) -> None:
    """Print how many rows were read, and what became of those that are no entries."""
    source = ledger.source
    counts = {
        "rows": source.rows,
        "items": len(ledger.items),
        "left_out": source.left_out,
        "debtors": len(ledger.debtors),
    }
    for code in ("rows_read", "rows_understood"):
        console.print(INDENT + words.sentence("terminal", code, counts))
    for code, count in source.left_by:
        console.print(INDENT + words.sentence("terminal", "left_by", {"n": count, "code": code}))
    for code, count in (("set_aside", source.aside), ("total_rows", source.totals)):
        if count:
            console.print(INDENT + words.sentence("terminal", code, {"n": count}))


def _place(ledger: Ledger, words: Words) -> dict[str, object]:
    source = ledger.source
    return {
        "place": place_words(Source(file=source.file, sheet=source.sheet), words),
        "header_row": source.header_row,
        "last_row": source.last_row,
    }


def _print_columns(console: "Console", ledger: Ledger, words: Words) -> None:
    """Print each column that is used, with the reason, then those that are not."""
    source = ledger.source
    table = new_table(words, {"column": "left", "heading": "left", "field": "left", "why": "left"})
    whys = {use.column: _why(use, words) for use in source.uses}
    for field, column, heading in source.columns:
        meaning = words.label("fields", field) if words.has("fields", field) else field
        table.add_row(column, heading, meaning, whys.get(column, ""))
    console.print(table)
    if unused := [use for use in source.uses if not use.field]:
        print_heading(console, words.label("terminal", "unused_columns"))
        others = new_table(words, {"column": "left", "heading": "left", "why": "left"})
        for use in unused:
            others.add_row(use.column, use.heading, _why(use, words))
        console.print(others)


def _why(use: ColumnUse, words: Words) -> str:
    """Return why a column has its field, or none."""
    why = words.label("column_why", use.why)
    return words.sentence("column_why", "rivals", {"why": why, "others": list(use.others)}) if use.others else why


def _print_totals(console: "Console", ledger: Ledger, words: Words) -> None:
    """Print the open amounts by currency and kind, to compare with the accounts' own total; nothing when none is open."""
    table = new_table(words, {"currency": "left", "kind": "left", "number": "right", "open": "right"})
    still_open = ledger.items[ledger.items["open"] != 0]
    if still_open.empty:
        return
    by_kind = still_open.groupby(["currency", "kind"], as_index=False).agg(
        number=("open", "size"), open=("open", "sum")
    )
    for currency, kind, number, amount in by_kind.itertuples(index=False, name=None):
        table.add_row(currency, words.label("kinds", kind), words.number(number), words.amount(amount, currency))
    table.add_section()
    totals = still_open[still_open["currency"].isin(by_kind.loc[by_kind["currency"].duplicated(), "currency"])]
    totals = totals.groupby("currency", as_index=False).agg(number=("open", "size"), open=("open", "sum"))
    for currency, number, amount in totals.itertuples(index=False, name=None):
        table.add_row(
            currency, words.label("terminal", "all_kinds"), words.number(number), words.amount(amount, currency)
        )
    console.print(table)
