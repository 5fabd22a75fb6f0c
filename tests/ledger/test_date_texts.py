"""The text of one date cell → its day, in every form of exports."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from batch.ledger.cells.dates import decide, read_day, read_days
from batch.ledger.cells.datetexts import foreign_calendar, understand_text
from tests.ledger.kit import day


@pytest.mark.parametrize(
    "text",
    [
        "vendredi 20 novembre 2026", "ven. 20 nov. 2026", "ven. 20/11/2026", "Fri, Nov 20, 2026", "Fri 20 Nov 2026",
        "Friday 20th November 2026", "Freitag, 20. November 2026", "20. Nov. 2026", "20NOV2026", "20-nov-26", "2026-Nov-20",
        "Nov 20 2026 12:00AM", "Fri Nov 20 2026 00:00:00 GMT+0100 (CET)", "Fri Nov 20 00:00:00 CET 2026", "20 nov 2026 10:30",
        "20112026", "46346.75", "46346,5", "20 / 11 / 2026", "20.11.2026.", "2026.11.20.", "2026-11-20T10:00:00.000+01:00",
        "2026-11-20 10:00:00 UTC", "20/11/2026 10h30", "20.11.2026 10.30",
    ],
)  # fmt: skip
def test_the_same_day_in_every_form(text: str) -> None:
    """Weekdays, names of months in three languages with dots and without, times and zones."""
    assert read_day(text, "dmy") == day("2026-11-20")


def test_a_weekday_tells_the_order() -> None:
    """3 November 2026 is a Tuesday, 11 March a Wednesday; on a Monday it is neither, and stays open."""
    assert understand_text("mar. 03/11/2026") == day("2026-11-03")
    assert understand_text("Wed 03/11/2026") == day("2026-03-11")
    assert understand_text("lun. 03/11/2026") == (3, 11, 2026)


def test_march_is_no_tuesday() -> None:
    """The short word is both: before a day and a year alone it is the month ("Mar 12, 2026")."""
    assert (understand_text("Mar 12, 2026"), understand_text("mar. 24 mars 2026")) == (
        day("2026-03-12"),
        day("2026-03-24"),
    )


@pytest.mark.parametrize(
    "text", ["juin 2026", "20 novembre", "Q4 2026", "blah 20 nov 2026", "20 nov 2026 bis", "266105", "2026"]
)
def test_what_is_not_quite_a_day_is_none(text: str) -> None:
    """A month, a quarter or a date among other words is not bent into a day."""
    assert understand_text(text) is None


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("1404/08/29", "Jalali"), ("14040829", "Jalali"), ("29/08/1404", "Jalali"), ("1448-06-10", "Hijri"),
        ("20/11/2569", "Buddhist"), ("R8.11.20", "Japanese"), ("令和8年11月20日", "Japanese"), ("115/11/20", "Minguo"),
        ("20/11/2026", ""), ("2026-11-20", ""), ("20/11/26", ""), ("FA-1404", ""), ("", ""),
    ],
)  # fmt: skip
def test_other_calendars_are_known_by_name(text: str, name: str) -> None:
    """20 November 2026 in the calendars that exports hold."""
    assert foreign_calendar(text) == name


MONTHS = {
    "fr": ["janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."],
    "en": ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
    "de": ["Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember"],
}  # fmt: skip


def written(each: dt.date, form: str) -> str:
    """Write a day in one of the forms below."""
    if form in MONTHS:
        return f"{each.day} {MONTHS[form][each.month - 1]} {each.year}"
    if form == "serial":
        return str((each - dt.date(1899, 12, 30)).days)
    return each.strftime(form)


FORMS = [
    "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%d %m %Y", "%d/%m/%y", "%m/%d/%Y", "%m-%d-%Y", "%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d",
    "%Y%m%d", "%Y-%m-%dT00:00:00Z", "%Y-%m-%d 00:00:00+0100", "%d/%m/%Y 00:00", "%m/%d/%Y 12:00:00 AM", "fr", "en", "de", "serial",
]  # fmt: skip


@given(
    st.lists(st.dates(dt.date(1971, 1, 1), dt.date(2068, 12, 31)), min_size=1, max_size=30),
    st.sampled_from(FORMS),
    st.sampled_from(["FR", "US"]),
)
def test_any_column_in_any_form_reads_back_the_same(column: list[dt.date], form: str, country: str) -> None:
    """One cell that shows the order (a day above 12) is enough; in no form is another day read."""
    column = [*column, dt.date(2026, 11, 20)]
    cells = [written(each, form) for each in column]
    orders, assumed = decide({"due": cells}, "", country)
    assert assumed == ()
    assert [stamp.date() for stamp in read_days(cells, orders["due"]).day.tolist()] == column


def test_two_figures_of_a_year_in_front_are_taken_for_the_year() -> None:
    """26-01-03 … 26-01-28 is January 2026, not the 26th of January in twenty-six years; it is assumed and said."""
    cells = [f"26-01-{number:02}" for number in range(3, 29)]
    assert decide({"due": cells}, "", "FR") == ({"due": "ymd"}, ("due",))
