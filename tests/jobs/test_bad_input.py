"""Bad input: one clear message with a remedy on standard error, exit code 1, nothing written, never a traceback."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook

from batch.journal import Journal
from tests.jobs.desk import COMPANY, DAY, HEADINGS, ROOT, Desk, Said, ledger

LINE = "411ALDER;Aulne SARL;compta@aulne.example;;FA-101;30/09/2026;30/10/2026;1200,00;1000,00;;EUR;"
# The first bytes of a png: its signature and the head of its first chunk.
PICTURE = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00"
HOLD = """
import sys
from batch.journal import Journal
with Journal.open(sys.argv[1], sys.argv[2]) as journal, journal.exclusive():
    print("held", flush=True)
    sys.stdin.read()
"""


def refused(said: Said, code: str, *names: str) -> None:
    """Check the form of a refusal: code, place and message on the first line, a remedy below, nothing on standard output."""
    assert (said.code, said.out) == (1, "")
    first, *rest = said.err.splitlines()
    assert first.startswith(f"{code}  "), said.err
    assert [name for name in names if name not in said.err] == []
    assert len("".join(rest).strip()) >= 20, "a remedy"
    assert [line for line in rest if not line.startswith("  ")] == []
    assert [word for word in ("Traceback", "BUG", "{", "None") if word in said.err] == []


def _nothing(path: Path) -> None:
    """Leave the file missing."""


def _no_table(path: Path) -> None:
    book = Workbook()
    book.worksheets[0].append(["Bonjour", "voici", "mes notes"])
    book.save(path)


def _columns(*without: str) -> Callable[[Path], None]:
    kept = [at for at, heading in enumerate(HEADINGS.split(";")) if heading not in without]

    def write(path: Path) -> None:
        rows = [[row.split(";")[at] for at in kept] for row in (HEADINGS, LINE)]
        path.write_text("\n".join(";".join(row) for row in rows), encoding="utf-8")

    return write


def _cells(*pairs: tuple[str, str]) -> Callable[[Path], object]:
    line = LINE
    for old, new in pairs:
        line = line.replace(old, new)
    return lambda path: path.write_text(f"{HEADINGS}\n{line}\n{line}\n", encoding="utf-8")


BAD = {
    "missing": ("nowhere.xlsx", _nothing, "FILE-MISSING"),
    "a folder": ("folder.xlsx", lambda path: path.mkdir(), "FILE-UNREADABLE"),
    "empty": ("empty.xlsx", lambda path: path.write_bytes(b""), "EMPTY-FILE"),
    "empty csv": ("empty.csv", lambda path: path.write_bytes(b""), "EMPTY-FILE"),
    "text as xlsx": ("letter.xlsx", lambda path: path.write_text("Cher client, merci.\n", encoding="utf-8"), "NO-TABLE"),
    "picture as xlsx": ("photo.xlsx", lambda path: path.write_bytes(PICTURE), "NOT-A-WORKBOOK"),
    "half a zip": ("cut.xlsx", lambda path: path.write_bytes(b"PK\x03\x04" + bytes(60)), "WORKBOOK-DAMAGED"),
    "no table": ("notes.xlsx", _no_table, "NO-TABLE"),
    "no customer": ("a.csv", _columns("Compte client", "Client"), "COLUMN-MISSING"),
    "no amount": ("b.csv", _columns("Montant TTC", "Solde dû"), "COLUMN-MISSING"),
    "amounts unreadable": ("d.csv", _cells(("1000,00", "mille"), ("1200,00", "mille deux")), "NOTHING-READABLE"),
    "dates unreadable": ("e.csv", _cells(("30/09/2026", "fin sept"), ("30/10/2026", "fin oct")), "NOTHING-READABLE"),
    "no date": ("c.csv", _columns("Date facture", "Date d'échéance", "Date de règlement"), "COLUMN-MISSING"),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_ledgers(empty_desk: Desk, case: str) -> None:
    """What is no ledger is refused by its name, and the folder stays as it was."""
    name, make, code = BAD[case]
    make(empty_desk.folder / name)
    before = empty_desk.listing()
    refused(empty_desk.relance("run", name, "--as-of", DAY), code, name)
    assert empty_desk.listing() == before


def test_a_process_says_the_same(empty_desk: Desk) -> None:
    """As a process: standard error, exit code 1, and not a file more."""
    (empty_desk.folder / "letter.xlsx").write_text("Cher client, merci.\n", encoding="utf-8")
    before = empty_desk.listing()
    refused(empty_desk.process("run", "letter.xlsx", "--as-of", DAY), "NO-TABLE", "letter.xlsx")
    assert empty_desk.listing() == before


@pytest.mark.parametrize("out", ["taken", "taken/below", "relance.toml/out"])
def test_output_folders(empty_desk: Desk, out: str) -> None:
    """A file stands where the output folder, or a folder above it, should be."""
    path = ledger(empty_desk.folder, LINE)
    (empty_desk.folder / "taken").write_text("", encoding="utf-8")
    before = empty_desk.listing()
    refused(
        empty_desk.relance("run", path, "--as-of", DAY, "--out", out), "OUTPUT-FOLDER", out.split("/", maxsplit=1)[0]
    )
    assert empty_desk.listing() == before


def test_a_folder_where_the_workbook_should_stand(empty_desk: Desk) -> None:
    """One of the new files cannot take its place: none of them does, those of the run before stay, and nothing is left beside."""
    path = ledger(empty_desk.folder, LINE)
    assert empty_desk.relance("run", path, "--as-of", DAY, "--out", "out", "-q").code == 0
    ledger(empty_desk.folder, LINE.replace("1000,00", "999,00"))
    (empty_desk.folder / "out" / "preview.html").unlink()
    (empty_desk.folder / "out" / "preview.html" / "x").mkdir(parents=True)
    before = empty_desk.listing()
    refused(empty_desk.relance("run", path, "--as-of", DAY, "--out", "out"), "OUTPUT-FOLDER", "out")
    assert empty_desk.listing() == before


@pytest.mark.parametrize("content", [b"not a database at all", b"SQLite format 3\x00" + bytes(range(256)) * 8])
def test_a_damaged_journal(empty_desk: Desk, content: bytes) -> None:
    """A journal that cannot be read is named and left as it is; nothing is planned without it."""
    path = ledger(empty_desk.folder, LINE)
    (empty_desk.folder / "relance.db").write_bytes(content)
    before = empty_desk.listing()
    refused(empty_desk.relance("run", path, "--as-of", DAY), "JOURNAL-UNREADABLE", "relance.db")
    assert (empty_desk.folder / "relance.db").read_bytes() == content
    assert empty_desk.listing() == before


@pytest.mark.parametrize(
    ("written", "code", "names"),
    [
        ("[company\nname = 1", "SETTINGS-SYNTAX", ["relance.toml", "1"]),
        ('[company]\nnaem = "x"', "SETTINGS-KEY", ["naem", "company.name"]),
        ('[policy]\ngap_days = "seven"', "SETTINGS-VALUE", ["gap_days", "seven"]),
        ('[mail]\noutbox = "\xff"', "SETTINGS-UNREADABLE", ["relance.toml"]),
        ('[smtp]\nhost = "smtp.example"\npassword = "geheim"', "SETTINGS-SECRET", ["password"]),
    ],
)
def test_settings(empty_desk: Desk, written: str, code: str, names: list[str]) -> None:
    """Settings that are broken, unknown or wrong are refused with line or name and the nearest meaning; a password is not repeated."""
    path = ledger(empty_desk.folder, LINE)
    (empty_desk.folder / "relance.toml").write_bytes(written.encode("latin-1"))
    before = empty_desk.listing()
    said = empty_desk.relance("run", path, "--as-of", DAY)
    refused(said, code, *names)
    assert "geheim" not in said.err
    assert empty_desk.listing() == before


@pytest.mark.parametrize("verb", ["run", "send"])
def test_a_second_run_at_the_same_time(desk: Desk, verb: str) -> None:
    """Another process holds the journal: the second is refused at once, and works once the first has ended."""
    journal = desk.folder / "relance.db"
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(journal), COMPANY],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    before = desk.listing()
    subject = "sample_ledger.xlsx" if verb == "run" else desk.workbook()
    said = desk.relance(verb, subject, "--as-of", DAY)
    holder.communicate()
    refused(said, "JOURNAL-BUSY", "relance.db")
    assert (desk.listing(), desk.events()) == (before, [])
    with Journal.open(str(journal), COMPANY) as free, free.exclusive():
        assert free.is_empty()
