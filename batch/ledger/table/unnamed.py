"""Columns without a heading beside named ones → the customer's number or name, the invoice number, where they can be nothing else."""

import re
from dataclasses import replace

from batch.core.problem import Problem, Severity
from batch.ledger.files.sheets import Book, Cell
from batch.ledger.table.columns import Match, field_facts, letter
from batch.ledger.table.header import Table
from batch.ledger.table.lines import Lines
from batch.ledger.values import text_of

_LOOKED_AT = 200  # rows from which a column without heading is judged
_MOSTLY = 0.9  # of the rows that a column must fill, or of its values that must differ
_CODE = re.compile(r"(?=.*\d)\S+|41\S+")


def named_customers(book: Book, table: Table) -> Table:
    """Return the table with number and name apart when one heading ("Client") stands over both; said by COLUMN-UNNAMED."""
    columns = table.match.columns
    place = columns.get("customer_name", columns.get("customer_id"))
    if place is None or {"customer_name", "customer_id"} <= columns.keys() or place + 1 >= table.own_columns:
        return table
    if table.headings[place + 1] or place + 1 in columns.values():
        return table
    held = [(row[place], row[place + 1]) for row in table.rows[:_LOOKED_AT] if row[place] != ""]
    beside = [pair for pair in held if pair[1] != ""]
    if not held or len(beside) < _MOSTLY * len(held):
        return table
    codes = [all(_CODE.fullmatch(text_of(cell).strip()) for cell in column) for column in zip(*beside, strict=True)]
    if codes[0] == codes[1] or any(not isinstance(pair[codes.index(False)], str) for pair in beside):
        return table
    number, name = (place, place + 1) if codes[0] else (place + 1, place)
    match = Match(
        {field: at for field, at in columns.items() if at != place} | {"customer_id": number, "customer_name": name},
        table.match.rivals,
    )
    note = _note(book, table, "customer_name" if codes[0] else "customer_id", place + 1)
    return replace(table, match=match, notes=(*table.notes, note))


def numbered(book: Book, table: Table, lines: Lines, cells: dict[str, list[Cell]]) -> tuple[list[Cell], list[Problem]]:
    """Return the invoice numbers of a column without heading, [] when there is none: text, on every row, nearly all different."""
    if "invoice_number" in cells or not len(lines.items) or table.buckets:
        return [], []
    taken = set(table.match.columns.values())
    for place in range(table.own_columns):
        if table.headings[place] or place in taken:
            continue
        column = [table.rows_at(row)[place] for row in lines.items.tolist()]
        texts = [cell.strip() if isinstance(cell, str) else cell for cell in column]
        if all(isinstance(text, str) and text for text in texts) and len(set(texts)) >= _MOSTLY * len(texts):
            return texts, [_note(book, table, "invoice_number", place)]
    return [], []


def _note(book: Book, table: Table, field: str, place: int) -> Problem:
    source = table.source(book, table.header_row, place)
    return Problem("COLUMN-UNNAMED", Severity.INFO, source, {**field_facts(field), "at": letter(place)})
