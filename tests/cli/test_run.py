"""`relance run` and `relance check` as processes: what is printed where, and with which exit code."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from batch.words import LANGUAGES, for_language

if TYPE_CHECKING:
    import subprocess

Call = Callable[..., "subprocess.CompletedProcess[str]"]
DAY = "2026-11-20"
STAGES = ("starting", "reading", "planning", "messages", "workbook", "preview", "writing")


def test_run_writes_three_files(relance: Call, ledger: Path) -> None:
    """Without --out the files stand beside the ledger, by day, and the terminal names them."""
    said = relance("run", ledger, "--as-of", DAY)
    assert (said.returncode, said.stderr) == (0, "")
    out = ledger.parent / "relance-out" / DAY
    written = sorted(path.name for path in out.iterdir() if not path.name.startswith("."))
    assert written == ["ledger-annotated.xlsx", "plan.json", "preview.html"]
    assert [name for name in written if name not in said.stdout] == []


def test_json_and_nothing_else(relance: Call, ledger: Path) -> None:
    """--json prints the object that plan.json holds, and nothing else."""
    said = relance("run", ledger, "--as-of", DAY, "--out", "out", "--json")
    assert said.returncode == 0
    written = json.loads((ledger.parent / "out" / "plan.json").read_text(encoding="utf-8"))
    assert json.loads(said.stdout) == written
    overdue = {entry["debtor_id"]: entry["overdue"] for entry in written["debtors"]}
    assert overdue == {"411ALDER": "1000.00", "411BIRCH": "0.00", "411CEDAR": "80.50"}


def test_json_on_a_poor_terminal(relance: Call, ledger: Path) -> None:
    """Where standard output knows ASCII only, the JSON says the same in escaped letters."""
    said = relance(
        "run", ledger, "--as-of", DAY, "--json", environment={"PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii"}
    )
    assert said.returncode == 0
    assert "Cèdre SA" in [entry["name"] for entry in json.loads(said.stdout)["debtors"]]


def test_tables_on_a_poor_terminal(relance: Call, ledger: Path) -> None:
    """The report of a run comes through a terminal that knows ASCII only."""
    said = relance("run", ledger, "--as-of", DAY, environment={"PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii"})
    assert (said.returncode, said.stderr) == (0, "")
    assert "1 080,50 EUR" in said.stdout


def test_quiet(relance: Call, ledger: Path) -> None:
    """--quiet says nothing when all went well."""
    said = relance("run", ledger, "--as-of", DAY, "-q")
    assert (said.returncode, said.stdout, said.stderr) == (0, "", "")


@pytest.mark.parametrize("language", LANGUAGES)
def test_verbose_tells_where_the_time_went(relance: Call, ledger: Path, language: str) -> None:
    """-v names every stage of the run, in their order, after the report; without it, and in JSON, none is named."""
    words, environment = for_language(language), {"RELANCE_LANGUAGE": language}
    names = [words.label("stages", code) for code in STAGES]

    told = relance("run", ledger, "--as-of", DAY, "-v", environment=environment).stdout
    quiet = relance("run", ledger, "--as-of", DAY, environment=environment).stdout
    document = relance("run", ledger, "--as-of", DAY, "-v", "--json", environment=environment).stdout

    heading = words.label("terminal", "time_spent")
    after = told.partition(heading)[2]
    assert [
        line.split("  ")[0].strip() for line in after.splitlines() if line.strip().startswith(tuple(names))
    ] == names
    assert heading not in quiet
    assert json.loads(document)["as_of"] == DAY


def test_same_twice(relance: Call, ledger: Path) -> None:
    """A run writes nothing that the next run would see: the same plan comes out."""
    plans = [relance("run", ledger, "--as-of", DAY, "--json").stdout for _ in range(2)]
    assert json.loads(plans[0]) == json.loads(plans[1])


def test_check_writes_nothing(relance: Call, ledger: Path) -> None:
    """A check tells what was understood and leaves the folder as it was."""
    said = relance("check", ledger, "--json")
    assert said.returncode == 0
    found = json.loads(said.stdout)
    assert found["ledger"]["total_open"] == {"EUR": "1380.50"}
    assert {column["field"] for column in found["columns"]} >= {
        "customer_id",
        "invoice_number",
        "due_date",
        "open_balance",
    }
    assert [path.name for path in ledger.parent.iterdir()] == ["ledger.csv"]


def test_check_of_another_day(relance: Call, ledger: Path) -> None:
    """--as-of is the day on which the file is looked at: how old its newest entry was then."""
    said = relance("check", ledger, "--as-of", DAY, "--json")
    assert json.loads(said.stdout)["ledger"]["age_days"] == 8
    again = relance("check", ledger, "--as-of", "2027-11-20", "--json")
    assert "STALE-LEDGER" in [problem["code"] for problem in json.loads(again.stdout)["problems"]]


def test_the_line_for_sending_names_the_day_of_the_plan(relance: Call, ledger: Path) -> None:
    """A run of another day is sent on that day where mails become files; with a server only today can be sent."""
    line = f"relance send relance-out/{DAY}/ledger-annotated.xlsx"
    said = relance("run", ledger, "--as-of", DAY).stdout.splitlines()
    assert said[-1].strip() == f"{line} --as-of {DAY}"
    (ledger.parent / "relance.toml").write_text('[smtp]\nhost = "smtp.example"\n', encoding="utf-8")
    assert relance("run", ledger, "--as-of", DAY).stdout.splitlines()[-1].strip() == line


def test_a_refusal_says_where_the_settings_are_written(relance: Call, ledger: Path) -> None:
    """Where a line of relance.toml settles it; else nothing is said of that file."""
    text = ledger.read_text(encoding="utf-8-sig").replace("Client;", "Qui;").replace("Compte client", "Quoi")
    ledger.write_text(text, encoding="utf-8")
    said = relance("run", ledger, "--as-of", DAY)
    assert said.stderr.startswith("COLUMN-MISSING  ")
    assert said.stderr.splitlines()[-1].startswith("  relance.toml est un fichier texte à côté du grand livre")
    assert "relance.toml" not in relance("run", "nowhere.xlsx").stderr


def test_no_such_file(relance: Call) -> None:
    """A ledger that is not there ends with 1 and one message in the form of a problem."""
    said = relance("run", "nowhere.xlsx")
    assert (said.returncode, said.stdout) == (1, "")
    first, *rest = said.stderr.splitlines()
    assert "nowhere.xlsx" in first
    assert first.split("  ")[0].isupper()
    assert all(line.startswith("  ") for line in rest)


def test_no_workbook(relance: Call, tmp_path: Path) -> None:
    """A file that only bears the name of a workbook is refused, and nothing is written."""
    (tmp_path / "letter.xlsx").write_bytes(b"Dear customer")
    said = relance("run", "letter.xlsx", "--as-of", DAY)
    assert said.returncode == 1
    assert "Traceback" not in said.stderr
    assert not (tmp_path / "relance-out").exists()


def test_folder_that_cannot_be_written(relance: Call, ledger: Path) -> None:
    """Where the output folder is a file, one message says so."""
    (ledger.parent / "taken").write_text("", encoding="utf-8")
    said = relance("run", ledger, "--as-of", DAY, "--out", "taken")
    assert said.returncode == 1
    assert said.stderr.startswith("OUTPUT-FOLDER  ")
