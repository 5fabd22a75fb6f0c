"""`relance history`: what is brought in is shown, counts in the next run, and comes out as it went in."""

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from batch.journal import Journal, Line

if TYPE_CHECKING:
    import subprocess

Call = Callable[..., "subprocess.CompletedProcess[str]"]
EVENTS = """date,customer,kind,invoice,step,amount,until,note
2026-11-17,411ALDER,sent,FA-101,reminder_1,,,
2026-11-18,411CEDAR,promised,FA-103,,80.50,2026-12-01,rappelé
"""


@pytest.fixture
def events(tmp_path: Path) -> Path:
    """Return a file with a reminder sent by hand and a promise."""
    path = tmp_path / "events.csv"
    path.write_text(EVENTS, encoding="utf-8")
    return path


def test_import_twice(relance: Call, events: Path) -> None:
    """The second import of a file adds nothing."""
    first, second = (json.loads(relance("history", "import", events, "--json").stdout) for _ in range(2))
    assert (first["added"], first["known"]) == (2, 0)
    assert (second["added"], second["known"]) == (0, 2)


def test_release_frees_the_customer(relance: Call, ledger: Path, tmp_path: Path) -> None:
    """A mail was claimed and its fate is unknown: nothing leaves until a person says what became of it, then it does."""
    relance("run", ledger, "--as-of", "2026-11-20")
    with Journal.open(str(tmp_path / "relance.db"), "") as journal:
        line = Line("411ALDER|invoice|FA-101|2026-10-30|1", "FA-101", "reminder_1", 1)
        at = dt.datetime(2026, 11, 19, 9, tzinfo=dt.UTC)
        claim = journal.claim(
            "<one@x.example>",
            "411ALDER",
            "EUR",
            "reminder_1",
            [line],
            recipient="a@b.example",
            subject="s",
            text="t",
            at=at,
        )
        assert isinstance(claim, int)
        journal.settle(claim, "uncertain", "connection lost", at)

    def step() -> str | None:
        tomorrow = dt.datetime.now().astimezone().date() + dt.timedelta(days=1)  # a release is of the day it is said
        plan = json.loads(relance("run", ledger, "--as-of", tomorrow, "--json").stdout)
        found: str | None = next(one["step"] for one in plan["debtors"] if one["debtor_id"] == "411ALDER")
        return found

    assert step() is None
    unsaid = relance("history", "release", "one@x.example", "--why", "asked by telephone")
    freed = relance("history", "release", "one@x.example", "--not-sent", "--why", "asked by telephone")
    again = relance("history", "release", "one@x.example", "--not-sent", "--why", "asked by telephone")
    assert (unsaid.returncode, freed.returncode, again.returncode) == (2, 0, 1)
    assert again.stderr.startswith("JOURNAL-SETTLED  ")
    assert step() == "reminder_1"


def test_show_one_customer(relance: Call, events: Path) -> None:
    """The events of one customer are shown, not those of the others."""
    relance("history", "import", events)
    shown = json.loads(relance("history", "show", "411CEDAR", "--json").stdout)
    assert [(event["at"], event["kind"], event["amount"]) for event in shown] == [("2026-11-18", "promised", "80.50")]


def test_show_as_a_table(relance: Call, events: Path) -> None:
    """Without --json the events are a table on the terminal."""
    relance("history", "import", events)
    said = relance("history", "show")
    assert said.returncode == 0
    assert "17/11/2026" in said.stdout
    assert "rappelé" in said.stdout


def test_export_then_import_elsewhere(relance: Call, events: Path, tmp_path: Path) -> None:
    """What one journal exports another takes in whole."""
    relance("history", "import", events)
    assert relance("history", "export", "out.csv").returncode == 0
    other = {"RELANCE_JOURNAL": f"sqlite:///{tmp_path / 'other.db'}"}
    taken = json.loads(relance("history", "import", "out.csv", "--json", environment=other).stdout)
    assert taken["added"] == 2


def test_history_counts_in_the_run(relance: Call, ledger: Path, events: Path) -> None:
    """A promise holds the customer back until its day, and the first-run remark is gone."""
    relance("history", "import", events)
    plan = json.loads(relance("run", ledger, "--as-of", "2026-11-20", "--json").stdout)
    cedar = next(entry for entry in plan["debtors"] if entry["debtor_id"] == "411CEDAR")
    assert cedar["step"] is None
    assert cedar["blocked_by"] is not None
    assert "Premier passage" not in relance("run", ledger, "--as-of", "2026-11-20").stdout
