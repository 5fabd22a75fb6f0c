"""Ledgers that are no xlsx: a csv becomes one and takes the same way; an xlsm keeps its macros."""

import datetime as dt
import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from tests.jobs.desk import DAY, HEADINGS, Desk, bodies, by_account, ledger
from tests.ledger import old_files

MACROS = bytes(range(256)) * 8
LINES = (
    "411ALDER;Aulne SARL;compta@aulne.example;01 23 45 67 89;FA-101;30/09/2026;30/10/2026;1 200,00;1 000,00;;EUR;acompte reçu",
    "411ALDER;Aulne SARL;compta@aulne.example;01 23 45 67 89;FA-009;05/01/2026;04/02/2026;99,00;0,00;04/02/2026;EUR;",
    "411BIRCH;Bouleau SAS;compta@bouleau.example;;000102;25/10/2026;20/11/2026;300,00;300,00;;EUR;",
    "411CEDAR;Cèdre SA;compta@cedre.example;;FA-103;01/09/2026;01/10/2026;12 080,50;12 080,50;;EUR;",
)


def test_a_csv_comes_back_as_a_workbook_that_can_be_sent(empty_desk: Desk) -> None:
    """The figures of the sheet are those of the csv, typed as numbers and days; the approved mails leave with them."""
    desk = empty_desk
    path = ledger(desk.folder, *LINES, name="clients novembre.csv")
    assert desk.relance("run", path, "--as-of", DAY, "-q").code == 0
    workbook = desk.workbook(name="clients novembre-annotated.xlsx")
    sheet = load_workbook(workbook)["clients novembre"]
    rows = {row[4]: row for row in sheet.iter_rows(min_row=2, max_row=5, max_col=12, values_only=True)}
    assert list(rows) == ["FA-101", "FA-009", "000102", "FA-103"]
    assert rows["FA-101"][5:9] == (dt.datetime(2026, 9, 30), dt.datetime(2026, 10, 30), 1200, 1000)
    assert rows["FA-103"][7:9] == (12080.5, 12080.5)
    assert rows["FA-009"][9] == dt.datetime(2026, 2, 4)
    assert desk.plan()["ledger"]["total_open"] == {"EUR": "13380.50"}
    said = desk.relance("send", workbook, "--as-of", DAY, "--json")
    assert {mail["debtor_id"]: mail["outcome"] for mail in said.document["mails"] if mail["outcome"] == "sent"} == {
        "411ALDER": "sent", "411CEDAR": "sent",
    }  # fmt: skip
    assert path.read_text(encoding="utf-8-sig").splitlines()[1] == LINES[0]
    for body in bodies(desk.mails()["compta@cedre.example"]):
        assert "12 080,50 €" in body


@pytest.mark.parametrize("kind", ["xls", "ods", "html"])
def test_an_old_workbook_comes_back_as_a_new_one(empty_desk: Desk, kind: str) -> None:
    """The sheet that holds the ledger, under its own name, becomes an xlsx with the same figures; its mails can be sent."""
    lines: list[list[old_files.Value]] = [["Export"], [], [*HEADINGS.split(";")]]
    for number, due, owed in (("000101", dt.date(2026, 10, 30), 1000.5), ("FA-2", dt.date(2026, 12, 30), 20)):
        mail = "compta@aulne.example"
        lines.append(
            ["411ALDER", "Aulne SARL", mail, "", number, dt.date(2026, 9, 30), due, 1200, owed, None, "EUR", "é"]
        )
    path = empty_desk.folder / f"clients.{kind}"
    if kind == "html":
        path = old_files.write_html(path.with_suffix(".xls"), lines)
    else:
        write = {"xls": old_files.write_xls, "ods": old_files.write_ods}[kind]
        write(path, {"Lisez-moi": [["Bonjour"]], "Clients ouverts": lines})
    assert empty_desk.relance("run", path, "--as-of", DAY, "-q").code == 0
    workbook = empty_desk.workbook(name="clients-annotated.xlsx")
    sheet = load_workbook(workbook)["clients" if kind == "html" else "Clients ouverts"]
    rows = [row[4:9] for row in sheet.iter_rows(min_row=4, max_row=5, max_col=12, values_only=True)]
    assert rows == [
        ("000101", dt.datetime(2026, 9, 30), dt.datetime(2026, 10, 30), 1200, 1000.5),
        ("FA-2", dt.datetime(2026, 9, 30), dt.datetime(2026, 12, 30), 1200, 20),
    ]
    assert empty_desk.plan()["ledger"]["total_open"] == {"EUR": "1020.50"}
    said = empty_desk.relance("send", workbook, "--as-of", DAY, "--dry-run", "--json")
    assert [mail["outcome"] for mail in said.document["mails"]] == ["ready"]


def test_the_name_follows_the_content(empty_desk: Desk) -> None:
    """A csv named .xlsm comes back as an xlsx: a spreadsheet program would not open it under the other name."""
    path = ledger(empty_desk.folder, *LINES, name="clients.xlsm")
    assert empty_desk.relance("run", path, "--as-of", DAY, "-q").code == 0
    assert load_workbook(empty_desk.workbook(name="clients-annotated.xlsx")).sheetnames[0] == "clients"


@pytest.fixture
def xlsm(empty_desk: Desk) -> Path:
    """Return a workbook with macros (their bytes are not looked at by anybody here) and a ledger of two lines."""
    made = Workbook()
    sheet = made.worksheets[0]
    sheet.title = "Clients"
    sheet.append(HEADINGS.split(";"))
    for number, due in (("FA-1", dt.date(2026, 10, 30)), ("FA-2", dt.date(2026, 12, 30))):
        sheet.append(
            [
                "411ALDER",
                "Aulne SARL",
                "compta@aulne.example",
                "",
                number,
                dt.date(2026, 9, 30),
                due,
                1200,
                1000,
                None,
                "EUR",
                "",
            ]
        )
    plain, path = empty_desk.folder / "plain.xlsx", empty_desk.folder / "clients.xlsm"
    made.save(plain)
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "[Content_Types].xml":
                content = content.replace(
                    b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
                    b"application/vnd.ms-excel.sheet.macroEnabled.main+xml",
                ).replace(
                    b"</Types>",
                    b'<Override PartName="/xl/vbaProject.bin" ContentType="application/vnd.ms-office.vbaProject"/></Types>',
                )
            if name == "xl/_rels/workbook.xml.rels":
                content = content.replace(
                    b"</Relationships>",
                    b'<Relationship Id="rIdMacros" Type="http://schemas.microsoft.com/office/2006/relationships/vbaProject" '
                    b'Target="vbaProject.bin"/></Relationships>',
                )
            target.writestr(name, content)
        target.writestr("xl/vbaProject.bin", MACROS)
    plain.unlink()
    return path


def test_an_xlsm_keeps_its_macros(empty_desk: Desk, xlsm: Path) -> None:
    """The annotated file is an xlsm with the very bytes of the macros, and it can be sent."""
    assert empty_desk.relance("run", xlsm, "--as-of", DAY, "-q").code == 0
    workbook = empty_desk.workbook(name="clients-annotated.xlsm")
    with zipfile.ZipFile(workbook) as archive:
        assert archive.read("xl/vbaProject.bin") == MACROS
        assert b"macroEnabled.main+xml" in archive.read("[Content_Types].xml")
        assert b"vbaProject.bin" in archive.read("xl/_rels/workbook.xml.rels")
    assert by_account(empty_desk.plan())["411ALDER", "EUR"]["items"] == ["FA-1"]
    said = empty_desk.relance("send", workbook, "--as-of", DAY, "--dry-run", "--json")
    assert [mail["outcome"] for mail in said.document["mails"]] == ["ready"]
