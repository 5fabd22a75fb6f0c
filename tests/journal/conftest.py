"""A fresh journal for each test, on SQLite and on PostgreSQL, and plain ways to write events and claims."""

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd
import pytest

from batch.core.tables import EVENTS
from batch.journal import AlreadyClaimed, Journal, Line, Settlement

AT = dt.datetime(2026, 11, 20, 9, 30)
_BLANK = {
    name: 0 if dtype == "int64" else pd.NaT if dtype.startswith("datetime") else ""
    for name, dtype in EVENTS.columns.items()
}


def events(*rows: dict[str, object]) -> pd.DataFrame:
    """Return EVENTS with these rows; what a row does not say is unknown."""
    return EVENTS.conform(pd.DataFrame([_BLANK | row for row in rows], columns=list(EVENTS.columns)))


def claim(
    journal: Journal,
    *lines: Line,
    message_id: str = "<m1@alpha.example>",
    at: dt.datetime = AT,
    before: Settlement | None = None,
) -> int | AlreadyClaimed:
    """Claim a first reminder to Durand for these lines."""
    return journal.claim(
        message_id, "411DURAND", "EUR", "reminder_1", lines,
        recipient="compta@durand.example", subject="Facture FA-1", text="Bonjour", at=at, before=before,
    )  # fmt: skip


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return where the test's journal file is."""
    return tmp_path / "relance.db"


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest) -> str:
    """Return where the test's journal is: a file, or an empty database of a server."""
    return str(request.getfixturevalue("path" if request.param == "sqlite" else "database"))


@pytest.fixture
def journal(address: str) -> Iterator[Journal]:
    """Return the journal of the firm Alpha, made new."""
    with Journal.open(address, "Alpha") as opened:
        yield opened


@pytest.fixture
def make_events() -> Callable[..., pd.DataFrame]:
    """Return `events`: tests of a folder without packages import nothing from each other."""
    return events


@pytest.fixture
def make_claim() -> Callable[..., int | AlreadyClaimed]:
    """Return `claim`, for the same reason."""
    return claim
