"""The tables of a workbook → what is wrong with them: ids, columns, headings that differ from their cells, ranges."""

from collections import Counter
from collections.abc import Iterator

from lxml import etree

from batch.workbook.parts.cells import Box, letters
from tests.workbook.schema.packages import Opened
from tests.workbook.schema.sheets import joined

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def table_faults(opened: Opened, book: str) -> list[str]:
    """Return what is wrong with the tables of all sheets."""
    found: list[str] = []
    ids: list[str] = []
    for kind, sheet in opened.related(book).values():
        if kind != "worksheet":
            continue
        texts = _texts(opened, opened.find(sheet), book)
        for related, target in opened.related(opened.find(sheet)).values():
            if related == "table":
                part = opened.find(target)
                root = opened.xml(part)
                ids.append(root.get("id", ""))
                found += [f"{part}: {fault}" for fault in _faults(root, texts)]
                found += [f"{part}: {fault}" for fault in _query_faults(opened, part, root)]
    found += [f"{book}: table id {number} {times} times" for number, times in Counter(ids).items() if times > 1]
    return found


def _texts(opened: Opened, sheet: str, book: str) -> dict[str, str]:
    """Return the texts of a sheet by place."""
    strings = opened.first(book, "sharedStrings")
    shared = [joined(si) for si in opened.xml(strings)] if strings else []
    found = {}
    for cell in opened.xml(sheet).iter(f"{_MAIN}c"):
        value = cell.findtext(f"{_MAIN}v") or ""
        text = shared[int(value)] if cell.get("t") == "s" else joined(cell) or value
        found[cell.get("r", "")] = text
    return found


def _faults(root: etree._Element, texts: dict[str, str]) -> Iterator[str]:
    box = Box.parse(root.get("ref", ""))
    if box is None:
        yield f"covers {root.get('ref')}"
        return
    columns = root.findall(f"{_MAIN}tableColumns/{_MAIN}tableColumn")
    if len(columns) != box.right - box.left + 1:
        yield f"{len(columns)} columns in {box}"
    for fact in ("id", "name"):
        values = Counter(column.get(fact, "").casefold() for column in columns)
        yield from (f"column {fact} {value} {times} times" for value, times in values.items() if times > 1)
    hidden = root.get("headerRowCount") == "0"
    for place, column in enumerate(columns, box.left):
        shown = texts.get(f"{letters(place)}{box.top}", "")
        if not hidden and _as_named(shown) != column.get("name"):
            yield f"column {column.get('name')} is headed {shown!r}"
    own = root.find(f"{_MAIN}autoFilter")
    totals = int(root.get("totalsRowCount", "0"))
    wanted = box._replace(bottom=box.bottom - totals)
    if own is not None and Box.parse(own.get("ref", "")) != wanted:
        yield f"filter over {own.get('ref')} of {wanted}"
    for place, column in enumerate(columns, box.left):
        label = column.get("totalsRowLabel")
        if totals and label is not None and texts.get(f"{letters(place)}{box.bottom}") != label:
            yield f"total of {column.get('name')} is labelled {label}"


def _as_named(text: str) -> str:
    """Return a heading as a table names its column: line breaks are written _x000a_ there."""
    return text.replace("\r\n", "\n").replace("\n", "_x000a_") if "\n" in text else text


def _query_faults(opened: Opened, part: str, root: etree._Element) -> Iterator[str]:
    """Yield fields of a query and columns of its table that do not know each other."""
    query = opened.first(part, "queryTable")
    if not query:
        return
    fields = {e.get("id"): e.get("tableColumnId") for e in opened.xml(query).iter(f"{_MAIN}queryTableField")}
    columns = {c.get("queryTableFieldId"): c.get("id") for c in root.iter(f"{_MAIN}tableColumn")}
    if fields != columns:
        yield f"fields {fields} of columns {columns}"
