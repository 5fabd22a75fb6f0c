"""What `relance send` says: how many left, why the others did not, and who is needed."""

import datetime as dt
import io

from batch.report import Sending, needs_person, open_console, print_sending, sending_json
from batch.words import Words

SENT = Sending("411A", "Alder", "EUR", "reminder_1", "sent", email="a@alder.example")
BEFORE = Sending("411B", "Birch", "EUR", "reminder_1", "left", reason="already-sent", reason_on=dt.date(2026, 11, 18))
HELD = Sending("411C", "Cedar", "EUR", "reminder_2", "left", reason="held")
UNCERTAIN = Sending("411D", "Damson", "EUR", "reminder_2", "uncertain", answer="451 try later")


def printed(sending: list[Sending], words: Words) -> str:
    """Return what a plain terminal shows, its spaces made single."""
    stream = io.StringIO()
    print_sending(open_console(stream), sending, [], words)
    return " ".join(stream.getvalue().split())


def test_counts_and_reasons(words: Words) -> None:
    """What left is counted; what stayed is listed with its reason and its customers."""
    text = printed([SENT, BEFORE], words)
    assert words.sentence("outcomes", "sent", {"n": 1}) in text
    assert f"{BEFORE.sentence(words)} 1 Birch" in text
    assert "18 Nov 2026" in text


def test_second_time_says_nothing_left(words: Words) -> None:
    """When every row was sent before, the first words say that nothing was sent."""
    assert printed([BEFORE], words).startswith(words.label("terminal", "nothing_sent"))


def test_not_wanted_is_not_listed(words: Words) -> None:
    """A row that the reviewer held is counted and not listed as a mail that failed to leave."""
    text = printed([SENT, HELD], words)
    assert words.sentence("outcomes", "not_wanted", {"n": 1}) in text
    assert "Cedar" not in text


def test_same_reason_is_told_once(words: Words) -> None:
    """Five customers with one reason make one row, that names the first three."""
    several = [Sending(f"411{n}", f"Tree {n}", "EUR", "reminder_1", "left", reason="paid-since") for n in range(1, 6)]
    assert f"{several[0].sentence(words)} 5 Tree 1, Tree 2, Tree 3, …" in printed(several, words)


def test_uncertain_needs_a_person(words: Words) -> None:
    """An uncertain mail is named with the server's words, and a person is called for; a held row calls nobody."""
    text = printed([SENT, UNCERTAIN], words)
    assert "451 try later 1 Damson" in text
    assert (needs_person([SENT, UNCERTAIN]), needs_person([SENT, BEFORE, HELD])) == (True, False)


def test_json(words: Words) -> None:
    """As JSON every row has its outcome and its reason by code and in words."""
    document = sending_json([SENT, BEFORE], [], version="0.1.0", dry_run=False, words=words)
    assert document["mails"][0] == {
        "debtor_id": "411A",
        "name": "Alder",
        "currency": "EUR",
        "step": "reminder_1",
        "email": "a@alder.example",
        "outcome": "sent",
        "reason": None,
        "sentence": None,
        "file": None,
    }
    assert [document["mails"][1][name] for name in ("outcome", "reason")] == ["left", "already-sent"]
