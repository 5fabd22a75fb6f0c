"""What the reader of workbooks leaves aside: currencies shown by number formats, rows struck through, days counted from 1904.

Only xlsx and xlsm are looked into. Nothing here fails: where the package is not as expected, it tells nothing.
"""

import posixpath
import re
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING

from batch.ledger.vocabulary import vocabulary

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

SHIFT_OF_1904 = 1462  # days between 1899-12-30 and 1904-01-01

_TOKEN = re.compile(r'\[\$([^\]-]*)(?:-([0-9A-Fa-f]+))?\]|"([^"]*)"|\\(.)|([€£¥$₹₽₺₪₩])')
# A sign that several countries share, by the country's number in the format ([$$-1009] is Canada's); 0: any other.
_SHARED = {
    "$": {0x1009: "CAD", 0x0C0C: "CAD", 0x0C09: "AUD", 0x1409: "NZD", 0x1004: "SGD", 0x0C04: "HKD", 0x0404: "TWD", 0x080A: "MXN", 0x0409: "USD"},
    "¥": {0x0804: "CNY", 0x0411: "JPY"},
    "kr": {0x041D: "SEK", 0x0414: "NOK", 0x0406: "DKK"},
    "kr.": {0x0406: "DKK"},
    "fr.": {0x0807: "CHF", 0x100C: "CHF", 0x0810: "CHF"},
}  # fmt: skip
_USUAL_CELL = re.compile(rb'<c r="[A-Z]{1,3}\d')
_CHUNK = 1 << 20
_LONGEST_TAG = 200
_DAMAGED = (
    zipfile.BadZipFile,
    SyntaxError,
    KeyError,
    IndexError,
    ValueError,
    OSError,
    RuntimeError,
    NotImplementedError,
    StopIteration,
)


def is_1904(path: Path | None) -> bool:
    """Say whether the workbook counts its days from 1904 (day numbers without a date format are then 1,462 days later)."""
    if path is None:
        return False
    with suppress(*_DAMAGED), zipfile.ZipFile(path) as package:
        properties = _root(package, "xl/workbook.xml").find("{*}workbookPr")
        return properties is not None and properties.get("date1904", "0") in ("1", "true", "on")
    return False


def currency_of_format(code: str, usual: str) -> str:
    """Return the currency that a number format shows ('#,##0.00 [$€-40C]' → EUR), "" for none; a bare $ is the usual dollar."""
    known = vocabulary().codes("currencies")
    for symbol, country, quoted, escaped, bare in _TOKEN.findall(code.split(";", maxsplit=1)[0]):
        text = (symbol or quoted or escaped or bare).strip().strip("\u00a0\u202f")
        shared = _SHARED.get(text.lower())
        if shared and (found := shared.get(int(country or "0", 16))):
            return found
        if text == "$" and usual.endswith("D"):
            return usual
        if text and (found := known.get(text.lower(), "")):
            return found
    return ""


def currencies_of_cells(
    path: Path | None, sheet: str, columns: Mapping[str, str], usual: str
) -> dict[str, dict[int, str]]:
    """Return field → row (1-based) → currency shown by the cell's format; {} where no format shows another than the usual one.

    `columns` is field → column letter. The sheet is gone through only when a format with another currency exists in the book.
    """
    if path is None:
        return {}
    with suppress(*_DAMAGED), zipfile.ZipFile(path) as package:
        styles = _styles(package, usual)
        if not set(styles.values()) - {usual}:
            return {}
        fields = {letter.encode(): name for name, letter in columns.items()}
        found: dict[str, dict[int, str]] = {name: {} for name in columns}
        with package.open(_part_of(package, sheet)) as part:
            for letter, row, style in _cells(part, tuple(fields)):
                if code := styles.get(style):
                    found[fields[letter]][row] = code
        return found if any(found.values()) else {}
    return {}


def struck_rows(path: Path | None, sheet: str, letter: str) -> set[int]:
    """Return the rows (1-based) whose cell in this column is struck through; the sheet is gone through only where a font is."""
    if path is None:
        return set()
    with suppress(*_DAMAGED), zipfile.ZipFile(path) as package:
        if b"strike" not in package.read("xl/styles.xml"):
            return set()
        root = _root(package, "xl/styles.xml")
        off = ("0", "false", "off")
        fonts = [
            (line := font.find("{*}strike")) is not None and line.get("val", "1") not in off
            for font in root.iterfind("{*}fonts/{*}font")
        ]
        looks = [fonts[int(style.get("fontId") or 0)] for style in root.iterfind("{*}cellXfs/{*}xf")]
        if not any(looks):
            return set()
        with package.open(_part_of(package, sheet)) as part:
            return {row for _, row, style in _cells(part, (letter.encode(),)) if looks[style]}
    return set()


def _root(package: zipfile.ZipFile, name: str) -> "Element":
    from lxml import etree  # noqa: PLC0415  most ledgers never need it

    return etree.fromstring(package.read(name), etree.XMLParser(resolve_entities=False, no_network=True))


def _styles(package: zipfile.ZipFile, usual: str) -> dict[int, str]:
    """Return the cell styles whose number format shows a currency."""
    root = _root(package, "xl/styles.xml")
    formats = {
        each.get("numFmtId"): currency_of_format(each.get("formatCode") or "", usual)
        for each in root.iterfind("{*}numFmts/{*}numFmt")
    }
    numbers = [style.get("numFmtId") for style in root.iterfind("{*}cellXfs/{*}xf")]
    return {place: code for place, number in enumerate(numbers) if (code := formats.get(number, ""))}


def _part_of(package: zipfile.ZipFile, sheet: str) -> str:
    """Return the package's part that holds the sheet of this name."""
    book = _root(package, "xl/workbook.xml")
    wanted = next(each for each in book.iterfind("{*}sheets/{*}sheet") if each.get("name") == sheet)
    link = next(str(value) for key, value in wanted.attrib.items() if str(key).endswith("}id"))
    links = _root(package, "xl/_rels/workbook.xml.rels")
    target = next(str(each.get("Target")) for each in links.iterfind("{*}Relationship") if each.get("Id") == link)
    return target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join("xl", target))


def _cells(part: IO[bytes], letters: tuple[bytes, ...]) -> Iterator[tuple[bytes, int, int]]:
    """Yield column, row and style of the cells of these columns that have a style."""
    wanted = re.compile(rb'<c r="(' + b"|".join(letters) + rb')(\d+)" s="(\d+)"')
    before, usual = b"", None
    while chunk := part.read(_CHUNK):
        text = before + chunk
        if usual is None and b"sheetData" in text:
            usual = _USUAL_CELL.search(text) is not None
        if usual is False:
            yield from _cells_by_name(part, letters)
            return
        end = text.rfind(b"<")
        for letter, row, style in wanted.findall(text, 0, end):
            yield letter, int(row), int(style)
        before = text[end:][-_LONGEST_TAG * 50 :]


def _cells_by_name(part: IO[bytes], letters: tuple[bytes, ...]) -> Iterator[tuple[bytes, int, int]]:
    """Do the same for a sheet that is written in an unusual way (prefixes, other order of attributes)."""
    from lxml import etree  # noqa: PLC0415  as above

    part.seek(0)
    reference = re.compile(r"([A-Z]+)(\d+)")
    for _, cell in etree.iterparse(part, tag="{*}c", resolve_entities=False, no_network=True):
        found = reference.fullmatch(cell.get("r") or "")
        if found and cell.get("s") and found[1].encode() in letters:
            yield found[1].encode(), int(found[2]), int(cell.get("s") or 0)
        cell.clear()
