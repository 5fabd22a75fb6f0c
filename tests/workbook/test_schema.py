"""The inspection of workbooks finds what is wrong with one: each fault, made on purpose, is named."""

import zipfile
from pathlib import Path

import pytest

from tests.workbook.corpus.specimens import specimen
from tests.workbook.keeping import losses
from tests.workbook.schema.contents import faults

SHEET, BOOK, STYLES, TABLE = "xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml", "xl/tables/table1.xml"
TYPES, RELATIONS = "[Content_Types].xml", "xl/_rels/workbook.xml.rels"


def altered(source: Path, part: str, old: str, new: str) -> Path:
    """Return a copy of a workbook with one part altered."""
    target = source.with_name(f"altered{source.suffix}")
    with zipfile.ZipFile(source) as before, zipfile.ZipFile(target, "w") as after:
        for name in before.namelist():
            text = before.read(name)
            assert name != part or old.encode() in text
            after.writestr(name, text.replace(old.encode(), new.encode(), 1) if name == part else text)
    return target


@pytest.mark.parametrize(
    ("part", "old", "new", "expected"),
    [
        (SHEET, "<sheetFormatPr ", '<mergeCells count="0"/><sheetFormatPr ', "children of worksheet out of order"),
        (SHEET, '<row r="3"', '<row r="2"', "row 2 after 2"),
        (SHEET, '<c r="B2"', '<c r="A2"', "cell A2 in row 2 after column 1"),
        (SHEET, 's="3"', 's="4"', "cell D2 in format 4 of 4"),
        (SHEET, 'ref="A1:D5"', 'ref="A1:C5"', "cell D1 outside A1:C5"),
        (SHEET, 'mc:Ignorable="x14ac', 'mc:Ignorable="x99 x14ac', "ignorable prefix x99 is not declared"),
        (SHEET, 'tablePart r:id="rId1"', 'tablePart r:id="rId9"', "tablePart refers to rId9, which is no relationship"),
        (BOOK, "<bookViews>", "<calcPr/><bookViews>", "children of workbook out of order"),
        (BOOK, 'activeTab="0"', 'activeTab="3"', "opens on sheet 3"),
        (STYLES, '<cellXfs count="4">', '<cellXfs count="5">', "cellXfs counts 5 but holds 4"),
        (STYLES, '<xf numFmtId="164"', '<xf numFmtId="199"', "number format 199 is not there"),
        (STYLES, 'fontId="1" fillId="2" borderId="0" xfId="1"', 'fontId="7" fillId="2" borderId="0" xfId="1"', "fontId 7 of 2"),
        (TABLE, 'name="Client"', 'name="Pièce"', "column name pièce 2 times"),
        (TABLE, 'name="Client"', 'name="Clients"', "column Clients is headed 'Client'"),
        (TABLE, 'ref="A1:D5"', 'ref="A1:E5"', "4 columns in A1:E5"),
        (TYPES, "/xl/styles.xml", "/xl/style.xml", "content types: no part /xl/style.xml"),
        (RELATIONS, "/xl/styles.xml", "/xl/style.xml", "leads to xl/style.xml, which is missing"),
        (RELATIONS, 'Id="rId2"', 'Id="rId1"', "id rId1 2 times"),
    ],
)  # fmt: skip
def test_each_fault_is_named(tmp_path: Path, part: str, old: str, new: str, expected: str) -> None:
    """A sound workbook with one thing wrong is found to have that thing wrong."""
    source = specimen(tmp_path, "table")
    assert faults(source) == []
    assert any(expected in fault for fault in faults(altered(source, part, old, new)))


@pytest.mark.parametrize(
    ("part", "old", "new"),
    [
        (SHEET, "<v>301.5</v>", "<v>301.4</v>"),
        (SHEET, '<c r="B3"', '<c r="BB3"'),
        (STYLES, "<b/>", ""),
        (STYLES, '<color rgb="FF7030A0"/></mruColors>', "</mruColors>"),
        (TABLE, 'totalsRowFunction="sum"', ""),
        ("xl/_rels/workbook.xml.rels", 'Id="rId1"', 'Id="rId7"'),
        ("_rels/.rels", 'Id="rId1"', 'Id="rId7"'),
    ],
)
def test_each_loss_is_found(tmp_path: Path, part: str, old: str, new: str) -> None:
    """A value, a reference, a format, a colour, a total, a relationship: none can go unnoticed."""
    source = specimen(tmp_path, "table")
    assert losses(source, source, range(5, 6)) == []
    assert len(losses(source, altered(source, part, old, new), range(5, 6))) == 1
