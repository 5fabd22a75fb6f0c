"""What `relance send` says: how many left, why the others did not, and who is needed."""

import datetime as dt
import io
from dataclasses import replace
from pathlib import Path

from batch.report import Sending, needs_person, open_console, print_remedies, print_sending, sending_json, told
from batch.report.outlook import summary_json
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


def test_what_the_journal_has_forgotten_needs_a_person(words: Words) -> None:
    """Nothing was refused, and nothing is uncertain: its own problem says what to do, and the shell is told."""
    forgotten = replace(BEFORE, reason="unremembered")
    assert needs_person([SENT, forgotten])
    assert "JOURNAL-BEHIND-ARCHIVE" in printed([SENT, forgotten], words)
    assert words.label("terminal", "needs_person") not in printed([SENT, forgotten], words)


def test_told_row_by_row(words: Words) -> None:
    """For the workbook every account has its outcome in a word, and why it stayed or what the server said of it."""
    assert told([SENT, HELD, UNCERTAIN], words) == {
        ("411A", "EUR"): "sent",
        ("411C", "EUR"): "not sent (on hold on the Review sheet)",
        ("411D", "EUR"): "uncertain: it may have left (451 try later)",
    }


def test_remedies_are_commands_to_type(words: Words) -> None:
    """A refused mail names the address to correct; a doubtful one, told of two rows, its command once, without angle brackets."""
    refused = Sending(
        "411E", "Elm", "EUR", "reminder_1", "refused", email="x@elm.example", answer="x@elm.example: 550 unknown"
    )
    doubtful = [replace(UNCERTAIN, doubts=("<relance.1@a.example>",), currency=currency) for currency in ("EUR", "USD")]
    stream = io.StringIO()
    print_remedies(open_console(stream), [SENT, refused, *doubtful], words, settings=Path("/far/relance.toml"))
    text = stream.getvalue()
    assert "Elm: the server refused x@elm.example." in text
    assert text.count("relance history release relance.1@a.example --sent --config /far/relance.toml --why") == 1
    stream = io.StringIO()
    print_remedies(open_console(stream), [SENT, HELD], words, settings=None)
    assert not stream.getvalue()


def test_summary(words: Words) -> None:
    """Mails and sums by currency, the largest first, and how many rows stay for each reason."""
    mails = [
        Sending(f"411{n}", f"Tree {n}", "EUR", "reminder_1", "ready", asked=n * 1000, email=f"{n}@tree.example")
        for n in range(1, 8)
    ]
    dollars = replace(SENT, currency="USD", asked=5000)
    document = summary_json([*mails, dollars, HELD, HELD, BEFORE], words)
    assert (document["mails"], document["asked"]) == (8, {"EUR": "280.00", "USD": "50.00"})
    assert [one["asked"] for one in document["largest"]] == ["70.00", "60.00", "50.00", "40.00", "30.00", "50.00"]
    assert [(one["reason"], one["rows"]) for one in document["held_back"]] == [("held", 2), ("already-sent", 1)]


def test_json(words: Words) -> None:
    """As JSON every row has its outcome and its reason by code and in words."""
    document = sending_json([SENT, BEFORE], [], version="0.1.0", dry_run=False, words=words)
    assert document["mails"][0] == {
        "debtor_id": "411A",
        "name": "Alder",
        "currency": "EUR",
        "step": "reminder_1",
        "email": "a@alder.example",
        "subject": None,
        "asked": "0.00",
        "cc": [],
        "bcc": [],
        "attachments": [],
        "outcome": "sent",
        "reason": None,
        "sentence": None,
        "file": None,
        "release": [],
    }
    assert [document["mails"][1][name] for name in ("outcome", "reason")] == ["left", "already-sent"]


def remedies(sending: list[Sending], words: Words) -> str:
    """Return what a person is told to do, on one line."""
    stream = io.StringIO()
    print_remedies(open_console(stream), sending, words, settings=None)
    return " ".join(stream.getvalue().split())


def test_a_refusal_that_is_not_the_address_s(words: Words) -> None:
    """An unknown mailbox is corrected; what a rule of the server refuses is shown to whoever looks after the mail, with the answer."""
    unknown = replace(SENT, outcome="refused", answer="a@alder.example: 550 5.1.1 no such user")
    ruled = replace(SENT, outcome="refused", answer="550-5.7.1 Message rejected as spam")
    plain = replace(SENT, outcome="refused", answer="a@alder.example: 550 no")
    contents = replace(SENT, outcome="refused", answer="552 too large")
    facts = {"name": "Alder", "address": "a@alder.example"}
    correct = words.sentence("sending", "correct_address", facts)
    assert correct in remedies([unknown], words)
    assert correct in remedies([plain], words)
    assert "550-5.7.1 Message rejected as spam" in remedies([ruled], words)
    assert correct not in remedies([ruled, contents], words)


def test_a_refusal_of_an_earlier_call(words: Words) -> None:
    """It needs a person still; both ways out are told, the command only where the mail is known by its Message-ID."""
    before = replace(SENT, outcome="left", reason="address-refused", doubts=("<relance.1@a.example>",))
    assert needs_person([before])
    said = remedies([before], words)
    assert words.sentence("sending", "refused_before", {"name": "Alder", "address": "a@alder.example"}) in said
    assert 'relance history release relance.1@a.example --not-sent --why "…"' in said
    assert words.sentence("sending", "find_out", {"n": 1}) not in said
    assert "history release" not in remedies([replace(before, doubts=())], words)


def test_what_waits_after_an_unattended_sending(words: Words) -> None:
    """How to review comes under the one heading, with the remedies; not where every row has left or is done with."""
    refused = replace(SENT, outcome="refused", answer="a@alder.example: 550 no")
    for rows, lines in (([SENT, HELD], 1), ([refused, HELD], 1), ([SENT, BEFORE], 0)):
        stream = io.StringIO()
        print_remedies(open_console(stream), rows, words, settings=None, review=["  relance send x.xlsx"])
        assert stream.getvalue().count("relance send x.xlsx") == lines
        assert stream.getvalue().count(words.label("terminal", "next")) == lines


def test_several_doubts_are_several(words: Words) -> None:
    """One mail in doubt is one, two are two."""
    first, second = replace(UNCERTAIN, doubts=("<1@x.example>",)), replace(UNCERTAIN, doubts=("<2@x.example>",))
    assert words.sentence("sending", "find_out", {"n": 1}) in remedies([first], words)
    assert words.sentence("sending", "find_out", {"n": 2}) in remedies([first, second], words)


def test_a_line_that_breaks_is_told_in_words(words: Words) -> None:
    """What the library says of the line is told in the language of the settings; a server's own answer stays as it is."""
    for answer, code in (
        ("Connection unexpectedly closed", "closed"),
        ("[Errno 104] Connection reset by peer", "closed"),
        ("timed out", "timed_out"),
        ("-1 ", "garbled"),
    ):
        assert replace(UNCERTAIN, answer=answer).sentence(words) == words.label("line_faults", code)
    for answer in ("451 4.4.2 timed out", "a@alder.example: 451 timed out"):
        assert replace(UNCERTAIN, answer=answer).sentence(words) == answer
