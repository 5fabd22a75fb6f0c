"""Date columns in every writing → days."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from batch.ledger.cells.dates import decide, read_day, read_days
from tests.ledger.kit import day


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("20/11/2026", "2026-11-20"),
        ("20-11-2026", "2026-11-20"),
        ("20.11.26", "2026-11-20"),
        ("3/4/2026", "2026-04-03"),
        ("2026-11-20", "2026-11-20"),
        ("2026/11/20", "2026-11-20"),
        ("2026-11-20T00:00:00Z", "2026-11-20"),
        ("2017-04-11T16:04:20+0200", "2017-04-11"),
        ("20/11/2026 00:00", "2026-11-20"),
        ("20/11/2026 12:30:00 AM", "2026-11-20"),
        ("20261120", "2026-11-20"),
        ("30-Mar-2026", "2026-03-30"),
        ("1er août 2026", "2026-08-01"),
        ("12 déc. 2026", "2026-12-12"),
        ("March 30, 2026", "2026-03-30"),
        ("46346", "2026-11-20"),
        (46346.0, "2026-11-20"),
        (20261120.0, "2026-11-20"),
        (dt.datetime(2026, 11, 20, 15, 30), "2026-11-20"),
        (dt.date(2026, 11, 20), "2026-11-20"),
    ],
)  # fmt: skip
def test_days_as_people_write_them(cell: str | float | dt.date, expected: str) -> None:
    """Day first unless the column says otherwise; times are dropped."""
    assert read_day(cell, "dmy") == day(expected)


@pytest.mark.parametrize(
    "cell", ["31/02/2026", "13/13/2026", "20/11", "demain", "12", 12.0, True, "20/11/1899", float("inf"), dt.time(10)]
)
def test_what_is_no_day_is_unreadable(cell: str | float | dt.time) -> None:
    """An impossible date is never bent into a possible one."""
    assert (read_day(cell, "dmy"), read_days([cell], "dmy").unreadable) == (None, (0,))


@pytest.mark.parametrize("cell", ["", "-", "N/A", "00/00/0000", "1900-01-01", "31/12/9999", dt.date(9999, 12, 31), 0.0])
def test_what_stands_for_no_date_is_blank(cell: str | float | dt.date) -> None:
    """Programs write sentinels for an empty date: no Problem."""
    assert (read_day(cell, "dmy"), read_days([cell], "dmy").unreadable) == (None, ())


@pytest.mark.parametrize(
    ("columns", "country", "decided", "assumed"),
    [
        ({"due": ["25/12/2026", "03/04/2026"]}, "FR", {"due": "dmy"}, ()),
        ({"due": ["12/25/2026", "03/04/2026"]}, "FR", {"due": "mdy"}, ()),
        ({"due": ["03/04/2026"], "issue": ["2/28/2026"]}, "FR", {"due": "mdy", "issue": "mdy"}, ()),
        ({"due": ["03/04/2026"]}, "FR", {"due": "dmy"}, ("due",)),
        ({"due": ["03/04/2026"]}, "US", {"due": "mdy"}, ("due",)),
        ({"due": ["04/04/2026", "05/05/2026"]}, "FR", {"due": "dmy"}, ()),
        ({"due": ["2026-04-03"]}, "FR", {"due": "dmy"}, ()),
        ({"due": ["26-11-20", "26-12-31"]}, "SE", {"due": "ymd"}, ("due",)),
        (
            {"due": ["03/04/2026"], "a": ["25/12/2026"], "b": ["12/25/2026"]},
            "FR",
            {"due": "dmy", "a": "dmy", "b": "mdy"},
            ("due",),
        ),
    ],
)
def test_the_order_is_decided_by_elimination_then_by_the_other_columns(
    columns: dict[str, list[str]], country: str, decided: dict[str, str], assumed: tuple[str, ...]
) -> None:
    """Only where nothing tells, the country's order is assumed, and that is said."""
    assert decide(columns, "", country) == (decided, assumed)


def test_what_relance_toml_says_goes_first() -> None:
    """date_order = "mdy" settles a column of small figures."""
    assert decide({"due": ["03/04/2026"]}, "mdy", "FR") == ({"due": "mdy"}, ())


def test_a_four_figure_year_is_never_read_as_a_day() -> None:
    """25/12/2026 is no day under year-month-day."""
    assert read_day("25/12/2026", "ymd") is None


FORMS = {"dmy": "{0.day:02d}/{0.month:02d}/{0.year}", "mdy": "{0.month}/{0.day}/{0.year}"}


@given(st.lists(st.dates(dt.date(1990, 1, 1), dt.date(2090, 12, 31)), min_size=1), st.sampled_from(["dmy", "mdy"]))
def test_a_column_written_in_one_order_is_read_in_it(written: list[dt.date], order: str) -> None:
    """Where one cell shows the order (a day above 12) no other is taken."""
    column = [FORMS[order].format(each) for each in [*written, dt.date(2026, 11, 20)]]
    decided, assumed = decide({"due": column}, "", "FR")
    assert (decided, assumed) == ({"due": order}, ())
    assert read_days(column, order).day.tolist() == [
        dt.datetime(each.year, each.month, each.day) for each in [*written, dt.date(2026, 11, 20)]
    ]
