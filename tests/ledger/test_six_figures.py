"""Days in six figures without marks, as texts and as numbers: day first, year first, or a question."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest

from batch.core.policy import Reading
from batch.core.problem import RelanceError
from batch.core.records import Ledger
from batch.ledger import Cell
from tests.ledger.kit import days, read_rows

YEAR_FIRST = ["260821", "260925", "261030"]
DAY_FIRST = ["050826", "120926", "251026"]
READ_YEAR_FIRST = ["2026-08-21", "2026-09-25", "2026-10-30"]
READ_DAY_FIRST = ["2026-08-05", "2026-09-12", "2026-10-25"]


def dues(folder: Path, due: list[Cell], issued: list[Cell] | None = None, asked: str = "") -> Ledger:
    """Read a ledger of these due days, and perhaps of these days of issue."""
    headings: list[Cell] = ["Client", "N° facture", "Échéance", "Solde", *(["Date facture"] if issued else [])]
    rows = [["A", f"F{at}", cell, 10.0, *(issued[at : at + 1] if issued else [])] for at, cell in enumerate(due)]
    return read_rows(folder, [headings, *rows], Reading(date_order=asked, as_of=dt.date(2026, 11, 20)))


def as_numbers(texts: list[str]) -> list[Cell]:
    """Return the figures as a spreadsheet keeps them: numbers, without a zero in front."""
    return [float(text) for text in texts]


@pytest.mark.parametrize("written", [list, as_numbers])
@pytest.mark.parametrize(
    ("figures", "read"),
    [
        (DAY_FIRST, READ_DAY_FIRST),
        (["050826"], ["2026-08-05"]),
        ([*YEAR_FIRST, "260803"], [*READ_YEAR_FIRST, "2026-08-03"]),
        (["310826", "300926"], ["2026-08-31", "2026-09-30"]),
    ],
)
def test_the_column_tells(
    tmp_path: Path, written: Callable[[list[str]], list[Cell]], figures: list[str], read: list[str]
) -> None:
    """A ledger holds few years, and recent ones: a figure that runs through the month is the day."""
    assert days(dues(tmp_path, written(figures)), "due") == read


@pytest.mark.parametrize("written", [list, as_numbers])
@pytest.mark.parametrize(
    ("asked", "read"), [("ymd", ["2026-08-25", "2026-09-24"]), ("dmy", ["2025-08-26", "2024-09-26"])]
)
def test_two_readings_are_a_question(
    tmp_path: Path, written: Callable[[list[str]], list[Cell]], asked: str, read: list[str]
) -> None:
    """All days after the 20th: 25 August 2026, or 26 August 2025? The settings say."""
    close = ["260825", "260924"]
    with pytest.raises(RelanceError) as refused:
        dues(tmp_path, written(close))
    assert refused.value.code == "DATE-FIGURES-OPEN"
    assert [str(refused.value.facts[name]) for name in ("one", "other")] == ["2025-08-26", "2026-08-25"]
    assert days(dues(tmp_path, written(close), asked=asked), "due") == read


def test_another_column_that_is_sure_tells(tmp_path: Path) -> None:
    """The days of issue run through the month."""
    ledger = dues(tmp_path, ["260825", "260924"], ["260716", "260805"])
    assert days(ledger, "due") == ["2026-08-25", "2026-09-24"]


def test_serials_stay_serials(tmp_path: Path) -> None:
    """46022 is the last day of 2025, and a ledger of 2011 in day numbers is not one in six figures."""
    assert days(dues(tmp_path, [46022.0, 46053.0]), "due") == ["2025-12-31", "2026-01-31"]
    assert days(dues(tmp_path, [40725.0, 40800.0]), "due") == ["2011-07-01", "2011-09-14"]
