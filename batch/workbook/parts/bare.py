"""The sheets of a plain workbook, as they are listed → its parts besides them: content types, relationships, workbook, styles."""

from collections.abc import Sequence
from html import escape
from typing import NamedTuple

from batch.workbook.parts.cells import letters
from batch.workbook.parts.package import CONTENT_TYPES, MAIN, PACKAGE_RELATIONS, RELATIONS, TYPES

DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_BOOK = {False: f"{_KIND}.sheet.main+xml", True: "application/vnd.ms-excel.sheet.macroEnabled.main+xml"}

_STYLE_SHEET = f"""{DECLARATION}<styleSheet xmlns="{MAIN}">\
<numFmts count="2"><numFmt numFmtId="164" formatCode="dd/mm/yyyy"/><numFmt numFmtId="165" formatCode="dd/mm/yyyy\\ hh:mm"/></numFmts>\
<fonts count="2"><font><sz val="11"/><name val="Calibri"/><family val="2"/></font>\
<font><b/><sz val="11"/><name val="Calibri"/><family val="2"/></font></fonts>\
<fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>\
<fill><patternFill patternType="solid"><fgColor rgb="FFE7E6E6"/><bgColor indexed="64"/></patternFill></fill></fills>\
<borders count="2"><border><left/><right/><top/><bottom/><diagonal/></border>\
<border><left/><right/><top/><bottom style="thin"><color rgb="FFA6A6A6"/></bottom><diagonal/></border></borders>\
<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>\
<cellXfs count="6"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>\
<xf numFmtId="0" fontId="1" fillId="2" borderId="1" xfId="0" applyFont="1" applyFill="1" applyBorder="1" applyAlignment="1">\
<alignment vertical="center" wrapText="1"/></xf>\
<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0" quotePrefix="1"/>\
<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>\
<xf numFmtId="165" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>\
<xf numFmtId="4" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs>\
<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>"""


class Listed(NamedTuple):
    """A sheet as the workbook lists it: its name, whether it is hidden, its header's row (0: none), how many rows and columns it has."""

    name: str
    hidden: bool
    header_row: int
    height: int
    width: int


def sheet_part(number: int) -> str:
    """Return the part of the sheet at this 1-based position."""
    return f"xl/worksheets/sheet{number}.xml"


def filtered(header_row: int, height: int, width: int) -> str:
    """Return the range of a sheet's filter, "" where there is no header to filter by."""
    return f"A{header_row}:{letters(width)}{max(height, header_row)}" if width and 1 <= header_row <= height else ""


def parts(sheets: Sequence[Listed], opened: int, *, macros: bool) -> dict[str, str]:
    """Return every part but the sheets themselves, by name; `opened` is the 0-based position of the sheet it opens on."""
    overrides = {"xl/workbook.xml": _BOOK[macros], "xl/styles.xml": f"{_KIND}.styles+xml"}
    overrides |= {sheet_part(number): f"{_KIND}.worksheet+xml" for number in range(1, len(sheets) + 1)}
    listed = "".join(f'<Override PartName="/{part}" ContentType="{kind}"/>' for part, kind in overrides.items())
    defaults = (
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
    )
    targets = [("worksheet", f"/{sheet_part(number)}") for number in range(1, len(sheets) + 1)]
    return {
        CONTENT_TYPES: f'{DECLARATION}<Types xmlns="{TYPES}">{defaults}{listed}</Types>',
        "_rels/.rels": _relations([("officeDocument", "/xl/workbook.xml")]),
        "xl/_rels/workbook.xml.rels": _relations([*targets, ("styles", "/xl/styles.xml")]),
        "xl/styles.xml": _STYLE_SHEET,
        "xl/workbook.xml": _workbook(sheets, opened),
    }


def _relations(targets: Sequence[tuple[str, str]]) -> str:
    entries = "".join(
        f'<Relationship Id="rId{number}" Type="{RELATIONS}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, 1)
    )
    return f'{DECLARATION}<Relationships xmlns="{PACKAGE_RELATIONS}">{entries}</Relationships>'


def _workbook(sheets: Sequence[Listed], opened: int) -> str:
    """Return the workbook part: its sheets, and per header its filter's hidden name and its place at the top of every printed page."""
    listed = names = ""
    for position, sheet in enumerate(sheets):
        state = ' state="hidden"' if sheet.hidden else ""
        listed += f'<sheet name="{escape(sheet.name)}" sheetId="{position + 1}"{state} r:id="rId{position + 1}"/>'
        if filtered(sheet.header_row, sheet.height, sheet.width):
            names += _names_of(sheet, position)
    defined = f"<definedNames>{names}</definedNames>" if names else ""
    return (
        f'{DECLARATION}<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><bookViews><workbookView activeTab="{opened}"/></bookViews>'
        f"<sheets>{listed}</sheets>{defined}</workbook>"
    )


def _names_of(sheet: Listed, position: int) -> str:
    quoted = escape("'" + sheet.name.replace("'", "''") + "'", quote=False)
    area = f"$A${sheet.header_row}:${letters(sheet.width)}${sheet.height}"
    return (
        f'<definedName name="_xlnm._FilterDatabase" localSheetId="{position}" hidden="1">{quoted}!{area}</definedName>'
        f'<definedName name="_xlnm.Print_Titles" localSheetId="{position}">{quoted}!${sheet.header_row}:${sheet.header_row}</definedName>'
    )
