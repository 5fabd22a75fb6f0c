"""The graft puts our columns and sheets into the user's workbook and leaves everything else as it was."""

import datetime as dt
import re
import zipfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from openpyxl import Workbook, load_workbook

from batch.workbook.graft import Annotation, graft
from batch.workbook.parts.cells import Box, clean, column_number, letters, serial
from batch.workbook.parts.listing import ORDER as WORKBOOK_ORDER
from batch.workbook.parts.listing import Renaming, unique_names
from batch.workbook.parts.styles import ORDER as STYLES_ORDER
from tests.workbook import grafting
from tests.workbook.grafting import part

Made = Callable[..., Path]
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
# CT_Worksheet, ECMA-376 part 1, 18.3.1.99.
WORKSHEET_ORDER = (
    "sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "sheetCalcPr", "sheetProtection",
    "protectedRanges", "scenarios", "autoFilter", "sortState", "dataConsolidate", "customSheetViews", "mergeCells", "phoneticPr",
    "conditionalFormatting", "dataValidations", "hyperlinks", "printOptions", "pageMargins", "pageSetup", "headerFooter",
    "rowBreaks", "colBreaks", "customProperties", "cellWatches", "ignoredErrors", "smartTags", "drawing", "legacyDrawing",
    "legacyDrawingHF", "picture", "oleObjects", "controls", "webPublishItems", "tableParts", "extLst",
)  # fmt: skip

OURS = Annotation(
    headings=("Clé", "Jours", "Prochaine le"),
    widths=(30.0, 8.0, 12.5),
    kinds=("text", "number", "date"),
    rows={2: ("FA-1", 12, dt.date(2026, 11, 20)), 3: ("=HYPERLINK(1)", -3.5, None)},
)
SHEET = (
    '<dimension ref="A1:B3"/><sheetData><row r="1" spans="1:2"><c r="A1" t="inlineStr"><is><t>Pièce</t></is></c>'
    '<c r="B1" t="inlineStr"><is><t>Solde</t></is></c></row><row r="2" spans="1:2" ht="20"><c r="A2"><v>1</v></c>'
    '<c r="B2"><f>A2*2</f><v>2</v></c></row><row r="3"><c r="A3"><v>3</v></c></row></sheetData>'
)


grafted = partial(grafting.grafted, ours=OURS, last_row=3)


def children(xml: str) -> list[str]:
    """Return the names of a part's top elements in order."""
    root = etree.fromstring(xml.encode())
    return [etree.QName(child).localname for child in root if isinstance(child.tag, str)]


def in_order(names: list[str], order: tuple[str, ...]) -> bool:
    """Tell whether elements follow the schema's sequence."""
    places = [order.index(name) for name in names]
    return places == sorted(places)


def test_our_cells_stand_right_of_the_users(made: Made, addition: Path) -> None:
    """Rows keep their cells and get ours: texts stay texts, numbers numbers, dates dates; nothing where there is no value."""
    sheet = load_workbook(grafted(made(SHEET), addition))["Ventes"]
    actual = [[cell.value for cell in row] for row in sheet.iter_rows()]
    expected = [
        ["Pièce", "Solde", "Clé", "Jours", "Prochaine le"],
        [1, "=A2*2", "FA-1", 12, dt.datetime(2026, 11, 20)],
        [3, None, "=HYPERLINK(1)", -3.5, None],
    ]
    assert actual == expected
    assert [sheet["C3"].data_type, sheet["C3"].quotePrefix] == ["s", True]
    assert sheet["E2"].is_date
    assert sheet["C1"].font.b
    assert sheet["C1"].font.name == "Arial"


def test_only_what_must_change_in_a_row_changes(made: Made, addition: Path) -> None:
    """The row's own attributes and cells are the user's bytes; spans, which would be wrong, are dropped; widths are ours."""
    sheet = part(grafted(made(SHEET), addition), "xl/worksheets/ledger.xml")
    assert '<row r="2" ht="20"><c r="A2"><v>1</v></c><c r="B2"><f>A2*2</f><v>2</v></c><c r="C2"' in sheet
    assert '<dimension ref="A1:E3"/><cols><col min="3" max="3" width="30" customWidth="1"/>' in sheet


def test_untouched_members_are_copied_packed(made: Made, addition: Path) -> None:
    """A member that a graft does not concern keeps its packed bytes, its checksum and its place; none needs ZIP64."""
    source = made(SHEET, parts={"custom/notes.bin": bytes(range(256)) * 9})
    target = grafted(source, addition)
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target) as new:
        assert new.testzip() is None
        assert new.namelist()[0] == old.namelist()[0]
        before, after = old.getinfo("custom/notes.bin"), new.getinfo("custom/notes.bin")
        assert (before.CRC, before.compress_size, before.date_time) == (after.CRC, after.compress_size, after.date_time)
        assert old.read("custom/notes.bin") == new.read("custom/notes.bin")
    assert b"\x01\x00\x10\x00" not in target.read_bytes()[-400:]


def test_added_sheets_keep_everything(made: Made, addition: Path) -> None:
    """Styles, widths, lists, rules, notes, links, freeze, filter, titles and charts of the added sheets arrive."""
    book = load_workbook(grafted(made(SHEET), addition))
    assert book.sheetnames == ["Ventes", "Revue", "Synthèse"]
    assert book.active is not None
    assert book.active.title == "Revue"
    review = book["Revue"]
    assert [cell.value for cell in review[2]] == ["Dubois & Fils", "envoyer", 1234.5, dt.datetime(2026, 11, 20)]
    assert review["A1"].font.color.rgb == "FF112233"
    assert review["B2"].fill.fgColor.rgb == "FFFFF2CC"
    assert review["C2"].number_format == '#,##0.00\\ "EUR"'
    assert review["B1"].comment.text == "une décision par ligne"
    assert review["A4"].hyperlink.target == "https://dubois.example/"
    assert review["A5"].hyperlink.location == "'Synthèse'!A1"
    assert [str(v.sqref) for v in review.data_validations.dataValidation] == ["B2:B9"]
    (rule,) = next(iter(review.conditional_formatting)).rules
    assert rule.dxf.fill.bgColor.rgb == "FFC6E0B4"
    assert (review.freeze_panes, review.auto_filter.ref, review.print_title_rows) == ("B2", "A1:D2", "$1:$1")
    assert (review.page_setup.orientation, review.column_dimensions["A"].width) == ("landscape", 33)
    assert len(vars(book["Synthèse"])["_charts"]) == 1


def test_elements_follow_the_schema(made: Made, addition: Path) -> None:
    """Excel is strict about the order of elements; every changed part keeps to the schema's sequence, also where parts were missing."""
    source = made(SHEET + '<autoFilter ref="A1:B3"/>')
    target = grafted(source, addition)
    assert in_order(children(part(target, "xl/workbook.xml")), WORKBOOK_ORDER)
    assert in_order(children(part(target, "xl/styles.xml")), STYLES_ORDER)
    for name in zipfile.ZipFile(target).namelist():
        if name.startswith("xl/worksheets/") and name.endswith(".xml"):
            assert in_order(children(part(target, name)), WORKSHEET_ORDER), name


def test_sheet_names_become_unique_and_references_follow(made: Made, addition: Path) -> None:
    """The user has a sheet "revue" and one "synthèse": ours are renamed, and formulas, links, charts and names follow them."""
    book = (
        f'<workbook xmlns="{MAIN}" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>'
        '<sheet name="Ventes" sheetId="1" r:id="b"/><sheet name="revue" sheetId="2" r:id="b"/>'
        '<sheet name="SYNTHÈSE" sheetId="3" r:id="b"/></sheets></workbook>'
    )
    target = grafted(made(SHEET, workbook=book), addition)
    assert load_workbook(target).sheetnames == ["Ventes", "revue", "SYNTHÈSE", "Revue (2)", "Synthèse (2)"]
    review = part(target, "xl/worksheets/relance-sheet1.xml")
    assert "<formula>'Synth&#232;se (2)'!$A$1</formula>" in review
    assert "location=\"'Synth&#232;se (2)'!A1\"" in review
    assert "location=\"'Ventes'!A2\"" in review
    chart = etree.fromstring(part(target, "xl/charts/relance-chart1.xml").encode())
    formulas = {element.text for element in chart.iter("{*}f")}
    assert formulas == {"'Synthèse (2)'!$A$2:$A$3", "'Synthèse (2)'!$B$2:$B$3", "'Synthèse (2)'!B1"}
    names = part(target, "xl/workbook.xml")
    assert '<definedName name="_xlnm.Print_Titles" localSheetId="3">\'Revue (2)\'!$1:$1</definedName>' in names


def test_one_tab_alone_is_selected(made: Made, addition: Path) -> None:
    """Two selected tabs are a group, and what is typed on the review would go into the ledger: only the review's is selected."""
    views = '<sheetViews><sheetView tabSelected="1" showGridLines="0" workbookViewId="0"/></sheetViews>'
    target = grafted(made(views + SHEET.replace('<dimension ref="A1:B3"/>', "")), addition)
    assert 'sheetView tabSelected="0" showGridLines="0"' in part(target, "xl/worksheets/ledger.xml")
    assert 'tabSelected="1"' in part(target, "xl/worksheets/relance-sheet1.xml")
    assert "tabSelected" not in part(target, "xl/worksheets/relance-sheet2.xml")
    assert 'activeTab="1"' in part(target, "xl/workbook.xml")


def test_grafting_twice_takes_other_part_names(made: Made, addition: Path) -> None:
    """Last week's annotated workbook as this week's ledger: nothing of it is overwritten, ours come beside it."""
    once = grafted(made(SHEET), addition)
    twice = once.with_name("twice.xlsx")
    names = graft(
        once, twice, sheet="Ventes", header_row=1, last_row=3, annotation=OURS, addition=addition, active="Synthèse"
    )
    assert names == ("Revue (2)", "Synthèse (2)")
    assert load_workbook(twice)["Ventes"]["F2"].value == "FA-1"
    with zipfile.ZipFile(twice) as archive:
        assert {"xl/charts/relance-chart1.xml", "xl/charts/relance2-chart1.xml"} <= set(archive.namelist())


def test_formulas_are_computed_at_opening_only_when_ours_have_any(made: Made, addition: Path, tmp_path: Path) -> None:
    """Added formulas have no values yet, so opening computes them; without any the user's own figures are left as they are."""
    assert "fullCalcOnLoad" not in part(grafted(made(SHEET), addition), "xl/workbook.xml")
    book = Workbook()
    book.worksheets[0].title = "Revue"
    book.worksheets[0]["A1"] = "=1+1"
    book.save(tmp_path / "formula.xlsx")
    assert 'fullCalcOnLoad="1"' in part(grafted(made(SHEET), tmp_path / "formula.xlsx"), "xl/workbook.xml")


def test_macros_survive(made: Made, addition: Path) -> None:
    """A macro workbook keeps its code and its kind."""
    types = part(made(SHEET), "[Content_Types].xml").replace(
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
        "application/vnd.ms-excel.sheet.macroEnabled.main+xml",
    )
    source = made(SHEET, parts={"[Content_Types].xml": types, "xl/vbaProject.bin": b"\xd0\xcf macro"}, name="m.xlsm")
    target = grafted(source, addition)
    with zipfile.ZipFile(target) as archive:
        assert archive.read("xl/vbaProject.bin") == b"\xd0\xcf macro"
        assert b"macroEnabled.main+xml" in archive.read("[Content_Types].xml")


def test_nothing_is_left_when_writing_fails(made: Made, addition: Path) -> None:
    """A failure half-way leaves the target as it was and no file beside it."""
    source = made(SHEET)
    target = source.with_name("result.xlsx")
    target.write_bytes(b"last week's")
    broken = Annotation(("Clé",), (30.0,), ("text",), {2: ("a", "one too many")})
    with pytest.raises(ValueError, match="zip"):
        graft(
            source,
            target,
            sheet="Ventes",
            header_row=1,
            last_row=3,
            annotation=broken,
            addition=addition,
            active="Revue",
        )
    assert target.read_bytes() == b"last week's"
    assert sorted(path.name for path in source.parent.iterdir()) == ["addition.xlsx", "ledger.xlsx", "result.xlsx"]


@given(st.text())
def test_any_text_becomes_well_formed_xml(text: str) -> None:
    """Whatever a stranger typed reads back as the same text without the signs that XML cannot hold."""
    read = etree.fromstring(f"<t>{clean(text)}</t>".encode()).text or ""
    illegal = {chr(code) for code in range(32)} - {"\t", "\n", "\r"} | {"\ufffe", "\uffff"}
    expected = "".join(sign for sign in text if sign not in illegal and not "\ud800" <= sign <= "\udfff")
    # A spreadsheet reads _x005F_ before x0041_ as the underscore that was typed.
    assert re.sub(r"_x005F_(?=x[0-9A-Fa-f]{4}_)", "_", read) == expected


@given(st.integers(1, 16_384))
def test_column_letters_and_numbers_are_inverse(column: int) -> None:
    """Every column has letters that lead back to it."""
    assert column_number(letters(column)) == column


def test_cells_are_named_as_spreadsheets_do() -> None:
    """A, Z, AA, XFD; one cell and ranges, with or without dollars; whole columns are no box."""
    assert [letters(column) for column in (1, 26, 27, 16_384)] == ["A", "Z", "AA", "XFD"]
    assert Box.parse("$B$5:H90") == Box(2, 5, 8, 90)
    assert str(Box(2, 5, 2, 5)) == "B5"
    assert Box.parse("A:C") is None


def test_days_are_counted_as_the_workbook_counts() -> None:
    """1 March 1900 is day 61 (Excel's calendar has a 29 February 1900); 2 January 1904 is day 1 of the 1904 calendar."""
    assert serial(dt.date(1900, 3, 1)) == 61
    assert serial(dt.date(1900, 2, 28)) is None
    assert serial(dt.date(1904, 1, 2), date1904=True) == 1
    assert serial(dt.datetime(2026, 1, 1, 12, 0)) == serial(dt.date(2026, 1, 1)) + 0.5  # type: ignore[operator]


def test_unique_names_stay_within_31_characters() -> None:
    """A long name is cut to make room for its number; names differ whatever the case."""
    long = "Récapitulatif des relances 2026"
    assert len(long) == 31
    assert unique_names([long, "A"], [long.upper(), "a", "A (2)"]) == ("Récapitulatif des relances  (2)", "A (3)")


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("Revue!A1+1", "'Revue (2)'!A1+1"),
        ("SUM('Revue'!A1:A9)", "SUM('Revue (2)'!A1:A9)"),
        ("'d''or'!A1", "'d''or (2)'!A1"),
        ("MaRevue!A1", "MaRevue!A1"),
        ("'Ma Revue'!A1", "'Ma Revue'!A1"),
        ("[1]Revue!A1", "[1]Revue!A1"),
        ('HYPERLINK("#Revue!A1")', "HYPERLINK(\"#'Revue (2)'!A1\")"),
    ],
)
def test_references_follow_a_renamed_sheet(formula: str, expected: str) -> None:
    """Quoted or not, but only the very sheet: not one whose name ends alike, not one of another workbook."""
    assert Renaming({"Revue": "Revue (2)", "d'or": "d'or (2)", "Autre": "Autre"}).text(formula) == expected
