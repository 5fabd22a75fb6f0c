"""What the journal knows of each customer, kept apart: written whole, read back, and what of it a forgetful journal lacks."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from batch.journal.apart import forgotten, read_apart, write_apart

Make = Callable[..., pd.DataFrame]
KNOWN = (
    {"at": dt.datetime(2026, 11, 13), "debtor_id": "411D", "kind": "sent", "message_id": "<a@alpha.example>"},
    {"at": dt.datetime(2026, 11, 13), "debtor_id": "411E", "kind": "sent", "message_id": "<b@alpha.example>"},
    {"at": dt.datetime(2026, 11, 16), "debtor_id": "411D", "kind": "promised", "note": "=le 30"},
    {"at": dt.datetime(2026, 11, 20), "debtor_id": "411D", "kind": "uncertain", "message_id": "<c@alpha.example>"},
)


def later(kind: str) -> dict[str, object]:
    """Return what became known of the last mail."""
    return {"at": dt.datetime(2026, 11, 21), "debtor_id": "411D", "kind": kind, "message_id": "<c@alpha.example>"}


def test_each_customers_events_come_back(tmp_path: Path, make_events: Make) -> None:
    """A file for each that was asked for, another customer's is not written; read back they are the same, day by day."""
    places = {debtor: tmp_path / debtor / "events.csv" for debtor in ("411D", "411E", "411F")}
    for place in places.values():
        place.parent.mkdir()
    assert write_apart(make_events(*KNOWN), places) == []
    assert sorted(path.name for path in tmp_path.rglob("*") if path.is_file()) == ["events.csv"] * 2
    read, problems = read_apart([places["411D"], places["411E"]])
    assert problems == ()
    order = ["at", "debtor_id"]
    pd.testing.assert_frame_equal(
        read.sort_values(order, ignore_index=True), make_events(*KNOWN).sort_values(order, ignore_index=True)
    )


def test_what_cannot_be_written_is_told(tmp_path: Path, make_events: Make) -> None:
    """The folder of one customer is gone: the other's file is written all the same."""
    places = {"411D": tmp_path / "gone" / "events.csv", "411E": tmp_path / "events.csv"}
    assert len(write_apart(make_events(*KNOWN), places)) == 1
    assert places["411E"].is_file()


def test_what_a_journal_has_forgotten(make_events: Make) -> None:
    """Mails that it knows are not said again; of an unclear one without its claim nobody can say more: it counts as sent."""
    kinds = forgotten(make_events(*KNOWN), {"<a@alpha.example>": 1})[["debtor_id", "kind"]]
    assert list(kinds.itertuples(index=False, name=None)) == [("411E", "sent"), ("411D", "promised"), ("411D", "sent")]
    released = make_events(*KNOWN, later("released"))
    assert forgotten(released, {})["kind"].tolist() == ["sent", "sent", "promised", "uncertain", "released"]
    bounced = make_events(*KNOWN, later("bounced"))
    known = {"<a@alpha.example>": 1, "<b@alpha.example>": 1, "<c@alpha.example>": 1}
    assert forgotten(bounced, known)["kind"].tolist() == ["promised", "bounced"]
