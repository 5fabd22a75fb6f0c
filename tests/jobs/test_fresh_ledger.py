"""`send --ledger`: what was paid or corrected since the review stays, and says what changed; the rest leaves as it was approved."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from batch.journal import Journal
from tests.jobs.desk import COMPANY, DAY, Desk, Said, ledger, review

LATER = "2026-11-30"  # a Monday, ten days after the run: its workbook is too old by itself
NAMES = ("ALDER", "BIRCH", "CEDAR", "ELM", "HAZEL", "IVY")


def line(name: str, number: str, still_open: str, due: str = "30/10/2026", paid_on: str = "", comment: str = "") -> str:
    """Return one line of the export."""
    return (
        f"411{name};{name.title()} SARL;compta@{name.lower()}.example;;{number};30/09/2026;{due};1200,00;{still_open};{paid_on};EUR;"
        f"{comment}"
    )


REVIEWED = [line(name, f"FA-{name}", "1000,00") for name in NAMES] + [line("BIRCH", "FA-B2", "80,00")]
FRESH = [
    line("ALDER", "FA-ALDER", "1000,00"),
    line("ALDER", "FA-NEW", "700,00", due="30/12/2026"),  # a new invoice leaves the approved text true
    line("BIRCH", "FA-BIRCH", "1000,00"),  # FA-B2 has gone: settled
    line("CEDAR", "FA-CEDAR", "400,00"),
    line("ELM", "FA-ELM", "1000,00"),
    line("ELM", "AV-1", "-100,00"),
    line("HAZEL", "FA-HAZEL", "1000,00", due="05/11/2026"),
]
WHAT = {
    "411BIRCH": ("paid-since", "FA-B2 réglée (80,00 €)"),
    "411CEDAR": ("paid-since", "FA-CEDAR : 1 000,00 € demandés, 400,00 € encore dus"),
    "411ELM": ("changed-since", "AV-1 : avoir ou règlement de -100,00 €"),
    "411HAZEL": ("changed-since", "FA-HAZEL (1 000,00 €) : échéance, nature ou devise corrigée"),
    "411IVY": ("paid-since", "FA-IVY réglée (1 000,00 €)"),
}


@pytest.fixture(scope="module")
def reviewed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Run the reviewed export once; nobody writes into this folder afterwards."""
    folder = tmp_path_factory.mktemp("fresh")
    (folder / "relance.toml").write_text(
        f'[company]\nname = "{COMPANY}"\nemail = "compta@atelier.example"\niban = "FR1420041010050500013M02606"\n[ledger]\nfresh_days = 0\n',
        encoding="utf-8",
    )
    assert Desk(folder).relance("run", ledger(folder, *REVIEWED), "--as-of", DAY, "-q").code == 0
    return folder


@pytest.fixture
def old_desk(reviewed: Path, tmp_path: Path) -> Desk:
    """Return a copy of that folder with a journal of its own."""
    folder = tmp_path / "desk"
    shutil.copytree(reviewed, folder)
    return Desk(folder, {"RELANCE_JOURNAL": str(folder / "relance.db")})


def book(desk: Desk) -> Path:
    """Return the workbook of the run."""
    return desk.workbook(name="ledger-annotated.xlsx")


def told(said: Said) -> dict[str, Any]:
    """Return the rows of a send by customer."""
    return {mail["debtor_id"]: mail for mail in said.document["mails"]}


def plain(text: str) -> str:
    """Return a text with single plain spaces."""
    return " ".join(text.split())


def test_what_changed_stays_and_the_rest_leaves(old_desk: Desk) -> None:
    """A workbook of ten days leaves with a fresh export: one mail of six; the others say by number and sum what changed."""
    desk = old_desk
    fresh = ledger(desk.folder, *FRESH, name="fresh.csv")
    refused = desk.relance("send", book(desk), "--as-of", LATER)
    assert (refused.code, refused.err.split()[0]) == (1, "WORKBOOK-OLD")
    assert "--ledger" in refused.err
    rehearsed = desk.relance("send", book(desk), "--ledger", fresh, "--as-of", LATER, "--dry-run", "--json")
    said = desk.relance("send", book(desk), "--ledger", fresh, "--as-of", LATER, "--json")
    assert (said.code, said.err) == (0, "")
    rows = told(said)
    assert {name for name, row in rows.items() if row["outcome"] == "sent"} == {"411ALDER"}
    assert list(desk.mails()) == ["compta@alder.example"]
    for name, (reason, what) in WHAT.items():
        assert rows[name]["reason"] == reason
        assert plain(what) in plain(rows[name]["sentence"])
    ready = {mail["debtor_id"] for mail in rehearsed.document["mails"] if mail["outcome"] == "ready"}
    assert ready == {"411ALDER"}
    with Journal.open(str(desk.folder / "relance.db"), COMPANY) as journal:
        snapshots = journal.snapshots()
    days = snapshots["as_of"].dt.strftime("%Y-%m-%d")
    open_by_day = {day: sorted(snapshots["open"][days == day].tolist()) for day in (DAY, LATER)}
    assert open_by_day[DAY] == sorted([100000] * 6 + [8000])
    assert open_by_day[LATER] == sorted([100000, 70000, 100000, 40000, 100000, -10000, 100000])
    again = desk.relance("send", book(desk), "--ledger", fresh, "--as-of", LATER, "--json")
    assert told(again)["411ALDER"]["reason"] == "already-sent"
    (desk.folder / "relance.toml").write_text(
        f'[company]\nname = "{COMPANY}"\nemail = "compta@atelier.example"\n[mail]\nworkbook_days = 30\n',
        encoding="utf-8",
    )
    overtaken = desk.relance("send", book(desk), "--as-of", LATER, "--config", desk.folder / "relance.toml")
    assert (overtaken.code, overtaken.err.split()[0]) == (1, "WORKBOOK-OVERTAKEN")


def test_a_full_export_says_what_is_paid(old_desk: Desk) -> None:
    """Where settled invoices stay in the export, a payment is read; what is missing is gone, and nobody says that it was paid."""
    desk = old_desk
    lines = [
        line("ALDER", "FA-ALDER", "1000,00"),
        line("CEDAR", "FA-CEDAR", "0,00", paid_on="24/11/2026"),
        line("HAZEL", "FA-HAZEL", "1000,00", comment="litige sur la livraison"),
    ]
    fresh = ledger(desk.folder, *lines, name="full.csv")
    said = desk.relance("send", book(desk), "--ledger", fresh, "--as-of", LATER, "--dry-run", "--json")
    rows = told(said)
    assert rows["411ALDER"]["outcome"] == "ready"
    assert (rows["411CEDAR"]["reason"], rows["411ELM"]["reason"]) == ("paid-since", "changed-since")
    assert "n'est plus dans l'export" in rows["411ELM"]["sentence"]
    assert rows["411HAZEL"]["reason"] == "changed-since"


@pytest.mark.parametrize(
    ("name", "lines", "code"),
    [
        ("other.csv", [line("OAK", "FA-OAK", "1000,00")], "FRESH-FOREIGN"),
        ("same.csv", REVIEWED, "FRESH-SAME"),
        ("older.csv", [one.replace("30/09/2026", "30/08/2026") for one in FRESH], "FRESH-OLDER"),
    ],
)
def test_another_export_is_refused(old_desk: Desk, name: str, lines: list[str], code: str) -> None:
    """Another company's invoices, the reviewed export itself, an earlier one: each is refused by name, and nothing is written."""
    desk = old_desk
    fresh = ledger(desk.folder, *lines, name=name)
    before = (desk.listing(), desk.events())
    said = desk.relance("send", book(desk), "--ledger", fresh, "--as-of", LATER)
    assert (said.code, said.out, said.err.split()[0]) == (1, "", code)
    assert name in said.err
    assert (desk.listing(), desk.events()) == before


def test_another_report_is_refused(old_desk: Desk) -> None:
    """An export without the due dates that the reviewed one had, and Relance's own workbook, are no later export of it."""
    desk = old_desk
    short = desk.folder / "short.csv"
    rows = ["Compte client;Client;N° facture;Date facture;Solde dû", "411ALDER;Alder SARL;FA-ALDER;30/09/2026;1000,00"]
    short.write_text("\n".join([*rows, ""]), encoding="utf-8-sig")
    said = desk.relance("send", book(desk), "--ledger", short, "--as-of", LATER)
    assert (said.code, said.err.split()[0]) == (1, "FRESH-FORMAT")
    assert "Date d'échéance" in said.err
    said = desk.relance("send", book(desk), "--ledger", book(desk), "--as-of", LATER)
    assert (said.code, said.err.split()[0]) == (1, "ALREADY-ANNOTATED")


def test_the_reviewed_address_is_kept(old_desk: Desk) -> None:
    """The fresh export has other addresses: the reviewed one is written to, and said; a typed one wins without a word."""
    desk = old_desk
    lines = [one.replace("compta@", "factures@") for one in [FRESH[0], line("BIRCH", "FA-BIRCH", "1000,00")]]
    fresh = ledger(desk.folder, *lines, line("BIRCH", "FA-B2", "80,00"), name="moved.csv")
    review(book(desk), {("411BIRCH", "EUR"): {"email_typed": "direction@birch.example"}})
    said = desk.relance("send", book(desk), "--ledger", fresh, "--as-of", LATER, "--json")
    rows = told(said)
    assert (rows["411ALDER"]["email"], rows["411BIRCH"]["email"]) == ("compta@alder.example", "direction@birch.example")
    problems = [(one["code"], "factures@alder.example" in one["message"]) for one in said.document["problems"]]
    assert problems == [("FRESH-ADDRESS", True)]
