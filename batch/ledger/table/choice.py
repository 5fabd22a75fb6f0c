"""A Book → the Table that is the ledger: the right sheet among several, hidden ones too, or a refusal that says how to choose."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from batch.core.policy import Reading
from batch.core.problem import Money, Problem, RelanceError, Severity, Source
from batch.ledger.bookkeeping import datev
from batch.ledger.cells import amounts
from batch.ledger.files.sheets import Book, Sheet
from batch.ledger.table.beside import ledger_beside_others
from batch.ledger.table.columns import field_facts, listed
from batch.ledger.table.header import FEWEST, HEADER_WITHIN, Table, table_on
from batch.ledger.table.lines import sort_rows
from batch.ledger.table.marks import WHO, columns_of
from batch.ledger.values import stripped
from batch.ledger.vocabulary import has_word, plain, vocabulary

ABOUT_SHEETS = ("about", "a propos")
ABOUT_MARK = "Relance"

_TELLING = ("invoice_number", "due_date", "open_balance")  # what makes one list of invoices better than another


def find_table(book: Book, reading: Reading) -> Table:
    """Return the ledger table: on the sheet that relance.toml names, else on the one that is best recognised and has rows.

    `notes` of the table say what was decided: HIDDEN-SHEET, SHEET-CHOSEN, TABLE-BESIDE. RelanceError: SHEETS-ALIKE when several
    sheets could be the ledger just as well, NO-TABLE, SHEET-MISSING, COLUMN-MISSING, COLUMN-NOT-FOUND, FIELD-UNKNOWN,
    EMPTY-FILE, ALREADY-ANNOTATED, TABLES-BESIDE, DATEV-OTHER.
    """
    sheets = _sheets_to_search(book, reading)
    named = _known_fields(reading.columns, book)
    tables = [table for sheet in sheets if (table := table_on(sheet, named)) is not None]
    if not tables:
        raise RelanceError("NO-TABLE", Source(book.file), rows=HEADER_WITHIN)
    table = _best(book, tables, reading) if len(tables) > 1 else _noted(book, _Candidate(tables[0]), [], reading)
    table = ledger_beside_others(book, table, named)
    _check_complete(book, table, named)
    return table


def _sheets_to_search(book: Book, reading: Reading) -> Sequence[Sheet]:
    if reading.sheet:
        found = [sheet for sheet in book.sheets if sheet.name == reading.sheet] or [
            sheet for sheet in book.sheets if plain(sheet.name) == plain(reading.sheet)
        ]
        if not found and any(sheet.name for sheet in book.sheets):
            names = ", ".join(sheet.name for sheet in book.sheets)
            first = next(sheet.name for sheet in book.sheets if sheet.name)
            raise RelanceError("SHEET-MISSING", Source(book.file), wanted=reading.sheet, found=names, first=first)
        return found or book.sheets
    for sheet in book.sheets:
        datev.batch(sheet, Source(book.file, sheet.name))
    if any(_is_about(sheet) for sheet in book.sheets):
        raise RelanceError("ALREADY-ANNOTATED", Source(book.file))
    held = [sheet for sheet in book.sheets if any(any(c != "" for c in row) for row in sheet.rows)]
    if not held:
        raise RelanceError("EMPTY-FILE", Source(book.file))
    return held


def _is_about(sheet: Sheet) -> bool:
    return plain(sheet.name).startswith(ABOUT_SHEETS) and bool(sheet.rows) and sheet.rows[0][:1] == [ABOUT_MARK]


def _known_fields(named: Mapping[str, str], book: Book) -> Mapping[str, str]:
    for name in named:
        if name not in vocabulary().fields:
            raise RelanceError("FIELD-UNKNOWN", Source(book.file), field=name, known=", ".join(vocabulary().fields))
    return named


@dataclass(frozen=True)
class _Candidate:
    """A table that could be the ledger: how many items it has and what they add up to, in minor units."""

    table: Table
    items: int = 0
    total: int = 0

    @property
    def worth(self) -> tuple[bool, int]:
        columns = self.table.match.columns
        return not self.table.buckets, sum(name in columns for name in _TELLING)


def _best(book: Book, tables: Sequence[Table], reading: Reading) -> Table:
    """Return the visible ledger with rows, else the hidden one; RelanceError when two are equally good."""
    whole = [table for table in tables if not table.missing]
    ledgers = (
        [_measured(table, reading) for table in whole] if len(whole) > 1 else [_Candidate(each, 1) for each in whole]
    )
    for hidden in (False, True):
        found = [each for each in ledgers if each.table.sheet.hidden == hidden and each.items]
        if not found:
            continue
        best = max(each.worth for each in found)
        equal = [each for each in found if each.worth == best]
        equal = [each for each in equal if not _is_another(each.table.sheet.name)] or equal
        if len(equal) > 1:
            names = [each.table.sheet.name for each in equal]
            raise RelanceError("SHEETS-ALIKE", Source(book.file), sheets=", ".join(names), first=names[0])
        return _noted(book, equal[0], [each for each in found if each is not equal[0]], reading)
    visible = [table for table in tables if not table.sheet.hidden] or tables
    table = max(visible, key=lambda each: (not each.missing, len(each.match.columns), bool(each.rows)))
    return _noted(book, _Candidate(table), [], reading)


def _is_another(name: str) -> bool:
    """Say whether a sheet's name says that it holds no open invoices of customers: suppliers, paid invoices, an archive."""
    normal = plain(name)
    return has_word(normal, vocabulary().words("sheets", "others")) and not has_word(normal, ("non", "not", "un"))


def _measured(table: Table, reading: Reading) -> _Candidate:
    """Count a table's items and add up its balances, as far as they can be read at once."""
    rows = table.rows
    cells = columns_of(rows, table.match)
    lines = sort_rows(table, cells, len(rows))
    field = "open_balance" if "open_balance" in cells else "amount"
    if field not in cells:
        columns = [
            stripped([table.rows_at(row)[bucket.place] for row in lines.items.tolist()]) for bucket in table.buckets
        ]
    else:
        columns = [[cells[field][row] for row in lines.items.tolist()]]
    total = 0
    for column in columns:
        decimals, _ = amounts.decide({field: column}, reading.decimal)
        total += int(amounts.read_amounts(column, decimals[field]).minor.sum())
    return _Candidate(table, len(lines.items), total)


def _noted(book: Book, chosen: _Candidate, others: Sequence[_Candidate], reading: Reading) -> Table:
    """Note that the sheet is hidden, and which other sheets look like ledgers too: summaries that say the same are only named."""
    table = chosen.table
    source = table.source(book)
    notes = [*table.notes]
    if table.sheet.hidden and not reading.sheet:
        notes.append(Problem("HIDDEN-SHEET", Severity.WARNING, source, {"sheet": table.sheet.name}))
    if others:
        summaries = all(each.table.buckets and each.total == chosen.total for each in others)
        facts = {
            "chosen": table.sheet.name,
            "others": ", ".join(each.table.sheet.name for each in others),
            "other": others[0].table.sheet.name,
            "n": sum(each.items for each in others),
            "total": Money(sum(each.total for each in others), ""),
        }
        notes.append(Problem("SHEET-CHOSEN", Severity.INFO if summaries else Severity.WARNING, source, facts))
    return replace(table, notes=tuple(notes))


def _check_complete(book: Book, table: Table, named: Mapping[str, str]) -> None:
    source = Source(book.file, table.sheet.name, table.header_row)
    found = listed(table.headings)
    for name, heading in named.items():
        if name not in table.match.columns and not (table.detailed and name in WHO):
            raise RelanceError("COLUMN-NOT-FOUND", source, **field_facts(name), wanted=heading, found=found)
    if table.missing:
        if len(table.match.columns) < FEWEST and not named:
            raise RelanceError("NO-TABLE", Source(book.file), rows=HEADER_WITHIN)
        raise RelanceError("COLUMN-MISSING", source, **field_facts(table.missing[0]), found=found)
