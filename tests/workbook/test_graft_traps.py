"""Workbooks as other programs write them: each trap is carried over whole, or refused by its name."""

import datetime as dt
import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import load_workbook

from batch.workbook.graft import graft
from batch.workbook.parts import archive, blocks, package
from batch.workbook.parts.archive import GraftRefused
from batch.workbook.parts.rows import measured
from tests.workbook.grafting import OURS, column, grafted, part

Made = Callable[..., Path]
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
LEDGER = "xl/worksheets/ledger.xml"
HEADER = '<row r="1"><c r="A1" t="inlineStr"><is><t>Pièce</t></is></c><c r="B1" t="inlineStr"><is><t>Solde</t></is></c></row>'


@pytest.mark.parametrize(
    ("trap", "rows", "expected"),
    [
        ("self-closed and missing rows", f'{HEADER}<row r="2" ht="9"/><row r="7"><c r="B7"><v>1</v></c></row>', "C"),
        ("rows without numbers", f"{HEADER}<row><c><v>1</v></c><c><v>2</v></c></row><row/><row/>", "C"),
        ("cells without references", '<row r="1"><c/><c/><c/></row><row r="2"><c r="B2"/><c/><c/></row>', "E"),
        ("no rows at all", "", "A"),
        ("an empty formatted cell far right", f'{HEADER}<row r="9"><c r="AB9" s="0"/></row>', "AC"),
        ("single quotes and blanks", "<row r = '1' ><c r = 'C1' ><v>1</v></c></row ><row r='3'/>", "D"),
        ("comments that look like rows", f'{HEADER}<!-- <row r="2"><c r="ZZ2"/> --><row r="2"><!--</row>--></row>', "C"),
        ("CDATA that looks like a row's end", f"{HEADER}<row r=\"2\"><c r=\"A2\" t=\"str\"><v><![CDATA[</row><c r='Z2'>]]></v></c></row>", "C"),
        ("greater-than signs in attributes", f'{HEADER}<row r="2" x:note="a>b" xmlns:x="urn:x"><c r="A2"/></row>', "C"),
        ("only rows below ours", '<row r="8"><c r="A8"><v>1</v></c></row>', "B"),
    ],
)  # fmt: skip
def test_our_cells_find_their_rows(made: Made, addition: Path, trap: str, rows: str, expected: str) -> None:
    """However a program writes its rows, our cells stand in their row, right of the last used column."""
    target = grafted(made(f"<sheetData>{rows}</sheetData>"), addition)
    assert column(target, expected) == ["Clé", "k2", None, "k4"], trap


def test_prefixed_sheet(made: Made, addition: Path) -> None:
    """A sheet whose tags bear a prefix gets tags with that prefix."""
    sheet = (
        f'<?xml version="1.0"?><x:worksheet xmlns:x="{MAIN}"><x:cols><x:col min="1" max="2" width="5"/></x:cols><x:sheetData>'
        '<x:row r="1"><x:c r="A1"><x:v>1</x:v></x:c></x:row><x:row r="2"/></x:sheetData><x:autoFilter ref="A1:A2"/></x:worksheet>'
    )
    target = grafted(made(sheet), addition)
    assert column(target, "B") == ["Clé", "k2", None, "k4"]
    assert '<x:autoFilter ref="A1:C2"/>' in part(target, LEDGER)
    assert '<x:col min="1" max="1" width="5"/><x:col min="2" max="2" width="30" customWidth="1"/>' in part(
        target, LEDGER
    )


def test_empty_sheet_data(made: Made, addition: Path) -> None:
    """A sheet that closes its rows at once gets rows."""
    assert column(grafted(made("<sheetData/>"), addition), "A") == ["Clé", "k2", None, "k4"]


def test_latin_1_sheet(made: Made, addition: Path) -> None:
    """A sheet in ISO-8859-1 keeps its bytes, and our accents read right in it."""
    sheet = f'<?xml version="1.0" encoding="ISO-8859-1"?><worksheet xmlns="{MAIN}"><sheetData>{HEADER}</sheetData></worksheet>'
    target = grafted(made("<sheetData/>", parts={LEDGER: sheet.encode("latin-1")}), addition)
    sheet_after = load_workbook(target)["Ventes"]
    assert [sheet_after["A1"].value, sheet_after["C1"].value] == ["Pièce", "Clé"]


def test_blocks_cut_anywhere(made: Made, addition: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Read seven bytes at a time, the sheet comes out the same: no tag, comment or CDATA is ever cut."""
    inside = (
        f'<sheetViews><sheetView tabSelected="1" workbookViewId="0"/></sheetViews><cols><col min="1" max="9" width="4"/></cols>'
        f'<sheetData>{HEADER}<!-- <row r="2"> --><row r="2"><c r="A2" t="str"><v><![CDATA[<row>]]></v></c></row><row r="3"/>'
        '</sheetData><autoFilter ref="A1:B3"/><mergeCells><mergeCell ref="A9:D9"/></mergeCells>'
    )
    source = made(inside)
    whole = part(grafted(source, addition), LEDGER)
    monkeypatch.setattr(blocks, "_PIECE", 7)
    assert part(grafted(source, addition), LEDGER) == whole
    assert 'r="E2"' in whole


def test_days_of_1904(made: Made, addition: Path) -> None:
    """In a workbook that counts from 1904 our dates, and those of the added sheets, show the same day."""
    book = (
        f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><workbookPr date1904="1"/><sheets>'
        '<sheet name="Ventes" sheetId="1" r:id="b"/></sheets></workbook>'
    )
    target = load_workbook(grafted(made(f"<sheetData>{HEADER}</sheetData>", workbook=book), addition))
    assert target["Ventes"]["D2"].value == dt.datetime(2026, 11, 20)
    assert target["Revue"]["D2"].value == dt.datetime(2026, 11, 20)
    assert target["Revue"]["C2"].value == 1234.5


def test_filter_and_its_name_are_widened(made: Made, addition: Path) -> None:
    """The sheet's filter, the sort it keeps and the hidden name behind it reach over our columns, so sorting keeps rows whole."""
    book = (
        f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets><sheet name="Ventes" sheetId="1" r:id="b"/></sheets><definedNames>'
        '<definedName name="_xlnm._FilterDatabase" localSheetId="0" hidden="1">Ventes!$A$1:$B$9</definedName>'
        '<definedName name="Taux">Ventes!$B$1</definedName></definedNames></workbook>'
    )
    inside = (
        f'<sheetData>{HEADER}</sheetData><autoFilter ref="A1:B9"><filterColumn colId="1"/><sortState ref="A2:B9">'
        '<sortCondition ref="B2:B9"/></sortState></autoFilter><customSheetViews><customSheetView guid="{0}"><autoFilter ref="A1:B9"/>'
        "</customSheetView></customSheetViews>"
    )
    target = grafted(made(inside, workbook=book), addition)
    sheet = part(target, LEDGER)
    assert (
        '<autoFilter ref="A1:D9"><filterColumn colId="1"/><sortState ref="A2:D9"><sortCondition ref="B2:B9"/>' in sheet
    )
    assert '<customSheetView guid="{0}"><autoFilter ref="A1:B9"/>' in sheet
    names = part(target, "xl/workbook.xml")
    assert ">Ventes!$A$1:$D$9<" in names
    assert ">Ventes!$B$1<" in names


def test_filter_of_another_range_stays(made: Made, addition: Path) -> None:
    """A filter on rows that are not the ledger's stays as wide as it was."""
    target = grafted(made(f'<sheetData>{HEADER}</sheetData><autoFilter ref="A20:B30"/>'), addition)
    assert '<autoFilter ref="A20:B30"/>' in part(target, LEDGER)


TABLE = (
    f'<table xmlns="{MAIN}" id="1" name="T" displayName="T" ref="A1:B4" totalsRowCount="1"><autoFilter ref="A1:B3"/>'
    '<tableColumns count="2"><tableColumn id="1" name="Pièce"/><tableColumn id="5" name="clé"{query}/></tableColumns></table>'
)
TO_TABLE = f'<Relationship Id="t" Type="{RELATIONS}/table" Target="../tables/table1.xml"/>'
WITH_TABLE = '<tableParts count="1"><tablePart r:id="t"/></tableParts>'


def test_table_is_widened(made: Made, addition: Path) -> None:
    """The ledger is an Excel table: range, filter and columns reach over ours, whose headings differ from the table's own."""
    source = made(
        f"<sheetData>{HEADER}</sheetData>{WITH_TABLE}",
        sheet_relations=TO_TABLE,
        parts={"xl/tables/table1.xml": TABLE.replace("{query}", "")},
    )
    target = grafted(source, addition)
    table = part(target, "xl/tables/table1.xml")
    assert 'ref="A1:D4"' in table
    assert '<autoFilter ref="A1:D3"/>' in table
    assert '<tableColumns count="4">' in table
    assert '<tableColumn id="6" name="Clé 2"/><tableColumn id="7" name="Le"/>' in table
    assert column(target, "C", 1) == ["Clé 2"]


def test_table_filled_by_a_query(made: Made, addition: Path) -> None:
    """A table that a query fills learns that our columns are not the query's."""
    query = (
        f'<queryTable xmlns="{MAIN}" name="Q" connectionId="1"><queryTableRefresh nextId="3"><queryTableFields count="2">'
        '<queryTableField id="1" name="a" tableColumnId="1"/><queryTableField id="2" name="b" tableColumnId="5"/>'
        "</queryTableFields></queryTableRefresh></queryTable>"
    )
    relations = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="q" '
        f'Type="{RELATIONS}/queryTable" Target="../queryTables/q.xml"/></Relationships>'
    )
    source = made(
        f"<sheetData>{HEADER}</sheetData>{WITH_TABLE}",
        sheet_relations=TO_TABLE,
        parts={
            "xl/tables/table1.xml": TABLE.replace("{query}", ' queryTableFieldId="2"'),
            "xl/tables/_rels/table1.xml.rels": relations,
            "xl/queryTables/q.xml": query,
        },
    )
    target = grafted(source, addition)
    assert '<tableColumn id="6" name="Clé 2" uniqueName="6" queryTableFieldId="4"/>' in part(
        target, "xl/tables/table1.xml"
    )
    fields = part(target, "xl/queryTables/q.xml")
    assert '<queryTableField id="4" dataBound="0" tableColumnId="6"/><queryTableField id="5" dataBound="0"' in fields
    assert 'nextId="6" unboundColumnsRight="2"' in fields


def test_table_with_cells_beside_it_is_refused(made: Made, addition: Path) -> None:
    """Sorting a table that cannot be widened would leave our columns behind."""
    row = '<row r="2"><c r="E2"><v>1</v></c></row>'
    source = made(
        f"<sheetData>{HEADER}{row}</sheetData>{WITH_TABLE}",
        sheet_relations=TO_TABLE,
        parts={"xl/tables/table1.xml": TABLE.replace("{query}", "")},
    )
    with pytest.raises(GraftRefused, match="GRAFT-TABLE"):
        grafted(source, addition)


def test_widths_that_reach_over_ours_are_split(made: Made, addition: Path) -> None:
    """All columns right of the ledger are hidden: ours are shown, those beside them stay hidden."""
    columns = '<cols><col min="1" max="2" width="20" customWidth="1"/><col min="3" max="16384" hidden="1"/></cols>'
    sheet = part(grafted(made(f"{columns}<sheetData>{HEADER}</sheetData>"), addition), LEDGER)
    assert (
        '<cols><col min="1" max="2" width="20" customWidth="1"/><col min="3" max="3" width="30" customWidth="1"/>'
        '<col min="4" max="4" width="12" customWidth="1"/><col min="5" max="16384" hidden="1"/></cols>'
    ) in sheet


def test_missing_style_sheet_is_made(made: Made, addition: Path) -> None:
    """A workbook without styles gets a style sheet, listed among its parts, and cells without style look plain."""
    source = made(
        f"<sheetData>{HEADER}</sheetData>",
        parts={
            "xl/styles.xml": None,
            "xl/_rels/workbook.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f'<Relationship Id="b" Type="{RELATIONS}/worksheet" Target="worksheets/ledger.xml"/></Relationships>',
        },
    )
    sheet = load_workbook(grafted(source, addition))["Ventes"]
    assert [sheet["A1"].font.b, sheet["C1"].font.b, sheet["D2"].is_date] == [False, True, True]


def test_style_sheet_without_lists_is_completed(made: Made, addition: Path) -> None:
    """Our formats never become the first one, which every cell without a style refers to."""
    empty = f'<styleSheet xmlns="{MAIN}"><cellStyles count="0"/></styleSheet>'
    styles = part(
        grafted(made(f"<sheetData>{HEADER}</sheetData>", parts={"xl/styles.xml": empty}), addition), "xl/styles.xml"
    )
    assert '<cellXfs count="' in styles
    assert styles.index("<fonts") < styles.index("<fills") < styles.index("<cellXfs") < styles.index("<cellStyles")
    first = styles[styles.index("<cellXfs") :].split("<xf ", 2)[1]
    assert first.startswith('numFmtId="0" fontId="0" fillId="0" borderId="0"')


def _utf16(sheet: str) -> bytes:
    return f'<?xml version="1.0" encoding="UTF-16"?><worksheet xmlns="{MAIN}">{sheet}</worksheet>'.encode("utf-16")


DATA = f"<sheetData>{HEADER}</sheetData>"
SIGNED = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="a" '
    f'Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/><Relationship Id="s" Type="http://schemas.openxmlformats.org/'
    'package/2006/relationships/digital-signature/origin" Target="_xmlsignatures/origin.sigs"/></Relationships>'
)


@pytest.mark.parametrize(
    ("code", "parts"),
    [
        ("GRAFT-ENCODING", {LEDGER: _utf16(DATA)}),
        ("GRAFT-STRICT", {LEDGER: f'<worksheet xmlns="http://purl.oclc.org/ooxml/spreadsheetml/main">{DATA}</worksheet>'}),
        ("GRAFT-DTD", {LEDGER: f'<!DOCTYPE w [<!ENTITY a "b">]><worksheet xmlns="{MAIN}">{DATA}</worksheet>'}),
        ("GRAFT-DTD", {"xl/styles.xml": f'<!DOCTYPE s><styleSheet xmlns="{MAIN}"/>'}),
        ("GRAFT-SIGNED", {"_rels/.rels": SIGNED}),
        ("GRAFT-SHEET", {LEDGER: f'<worksheet xmlns="{MAIN}"><sheetViews/></worksheet>'}),
        ("GRAFT-DAMAGED", {LEDGER: f'<worksheet xmlns="{MAIN}"><sheetData><row r="1">'}),
        ("GRAFT-DAMAGED", {LEDGER: f'<worksheet xmlns="{MAIN}"><sheetData><row r="2"/><row r="1"/></sheetData></worksheet>'}),
        ("GRAFT-DAMAGED", {LEDGER: f'<worksheet xmlns="{MAIN}" xmlns:y="{MAIN}"><sheetData><y:row r="1"/></sheetData></worksheet>'}),
        ("GRAFT-DAMAGED", {LEDGER: None}),
        ("GRAFT-DAMAGED", {"xl/workbook.xml": "<workbook"}),
        ("GRAFT-DAMAGED", {"_rels/.rels": None}),
        ("GRAFT-NO-ROOM", {LEDGER: f'<worksheet xmlns="{MAIN}"><sheetData><row r="1"><c r="XFC1"/></row></sheetData></worksheet>'}),
    ],
)  # fmt: skip
def test_refused_by_name(made: Made, addition: Path, code: str, parts: dict[str, str | bytes | None]) -> None:
    """What cannot be carried over part by part is refused with its reason, and no file is written."""
    source = made(DATA, parts=parts)
    with pytest.raises(GraftRefused) as refused:
        grafted(source, addition)
    assert (refused.value.code, refused.value.source.file) == (code, "ledger.xlsx")
    assert not source.with_name("result.xlsx").exists()


def test_repeated_part_is_refused(made: Made, addition: Path) -> None:
    """Two members of one name: which of them is the sheet, readers do not agree."""
    source = made(DATA, parts={"XL/Worksheets/Ledger.xml": "<worksheet/>"})
    with pytest.raises(GraftRefused, match="GRAFT-DUPLICATE-PART"):
        grafted(source, addition)


def test_unknown_sheet_is_refused(made: Made, addition: Path) -> None:
    """A sheet of another name is never annotated instead."""
    with pytest.raises(GraftRefused, match="GRAFT-SHEET"):
        graft(
            made(DATA), addition.with_name("r.xlsx"), sheet="ventes", header_row=1, last_row=2, annotation=OURS,
            addition=addition, active="Revue",
        )  # fmt: skip


def test_bombs_are_refused_by_the_size_they_declare(
    made: Made, addition: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A part larger than its kind may be is never unpacked."""
    monkeypatch.setattr(package, "LARGEST_PART", 5_000)
    with pytest.raises(GraftRefused) as refused:
        grafted(made(DATA, parts={"xl/styles.xml": " " * 5_001}), addition)
    assert (refused.value.code, refused.value.facts) == ("GRAFT-TOO-LARGE", {"part": "xl/styles.xml", "size": 5_001})


def test_a_member_that_lies_about_its_size_is_damaged(made: Made, addition: Path) -> None:
    """The list of members promises more bytes than the file has, or a member's bytes do not pass its checksum."""
    source = made(DATA)
    data = bytearray(source.read_bytes())
    with zipfile.ZipFile(io.BytesIO(bytes(data))) as opened:
        place = opened.getinfo(LEDGER).header_offset
    data[place + 30 + len(LEDGER) + 12] ^= 0xFF
    source.write_bytes(bytes(data))
    with pytest.raises(GraftRefused, match="GRAFT-DAMAGED"):
        grafted(source, addition)
    source.write_bytes(bytes(data[:-200]))
    with pytest.raises(GraftRefused, match="GRAFT-DAMAGED"):
        archive.opened(source)


def test_endless_tag_is_damaged(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    """A comment that never ends is given up before it fills the memory."""
    monkeypatch.setattr(blocks, "_LONGEST", 1_000)
    monkeypatch.setattr(blocks, "_PIECE", 100)
    host = package.Package(made(f"<sheetData>{HEADER}<!-- {'x' * 5_000}</sheetData>"))
    with host.stream(LEDGER) as stream, pytest.raises(GraftRefused, match="GRAFT-DAMAGED"):
        measured(blocks.blocks(stream, host, LEDGER), host, LEDGER)
    host.close()


@pytest.mark.parametrize("target", ["/xl/worksheets/a.xml", "worksheets/a.xml", "../xl/worksheets/a.xml", "worksheets\\a.xml", "./worksheets/%61.xml"])  # fmt: skip
def test_targets_absolute_relative_and_with_backslashes(target: str) -> None:
    """A relationship of xl/workbook.xml leads to the same part however its writer spells the way."""
    assert package.resolved("xl/workbook.xml", target) == "xl/worksheets/a.xml"
