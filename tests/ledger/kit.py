"""Small ledgers for the tests, as a clerk would write them: csv text or rows of an xlsx."""

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path

from openpyxl import Workbook

from batch.core.policy import Reading
from batch.core.records import Ledger
from batch.ledger import Cell, open_book, read

HEADINGS = "Compte client;Client;N° facture;Date facture;Date d'échéance;Montant TTC;Solde dû"


def write_csv(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    """Write a csv ledger; indentation of the test's text is taken away."""
    path = folder / "ledger.csv"
    lines = [line.strip() for line in text.strip().splitlines()]
    path.write_bytes("\n".join(lines).encode(encoding))
    return path


def write_xlsx(folder: Path, sheets: Mapping[str, Sequence[Sequence[Cell | None]]], name: str = "ledger.xlsx") -> Path:
    """Write a workbook of these sheets; None leaves a cell empty."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
    path = folder / name
    book.save(path)
    return path


def read_csv(folder: Path, text: str, reading: Reading | None = None) -> Ledger:
    """Read a csv ledger written here."""
    return read(open_book(write_csv(folder, text)), reading or Reading())


def read_rows(folder: Path, rows: Sequence[Sequence[Cell | None]], reading: Reading | None = None) -> Ledger:
    """Read a ledger of one xlsx sheet written here."""
    return read(open_book(write_xlsx(folder, {"Factures": rows})), reading or Reading())


def day(text: str) -> dt.date:
    """Return the day of an ISO text."""
    return dt.date.fromisoformat(text)


def days(ledger: Ledger, column: str) -> list[str]:
    """Return a day column of the items as ISO texts, "" where no day stands."""
    return ["" if value != value else value.date().isoformat() for value in ledger.items[column]]  # noqa: PLR0124  NaT


def codes(ledger: Ledger) -> list[str]:
    """Return the codes of the problems, in order."""
    return [problem.code for problem in ledger.problems]
