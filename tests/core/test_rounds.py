"""How many mails the last round had, and when a round is unusually large."""

import datetime as dt

import pytest

from batch.core.rounds import LastRound, is_many, last_round
from tests.core.kit import event, events

TODAY = dt.date(2026, 11, 20)


def mail(at: str, number: int) -> dict[str, object]:
    """Return the event of one item of a mail."""
    return event(at, f"D{number}", "sent", step="reminder_1", message_id=f"<{number}@x.example>", by="relance")


def test_the_last_week_of_sending_is_one_round() -> None:
    """Three mails on two days of one week, one of them about two items; the week before does not count, today neither."""
    history = [
        mail("2026-11-05", 1), mail("2026-11-11", 2), mail("2026-11-12", 3), mail("2026-11-12", 3), mail("2026-11-12", 4),
        mail("2026-11-20", 5),
    ]  # fmt: skip
    assert last_round(events(history), TODAY) == LastRound(dt.date(2026, 11, 12), 3)


def test_what_relance_did_not_send_is_no_round() -> None:
    """Imported history, refusals and calls say nothing of how many mails leave at once."""
    history = [
        event("2026-11-12", "D", "sent", step="reminder_1"), event("2026-11-12", "D", "called"),
        event("2026-11-12", "D", "refused", message_id="<1@x.example>", by="relance"),
    ]  # fmt: skip
    assert last_round(events(history), TODAY) is None
    assert last_round(events([]), TODAY) is None


@pytest.mark.parametrize(("mails", "before", "many"), [(19, 1, False), (20, 9, True), (20, 10, False), (41, 20, True)])
def test_more_than_twice_and_at_least_twenty(mails: int, before: int, *, many: bool) -> None:
    """Both sides of both thresholds; a first round is never unusual."""
    assert is_many(mails, LastRound(TODAY, before)) is many
    assert not is_many(1000, None)
