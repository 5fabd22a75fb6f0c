"""Help, version, usage errors and what is never shown: the parts of the command line that need no ledger."""

import datetime as dt
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from batch import __version__, cli
from batch.cli import weekly
from batch.cli.options import day

Call = Callable[..., "subprocess.CompletedProcess[str]"]
ROOT = Path(__file__).parents[2]
HEAVY = (
    "pandas",
    "openpyxl",
    "sqlalchemy",
    "jinja2",
    "yagmail",
    "rich",
    "babel",
    "lxml",
    "pydantic",
    "numpy",
    "holidays",
)


def test_help_names_every_command(relance: Call) -> None:
    """`relance --help` ends well and has a line for each command, with a whole sentence."""
    said = relance("--help")
    assert said.returncode == 0
    listed = said.stdout.partition("Commands:")[2]
    assert sorted(line.split()[0] for line in listed.splitlines() if line.strip()) == sorted(cli.relance.commands)
    assert "..." not in listed


@pytest.mark.parametrize(
    "command", [["run"], ["check"], ["send"], ["history"], ["history", "import"], ["history", "show"]]
)
def test_help_of_each(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """Every command has the options that all have."""
    assert cli.main([*command, "--help"]) == 0
    told = capsys.readouterr().out
    assert [
        option for option in ("--verbose", "--quiet", "--config", "--version", "--help") if option not in told
    ] == []


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    """`--version` gives the package's version."""
    assert cli.main(["--version"]) == 0
    assert capsys.readouterr().out == f"relance, version {__version__}\n"


def test_help_imports_nothing_heavy() -> None:
    """Loading the command line loads none of the libraries that take their time."""
    program = f"import sys, batch.cli; print([name for name in {HEAVY!r} if name in sys.modules])"
    said = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]"


@pytest.mark.parametrize(
    "arguments",
    [
        ["runn", "ledger.csv"],
        ["run"],
        ["run", "ledger.csv", "--asof", "2026-11-20"],
        ["run", "ledger.csv", "--as-of", "2026-13-01"],
        ["run", "ledger.csv", "--as-of", "11/20/2026"],
        ["send", "book.xlsx", "--limit", "0"],
        ["history", "import"],
        ["history", "erase", ""],
        ["history", "erase", " ", "--yes"],
    ],
)
def test_usage_errors(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """A call that cannot be meant ends with 2, says so on standard error, and prints nothing else."""
    assert cli.main(arguments) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert "Error: " in said.err


@pytest.mark.parametrize("written", ["2026-11-20", "20/11/2026"])
def test_both_ways_to_write_a_day(written: str) -> None:
    """A day may be written year first or as the French do."""
    assert day(written) == dt.date(2026, 11, 20)


def test_interrupted(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Ctrl-C ends with 130 and one message, without a traceback."""

    def interrupt() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(weekly, "now", interrupt)
    assert cli.main(["run", "ledger.csv"]) == 130
    said = capsys.readouterr()
    assert said.err.strip().startswith("INTERRUPTED  ")
    assert "Traceback" not in said.err


@pytest.mark.parametrize(("options", "traceback"), [([], False), (["-v"], True)])
def test_bug(
    options: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *, traceback: bool
) -> None:
    """A fault of the program ends with 1 and says that it is one; the traceback is for those who ask."""

    def fail() -> None:
        raise ZeroDivisionError("a plain fault")

    monkeypatch.setattr(weekly, "now", fail)
    assert cli.main(["run", "ledger.csv", *options]) == 1
    said = capsys.readouterr()
    assert "BUG  " in said.err
    assert "ZeroDivisionError: a plain fault" in said.err
    assert ("Traceback" in said.err) is traceback
    assert said.out == ""


def test_language_of_errors(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Errors speak the language of the settings."""

    def interrupt() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(weekly, "now", interrupt)
    monkeypatch.setenv("RELANCE_LANGUAGE", "en")
    cli.main(["run", "ledger.csv"])
    assert "Stopped at your request." in capsys.readouterr().err
