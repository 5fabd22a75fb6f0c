"""A worksheet part → what is wrong with its columns, rows, cells, rules and reach."""

from collections.abc import Iterator, Mapping

from lxml import etree

from batch.workbook.parts.cells import LAST_COLUMN, LAST_ROW, LONGEST_TEXT, Box, column_number
from tests.workbook.schema.packages import Opened

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def sheet_faults(opened: Opened, part: str, sizes: Mapping[str, int]) -> Iterator[str]:
    """Yield what is wrong; `sizes` are the numbers of cell formats, differential formats and shared strings."""
    root = opened.xml(part)
    if etree.QName(root).localname != "worksheet":
        return
    yield from (f"{part}: {fault}" for fault in _columns(root, sizes["cellXfs"]))
    yield from (f"{part}: {fault}" for fault in _rows(root, sizes))
    for rule in root.iter(f"{_MAIN}cfRule"):
        if int(rule.get("dxfId", "0")) >= sizes["dxfs"] and "dxfId" in rule.attrib:
            yield f"{part}: rule with dxf {rule.get('dxfId')} of {sizes['dxfs']}"
    if len(root.findall(f"{_MAIN}sheetViews/{_MAIN}sheetView")) > 1:
        yield f"{part}: more than one view for a window"


def joined(element: etree._Element) -> str:
    """Return the text of a cell or shared string, its runs and reading aids together."""
    return "".join(part.text or "" for part in element.iter(f"{_MAIN}t"))


def _columns(root: etree._Element, formats: int) -> Iterator[str]:
    """Yield columns that are out of order, overlap or lie outside the sheet."""
    reached = 0
    for column in root.iterfind(f"{_MAIN}cols/{_MAIN}col"):
        low, high = int(column.get("min", "0")), int(column.get("max", "0"))
        if not reached < low <= high <= LAST_COLUMN:
            yield f"columns {low} to {high} after {reached}"
        if int(column.get("style", "0")) >= formats:
            yield f"column {low} in format {column.get('style')} of {formats}"
        reached = high
    if root.find(f"{_MAIN}cols") is not None and not reached:
        yield "an empty list of columns"


def _rows(root: etree._Element, sizes: Mapping[str, int]) -> Iterator[str]:
    """Yield rows and cells out of order, in a format or with a text that is not there, or outside what the sheet says it covers."""
    covered = Box.parse(getattr(root.find(f"{_MAIN}dimension"), "attrib", {}).get("ref", ""))
    last_row = 0
    for row in root.iterfind(f"{_MAIN}sheetData/{_MAIN}row"):
        number = int(row.get("r", last_row + 1))
        if not last_row < number <= LAST_ROW:
            yield f"row {number} after {last_row}"
        last_row, last_column = number, 0
        if int(row.get("s", "0")) >= sizes["cellXfs"]:
            yield f"row {number} in format {row.get('s')}"
        if "spans" in row.attrib and not _within(row):
            yield f"row {number} spans {row.get('spans')}"
        for cell in row.iterfind(f"{_MAIN}c"):
            box = Box.parse(cell.get("r", ""))
            column = box.left if box else last_column + 1
            if not last_column < column <= LAST_COLUMN or (box and box.top != number):
                yield f"cell {cell.get('r')} in row {number} after column {last_column}"
            last_column = column
            yield from _cell(cell, sizes)
            if covered and not (covered.left <= column <= covered.right and covered.top <= number <= covered.bottom):
                yield f"cell {cell.get('r')} outside {covered}"


def _within(row: etree._Element) -> bool:
    """Tell whether the cells of a row stand within the span that it states (an optimisation only, but a wrong one misleads)."""
    low, _, high = row.get("spans", "").partition(":")
    columns = [column_number(cell.get("r", "A1").rstrip("0123456789")) for cell in row.iterfind(f"{_MAIN}c")]
    return not columns or (int(low) <= min(columns) and max(columns) <= int(high))


def _cell(cell: etree._Element, sizes: Mapping[str, int]) -> Iterator[str]:
    """Yield a format or shared text that is not there, and a text longer than a cell takes."""
    place, value = cell.get("r"), cell.findtext(f"{_MAIN}v") or ""
    if int(cell.get("s", "0")) >= sizes["cellXfs"]:
        yield f"cell {place} in format {cell.get('s')} of {sizes['cellXfs']}"
    if cell.get("t") == "s" and not (value.isdigit() and int(value) < sizes["strings"]):
        yield f"cell {place} shows text {value} of {sizes['strings']}"
    if cell.get("t") == "inlineStr":
        text = joined(cell)
        if len(text.encode("utf-16-le")) // 2 > LONGEST_TEXT:
            yield f"cell {place} holds {len(text)} characters"
