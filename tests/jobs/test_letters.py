"""`relance run` and its letters on paper: a PDF for each formal notice, told everywhere, and never one of an earlier run among them."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from openpyxl import load_workbook

from batch.words import Words
from tests.jobs.desk import DAY, ROOT, SETTINGS, Desk, by_account, review
from tests.messages.sheets import flowing, needs_readers
from tests.workbook.reviewing import column

NOTICES = (
    SETTINGS.replace("[company]\n", '[company]\naddress = "12 rue des Tanneurs\\n01000 Bourg-en-Bresse"\n')
    + """
[policy]
classification = false
first_run_hold = 1000

[policy.roads]
default = ["formal_notice"]

[policy.steps.formal_notice]
written = 0
since_contact = 0
"""
)
HEADINGS = "Compte client;Client;Adresse;Code postal;Ville;Email;N° facture;Date facture;Date d'échéance;Montant TTC;Solde dû;Devise"
ALPHA = "411ALPHA;Alpha SARL;1 rue A;69001;Lyon;compta@alpha.example;FA-1;01/07/2026;31/07/2026;1200,00;1200,00;EUR"
BETA = "411BETA;Beta & Fils;2 rue B;75001;Paris;compta@beta.example;FA-2;01/07/2026;31/07/2026;500,00;500,00;EUR"
SOON = "411GAMMA;Gamma SA;;;;compta@gamma.example;FA-3;01/10/2026;10/11/2026;500,00;500,00;EUR"
OUT = Path("relance-out") / DAY
ASIDE = "anciens passages"


@pytest.fixture
def notices(tmp_path: Path) -> Desk:
    """Return a desk whose formal notices come 45 days after the due date, whatever was sent before."""
    (tmp_path / "relance.toml").write_text(NOTICES, encoding="utf-8")
    return Desk(tmp_path)


def run(desk: Desk, *lines: str, code: int = 0) -> str:
    """Run a ledger of these lines; return what was said."""
    (desk.folder / "ledger.csv").write_text("\n".join([HEADINGS, *lines, ""]), encoding="utf-8-sig")
    said = desk.relance("run", "ledger.csv", "--as-of", DAY)
    assert (said.code, bool(said.err)) == (code, bool(code))
    return said.out + said.err


def shelf(desk: Desk) -> dict[str, bytes]:
    """Return the files below the folder of letters."""
    place = desk.folder / OUT / "letters"
    return {
        path.relative_to(place).as_posix(): path.read_bytes() for path in sorted(place.rglob("*")) if path.is_file()
    }


@needs_readers
def test_a_letter_for_each_notice(notices: Desk, tmp_path: Path) -> None:
    """Two notices, and a customer who is told nothing yet: two letters, named on the terminal, in plan.json and on the sheet of letters."""
    said = run(notices, ALPHA, BETA, SOON)
    assert f"{OUT / 'letters'}  (2 lettres)" in said
    letters = shelf(notices)
    assert sorted(letters) == ["Alpha SARL - 411ALPHA.pdf", "Beta & Fils - 411BETA.pdf"]
    alpha = flowing(letters["Alpha SARL - 411ALPHA.pdf"], tmp_path)
    for part in (
        "Mise en demeure".lower(),
        "FA-1",
        "1 rue A",
        "69001 Lyon",
        "Atelier Exemple",
        "FR14 2004 1010 0505 0001 3M02 606",
    ):
        assert part in alpha
    assert "Beta" not in alpha
    plan = by_account(notices.plan())
    assert plan["411ALPHA", "EUR"]["letter"] == "letters/Alpha SARL - 411ALPHA.pdf"
    assert (plan["411GAMMA", "EUR"]["step"], plan["411GAMMA", "EUR"]["letter"]) == (None, None)
    workbook = load_workbook(notices.workbook(name="ledger-annotated.xlsx"))
    sheet = workbook[Words("fr").label("sheets", "letters")]
    at = column(sheet, "letter")
    assert {sheet.cell(row, at).value for row in (4, 5)} == {f"letters/{name}" for name in letters}


def test_the_same_run_leaves_the_letters_alone(notices: Desk) -> None:
    """Run again on the same ledger: the same bytes, nothing set aside."""
    run(notices, ALPHA, BETA)
    before = shelf(notices)
    run(notices, ALPHA, BETA)
    assert shelf(notices) == before


def test_letters_of_an_earlier_run_are_set_aside(notices: Desk) -> None:
    """Paid since: its letter, which may have been posted, moves away. Changed since: the new one stands here, the old one there.

    What a person put there, and what a person changed, is kept as well.
    """
    run(notices, ALPHA, BETA)
    first = shelf(notices)
    place = notices.folder / OUT / "letters"
    (place / "preuve de dépôt.pdf").write_bytes(b"scanned")
    run(notices, ALPHA.replace(";1200,00;EUR", ";700,00;EUR"))
    second = shelf(notices)
    assert set(second) == {
        "Alpha SARL - 411ALPHA.pdf", "preuve de dépôt.pdf", f"{ASIDE}/Alpha SARL - 411ALPHA.pdf", f"{ASIDE}/Beta & Fils - 411BETA.pdf",
    }  # fmt: skip
    for name in first:
        assert second[f"{ASIDE}/{name}"] == first[name]
    assert second["Alpha SARL - 411ALPHA.pdf"] != first["Alpha SARL - 411ALPHA.pdf"]
    (place / "Alpha SARL - 411ALPHA.pdf").write_bytes(b"signed")
    said = run(notices, SOON)
    third = shelf(notices)
    assert third == {name: content for name, content in second.items() if "/" in name or name.startswith("preuve")} | {
        f"{ASIDE}/Alpha SARL - 411ALPHA (2).pdf": b"signed"
    }
    assert "lettre" not in said
    assert [entry["letter"] for entry in notices.plan()["debtors"]] == [None]


def test_a_failed_run_moves_no_letter(notices: Desk) -> None:
    """plan.json cannot be replaced (a folder has its name): one line says so, and the letters are as they were."""
    run(notices, ALPHA, BETA)
    (notices.folder / OUT / "plan.json").unlink()
    (notices.folder / OUT / "plan.json" / "x").mkdir(parents=True)
    before = notices.listing()
    said = run(notices, ALPHA.replace(";1200,00;EUR", ";700,00;EUR"), code=1)
    assert said.startswith("OUTPUT-FOLDER  ")
    after = notices.listing()
    assert {name for name in before if before[name] != after.get(name)} == {"ledger.csv"}
    assert set(after) == set(before)


def test_no_letter_no_folder(notices: Desk) -> None:
    """A run without a letter makes no folder for them and does not load what draws them."""
    (notices.folder / "ledger.csv").write_text(f"{HEADINGS}\n{SOON}\n", encoding="utf-8-sig")
    script = (
        "import sys; from batch import cli; code = cli.main(['run', 'ledger.csv', '--as-of', '2026-11-20', '-q']);"
        "print(code, 'typst' in sys.modules)"
    )
    said = subprocess.run(
        [sys.executable, "-c", script], cwd=notices.folder, env={"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"},
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert (said.stdout.split(), said.stderr) == (["0", "False"], "")
    assert not (notices.folder / OUT / "letters").exists()


def test_without_an_address_the_run_says_whose(notices: Desk) -> None:
    """The letter is made; the problem stands in plan.json with the customers' names."""
    run(notices, ALPHA, BETA.replace("2 rue B;75001;Paris", ";;"))
    assert len(shelf(notices)) == 2
    told = [one for one in notices.plan()["problems"] if one["code"] == "LETTERS-NO-ADDRESS"]
    assert [("Beta & Fils" in one["message"], "Alpha" in one["message"]) for one in told] == [(True, False)]


def test_sending_leaves_the_letters(notices: Desk) -> None:
    """`relance send` neither draws nor moves a letter."""
    run(notices, ALPHA, BETA)
    before = shelf(notices)
    said = notices.relance("send", OUT / "ledger-annotated.xlsx", "--as-of", DAY, "--json")
    assert said.code == 0
    assert json.loads(said.out)["mails"] is not None
    assert shelf(notices) == before


def test_sending_says_which_letters_remain_to_be_posted(notices: Desk) -> None:
    """The mail of a formal notice is its copy: whoever sent it is told of the letter; in a rehearsal nothing is to be posted yet."""
    run(notices, ALPHA, BETA, SOON)
    workbook = notices.workbook(name="ledger-annotated.xlsx")
    review(workbook, {("411ALPHA", "EUR"): {"decision": "envoyer"}})
    rehearsed = notices.relance("send", workbook, "--as-of", DAY, "--dry-run")
    assert "LETTERS-TO-POST" not in rehearsed.out
    said = notices.relance("send", workbook, "--as-of", DAY)
    assert (said.code, said.err) == (0, "")
    assert "1 lettre reste à imprimer et à poster : Alpha SARL." in said.out.replace("\N{NO-BREAK SPACE}", " ")
