"""Rows of cells → a file of each kind that a ledger comes in, for the tests of dialects."""

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.ledger import old_files
from tests.ledger.kit import write_xlsx
from tests.ledger.old_files import Rows

SHEET = "Factures"


@dataclass(frozen=True)
class CsvForm:
    """How a csv is written."""

    separator: str = ";"
    encoding: str = "utf-8"
    line_end: str = "\r\n"
    quoted: bool = False  # every cell, not only those that need it
    announced: bool = False  # sep=; on the first line

    def write(self, path: Path, rows: Rows) -> Path:
        """Write the file; in UTF-8 where the encoding lacks a sign."""
        text = io.StringIO(newline="")
        # With "\r" at the end of lines the library leaves a "\n" within a cell bare.
        every = self.quoted or self.line_end == "\r"
        writer = csv.writer(
            text,
            delimiter=self.separator,
            lineterminator=self.line_end,
            quoting=csv.QUOTE_ALL if every else csv.QUOTE_MINIMAL,
        )
        writer.writerows([["" if cell is None else cell for cell in row] for row in rows])
        whole = (f"sep={self.separator}{self.line_end}" if self.announced else "") + text.getvalue()
        try:
            path.write_bytes(whole.encode(self.encoding))
        except UnicodeEncodeError:
            path.write_bytes(whole.encode())
        return path


# Written by a library or byte by byte: each takes numbers and true dates as well as texts.
WORKBOOKS: Mapping[str, Callable[[Path, Rows], Path]] = {
    "xlsx": lambda folder, rows: write_xlsx(folder, {SHEET: rows}),
    "xls": lambda folder, rows: old_files.write_xls(folder / "ledger.xls", {SHEET: rows}),
    "xlsb": lambda folder, rows: old_files.write_xlsb(folder / "ledger.xlsb", SHEET, rows),
    "ods": lambda folder, rows: old_files.write_ods(folder / "ledger.ods", {SHEET: rows}),
    "xml": lambda folder, rows: old_files.write_office_xml(folder / "ledger.xml", SHEET, rows),
    "html": lambda folder, rows: old_files.write_html(folder / "ledger.xls", rows),
}
TEXT_ALONE = frozenset({"csv", "html"})


def write(folder: Path, kind: str, rows: Sequence[Sequence[old_files.Value]], form: CsvForm) -> Path:
    """Write the rows as a file of this kind."""
    return form.write(folder / "ledger.csv", rows) if kind == "csv" else WORKBOOKS[kind](folder, rows)
