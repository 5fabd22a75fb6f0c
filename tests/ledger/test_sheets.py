"""Files on disk → sheets of cells, or a refusal by name."""

import io
import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook

from batch.core.problem import RelanceError
from batch.ledger import open_book
from tests.ledger.kit import day, write_csv, write_xlsx


def refusal(path: Path) -> str:
    """Return the code with which a file is refused."""
    with pytest.raises(RelanceError) as refused:
        open_book(path)
    return refused.value.code


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
def test_encoding_and_separator_of_a_csv_are_found(tmp_path: Path, encoding: str, separator: str) -> None:
    """Whatever a program writes, the same cells come out."""
    text = "Client;Échéance;Solde\nÉlan et Fils;30/11/2026;120\nNoël SA;15/12/2026;80".replace(";", separator)
    assert open_book(write_csv(tmp_path, text, encoding)).sheets[0].rows == [
        ["Client", "Échéance", "Solde"],
        ["Élan et Fils", "30/11/2026", "120"],
        ["Noël SA", "15/12/2026", "80"],
    ]


def test_decimal_commas_do_not_pass_for_separators(tmp_path: Path) -> None:
    """A semicolon file full of decimal commas is cut at its semicolons."""
    path = write_csv(tmp_path, "Client;Montant;Solde\nDurand;1,50;1,50\nPetit;2,50;2,50")
    assert open_book(path).sheets[0].rows[1] == ["Durand", "1,50", "1,50"]


def test_an_announced_separator_wins_and_rows_keep_their_numbers(tmp_path: Path) -> None:
    """`sep=,` is row 1; a quoted line break does not start a new row; short rows are padded."""
    path = write_csv(tmp_path, 'sep=,\nClient,Note\n"Durand","deux\nlignes"\nPetit')
    assert open_book(path).sheets[0].rows == [
        ["sep=", ""],
        ["Client", "Note"],
        ["Durand", "deux\nlignes"],
        ["Petit", ""],
    ]


def test_a_workbook_keeps_row_numbers_types_and_hidden_sheets(tmp_path: Path) -> None:
    """Row n of the file is rows[n - 1], also below empty rows; texts stay texts, days are days."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Ouvert"
    sheet["B3"], sheet["C3"], sheet["D3"] = "00042", 12.5, day("2026-11-20")
    book.create_sheet("Calculs").sheet_state = "hidden"
    book.save(tmp_path / "ledger.xlsx")
    found = open_book(tmp_path / "ledger.xlsx")
    assert (found.kind, found.file, len(found.sha256)) == ("xlsx", "ledger.xlsx", 64)
    assert [(each.name, each.hidden) for each in found.sheets] == [("Ouvert", False), ("Calculs", True)]
    assert found.sheets[0].rows == [["", "", "", ""], ["", "", "", ""], ["", "00042", 12.5, day("2026-11-20")]]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "EMPTY-FILE"),
        (b"\xef\xbb\xbf\r\n", "EMPTY-FILE"),
        (b"%PDF-1.7 invoice", "NOT-A-WORKBOOK"),
        (bytes(range(256)), "NOT-A-WORKBOOK"),
        (b"<?xml version='1.0'?><office:document/>", "FORMAT-LATER"),
        (b"ID;PWXL;N;E\r\nC;Y1;X1;K1\r\n", "FORMAT-LATER"),
        (b"\x09\x04\x06\x00\x00\x00\x10\x00", "FORMAT-LATER"),
        (b"MIME-Version: 1.0\r\nContent-Type: multipart/related\r\n", "FORMAT-LATER"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 Workbook", "WORKBOOK-DAMAGED"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le"), "NOT-A-WORKBOOK"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "ENCRYPTED"),
        (b"PK\x03\x04 cut off", "WORKBOOK-DAMAGED"),
        (b'Client;Note\n"' + b"x" * 200_000, "TEXT-DAMAGED"),
    ],
)
def test_what_is_no_ledger_is_refused_by_its_content(tmp_path: Path, content: bytes, code: str) -> None:
    """The name ends in xlsx each time: the content decides."""
    path = tmp_path / "ledger.xlsx"
    path.write_bytes(content)
    assert refusal(path) == code


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    """Neither is a traceback."""
    assert refusal(tmp_path / "none.xlsx") == "FILE-MISSING"
    assert refusal(tmp_path) == "FILE-UNREADABLE"


@pytest.mark.parametrize(
    ("part", "code"),
    [
        ("content.xml", "WORKBOOK-DAMAGED"),
        ("xl/workbook.bin", "WORKBOOK-DAMAGED"),
        ("word/document.xml", "NOT-A-WORKBOOK"),
        ("Index/Document.iwa", "FORMAT-LATER"),
        ("readme.txt", "NOT-A-WORKBOOK"),
        ("xl/workbook.xml", "WORKBOOK-DAMAGED"),
    ],
)
def test_zips_of_other_kinds_are_refused(tmp_path: Path, part: str, code: str) -> None:
    """Documents, any zip, and workbooks whose parts make no sense."""
    path = tmp_path / "ledger.xlsx"
    with zipfile.ZipFile(path, "w") as package:
        package.writestr(part, "<nothing/>")
    assert refusal(path) == code


def test_two_cells_at_the_far_corners_are_refused_before_reading(tmp_path: Path) -> None:
    """A few kilobytes that would unfold to 17 thousand million cells."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet["A1"], sheet["XFD1048576"] = "Client", 1
    book.save(tmp_path / "ledger.xlsx")
    assert refusal(tmp_path / "ledger.xlsx") == "TOO-LARGE"


def test_a_dimension_that_lies_does_not_help(tmp_path: Path) -> None:
    """The cells themselves are looked at, not what the sheet says of itself."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet["A1"], sheet["XFD1048576"] = "Client", 1
    made = io.BytesIO()
    book.save(made)
    with zipfile.ZipFile(made) as before, zipfile.ZipFile(tmp_path / "ledger.xlsx", "w") as after:
        for name in before.namelist():
            after.writestr(name, before.read(name).replace(b'ref="A1:XFD1048576"', b'ref="A1:B2"'))
    assert refusal(tmp_path / "ledger.xlsx") == "TOO-LARGE"


def test_a_long_narrow_and_a_short_wide_sheet_are_read(tmp_path: Path) -> None:
    """The limit is on the rectangle: 16,384 columns of one row are no danger."""
    wide = write_xlsx(tmp_path, {"Large": [["x"] * 16_384]})
    assert len(open_book(wide).sheets[0].rows[0]) == 16_384
