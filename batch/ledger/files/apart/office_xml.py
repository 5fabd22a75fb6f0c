"""A workbook as one XML file (Excel 2003, "XML Spreadsheet") → its sheets. ERP programs write it under the name .xls or .xml.

Source: Microsoft, XML Spreadsheet Reference (2001): Worksheet, Table, Row, Cell (Index, MergeAcross), Data (Type).
"""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import Element, iterparse

from batch.ledger.files.apart.wire import Raw, Refused
from batch.ledger.files.book import Cell

_SPACE = "{urn:schemas-microsoft-com:office:spreadsheet}"
_HIDDEN = "{urn:schemas-microsoft-com:office:excel}Visible"
_DAY_ZERO = "1899-12-31"  # how the format writes the day of a mere time


def read_office_xml(path: Path, cells: int) -> Iterator[Raw]:
    """Yield the worksheets; a document type (which could define entities) has been refused before."""
    name, hidden = "", False
    rows: list[list[Cell]] = []
    for event, element in iterparse(path, events=("start", "end")):  # noqa: S314  in the child, without document type
        if event == "start":
            if element.tag == _SPACE + "Worksheet":
                name, hidden, rows = element.get(_SPACE + "Name", ""), False, []
        elif element.tag == _SPACE + "Row":
            _to_place(rows, element, cells)
            rows.append(_row(element, cells))
            cells -= len(rows[-1])
            element.clear()
        elif element.tag == _HIDDEN:
            hidden = (element.text or "").strip() != "SheetVisible"
        elif element.tag == _SPACE + "Worksheet":
            yield Raw(name, hidden, max(map(len, rows), default=0), rows)


def _to_place(rows: list[list[Cell]], element: Element, cells: int) -> None:
    """Put empty rows before a row that says its own number."""
    wanted = int(element.get(_SPACE + "Index", "0"))
    if wanted > cells:
        raise Refused("size", size=wanted)
    rows.extend([] for _ in range(wanted - 1 - len(rows)))


def _row(element: Element, cells: int) -> list[Cell]:
    row: list[Cell] = []
    for cell in element.iter(_SPACE + "Cell"):
        wanted = int(cell.get(_SPACE + "Index", "0"))
        across = int(cell.get(_SPACE + "MergeAcross", "0"))
        if len(row) + max(wanted, 0) + max(across, 0) > cells:
            raise Refused("size", size=wanted + across)
        row.extend([""] * (wanted - 1 - len(row)))
        row.append(_cell(cell.find(_SPACE + "Data")))
        row.extend([""] * across)
    return row


def _cell(data: Element | None) -> Cell:
    if data is None:
        return ""
    text = "".join(data.itertext())
    kind = data.get(_SPACE + "Type", "String")
    if kind == "Number":
        return float(text) if text.strip() else ""
    if kind == "Boolean":
        return text.strip() == "1"
    return _moment(text.strip()) if kind == "DateTime" else text


def _moment(text: str) -> Cell:
    """Return 2026-11-20T00:00:00.000 as a day, with a time as a moment, and 1899-12-31T13:30:00 as a time."""
    try:
        found = dt.datetime.fromisoformat(text)
    except ValueError:
        return text
    if text.startswith(_DAY_ZERO):
        return found.time()
    return found if found.time() != dt.time() else found.date()
