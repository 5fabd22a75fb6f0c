"""The journal keeps companies apart by name: a company that changes its name is told before its customers are reminded anew."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from batch.core.problem import Severity
from tests.jobs.desk import COMPANY, DAY, SETTINGS, Desk, Said, ledger

LINES = [
    f"411{n:04};Client {n};compta@client{n}.example;;FA-{n};30/09/2026;30/10/2026;{1200 + n},00;{1000 + n},00;;EUR;"
    for n in range(3)
]
RENAMED = "Atelier Exemple SARL"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """Send a week's mails under the first name."""
    desk = Desk(tmp_path)
    name_it(desk, COMPANY)
    assert run(desk).err == ""
    assert desk.relance("send", workbook(desk), "--as-of", DAY).code == 0
    assert mails(desk) == len(LINES)
    return desk


def name_it(desk: Desk, name: str) -> None:
    """Write the settings of a company of that name."""
    (desk.folder / "relance.toml").write_text(SETTINGS.replace(COMPANY, name), encoding="utf-8")


def run(desk: Desk, lines: Sequence[str] = LINES, *more: str) -> Said:
    """Run into a folder of its own."""
    return desk.relance("run", ledger(desk.folder, *lines), "--as-of", DAY, "--out", desk.folder / "again", *more)


def workbook(desk: Desk) -> Path:
    """Return the workbook of the last run."""
    return desk.folder / "again" / "ledger-annotated.xlsx"


def mails(desk: Desk) -> int:
    """Return how many mails left so far, under whichever name."""
    return len(list(desk.folder.rglob("*.eml")))


def told(desk: Desk, lines: Sequence[str] = LINES) -> list[dict[str, object]]:
    """Run and return the problems of that kind."""
    problems = run(desk, lines, "--json").document["problems"]
    return [problem for problem in problems if problem["code"] == "COMPANY-RENAMED"]


def test_another_name_for_the_same_company_sends_nothing_a_second_time(desk: Desk) -> None:
    """Nothing leaves under the new name, and the message names the old one."""
    name_it(desk, RENAMED)
    (problem,) = told(desk)
    assert problem["severity"] == Severity.ERROR.value
    assert COMPANY in str(problem["message"])
    said = desk.relance("send", workbook(desk), "--as-of", DAY)
    assert said.code == 1
    assert "COMPANY-RENAMED" in said.err
    assert mails(desk) == len(LINES)


def test_the_first_line_does_not_say_that_nothing_was_sent_before(desk: Desk) -> None:
    """A journal that knows the company by another name is no first run."""
    name_it(desk, RENAMED)
    assert "Premier passage" not in run(desk).out


def test_whoever_changes_the_name_takes_the_memory_along(desk: Desk) -> None:
    """The remedy that the message names does it."""
    assert desk.relance("history", "export", "suivi.csv").code == 0
    name_it(desk, RENAMED)
    assert desk.relance("history", "import", "suivi.csv").code == 0
    assert told(desk) == []
    desk.relance("send", workbook(desk), "--as-of", DAY)
    assert mails(desk) == len(LINES)


def test_two_companies_with_other_invoices_share_a_journal(desk: Desk) -> None:
    """A second company is not asked."""
    name_it(desk, "Négoce Exemple")
    assert told(desk, [line.replace("FA-", "NX-") for line in LINES]) == []
    assert desk.relance("send", workbook(desk), "--as-of", DAY).code == 0
    assert mails(desk) == 2 * len(LINES)


def test_two_companies_with_the_same_numbers_are_asked_once(desk: Desk) -> None:
    """A second company of which customers and numbers are the same is asked at its first round only."""
    name_it(desk, "Négoce Exemple")
    assert len(told(desk)) == 1
    assert desk.relance("send", workbook(desk), "--as-of", DAY, "--yes").code == 0
    assert mails(desk) == 2 * len(LINES)
    assert told(desk) == []
