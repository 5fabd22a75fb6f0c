"""An xlsx → what is wrong in its parts: order of elements, counts, indexes, rows and cells, names, tables. Nothing where all is right."""

import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from batch.workbook.parts.cells import Box
from tests.workbook.schema.packages import RELATIONS, Opened, package_faults
from tests.workbook.schema.sequences import COUNTED, SEQUENCES
from tests.workbook.schema.sheets import sheet_faults
from tests.workbook.schema.tables import table_faults

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
# Other parts (pivot caches, external links) use some of the same names for other things.
_ROOTS = {f"{MAIN}{name}" for name in ("worksheet", "workbook", "styleSheet", "table", "queryTable", "comments", "sst")}
_FIRST_OWN_FORMAT = 164
_LONGEST_SHEET_NAME = 31


def faults(path: Path) -> list[str]:
    """Return everything found wrong, each named with its part."""
    with zipfile.ZipFile(path) as archive:
        damaged = archive.testzip()
        if damaged:
            return [f"{damaged}: checksum"]
        opened = Opened(archive)
    found = list(package_faults(opened))
    for part in opened.written_in_xml():
        if opened.xml(part).tag in _ROOTS:
            found += _element_faults(opened, part)
    book = opened.first("", "officeDocument")
    styles = opened.first(book, "styles")
    sizes = _sizes(opened, styles, book)
    found += _style_faults(opened, styles) if styles else []
    found += _book_faults(opened, book)
    for kind, target in opened.related(book).values():
        if kind == "worksheet" and opened.find(target):
            found += sheet_faults(opened, opened.find(target), sizes)
    found += table_faults(opened, book)
    return found


def _element_faults(opened: Opened, part: str) -> Iterator[str]:
    """Yield elements out of the schema's order, and lists that miscount."""
    for element in opened.xml(part).iter(f"{MAIN}*"):
        name = etree.QName(element).localname
        children = [str(child.tag).removeprefix(MAIN) for child in element if isinstance(child.tag, str)]
        if name in SEQUENCES:
            known = [child for child in children if child in SEQUENCES[name]]
            places = [SEQUENCES[name].index(child) for child in known]
            if places != sorted(places):
                yield f"{part}: children of {name} out of order: {' '.join(known)}"
            # What is not of the main namespace there is an alternative content; anything else is unknown to the schema.
            strange = {child for child in children if not child.startswith("{")} - set(SEQUENCES[name])
            yield from (f"{part}: {name} may not hold {child}" for child in sorted(strange))
        if name in COUNTED and element.get("count") not in {None, str(children.count(COUNTED[name]))}:
            yield f"{part}: {name} counts {element.get('count')} but holds {children.count(COUNTED[name])}"


def _sizes(opened: Opened, styles: str, book: str) -> dict[str, int]:
    """Return how many formats and shared strings there are for cells to refer to."""
    sizes = {"cellXfs": 1, "dxfs": 0, "strings": 0}
    if styles:
        root = opened.xml(styles)
        sizes["cellXfs"] = len(root.findall(f"{MAIN}cellXfs/{MAIN}xf"))
        sizes["dxfs"] = len(root.findall(f"{MAIN}dxfs/{MAIN}dxf"))
    strings = opened.first(book, "sharedStrings")
    if strings:
        sizes["strings"] = len(opened.xml(strings).findall(f"{MAIN}si"))
    return sizes


def _style_faults(opened: Opened, styles: str) -> Iterator[str]:
    """Yield formats that refer to a font, fill, border, number format or named format that is not there."""
    root = opened.xml(styles)
    lists = {
        name: len(root.findall(f"{MAIN}{name}/*")) for name in ("fonts", "fills", "borders", "cellStyleXfs", "dxfs")
    }
    codes = Counter(int(element.get("numFmtId", "0")) for element in root.iterfind(f"{MAIN}numFmts/{MAIN}numFmt"))
    yield from (f"{styles}: number format {number} {times} times" for number, times in codes.items() if times > 1)
    refer = {"fontId": "fonts", "fillId": "fills", "borderId": "borders", "xfId": "cellStyleXfs"}
    for xf in root.iterfind(f".//{MAIN}xf"):
        for attribute, name in refer.items():
            if int(xf.get(attribute, "0")) >= lists[name] and attribute in xf.attrib:
                yield f"{styles}: {attribute} {xf.get(attribute)} of {lists[name]}"
        number = int(xf.get("numFmtId", "0"))
        if number >= _FIRST_OWN_FORMAT and number not in codes:
            yield f"{styles}: number format {number} is not there"
    for element in root.iterfind(f".//{MAIN}tableStyleElement"):
        if int(element.get("dxfId", "0")) >= lists["dxfs"]:
            yield f"{styles}: dxf {element.get('dxfId')} of {lists['dxfs']}"


def _book_faults(opened: Opened, book: str) -> Iterator[str]:
    """Yield sheets and names that stand twice, and references to sheets that are not there."""
    root = opened.xml(book)
    sheets = root.findall(f"{MAIN}sheets/{MAIN}sheet")
    facts = {
        "name": [sheet.get("name", "").casefold() for sheet in sheets],
        "sheetId": [sheet.get("sheetId", "") for sheet in sheets],
        "r:id": [sheet.get(f"{{{RELATIONS}}}id", "") for sheet in sheets],
    }
    for fact, values in facts.items():
        yield from (f"{book}: sheet {fact} {value} twice" for value, times in Counter(values).items() if times > 1)
    yield from (f"{book}: sheet name {name} too long" for name in facts["name"] if len(name) > _LONGEST_SHEET_NAME)
    names = root.findall(f"{MAIN}definedNames/{MAIN}definedName")
    defined = Counter((name.get("name", "").casefold(), name.get("localSheetId", "")) for name in names)
    yield from (f"{book}: name {each} {times} times" for each, times in defined.items() if times > 1)
    for name in names:
        if int(name.get("localSheetId", "0")) >= len(sheets):
            yield f"{book}: name {name.get('name')} of sheet {name.get('localSheetId')}"
    for view in root.iter(f"{MAIN}workbookView"):
        active = int(view.get("activeTab", "0"))
        if active >= len(sheets) or sheets[active].get("state", "visible") != "visible":
            yield f"{book}: opens on sheet {active}"
    area = root.find(f"{MAIN}definedNames/{MAIN}definedName[@name='_xlnm._FilterDatabase']")
    if area is not None and Box.parse((area.text or "").rpartition("!")[2]) is None:
        yield f"{book}: filter over {area.text}"
