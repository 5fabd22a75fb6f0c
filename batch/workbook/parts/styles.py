"""Two style sheets → the first with all of the second's appended, and how far each index of the second has moved."""

from copy import deepcopy
from typing import NamedTuple

from lxml import etree
from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format

from batch.workbook.parts.cells import Styles
from batch.workbook.parts.package import MAIN, tag

# The order of CT_Stylesheet (ECMA-376 part 1, 18.8.39): Excel refuses any other.
ORDER = (
    "numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs", "tableStyles", "colors", "extLst",
)  # fmt: skip
# Excel opens no workbook with more cell formats.
MOST_FORMATS = 65_490

_FIRST_OWN_FORMAT = 164
_HEADING_FILL = "FFDDEBF7"
_LINE = "FF9DC3E6"
_LOCAL_DATE = "14"  # the day as the reader's own Excel writes days
_LOCAL_MOMENT = "22"

EMPTY = f"""<styleSheet xmlns="{MAIN}"><fonts count="1"><font><sz val="11"/><name val="Calibri"/><family val="2"/></font></fonts>\
<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>\
<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>\
<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>\
<cellXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/></cellXfs>\
<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>"""


class Shift(NamedTuple):
    """What to add to the indexes of the appended style sheet, and which of its cell formats show dates (indexes before the shift)."""

    cells: int
    differences: int
    dates: frozenset[int]


def _list(root: etree._Element, name: str) -> etree._Element:
    """Return a list of the style sheet, made in its place in the schema's order when it is missing."""
    found = root.find(tag(name))
    if found is not None:
        return found
    made = root.makeelement(tag(name), {})
    later = {tag(other) for other in ORDER[ORDER.index(name) + 1 :]}
    place = next((index for index, child in enumerate(root) if child.tag in later), len(root))
    root.insert(place, made)
    return made


def _append(container: etree._Element, element: etree._Element) -> int:
    """Put an element at the end of a list; return its index, which counts elements only (comments have none)."""
    index = sum(1 for child in container if isinstance(child.tag, str))
    container.append(element)
    container.set("count", str(index + 1))
    return index


def completed(root: etree._Element) -> etree._Element:
    """Give a style sheet the first entries that cells without a style refer to, where it lacks them; return it."""
    for name in ("fonts", "fills", "borders", "cellXfs"):
        if root.find(f"{tag(name)}/*") is None:
            container = _list(root, name)
            for child in etree.fromstring(EMPTY).iterfind(f"{tag(name)}/*"):
                _append(container, child)
            for xf in container.iterfind(tag("xf")):
                _name(xf, named=_has_named_formats(root))
    return root


def append(root: etree._Element, added: etree._Element) -> Shift:
    """Append every format of `added` to the style sheet `root`; nothing of `root` moves."""
    formats = _append_number_formats(root, added)
    shifts = {name: _append_all(root, added, name) for name in ("fonts", "fills", "borders")}
    cell_formats = _list(root, "cellXfs")
    cells = len(cell_formats.findall(tag("xf")))
    named = _has_named_formats(root)
    dates = set()
    for index, xf in enumerate(added.iterfind(f"{tag('cellXfs')}/{tag('xf')}")):
        clone = deepcopy(xf)
        number_format = int(clone.get("numFmtId", "0"))
        code = formats[number_format][1] if number_format in formats else BUILTIN_FORMATS.get(number_format, "")
        if is_date_format(code):
            dates.add(index)
        if number_format in formats:
            clone.set("numFmtId", formats[number_format][0])
        for attribute, name in (("fontId", "fonts"), ("fillId", "fills"), ("borderId", "borders")):
            clone.set(attribute, str(int(clone.get(attribute, "0")) + shifts[name]))
        _name(clone, named=named)
        _append(cell_formats, clone)
    return Shift(cells, _append_all(root, added, "dxfs"), frozenset(dates))


def _name(xf: etree._Element, *, named: bool) -> None:
    """Tie a cell format to the workbook's own Normal style, where it has one, and say which parts of it differ."""
    if "xfId" in xf.attrib:
        del xf.attrib["xfId"]
    if named:
        xf.set("xfId", "0")
    for attribute in ("applyNumberFormat", "applyFont", "applyFill", "applyBorder"):
        xf.set(attribute, "1")


def _has_named_formats(root: etree._Element) -> bool:
    """Tell whether the style sheet has the named formats that `xfId` points to."""
    return root.find(f"{tag('cellStyleXfs')}/{tag('xf')}") is not None


def _append_all(root: etree._Element, added: etree._Element, name: str) -> int:
    """Append the elements of one list; return how many were there before."""
    new = added.find(tag(name))
    before = len([child for child in root.iterfind(f"{tag(name)}/*") if isinstance(child.tag, str)])
    if new is None or not len(new):
        return before
    container = _list(root, name)
    for child in new:
        if isinstance(child.tag, str):
            _append(container, deepcopy(child))
    return before


def _append_number_formats(root: etree._Element, added: etree._Element) -> dict[int, tuple[str, str]]:
    """Give each own number format of `added` an id in `root`, the one it has there already if any; return id → (new id, code)."""
    there = {e.get("formatCode", ""): e.get("numFmtId", "") for e in root.iterfind(f"{tag('numFmts')}/{tag('numFmt')}")}
    free = max([_FIRST_OWN_FORMAT - 1, *(int(number) for number in there.values() if number.isdigit())]) + 1
    moved = {}
    for element in added.iterfind(f"{tag('numFmts')}/{tag('numFmt')}"):
        code = element.get("formatCode", "")
        if code not in there:
            there[code] = str(free)
            _append(_list(root, "numFmts"), etree.Element(tag("numFmt"), numFmtId=str(free), formatCode=code))
            free += 1
        moved[int(element.get("numFmtId", "0"))] = (there[code], code)
    return moved


def own_styles(root: etree._Element) -> Styles:
    """Append the formats of our cells: a bold heading on light blue in the workbook's own first font, text, number, date."""
    first = root.find(f"{tag('fonts')}/{tag('font')}")
    font = deepcopy(first) if first is not None else etree.Element(tag("font"))
    for bold in font.findall(tag("b")):
        font.remove(bold)
    font.insert(0, etree.Element(tag("b")))
    fill = etree.fromstring(
        f'<fill xmlns="{MAIN}"><patternFill patternType="solid"><fgColor rgb="{_HEADING_FILL}"/><bgColor indexed="64"/></patternFill></fill>'
    )
    border = etree.fromstring(
        f'<border xmlns="{MAIN}"><left/><right/><top/><bottom style="thin"><color rgb="{_LINE}"/></bottom><diagonal/></border>'
    )
    heading = {
        "fontId": str(_append(_list(root, "fonts"), font)),
        "fillId": str(_append(_list(root, "fills"), fill)),
        "borderId": str(_append(_list(root, "borders"), border)),
        "applyFont": "1", "applyFill": "1", "applyBorder": "1", "applyAlignment": "1",
    }  # fmt: skip
    index = _format(root, heading)
    wrapped = root.findall(f"{tag('cellXfs')}/{tag('xf')}")[index]
    etree.SubElement(wrapped, tag("alignment"), vertical="center", wrapText="1")
    return Styles(
        heading=index,
        text=_format(root, {}),
        quoted=_format(root, {"quotePrefix": "1"}),
        number=_format(root, {}),
        date=_format(root, {"numFmtId": _LOCAL_DATE, "applyNumberFormat": "1"}),
        moment=_format(root, {"numFmtId": _LOCAL_MOMENT, "applyNumberFormat": "1"}),
    )


def _format(root: etree._Element, attributes: dict[str, str]) -> int:
    """Append one cell format to the style sheet; return its index."""
    plain = {"numFmtId": "0", "fontId": "0", "fillId": "0", "borderId": "0"}
    if _has_named_formats(root):
        plain["xfId"] = "0"
    return _append(_list(root, "cellXfs"), etree.Element(tag("xf"), {**plain, **attributes}))


def formats_count(root: etree._Element) -> int:
    """Return how many cell formats the style sheet has."""
    return len(root.findall(f"{tag('cellXfs')}/{tag('xf')}"))
