"""A reviewed workbook → its Review and Calls sheets by header and key, whatever was sorted, moved, inserted or renamed."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from batch.core.problem import Problem, RelanceError, Severity, Source
from batch.words import LANGUAGES, for_language
from batch.workbook.layout import Column, letter_of
from batch.workbook.parts.archive import GraftRefused
from batch.workbook.reading.book import DAMAGE, Book, opened_book
from batch.workbook.reading.typed import normal, plain

# A header lower than this is none; people put a few rows on top at most.
HEADER_WITHIN = 40
# How xls files begin, and workbooks with a password; the latter name this part.
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_LOCKED = "EncryptedPackage".encode("utf-16-le")
_OTHER = "WORKBOOK-OTHER-FORMAT"
_DAMAGED = "GRAFT-DAMAGED"


@dataclass(frozen=True)
class Row:
    """One row of a sheet: its 1-based number, and the value of each known column that is not empty."""

    number: int
    values: Mapping[str, object]

    def text(self, code: str) -> str:
        """Return a cell that Relance wrote: "" when it is empty or its column is gone."""
        return plain(self.values.get(code))


@dataclass(frozen=True)
class FoundSheet:
    """One of our sheets as it is now: its name, where each known column stands, and its rows."""

    file: str
    name: str
    header: int  # the row of the headings
    letters: Mapping[str, str]  # code of a column → its letter now
    headings: Mapping[str, str]  # code of a column → its heading as it stands there
    rows: tuple[Row, ...]
    problems: tuple[Problem, ...]  # columns that are gone or stand there twice

    def source(self, number: int, code: str, excerpt: str = "") -> Source:
        """Return the place of a cell."""
        return Source(self.file, self.name, number, self.letters.get(code, ""), self.headings.get(code, ""), excerpt)


@contextmanager
def opened(path: Path) -> Iterator[Book]:
    """Open an xlsx for reading; RelanceError FILE-MISSING, ENCRYPTED, WORKBOOK-OTHER-FORMAT or NOT-ANNOTATED when it is none.

    What is wrong with it by a name of its own (strict, too large) is refused by that name.
    """
    if not path.exists():
        raise RelanceError("FILE-MISSING", Source(path.name), path=str(path))
    _refuse_others(path)
    try:
        with opened_book(path) as book:
            yield book
    except GraftRefused as refused:
        if refused.code != _DAMAGED:
            raise
        raise RelanceError("NOT-ANNOTATED", Source(path.name)) from refused
    except DAMAGE as error:
        raise RelanceError("NOT-ANNOTATED", Source(path.name)) from error


def _refuse_others(path: Path) -> None:
    """Refuse by name what spreadsheet programs write beside xlsx: what was typed is in there, and only has to be saved again."""
    source = Source(file=path.name)
    with suppress(OSError, BadZipFile):
        with path.open("rb") as stream:
            if stream.read(len(_OLE)) == _OLE:
                locked = _LOCKED in stream.read()
                raise RelanceError("ENCRYPTED", source) if locked else RelanceError(_OTHER, source, form="xls")
        with ZipFile(path) as archive:
            names = set(archive.namelist())
            if "mimetype" in names and b"opendocument" in archive.read("mimetype"):
                raise RelanceError(_OTHER, source, form="ods")
            if "xl/workbook.bin" in names:
                raise RelanceError(_OTHER, source, form="xlsb")


def find_sheet(book: Book, file: str, columns: Sequence[Column], marks: Iterable[str]) -> FoundSheet | None:
    """Return the first sheet that has a row with the headings of all `marks`, in any language; None without one."""
    known = _known_headings(columns)
    wanted = set(marks)
    for name in book.parts:
        for at, cells in enumerate(islice(book.rows(name), HEADER_WITHIN), start=1):
            codes = [known.get(normal(plain(cell))) for cell in cells]
            if wanted <= set(codes):
                return _read(book, file, name, columns, at)
    return None


def lacking(book: Book, columns: Sequence[Column], marks: Iterable[str]) -> tuple[str, int, list[str]] | None:
    """Return name, row of headings and missing marks of a sheet that is ours but for them; None without one."""
    known = _known_headings(columns)
    for name in book.parts:
        for at, cells in enumerate(islice(book.rows(name), HEADER_WITHIN), start=1):
            codes = {known.get(normal(plain(cell))) for cell in cells} - {None}
            if len(codes) > len(columns) / 2:
                return name, at, [mark for mark in marks if mark not in codes]
    return None


def _known_headings(columns: Sequence[Column]) -> dict[str, str]:
    return {
        normal(for_language(language).label("headings", column.code)): column.code
        for language in LANGUAGES
        for column in columns
    }


def _read(book: Book, file: str, name: str, columns: Sequence[Column], header: int) -> FoundSheet:
    rows = book.rows(name)
    texts = [plain(cell) for cell in next(islice(rows, header - 1, None))]
    known, language = _known_headings(columns), _language(texts, columns)
    places: dict[str, int] = {}
    problems = []
    for at, text in enumerate(texts):
        code = known.get(normal(text))
        if code in places:
            source = Source(file, name, header, letter_of(at + 1), text)
            problems.append(Problem("COLUMN-TWICE", Severity.ERROR, source, {"cell": f"{letter_of(at + 1)}{header}"}))
        elif code:
            places[code] = at
    problems += [
        _missing(file, name, header, for_language(language).label("headings", column.code))
        for column in columns
        if column.code not in places and _matters(column)
    ]
    return FoundSheet(
        file=file,
        name=name,
        header=header,
        letters={code: letter_of(at + 1) for code, at in places.items()},
        headings={code: texts[at] for code, at in places.items()},
        rows=tuple(_rows(rows, header + 1, places)),
        problems=tuple(problems),
    )


def _rows(rows: Iterator[tuple[object, ...]], first: int, places: Mapping[str, int]) -> Iterator[Row]:
    for number, cells in enumerate(rows, start=first):
        width = len(cells)
        values = {code: cells[at] for code, at in places.items() if at < width and cells[at] not in (None, "")}
        if values:
            yield Row(number, values)


def _matters(column: Column) -> bool:
    return column.band in ("person", "machine")


def _language(headings: Sequence[str], columns: Sequence[Column]) -> str:
    """Return the language in which most of the headings are written."""
    written = {normal(text) for text in headings}
    return max(
        LANGUAGES,
        key=lambda one: sum(normal(for_language(one).label("headings", column.code)) in written for column in columns),
    )


def _missing(file: str, name: str, header: int, heading: str) -> Problem:
    return Problem("REVIEW-COLUMN-MISSING", Severity.WARNING, Source(file, name, header, "", heading))
