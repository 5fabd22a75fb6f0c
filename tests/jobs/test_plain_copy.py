"""`relance run` on workbooks into which nothing can be grafted: a plain copy of all sheets, and why, said in every place."""

import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from tests.jobs.desk import DAY, HEADINGS, Desk
from tests.ledger import old_files
from tests.workbook.schema.contents import faults

LINE: list[old_files.Value] = [
    "411ALDER",
    "Aulne SARL",
    "compta@aulne.example",
    "",
    "FA-1",
    "30/09/2026",
    "30/10/2026",
    1200,
    1200,
    "",
    "EUR",
    "",
]
NOTES: list[list[str | float | None]] = [["À rappeler", 3.5], ["=1+1", None]]
SIGNATURE = (
    '<Relationship Id="s" Type="http://schemas.openxmlformats.org/package/2006/relationships/digital-signature/origin" '
    'Target="_xmlsignatures/origin.sigs"/></Relationships>'
)
STRICT = ("http://schemas.openxmlformats.org/spreadsheetml/2006/main", "http://purl.oclc.org/ooxml/spreadsheetml/main")


def workbook(folder: Path, alter: dict[str, tuple[str, str]]) -> Path:
    """Return a workbook with notes beside the ledger, of whose parts some are altered."""
    book = Workbook()
    book.worksheets[0].title = "Clients"
    book.worksheets[0].append(HEADINGS.split(";"))
    book.worksheets[0].append(LINE)
    notes = book.create_sheet("Notes")
    for at, row in enumerate(NOTES, 1):
        for column, value in enumerate(row, 1):
            notes.cell(at, column, value).data_type = "n" if isinstance(value, float) else "s"
    book.save(folder / "made.xlsx")
    with zipfile.ZipFile(folder / "made.xlsx") as old, zipfile.ZipFile(folder / "clients.xlsx", "w") as new:
        for name in old.namelist():
            text = old.read(name).decode()
            for part, (before, after) in alter.items():
                text = text.replace(before, after) if name == part else text
            new.writestr(name, text)
    (folder / "made.xlsx").unlink()
    return folder / "clients.xlsx"


def said_in_all_places(desk: Desk, path: Path, *codes: str) -> Path:
    """Run; the codes stand on the terminal, in the plan and on the Problems sheet; return the workbook, which keeps to the schema."""
    said = desk.relance("run", path, "--as-of", DAY, "--json")
    assert said.code == 0
    result = desk.workbook(name="clients-annotated.xlsx")
    shown = " ".join(str(cell.value) for row in load_workbook(result)["Problèmes"].iter_rows() for cell in row)
    listed = [problem for problem in desk.plan()["problems"] if problem["code"] in codes]
    assert [problem["code"] for problem in listed] == list(codes)
    for problem in listed:
        assert problem["message"] in shown
        assert problem["code"] in said.out
    assert faults(result) == []
    return result


@pytest.mark.parametrize(
    ("code", "alter"),
    [
        ("GRAFT-SIGNED", {"_rels/.rels": ("</Relationships>", SIGNATURE)}),
        ("GRAFT-STRICT", {"xl/worksheets/sheet1.xml": STRICT}),
        ("GRAFT-NO-ROOM", {"xl/worksheets/sheet1.xml": ("</sheetData>", '<row r="9"><c r="XFC9"/></row></sheetData>')}),
    ],
)
def test_a_workbook_that_cannot_be_grafted(empty_desk: Desk, code: str, alter: dict[str, tuple[str, str]]) -> None:
    """Signed, strict or formatted to its last column: all its sheets come back as values, and the reason is said."""
    source = workbook(empty_desk.folder, alter)
    before = source.read_bytes()
    book = load_workbook(said_in_all_places(empty_desk, source, code, "WORKBOOK-PLAIN"))
    assert book.sheetnames[:2] == ["Clients", "Notes"]
    assert [[cell.value for cell in row] for row in book["Notes"].iter_rows()] == NOTES
    assert book["Notes"]["A2"].data_type == "s"
    assert source.read_bytes() == before


@pytest.mark.parametrize("kind", ["xls", "ods"])
def test_the_other_sheets_of_an_old_workbook(empty_desk: Desk, kind: str) -> None:
    """An xls or ods with several sheets: all of them come back in their order, as values, and that is said."""
    write = {"xls": old_files.write_xls, "ods": old_files.write_ods}[kind]
    path = empty_desk.folder / f"clients.{kind}"
    write(path, {"Notes": [["À rappeler", 3.5]], "Clients": [[*HEADINGS.split(";")], LINE], "Fin": [["z"]]})
    book = load_workbook(said_in_all_places(empty_desk, path, "WORKBOOK-VALUES"))
    assert book.sheetnames[:3] == ["Notes", "Clients", "Fin"]
    assert [cell.value for cell in book["Notes"][1]] == ["À rappeler", 3.5]
    assert book["Clients"]["N1"].value


def test_a_csv_too_wide_for_any_sheet(empty_desk: Desk) -> None:
    """No column is left for ours: refused under the name of the user's file, and nothing is written."""
    extra = 16_384 - len(HEADINGS.split(";"))
    headings = ";".join([HEADINGS, *(f"Libre {n}" for n in range(extra))])
    line = ";".join([*map(str, LINE), *("a" * extra)])
    path = empty_desk.folder / "large.csv"
    path.write_text(f"{headings}\n{line}\n", encoding="utf-8")
    said = empty_desk.relance("run", path, "--as-of", DAY)
    assert (said.code, said.err.split("\n")[0].strip()) == (1, "GRAFT-NO-ROOM  large.csv")
    assert not empty_desk.workbook(name="large-annotated.xlsx").exists()


def test_a_csv_has_nothing_to_miss(empty_desk: Desk) -> None:
    """A csv is values and nothing else: nothing is said of it."""
    path = empty_desk.folder / "clients.csv"
    path.write_text(f"{HEADINGS}\n{';'.join(map(str, LINE))}\n", encoding="utf-8")
    assert empty_desk.relance("run", path, "--as-of", DAY, "-q").code == 0
    assert [problem["code"] for problem in empty_desk.plan()["problems"] if "WORKBOOK" in problem["code"]] == []
