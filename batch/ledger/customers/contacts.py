"""The path of a second file → its rows about customers: address, terms, nature, rating …, with the cell each stands in.

Its table is found by the words that head the customers' columns of a ledger; it needs no amounts and no dates.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from batch.core.problem import Problem, RelanceError, Source
from batch.ledger.files.sheets import Book, Cell, Sheet, open_book
from batch.ledger.table.columns import CONTACT_COLUMNS, Match, field_facts, letter, listed, match_headings, settle
from batch.ledger.table.header import HEADER_WITHIN
from batch.ledger.values import stripped, texts
from batch.ledger.vocabulary import heading_keys, plain, vocabulary

KEYS = ("customer_id", "customer_name")
ABOUT = (
    "email", "phone", "contact", "caller", "address", "postal_code", "city", "language", "country", "company_id", "nature",
    "terms", "policy", "rating",
)  # fmt: skip
_CLAIMABLE = frozenset((*KEYS, *ABOUT))


@dataclass(frozen=True)
class Contacts:
    """The rows of a contacts file that name a customer; `texts` has every column found, one text per row."""

    book: Book
    sheet: str
    header_row: int
    headings: Mapping[str, tuple[str, str]]  # field → (column letter, heading)
    rows: tuple[int, ...]  # 1-based rows in the sheet
    texts: Mapping[str, list[str]]
    named: frozenset[str] = frozenset()  # fields whose column relance.toml names
    problems: tuple[Problem, ...] = ()

    def text(self, name: str) -> list[str]:
        """Return a column, empty texts when the file has none."""
        return self.texts.get(name) or [""] * len(self.rows)

    def place(self, name: str = "") -> Source:
        """Return the heading row, and in it the column of a field."""
        return Source(self.book.file, self.sheet, self.header_row, *self.headings.get(name, ("", "")))

    def source(self, row: int, name: str) -> Source:
        """Return the cell of a row (0-based, among `rows`) and a field."""
        column, heading = self.headings.get(name, ("", ""))
        excerpt = self.text(name)[row][:60]
        return Source(self.book.file, self.sheet, self.rows[row], column, heading, excerpt)


def read_contacts(path: str, named: Mapping[str, str]) -> Contacts:
    """Read the contacts file; `named` (field → heading) goes before every word of the vocabulary.

    RelanceError: CONTACTS-FIELD-UNKNOWN, CONTACTS-MISSING, CONTACTS-NO-TABLE, CONTACTS-NO-KEY, CONTACTS-COLUMN-NOT-FOUND, and
    whatever open_book raises.
    """
    for name in named:
        if name not in _CLAIMABLE:
            raise RelanceError(
                "CONTACTS-FIELD-UNKNOWN", Source(Path(path).name), field=name, known=", ".join((*KEYS, *ABOUT))
            )
    if not Path(path).is_file():
        raise RelanceError("CONTACTS-MISSING", Source(Path(path).name), path=path)
    book = open_book(Path(path))
    sheet, number, match = _find(book, named)
    headings = [" ".join(str(cell).split()) for cell in sheet.rows[number - 1]]
    below = sheet.rows[number:]
    source = Source(book.file, sheet.name, number)
    match, chosen = settle(match, headings, below, source, section=CONTACT_COLUMNS)
    columns = {name: stripped([row[place] for row in below]) for name, place in match.columns.items()}
    if missing := [name for name in named if name not in match.columns]:
        raise RelanceError(
            "CONTACTS-COLUMN-NOT-FOUND",
            source,
            **field_facts(missing[0]),
            wanted=named[missing[0]],
            found=listed(headings),
        )
    contacts = _contacts(book, sheet, number, headings, match, columns)
    return replace(contacts, named=frozenset(named), problems=tuple(map(_ours, chosen)))


def _contacts(
    book: Book, sheet: Sheet, number: int, headings: Sequence[str], match: Match, columns: Mapping[str, list[Cell]],
) -> Contacts:  # fmt: skip
    """Keep the rows with a number or a name; blanks such as "n/a" are empty."""
    blank = vocabulary().codes("blanks")
    written = {
        name: ["" if text.lower() in blank else text for text in texts(cells)] for name, cells in columns.items()
    }
    keys = [written[name] for name in KEYS if name in written]
    kept = [place for place, values in enumerate(zip(*keys, strict=True)) if any(values)]
    return Contacts(
        book=book,
        sheet=sheet.name,
        header_row=number,
        headings={name: (letter(place), headings[place]) for name, place in match.columns.items()},
        rows=tuple(number + 1 + place for place in kept),
        texts={name: [column[place] for place in kept] for name, column in written.items()},
    )


def _find(book: Book, named: Mapping[str, str]) -> tuple[Sheet, int, Match]:
    """Return the sheet, its heading row (1-based) and the columns: where most is said about customers who are named."""
    best: tuple[tuple[bool, int, bool], Sheet, int, Match] | None = None
    for sheet in book.sheets:
        for number, row in enumerate(sheet.rows[:HEADER_WITHIN], start=1):
            match = _match(row, named)
            about = sum(name in match.columns for name in ABOUT)
            has_key = any(name in match.columns for name in KEYS)
            score = (has_key, about, not sheet.hidden)
            if about and (best is None or score > best[0]):
                best = (score, sheet, number, match)
    if best is None:
        raise RelanceError("CONTACTS-NO-TABLE", Source(book.file), rows=HEADER_WITHIN)
    (has_key, _, _), sheet, number, match = best
    if not has_key:
        found = listed([str(cell) for cell in sheet.rows[number - 1]])
        raise RelanceError("CONTACTS-NO-KEY", Source(book.file, sheet.name, number), found=found)
    return sheet, number, match


def _match(row: Sequence[Cell], named: Mapping[str, str]) -> Match:
    """Match the headings that speak of customers; a plain "Code" or "N°" is the customer's number here, for want of a better."""
    match = match_headings(row, named)
    columns = {name: place for name, place in match.columns.items() if name in _CLAIMABLE}
    rivals = {name: places for name, places in match.rivals.items() if name in columns}
    if "customer_id" not in columns:
        bare = vocabulary().words("contacts", "customer_id")
        taken = set(columns.values())
        places = (
            place
            for place, cell in enumerate(row)
            if isinstance(cell, str) and place not in taken and _is_bare(cell, bare)
        )
        if (place := next(places, None)) is not None:
            columns["customer_id"] = place
    return Match(columns, rivals)


def _is_bare(cell: str, words: Sequence[str]) -> bool:
    return bool(plain(cell) or cell.strip()) and heading_keys(cell)[0] in words


def _ours(problem: Problem) -> Problem:
    """Name the section of relance.toml that settles a choice between columns of this file."""
    code = {"COLUMN-CHOSEN": "CONTACTS-COLUMN-CHOSEN"}.get(problem.code, problem.code)
    return Problem(code, problem.severity, problem.source, problem.facts)
