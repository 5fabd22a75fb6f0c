"""Balances carried forward in a book of movements (à nouveau, opening balance) → items with a number and a day."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from batch.ledger.cells.dates import Days
from batch.ledger.files.sheets import Cell
from batch.ledger.items import NO_DAY, Columns
from batch.ledger.table.lines import Lines
from batch.ledger.values import text_of
from batch.ledger.vocabulary import any_word, plain, vocabulary

FORMS = ("debit", "credit", "side", "movement")  # fields that only a table with sides has
OPENING = "opening"  # a column of our own: yes where a balance was carried forward

_SHORTEST_LABEL = 5  # letters: "AN" is a journal, in a label it is a year


def openings(columns: Columns) -> np.ndarray:
    """Find the balances carried forward from an earlier year: by the journal, the number, or how the label begins."""
    every = vocabulary().words("movements", "opening")
    begins = any_word("movements", "opening", starts=True, shortest=_SHORTEST_LABEL)

    def whole(text: str) -> str:
        normal = plain(text)
        return "yes" if normal in every or begins.search(normal) else ""

    def label(text: str) -> str:
        return "yes" if begins.search(plain(text)) else ""

    found = np.zeros(columns.count, dtype=bool)
    for name, meaning in (("journal", whole), ("invoice_number", whole), ("description", label), ("doc_type", whole)):
        if name in columns.texts:
            found |= says(columns.text(name), meaning)
    return found


def says(column: Sequence[str], meaning: Callable[[str], str]) -> np.ndarray:
    """Say where a text column means yes; hardly any does."""
    said = {text for text in set(column) if meaning(text)}
    return np.array([text in said for text in column], dtype=bool) if said else np.zeros(len(column), dtype=bool)


def completed(columns: Columns) -> Columns:
    """Number balances carried forward by their label where they bear no number, and date them where they bear no date."""
    opening = openings(columns)
    here = np.flatnonzero(opening).tolist()
    if not here:
        return columns
    numbers = list(columns.text("invoice_number") or [""] * columns.count)
    named = [columns.text(name) for name in ("description", "journal") if name in columns.texts]
    for place in here:
        numbers[place] = numbers[place] or next((column[place] for column in named if column[place]), "")
    issued, first = columns.days("issue_date").copy(), _first_day(columns)
    undated = [place for place in here if np.isnat(issued[place]) and np.isnat(columns.days("due_date")[place])]
    issued[undated] = first
    days = {**columns.typed.days, "issue_date": Days(issued, ())}
    told = {"invoice_number": numbers, OPENING: ["yes" if found else "" for found in opening.tolist()]}
    return replace(columns, texts={**columns.texts, **told}, typed=replace(columns.typed, days=days))


def _first_day(columns: Columns) -> np.datetime64:
    known = [days[~np.isnat(days)] for days in (columns.days("issue_date"), columns.days("due_date"))]
    return min((days.min() for days in known if len(days)), default=NO_DAY)


def with_openings(lines: Lines, cells: Mapping[str, Sequence[Cell]]) -> Lines:
    """Return the lines with balances carried forward that have a customer and no day: elsewhere such rows are page totals."""
    if not lines.totals or not set(FORMS) & cells.keys():
        return lines
    words = any_word("movements", "opening", starts=True)
    who = [cells[name] for name in ("customer_id", "customer_name") if name in cells]
    said = [cells[name] for name in ("description", "journal", "invoice_number", "doc_type") if name in cells]
    found = [
        row
        for row in lines.totals
        if any(column[row] != "" for column in who)
        and any(words.search(plain(text_of(column[row]))) for column in said if column[row] != "")
    ]
    if not found:
        return lines
    return lines.with_items(np.sort(np.append(lines.items, np.array(found, dtype="int64"))))
