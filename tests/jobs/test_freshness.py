"""An old export is said to be old before anything else, and nothing leaves from it without a second word."""

from pathlib import Path

import pytest

from tests.jobs.desk import DAY, Desk, ledger

SETTINGS = (
    '[company]\nname = "Atelier Exemple"\nemail = "compta@atelier.example"\niban = "FR1420041010050500013M02606"\n'
)
OLD = "411ALDER;Aulne SARL;compta@aulne.example;;FA-101;30/09/2026;30/10/2026;1200,00;1000,00;;EUR;"


@pytest.fixture
def old_desk(tmp_path: Path) -> Desk:
    """Return a desk whose newest entry, of 30 September, is 51 days old, with a run of 20 November."""
    (tmp_path / "relance.toml").write_text(SETTINGS, encoding="utf-8")
    desk = Desk(tmp_path)
    ledger(tmp_path, OLD)
    said = desk.relance("run", "ledger.csv", "--as-of", DAY)
    assert said.code == 0
    assert (
        "30/09/2026, soit 51 jours avant le 20/11/2026"
        in said.out.replace("\N{NARROW NO-BREAK SPACE}", " ").split("Situation au")[0]
    )
    return desk


def test_it_stands_first_in_the_plan(old_desk: Desk) -> None:
    """plan.json lists it before every other problem."""
    assert next(problem["code"] for problem in old_desk.plan()["problems"]) == "STALE-LEDGER"


def test_send_needs_yes(old_desk: Desk) -> None:
    """Without --yes exit 1, no mail, nothing journalled; a rehearsal needs none; with it the mail leaves."""
    workbook = old_desk.workbook(name="ledger-annotated.xlsx")
    refused = old_desk.relance("send", workbook, "--as-of", DAY)
    assert (refused.code, refused.out) == (1, "")
    assert refused.err.startswith("STALE-NEEDS-YES")
    assert "--yes" in refused.err
    assert (old_desk.mails(), old_desk.events()) == ({}, [])
    rehearsed = old_desk.relance("send", workbook, "--as-of", DAY, "--dry-run", "--json")
    assert [problem["code"] for problem in rehearsed.document["problems"]] == ["STALE-LEDGER"]
    assert old_desk.relance("send", workbook, "--as-of", DAY, "--yes", "-q").code == 0
    assert list(old_desk.mails()) == ["compta@aulne.example"]


def test_the_limit_is_settable(old_desk: Desk) -> None:
    """[ledger] fresh_days = 60, or 0 for any age: the same workbook leaves without a second word."""
    for days in (60, 0):
        (old_desk.folder / "relance.toml").write_text(f"{SETTINGS}[ledger]\nfresh_days = {days}\n", encoding="utf-8")
        out = f"fresh{days}"
        assert old_desk.relance("run", "ledger.csv", "--as-of", DAY, "--out", out, "-q").code == 0
        assert [problem["code"] for problem in old_desk.plan(out=out)["problems"]] == []
        workbook = old_desk.folder / out / "ledger-annotated.xlsx"
        assert old_desk.relance("send", workbook, "--as-of", DAY, "--dry-run", "-q").code == 0
