"""Events are appended once, kept in order, and read back as they were written."""

import datetime as dt
import itertools
from collections.abc import Callable

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from batch.core.codes import KINDS_OF_EVENT, STEPS
from batch.core.tables import EVENTS, SNAPSHOTS
from batch.journal import Journal

Make = Callable[..., pd.DataFrame]

FIRMS = itertools.count()
DAYS = st.dates(dt.date(1995, 1, 1), dt.date(2099, 12, 31)).map(pd.Timestamp)
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8)
FIELDS = {
    "at": DAYS,
    "kind": st.sampled_from(KINDS_OF_EVENT),
    "step": st.sampled_from(("", *STEPS)),
    "round": st.integers(0, 9),
    "amount": st.integers(-(10**15), 10**15),
    "until": st.just(pd.NaT) | DAYS,
}
ROWS = st.lists(st.fixed_dictionaries({name: FIELDS.get(name, TEXTS) for name in EVENTS.columns}), max_size=8)


def test_what_was_recorded_is_read_back(journal: Journal, make_events: Make) -> None:
    """Every column comes back in its form, days without a time of day."""
    written = make_events(
        {"at": dt.datetime(2026, 11, 4), "debtor_id": "411D", "number": "D-1", "kind": "promised", "amount": 90000,
         "currency": "EUR", "until": dt.datetime(2026, 11, 25), "by": "import", "note": "virement le 25 – « sûr »"},
        {"at": dt.datetime(2026, 11, 2), "debtor_id": "411D", "kind": "met"},
    )  # fmt: skip
    assert journal.record(written) == 2
    pd.testing.assert_frame_equal(journal.events(), written)
    assert (journal.position(), journal.is_empty()) == (2, False)


def test_the_same_events_twice_add_nothing(journal: Journal, make_events: Make) -> None:
    """A file imported again is known, row by row; one new row in it is added."""
    first = {"at": dt.datetime(2026, 11, 4), "debtor_id": "411D", "kind": "called", "note": "no answer"}
    second = first | {"note": "will pay"}
    assert [journal.record(make_events(first)), journal.record(make_events(first, second, second))] == [1, 1]
    assert journal.events()["note"].tolist() == ["no answer", "will pay"]


def test_events_up_to_a_position_are_those_known_then(journal: Journal, make_events: Make) -> None:
    """A plan made at position 1 is recomputed from what was known at position 1."""
    day = dt.datetime(2026, 11, 4)
    journal.record(make_events({"at": day, "debtor_id": "A", "kind": "called"}))
    known = journal.position()
    journal.record(make_events({"at": day, "debtor_id": "B", "kind": "called"}))
    assert journal.events(upto=known)["debtor_id"].tolist() == ["A"]


def test_two_companies_in_one_file_never_see_each_other(address: str, journal: Journal, make_events: Make) -> None:
    """Beta knows nothing of what Alpha recorded, and may record the same."""
    row = make_events({"at": dt.datetime(2026, 11, 4), "debtor_id": "411D", "kind": "called"})
    journal.record(row)
    with Journal.open(address, "Beta") as beta:
        assert (beta.is_empty(), len(beta.events()), beta.id) == (True, 0, journal.id)
        assert beta.record(row) == 1
    assert len(journal.events()) == 1


def test_an_event_without_date_or_of_unknown_kind_is_a_bug(journal: Journal, make_events: Make) -> None:
    """What cannot be undone is checked before: nothing is written."""
    for wrong in ({"kind": "called"}, {"at": dt.datetime(2026, 11, 4), "kind": "shouted"}):
        with pytest.raises(ValueError, match="event"):
            journal.record(make_events(wrong))
    assert journal.is_empty()


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=ROWS, after=ROWS)
def test_recording_is_idempotent_and_keeps_the_order(
    address: str, make_events: Make, before: list[dict[str, object]], after: list[dict[str, object]]
) -> None:
    """Whatever is recorded, in one or two portions or again, each row is held once, in the order of its first mention."""
    wanted = make_events(*before, *after).drop_duplicates(ignore_index=True)
    with Journal.open(address, f"firm {next(FIRMS)}") as journal:  # a firm of its own for each example, in one file
        added = [journal.record(make_events(*rows)) for rows in (before, after, before + after)]
        assert sum(added[:2]) == len(wanted)
        assert added[2] == 0
        pd.testing.assert_frame_equal(journal.events(), wanted)


def test_a_snapshot_taken_again_replaces_that_day_only(journal: Journal) -> None:
    """A second run on the same day tells the balances of that day anew; other days stay."""
    journal.snapshot(dt.date(2026, 11, 13), pd.DataFrame({"item_id": ["a", "b"], "open": [100, 200]}))
    journal.snapshot(dt.date(2026, 11, 20), pd.DataFrame({"item_id": ["a", "b"], "open": [100, 150]}))
    assert journal.snapshot(dt.date(2026, 11, 20), pd.DataFrame({"item_id": ["b"], "open": [50]})) == 1
    expected = SNAPSHOTS.conform(
        pd.DataFrame({
            "item_id": ["a", "b", "b"],
            "as_of": pd.to_datetime(["2026-11-13", "2026-11-13", "2026-11-20"]),
            "open": [100, 200, 50],
        })
    )  # fmt: skip
    pd.testing.assert_frame_equal(journal.snapshots(), expected)


def test_the_last_snapshot_before_a_day(journal: Journal) -> None:
    """Of three days the one before the asked-for day is returned, and nothing before the first."""
    for day, amount in ((13, 300), (18, 200), (20, 100)):
        journal.snapshot(dt.date(2026, 11, day), pd.DataFrame({"item_id": ["a"], "open": [amount]}))
    assert journal.snapshots(dt.date(2026, 11, 20))["open"].tolist() == [200]
    assert journal.snapshots(dt.date(2026, 11, 13)).empty
