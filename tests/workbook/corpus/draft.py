"""A workbook drawn by hand: elements of its ledger sheet and of its workbook part, other parts, relationships → an xlsx, in schema order.

The ledger is the sheet Ventes: a header in row 1, three rows, columns A to D. A feature adds to it what it is about.
"""

import re
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from posixpath import split

from tests.workbook.schema.sequences import SEQUENCES

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
OFFICE = "http://schemas.microsoft.com/office"
MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
X14 = f"{OFFICE}/spreadsheetml/2009/9/main"
X15 = f"{OFFICE}/spreadsheetml/2010/11/main"
XM = f"{OFFICE}/excel/2006/main"
DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n'
NAMESPACES = (
    f'xmlns="{MAIN}" xmlns:r="{RELATIONS}" xmlns:mc="{MC}" mc:Ignorable="x14ac xr" '
    f'xmlns:x14ac="{OFFICE}/spreadsheetml/2009/9/ac" xmlns:xr="{OFFICE}/spreadsheetml/2014/revision"'
)
BOOK, LEDGER = "xl/workbook.xml", "xl/worksheets/sheet1.xml"
PLAIN, MACROS = f"{KIND}.sheet.main+xml", "application/vnd.ms-excel.sheet.macroEnabled.main+xml"

_DEFAULTS = {
    "rels": "application/vnd.openxmlformats-package.relationships+xml",
    "xml": "application/xml",
    "png": "image/png",
    "vml": "application/vnd.openxmlformats-officedocument.vmlDrawing",
    "bin": f"{KIND}.printerSettings",
}
_STYLES = f"""{DECLARATION}<styleSheet xmlns="{MAIN}" xmlns:mc="{MC}" mc:Ignorable="x14ac" xmlns:x14ac="{OFFICE}/spreadsheetml/2009/9/ac">\
<numFmts count="2"><numFmt numFmtId="164" formatCode="dd/mm/yyyy"/><numFmt numFmtId="170" formatCode="#,##0.00\\ &quot;€&quot;"/></numFmts>\
<fonts count="2" x14ac:knownFonts="1"><font><sz val="10"/><color theme="1"/><name val="Arial"/><family val="2"/></font>\
<font><b/><sz val="10"/><color rgb="FF7030A0"/><name val="Arial"/><family val="2"/></font></fonts>\
<fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>\
<fill><gradientFill degree="90"><stop position="0"><color theme="0"/></stop><stop position="1"><color theme="4"/></stop></gradientFill></fill></fills>\
<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>\
<cellStyleXfs count="2"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/><xf numFmtId="0" fontId="1" fillId="2" borderId="0"/></cellStyleXfs>\
<cellXfs count="4"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/><xf numFmtId="0" fontId="1" fillId="2" borderId="0" xfId="1"/>\
<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>\
<xf numFmtId="170" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"><alignment horizontal="right"/><protection locked="0"/></xf></cellXfs>\
<cellStyles count="2"><cellStyle name="Normal" xfId="0" builtinId="0"/><cellStyle name="Titre maison" xfId="1"/></cellStyles>\
<dxfs count="1"><dxf><font><color rgb="FF9C0006"/></font><fill><patternFill><bgColor rgb="FFFFC7CE"/></patternFill></fill></dxf></dxfs>\
<tableStyles count="1" defaultTableStyle="TableStyleMedium2"><tableStyle name="Maison" pivot="0" count="1"><tableStyleElement type="headerRow" dxfId="0"/></tableStyle></tableStyles>\
<colors><mruColors><color rgb="FF7030A0"/></mruColors></colors>\
<extLst><ext uri="{{EB79DEF2-80B8-43e5-95BD-54CBDDF9020C}}" xmlns:x14="{X14}"><x14:slicerStyles defaultSlicerStyle="SlicerStyleLight1"/></ext></extLst></styleSheet>"""


def _text(value: str, style: int = 0) -> str:
    return f' s="{style}" t="inlineStr"><is><t>{value}</t></is>'


def _ledger_cells() -> dict[str, str]:
    """Return the ledger's cells by place: what follows their reference in the tag, and their inside."""
    cells = {f"{letter}1": _text(name, 1) for letter, name in zip("ABCD", HEADINGS, strict=True)}
    for row in (2, 3, 4):
        cells[f"A{row}"] = _text(f"FA-{row}")
        cells[f"B{row}"] = _text(f"Client {row} &amp; Fils")
        cells[f"C{row}"] = f' s="2"><v>{46300 + row}</v>'
        cells[f"D{row}"] = f' s="3"><v>{row * 100.5}</v>'
    return cells


HEADINGS = ("Pièce", "Client", "Échéance", "Solde")


@dataclass
class Draft:
    """A workbook being drawn. Elements by name; `cells` of the ledger by place; parts with their content types and relationships."""

    sheet: dict[str, str] = field(default_factory=dict)
    sheet_extensions: list[str] = field(default_factory=list)
    cells: dict[str, str] = field(default_factory=_ledger_cells)
    book: dict[str, str] = field(
        default_factory=lambda: {
            "workbookPr": "<workbookPr/>",
            "bookViews": '<bookViews><workbookView activeTab="0"/></bookViews>',
        }
    )
    book_extensions: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    listed: list[str] = field(default_factory=list)
    parts: dict[str, str | bytes] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    relations: dict[str, list[str]] = field(default_factory=dict)
    suffix: str = ".xlsx"

    def __post_init__(self) -> None:
        """Begin with the ledger's sheet and a style sheet."""
        self.relate("", "officeDocument", BOOK)
        self.list_sheet("Ventes", LEDGER)
        self.add("xl/styles.xml", _STYLES, f"{KIND}.styles+xml")
        self.relate(BOOK, "styles", "xl/styles.xml")
        self.kinds[BOOK] = PLAIN
        self.sheet["sheetViews"] = '<sheetViews><sheetView tabSelected="1" workbookViewId="0"/></sheetViews>'

    def add(self, part: str, content: str | bytes, kind: str = "") -> None:
        """Add a part; without a content type it has its extension's."""
        self.parts[part] = content
        if kind:
            self.kinds[part] = kind

    def relate(self, source: str, kind: str, target: str, *, external: bool = False) -> str:
        """Add a relationship (its type in full, or the last word of an office one) and return its id."""
        entries = self.relations.setdefault(source, [])
        number = f"rId{len(entries) + 1}"
        full = kind if "/" in kind else f"{RELATIONS}/{kind}"
        address = target if external else f"/{target}"
        mode = ' TargetMode="External"' if external else ""
        entries.append(f'<Relationship Id="{number}" Type="{full}" Target="{address}"{mode}/>')
        return number

    def list_sheet(self, name: str, part: str, state: str = "", kind: str = "worksheet") -> None:
        """List a sheet whose part is added apart."""
        self.kinds[part] = f"{KIND}.{kind}+xml"
        shown = f' state="{state}"' if state else ""
        number = len(self.listed) + 1
        self.listed.append(f'<sheet name="{name}" sheetId="{number}"{shown} r:id="{self.relate(BOOK, kind, part)}"/>')

    def add_sheet(self, name: str, inside: str, *, state: str = "") -> str:
        """Add a worksheet with this inside and return its part."""
        part = f"xl/worksheets/sheet{len(self.listed) + 1}.xml"
        self.list_sheet(name, part, state)
        self.parts[part] = f"{DECLARATION}<worksheet {NAMESPACES}>{inside}</worksheet>"
        return part

    def extend(self, uri: str, inside: str, namespaces: str) -> None:
        """Add an extension to the ledger sheet."""
        self.sheet_extensions.append(f'<ext uri="{{{uri}}}" {namespaces}>{inside}</ext>')

    def extend_book(self, uri: str, inside: str, namespaces: str) -> None:
        """Add an extension to the workbook part."""
        self.book_extensions.append(f'<ext uri="{{{uri}}}" {namespaces}>{inside}</ext>')

    def write(self, folder: Path, name: str) -> Path:
        """Write the package and return its path."""
        path = folder / f"{name}{self.suffix}"
        every: dict[str, str | bytes] = {
            "[Content_Types].xml": self._types(),
            **{_relations_of(s): _relations(e) for s, e in self.relations.items()},
        }
        every |= {BOOK: self._book(), LEDGER: self._ledger(), **self.parts}
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for part, content in every.items():
                archive.writestr(part, content)
        return path

    def _types(self) -> str:
        defaults = "".join(f'<Default Extension="{e}" ContentType="{kind}"/>' for e, kind in _DEFAULTS.items())
        overrides = "".join(f'<Override PartName="/{p}" ContentType="{kind}"/>' for p, kind in self.kinds.items())
        return f'{DECLARATION}<Types xmlns="{PACKAGE}/content-types">{defaults}{overrides}</Types>'

    def _book(self) -> str:
        elements = {**self.book, "sheets": f"<sheets>{''.join(self.listed)}</sheets>"}
        if self.names:
            elements["definedNames"] = f"<definedNames>{''.join(self.names)}</definedNames>"
        if self.book_extensions:
            elements["extLst"] = f"<extLst>{''.join(self.book_extensions)}</extLst>"
        return f"{DECLARATION}<workbook {NAMESPACES}>{_in_order('workbook', elements)}</workbook>"

    def _ledger(self) -> str:
        places = [(_place(reference), reference) for reference in self.cells]
        last_row, last_column = max(row for (row, _), _ in places), max(places, key=lambda each: each[0][1])[1]
        rows = [
            f'<row r="{row}" spans="1:{_place(last_column)[1]}" x14ac:dyDescent="0.25">'
            + "".join(f'<c r="{at}"{self.cells[at]}</c>' for (found, _), at in sorted(places) if found == row)
            + "</row>"
            for row in sorted({row for (row, _), _ in places})
        ]
        end = re.sub(r"\d", "", last_column)
        elements = {
            "dimension": f'<dimension ref="A1:{end}{last_row}"/>',
            "sheetFormatPr": '<sheetFormatPr defaultRowHeight="15" x14ac:dyDescent="0.25"/>',
            **self.sheet,
            "sheetData": f"<sheetData>{''.join(rows)}</sheetData>",
        }
        if self.sheet_extensions:
            elements["extLst"] = f"<extLst>{''.join(self.sheet_extensions)}</extLst>"
        return f"{DECLARATION}<worksheet {NAMESPACES}>{_in_order('worksheet', elements)}</worksheet>"


def _in_order(kind: str, elements: dict[str, str]) -> str:
    return "".join(elements[name] for name in sorted(elements, key=SEQUENCES[kind].index))


def _place(reference: str) -> tuple[int, int]:
    letters = re.sub(r"\d", "", reference)
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return int(reference.removeprefix(letters)), column


def _relations_of(source: str) -> str:
    folder, name = split(source)
    return f"{folder}/_rels/{name}.rels".lstrip("/")


def _relations(entries: Iterable[str]) -> str:
    return f'{DECLARATION}<Relationships xmlns="{PACKAGE}/relationships">{"".join(entries)}</Relationships>'
