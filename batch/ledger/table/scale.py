"""A table whose headings or titles say that its amounts are in thousands → a refusal: every sum would be a thousand times too small."""

import re
from collections.abc import Mapping
from functools import cache

from batch.core.problem import RelanceError
from batch.ledger.files.sheets import Book
from batch.ledger.table.columns import MONEY_FIELDS
from batch.ledger.table.header import Table
from batch.ledger.vocabulary import has_word, plain, vocabulary

_TITLES = 10  # rows above the headings that are looked at


def refuse_thousands(book: Book, table: Table, named: Mapping[str, str]) -> None:
    """Refuse amounts in thousands. RelanceError AMOUNTS-IN-THOUSANDS.

    A title speaks for the whole sheet and may mean something else: it counts only where relance.toml (`named`) names none of
    the money columns.
    """
    words = vocabulary().words("scale", "thousands")
    for field in MONEY_FIELDS:
        place = table.match.columns.get(field)
        if place is not None and has_word(plain(table.headings[place]), words):
            raise _refusal(book, table, table.header_row, table.headings[place])
    if set(MONEY_FIELDS) & set(named):
        return
    first = table.header_row - len(table.heading_rows)
    for row in range(max(0, first - _TITLES), first):
        for cell in table.sheet.rows[row]:
            if isinstance(cell, str) and _in_thousands().search(plain(cell)):
                raise _refusal(book, table, row + 1, cell)


def _refusal(book: Book, table: Table, row: int, said: str) -> RelanceError:
    money = next(name for name in MONEY_FIELDS if name in table.match.columns)
    heading = table.heading(money)
    return RelanceError("AMOUNTS-IN-THOUSANDS", table.source(book, row), said=said[:60], field=money, heading=heading)


@cache
def _in_thousands() -> re.Pattern[str]:
    words = "|".join(sorted(map(re.escape, vocabulary().words("scale", "thousands")), key=len, reverse=True))
    return re.compile(rf"\b(?:en|in|unite|unit) (?:{words})\b")
