"""A contacts file named in the settings serves run and send alike; what drops out of weekly exports becomes history."""

from pathlib import Path

import pytest

from tests.jobs.desk import DAY, SETTINGS, Desk, by_account

LATER = "2026-11-27"  # a Friday
HEADINGS = "Compte client;Client;N° facture;Date facture;Date d'échéance;Solde dû"


@pytest.fixture
def bare_desk(tmp_path: Path) -> Desk:
    """Return a desk whose ledger has open items only and no addresses, and whose contacts file has them."""
    (tmp_path / "relance.toml").write_text(SETTINGS + 'contacts = "tiers/clients.csv"\n', encoding="utf-8")
    (tmp_path / "tiers").mkdir()
    (tmp_path / "tiers" / "clients.csv").write_text("Code client;Email\nC1;compta@aulne.example\n", encoding="utf-8")
    return Desk(tmp_path)


def write(desk: Desk, *lines: str) -> None:
    """Write this week's export."""
    (desk.folder / "ledger.csv").write_text("\n".join([HEADINGS, *lines]), encoding="utf-8")


F1 = "C1;Aulne;F1;30/09/2026;30/10/2026;1000,00"
F2 = "C1;Aulne;F2;20/10/2026;19/11/2026;500,00"
G1 = "C2;Bouleau;G1;20/10/2026;19/11/2026;300,00"


def test_the_mail_goes_to_the_address_of_the_contacts_file(bare_desk: Desk) -> None:
    """The workbook holds no address: send finds it again through the settings."""
    write(bare_desk, F1)
    assert bare_desk.relance("run", "ledger.csv", "--as-of", DAY, "-q").code == 0
    workbook = bare_desk.workbook(name="ledger-annotated.xlsx")
    assert bare_desk.relance("send", workbook, "--as-of", DAY, "-q").code == 0
    assert list(bare_desk.mails()) == ["compta@aulne.example"]


def test_what_drops_out_is_history_the_week_after(bare_desk: Desk) -> None:
    """F2, due on the 19th, and Bouleau's only invoice are gone from the second export: settled on the 24th, one told as habit, no row for who owes nothing."""
    write(bare_desk, F1, F2, G1)
    assert bare_desk.relance("run", "ledger.csv", "--as-of", DAY, "-q").code == 0
    assert bare_desk.relance("send", bare_desk.workbook(name="ledger-annotated.xlsx"), "--as-of", DAY, "-q").code == 0
    write(bare_desk, F1)
    assert bare_desk.relance("run", "ledger.csv", "--as-of", LATER, "-q").code == 0
    plan = bare_desk.plan(LATER)
    assert list(by_account(plan)) == [("C1", "EUR")]
    assert plan["ledger"]["items"] == 1
    assert plan["ledger"]["total_open"] == {"EUR": "1000.00"}
    (said,) = [problem for problem in plan["problems"] if problem["code"] == "DISAPPEARED-SETTLED"]
    assert said["message"].startswith("2 factures ont disparu")
    codes = [fact["code"] for fact in by_account(plan)["C1", "EUR"]["because"]]
    assert "first-invoice" not in codes
    workbook = bare_desk.workbook(LATER, "ledger-annotated.xlsx")
    assert bare_desk.relance("send", workbook, "--as-of", LATER, "--dry-run", "-q").code == 0


def test_a_second_run_says_the_same(bare_desk: Desk) -> None:
    """Nothing is written by a run, and the snapshot of a send does not hold what had gone before it."""
    write(bare_desk, F1, F2)
    assert bare_desk.relance("run", "ledger.csv", "--as-of", DAY, "-q").code == 0
    assert bare_desk.relance("send", bare_desk.workbook(name="ledger-annotated.xlsx"), "--as-of", DAY, "-q").code == 0
    write(bare_desk, F1)
    plans = []
    for out in ("one", "two"):
        assert bare_desk.relance("run", "ledger.csv", "--as-of", LATER, "--out", out, "-q").code == 0
        plans.append({name: part for name, part in bare_desk.plan(out=out).items() if name != "ledger"})
    assert plans[0] == plans[1]
