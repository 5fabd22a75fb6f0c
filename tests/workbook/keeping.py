"""A workbook and the same grafted → what of the user's is gone, changed or moved: nothing, part by part and element by element."""

import zipfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import cast

from lxml import etree
from python_calamine import CalamineWorkbook, SheetTypeEnum

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
# Parts that a graft may change, by how their name ends or where they lie; every other one keeps its bytes.
_CHANGING_ENDS = ("[content_types].xml", "workbook.xml", "workbook.xml.rels", "styles.xml")
_CHANGING_FOLDERS = ("worksheets/", "sheets/", "tables/", "querytables/")
# What an element may say differently afterwards: what is selected, how far something reaches, how many there are.
_MAY_CHANGE: Mapping[str, frozenset[str]] = {
    name: frozenset(attributes.split())
    for name, attributes in {
        "dimension": "ref", "autoFilter": "ref", "sortState": "ref", "table": "ref", "tableColumns": "count",
        "sheetView": "tabSelected", "workbookView": "activeTab", "row": "spans", "calcPr": "fullCalcOnLoad",
        "fonts": "count", "fills": "count", "borders": "count", "cellXfs": "count", "numFmts": "count", "dxfs": "count",
        "queryTableRefresh": "nextId unboundColumnsRight", "queryTableFields": "count",
    }.items()
}  # fmt: skip
_ASIDE = (etree._Comment, etree._ProcessingInstruction)  # noqa: SLF001  lxml gives these types no other name
_FILTER_NAME = "_xlnm._FilterDatabase"


def losses(before: Path, after: Path, ours: range) -> list[str]:
    """Return what is missing or changed; `ours` are the columns that the graft took (1-based), whose widths are ours."""
    with zipfile.ZipFile(before) as old, zipfile.ZipFile(after) as new:
        names = set(new.namelist())
        found = [f"{name} is gone" for name in old.namelist() if name not in names]
        for name in old.namelist():
            if name not in names or old.read(name) == new.read(name):
                continue
            if not _may_change(name):
                found.append(f"{name} has other bytes")
                continue
            parser = etree.XMLParser(huge_tree=True)
            was, became = (etree.fromstring(archive.read(name), parser) for archive in (old, new))
            found += [f"{name}: {loss}" for loss in _lost(was, became, ours)]
    return found


def _may_change(name: str) -> bool:
    lower = name.lower()
    return lower.endswith(_CHANGING_ENDS) or (
        lower.endswith(".xml") and any(folder in lower for folder in _CHANGING_FOLDERS)
    )


def _lost(old: etree._Element, new: etree._Element, ours: range) -> Iterator[str]:
    """Yield what of an element is not in its successor: attributes, text, and children in their order (others may stand between)."""
    if not _same(old, new):
        yield f"{_shown(old)} became {_shown(new)}"
        return
    if old.tag == f"{_MAIN}cols":
        yield from _lost_widths(old, new, ours)
        return
    later = iter(new)
    for child in old:
        follower = next((each for each in later if _same(child, each)), None)
        if follower is None:
            yield f"{_shown(child)} of {_shown(old)} is gone or out of its place"
            return
        yield from _lost(child, follower, ours)


def _same(old: etree._Element, new: etree._Element) -> bool:
    """Tell whether one element says what the other does, leaving aside what may change."""
    if old.tag != new.tag:
        return False
    if isinstance(old, _ASIDE):
        return old.text == new.text
    name = etree.QName(old).localname
    changing = _MAY_CHANGE.get(name, frozenset())
    attributes = ({k: v for k, v in each.attrib.items() if k not in changing} for each in (old, new))
    reaches = name == "definedName" and old.get("name") == _FILTER_NAME
    first, second = attributes
    return first == second and (reaches or (old.text or "") == (new.text or ""))


def _shown(element: etree._Element) -> str:
    if isinstance(element, _ASIDE):
        return f"a comment: {element.text!r}"
    attributes = "".join(f' {str(name).rpartition("}")[2]}="{value!s}"' for name, value in element.attrib.items())
    return f"<{etree.QName(element).localname}{attributes}>{element.text or ''!s:.40}"


def _lost_widths(old: etree._Element, new: etree._Element, ours: range) -> Iterator[str]:
    """Yield the columns beside ours whose width or format is another."""
    before, after = (_widths(element) for element in (old, new))
    for column in sorted({*before, *after} - set(ours)):
        if before.get(column) != after.get(column):
            yield f"column {column} was {before.get(column)}, is {after.get(column)}"


def _widths(element: etree._Element) -> dict[int, dict[str, str]]:
    found = {}
    for column in element:
        said = {str(k): str(v) for k, v in column.attrib.items() if k not in {"min", "max"}}
        found.update(dict.fromkeys(range(int(column.get("min", "1")), int(column.get("max", "0")) + 1), said))
    return found


def values(path: Path) -> Mapping[str, Sequence[Sequence[object]]]:
    """Return every cell of every worksheet as calamine reads them."""
    book = CalamineWorkbook.from_path(str(path))
    names = [sheet.name for sheet in book.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]
    return {
        name: cast("list[list[object]]", book.get_sheet_by_name(name).to_python(skip_empty_area=False))
        for name in names
    }


def same_cells(before: Sequence[Sequence[object]], after: Sequence[Sequence[object]], annotated: set[int]) -> bool:
    """Tell whether each cell that was there is there still, and nothing else but our columns on the annotated rows."""
    for index, row in enumerate(after):
        old = list(before[index]) if index < len(before) else []
        if list(row)[: len(old)] != old:
            return False
        if index + 1 not in annotated and any(cell != "" for cell in row[len(old) :]):
            return False
    return len(after) >= len(before)


def our_columns(path: Path, sheet: str, header_row: int, headings: Sequence[str]) -> range:
    """Return the columns (1-based) that the graft took on the ledger sheet."""
    first = list(values(path)[sheet][header_row - 1]).index(headings[0]) + 1
    return range(first, first + len(headings))
