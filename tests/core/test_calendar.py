"""Payment terms as a value: every way in which French, English and German invoices fall due."""

import numpy as np
import pytest

from batch.core.calendar import AFTER_DAYS, BEFORE_DAYS, Terms, due_days

JANUARY_10 = "2026-01-10"


@pytest.mark.parametrize(
    ("issued", "terms", "month_end", "due"),
    [
        (JANUARY_10, Terms(), AFTER_DAYS, "2026-01-10"),
        (JANUARY_10, Terms(30), AFTER_DAYS, "2026-02-09"),
        # 45 days from 10 January is 24 February; the month's end is the 28th. The other way: 31 January and 45 days.
        (JANUARY_10, Terms(45, month_end=True), AFTER_DAYS, "2026-02-28"),
        (JANUARY_10, Terms(45, month_end=True), BEFORE_DAYS, "2026-03-17"),
        ("2026-01-31", Terms(45, month_end=True), AFTER_DAYS, "2026-03-31"),
        ("2026-01-31", Terms(45, month_end=True), BEFORE_DAYS, "2026-03-17"),
        (JANUARY_10, Terms(30, month_end=True, end_first=True), AFTER_DAYS, "2026-03-02"),
        (JANUARY_10, Terms(30, month_end=True, day=10), AFTER_DAYS, "2026-03-10"),
        (JANUARY_10, Terms(30, day=10), AFTER_DAYS, "2026-02-10"),
        ("2026-01-11", Terms(30, day=10), AFTER_DAYS, "2026-02-10"),
        ("2026-01-12", Terms(30, day=10), AFTER_DAYS, "2026-03-10"),
        (JANUARY_10, Terms(month_end=True, day=15), AFTER_DAYS, "2026-02-15"),
        ("2026-01-31", Terms(months=1), AFTER_DAYS, "2026-02-28"),
        ("2024-01-31", Terms(months=1), AFTER_DAYS, "2024-02-29"),
        ("2026-01-31", Terms(months=1, month_end=True), BEFORE_DAYS, "2026-02-28"),
        ("2026-02-10", Terms(months=1, month_end=True), BEFORE_DAYS, "2026-03-31"),
        (JANUARY_10, Terms(day=31), AFTER_DAYS, "2026-01-31"),
        ("2026-02-10", Terms(day=31), AFTER_DAYS, "2026-02-28"),
        ("2026-12-20", Terms(month_end=True), AFTER_DAYS, "2026-12-31"),
        ("NaT", Terms(45, month_end=True, day=10), AFTER_DAYS, "NaT"),
    ],
)
def test_due_days_by_hand(issued: str, terms: Terms, month_end: str, due: str) -> None:
    """Counted on a calendar; a month that is too short takes its last day, a missing issue day stays missing."""
    found = due_days(np.array([issued], dtype="datetime64[s]"), terms, month_end)
    assert (str(found.dtype), str(found.astype("datetime64[D]")[0])) == ("datetime64[s]", due)
