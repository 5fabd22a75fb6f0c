"""The Excel tables of a ledger sheet → the one that holds the ledger, widened over our columns."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from lxml import etree

from batch.workbook.parts.cells import Box
from batch.workbook.parts.package import Package, serialised, tag

# Relationships of a sheet and of a table, by the last word of their type.
_TABLE, _QUERY = "table", "queryTable"


@dataclass(frozen=True)
class Widening:
    """What widening found and made: the last column of any table, our headings unique in theirs, and the changed parts."""

    headings: tuple[str, ...]
    right: int = 0
    parts: dict[str, bytes] = field(default_factory=dict)


def reach(package: Package, sheet: str) -> int:
    """Return the last column any table of the sheet reaches, 0 without tables."""
    boxes = (_box(package.tree(part).getroot()) for part in _tables(package, sheet))
    return max((box.right for box in boxes if box), default=0)


def widened(package: Package, sheet: str, header_row: int, first: int, headings: Sequence[str]) -> Widening:
    """Widen the table whose header is the ledger's header row up to the last of our columns, which begin at column `first`.

    Refuses a table with other cells between it and our columns: sorting it would leave our columns behind.
    """
    right = first + len(headings) - 1
    for part in _tables(package, sheet):
        tree = package.tree(part)
        root = tree.getroot()
        box = _box(root)
        if box is None or not _holds_header(root, box, header_row):
            continue
        if box.right != first - 1:
            raise package.refused("GRAFT-TABLE", part=part, table=root.get("displayName", ""))
        names = _unique(
            headings, [e.get("name", "") for e in root.iterfind(f"{tag('tableColumns')}/{tag('tableColumn')}")]
        )
        fields = _query_fields(package, part, len(names))
        _widen(root, box, right, names, fields)
        parts = {part: serialised(tree)}
        if fields is not None:
            _add_fields(fields, root, len(names))
            parts[fields.part] = serialised(fields.tree)
        return Widening(names, right, parts)
    return Widening(tuple(headings), right)


def _tables(package: Package, sheet: str) -> list[str]:
    """Return the parts of the sheet's tables."""
    return [relation.target for relation in package.relationships(sheet) if relation.kind == _TABLE]


def _whole(element: etree._Element, name: str) -> int:
    """Return a whole number an element bears, 0 when it is missing or none."""
    value = element.get(name, "")
    return int(value) if value.isascii() and value.isdigit() else 0


def _box(root: etree._Element) -> Box | None:
    """Return the cells a table (or its filter) covers."""
    return Box.parse(root.get("ref", ""))


def _holds_header(root: etree._Element, box: Box, header_row: int) -> bool:
    """Tell whether the ledger's header row is the table's; a table that hides its header begins one row below."""
    return box.top == (header_row + 1 if root.get("headerRowCount") == "0" else header_row)


def _unique(headings: Sequence[str], taken: Sequence[str]) -> tuple[str, ...]:
    """Return the headings changed where the table has them already: its columns must differ, whatever the case."""
    used = {name.casefold() for name in taken}
    given = []
    for heading in headings:
        free, number = heading, 1
        while free.casefold() in used:
            number += 1
            free = f"{heading} {number}"
        used.add(free.casefold())
        given.append(free)
    return tuple(given)


def _widen(root: etree._Element, box: Box, right: int, names: Sequence[str], fields: "_Fields | None") -> None:
    """Widen the table's range, its filter and the sort kept with it, and list our columns."""
    root.set("ref", str(box.widened(right)))
    for element in root.iter(tag("autoFilter"), tag("sortState")):
        inner = _box(element)
        if inner and inner.right == box.right and element.get("columnSort") not in {"1", "true"}:
            element.set("ref", str(inner.widened(right)))
    columns = root.find(tag("tableColumns"))
    if columns is None:
        return
    number = max((_whole(e, "id") for e in columns.iterfind(tag("tableColumn"))), default=0)
    for offset, name in enumerate(names):
        number += 1
        column = etree.SubElement(columns, tag("tableColumn"), {"id": str(number), "name": name})
        if fields is not None:
            column.set("uniqueName", str(number))
            column.set("queryTableFieldId", str(fields.first + offset))
    columns.set("count", str(len(columns.findall(tag("tableColumn")))))


@dataclass(frozen=True)
class _Fields:
    """The fields of the query behind a table: its part, parsed, and the first free field number."""

    part: str
    tree: etree._ElementTree
    refresh: etree._Element
    first: int


def _query_fields(package: Package, table: str, count: int) -> _Fields | None:
    """Return the fields of the query that fills a table, None for a table without one."""
    for relation in package.relationships(table):
        if relation.kind != _QUERY or relation.external:
            continue
        tree = package.tree(relation.target)
        refresh = tree.getroot().find(tag("queryTableRefresh"))
        if refresh is None:
            continue
        numbers = [_whole(e, "id") for e in refresh.iterfind(f"{tag('queryTableFields')}/{tag('queryTableField')}")]
        first = max([_whole(refresh, "nextId"), *numbers, 0]) + 1
        refresh.set("nextId", str(first + count))
        return _Fields(relation.target, tree, refresh, first)
    return None


def _add_fields(fields: _Fields, table: etree._Element, count: int) -> None:
    """Tell the query that our columns stand right of its own and are not filled by it."""
    refresh = fields.refresh
    refresh.set("unboundColumnsRight", str(_whole(refresh, "unboundColumnsRight") + count))
    container = refresh.find(tag("queryTableFields"))
    if container is None:
        return
    columns = table.findall(f"{tag('tableColumns')}/{tag('tableColumn')}")[-count:]
    for column in columns:
        etree.SubElement(
            container,
            tag("queryTableField"),
            {"id": column.get("queryTableFieldId", ""), "dataBound": "0", "tableColumnId": column.get("id", "")},
        )
    container.set("count", str(len(container.findall(tag("queryTableField")))))
