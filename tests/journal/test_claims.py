"""The protocol: claimed before it is sent, settled once, never twice, and what a crash leaves is uncertain."""

import datetime as dt
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from batch.core.problem import RelanceError
from batch.journal import AlreadyClaimed, Journal, Line, Settlement

Claiming = Callable[..., int | AlreadyClaimed]

REPOSITORY = Path(__file__).parents[2]
AT = dt.datetime(2026, 11, 20, 9, 30)
LATER = dt.datetime(2026, 11, 23, 14)
FA_1 = Line("411DURAND|FA-1", "FA-1", "reminder_1", 1)
FA_2 = Line("411DURAND|FA-2", "FA-2", "courtesy", 1)


def start(code: str, *arguments: str) -> subprocess.Popen[str]:
    """Start a program of a few lines in a process of its own."""
    command = [sys.executable, "-c", textwrap.dedent(code), *arguments]
    return subprocess.Popen(command, cwd=REPOSITORY, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def told(events: pd.DataFrame) -> list[tuple[str, str, str, str]]:
    """Return kind, day, number and step of each event."""
    days = events["at"].dt.strftime("%Y-%m-%d")
    return list(zip(events["kind"], days, events["number"], events["step"], strict=True))


def test_a_sent_mail_is_an_event_for_each_item_with_its_own_step(journal: Journal, make_claim: Claiming) -> None:
    """The server's words are kept, and each item has advanced by its own step."""
    claim_id = make_claim(journal, FA_1, FA_2)
    assert isinstance(claim_id, int)
    assert not journal.is_empty()
    assert journal.settle(claim_id, "sent", "250 queued as 42", AT)
    events = journal.events()
    assert told(events) == [("sent", "2026-11-20", "FA-1", "reminder_1"), ("sent", "2026-11-20", "FA-2", "courtesy")]
    assert events["note"].tolist() == ["250 queued as 42"] * 2
    assert events["message_id"].tolist() == ["<m1@alpha.example>"] * 2
    assert set(events["by"]) == {"relance"}


def test_a_line_is_claimed_once(journal: Journal, make_claim: Claiming) -> None:
    """The second mail for the same item, step and round is told who was first, and leaves nothing behind."""
    first = make_claim(journal, FA_1)
    assert isinstance(first, int)
    journal.settle(first, "sent", "250", AT)
    second = make_claim(journal, FA_2, FA_1, message_id="<m2@alpha.example>", at=LATER)
    assert second == AlreadyClaimed("<m1@alpha.example>", AT, "sent")
    assert journal.claimed([FA_1.item_id, FA_2.item_id])["item_id"].tolist() == [FA_1.item_id]
    assert journal.unsettled() == []


def test_a_mail_is_settled_with_the_claim_of_the_next(journal: Journal, make_claim: Claiming) -> None:
    """Both are on disk then; and the settlement also where the next mail's line is held already."""
    first = make_claim(journal, FA_1)
    assert isinstance(first, int)
    second = make_claim(journal, FA_2, message_id="<m2@alpha.example>", before=Settlement(first, "sent", "250 one", AT))
    assert isinstance(second, int)
    assert [claim.id for claim in journal.unsettled()] == [second]
    assert told(journal.events()) == [("sent", "2026-11-20", "FA-1", "reminder_1")]
    third = make_claim(journal, FA_1, message_id="<m3@alpha.example>", before=Settlement(second, "sent", "250 two", AT))
    assert third == AlreadyClaimed("<m1@alpha.example>", AT, "sent")
    assert journal.unsettled() == []
    assert journal.events()["note"].tolist() == ["250 one", "250 two"]


@pytest.mark.parametrize("outcome", ["refused", "later"])
def test_what_gives_lines_back_is_settled_by_itself(journal: Journal, make_claim: Claiming, outcome: str) -> None:
    """Two senders that free some lines and claim others in one transaction could wait for each other in a circle."""
    first = make_claim(journal, FA_1)
    assert isinstance(first, int)
    with pytest.raises(ValueError, match="by itself"):
        make_claim(journal, FA_2, before=Settlement(first, outcome, "550 no such user", AT))
    assert [claim.id for claim in journal.unsettled()] == [first]
    assert journal.end(Settlement(first, outcome, "550 no such user", AT))
    assert journal.claimed([FA_1.item_id, FA_2.item_id]).empty


def test_a_new_round_is_a_new_line(journal: Journal, make_claim: Claiming) -> None:
    """After a bounce the round is raised, and the same step may be claimed again."""
    assert isinstance(make_claim(journal, FA_1), int)
    assert isinstance(make_claim(journal, FA_1._replace(round=2)), int)


def test_another_company_has_lines_of_its_own(address: str, journal: Journal, make_claim: Claiming) -> None:
    """Two firms in one journal may each remind the same customer of an invoice of the same number."""
    make_claim(journal, FA_1)
    with Journal.open(address, "Beta") as beta:
        claim_id = make_claim(beta, FA_1)
        assert isinstance(claim_id, int)
        assert not journal.settle(claim_id, "sent", "250", AT)


def test_a_refused_mail_frees_its_lines(journal: Journal, make_claim: Claiming) -> None:
    """The corrected address is tried on the same day; both refusals stand in the history though the words are the same."""
    for _ in range(2):
        claim_id = make_claim(journal, FA_1)
        assert isinstance(claim_id, int)
        assert journal.settle(claim_id, "refused", "550 5.1.1 user unknown", AT)
    assert told(journal.events()) == [("refused", "2026-11-20", "FA-1", "reminder_1")] * 2
    assert journal.claimed([FA_1.item_id]).empty


def test_a_mail_put_off_leaves_no_trace_in_the_history(journal: Journal, make_claim: Claiming) -> None:
    """The server was busy: nothing left, nothing happened, the line is free."""
    claim_id = make_claim(journal, FA_1)
    assert isinstance(claim_id, int)
    assert journal.withdraw(claim_id, "451 try again", AT)
    assert journal.events().empty
    assert isinstance(make_claim(journal, FA_1), int)


def test_a_claim_is_settled_once(journal: Journal, make_claim: Claiming) -> None:
    """What comes second changes nothing and writes nothing."""
    claim_id = make_claim(journal, FA_1)
    assert isinstance(claim_id, int)
    assert [journal.settle(claim_id, outcome, "", AT) for outcome in ("sent", "refused")] == [True, False]
    assert not journal.withdraw(claim_id, "", AT)
    assert told(journal.events()) == [("sent", "2026-11-20", "FA-1", "reminder_1")]


def test_a_claim_without_lines_or_with_one_twice_is_a_bug(journal: Journal, make_claim: Claiming) -> None:
    """Neither reaches the database."""
    for lines in ((), (FA_1, FA_1)):
        with pytest.raises(ValueError, match="line"):
            make_claim(journal, *lines)


@pytest.mark.parametrize("death", ["os._exit(1)", "os.kill(os.getpid(), signal.SIGKILL)"])
def test_what_a_crash_leaves_is_listed_and_becomes_uncertain(address: str, journal: Journal, death: str) -> None:
    """A process that dies between claim and answer: the mail is listed, blocks its line, and is a person's to judge."""
    code = f"""
        import datetime as dt, os, signal, sys
        from batch.journal import Journal, Line
        journal = Journal.open(sys.argv[1], "Alpha")
        journal.claim(
            "<m1@alpha.example>", "411DURAND", "EUR", "reminder_1", [Line("411DURAND|FA-1", "FA-1", "reminder_1", 1)],
            recipient="compta@durand.example", subject="s", text="t", at=dt.datetime(2026, 11, 20, 9, 30),
        )
        {death}
    """
    with start(code, address) as dying:
        assert dying.wait(60) != 0
    assert [(left.message_id, left.at, left.state) for left in journal.unsettled()] == [
        ("<m1@alpha.example>", AT, "pending")
    ]
    assert journal.mark_uncertain(LATER, "crash") == 1
    assert journal.mark_uncertain(LATER, "crash") == 0
    assert journal.unsettled() == []
    assert [left.recipient for left in journal.uncertain()] == ["compta@durand.example"]
    assert told(journal.events()) == [("uncertain", "2026-11-23", "FA-1", "reminder_1")]
    assert journal.claimed([FA_1.item_id])["state"].tolist() == ["uncertain"]


def test_of_two_processes_exactly_one_gets_the_line(address: str, journal: Journal) -> None:
    """Both claim 12 lines at the same moment; each line is claimed once, by one of them."""
    code = """
        import datetime as dt, sys
        from batch.journal import Journal, Line
        with Journal.open(sys.argv[1], "Alpha") as journal:
            print("ready", flush=True)
            sys.stdin.readline()
            won = [
                number for number in range(12)
                if isinstance(journal.claim(
                    f"<{sys.argv[2]}-{number}@alpha.example>", "411D", "EUR", "reminder_1",
                    [Line(f"item {number}", "", "reminder_1", 1)],
                    recipient="compta@durand.example", subject="s", text="t", at=dt.datetime(2026, 11, 20, 9),
                ), int)
            ]
            print(*won)
    """
    with start(code, address, "a") as first, start(code, address, "b") as second:
        for racer in (first, second):
            assert racer.stdout is not None
            assert racer.stdout.readline() == "ready\n"
        for racer in (first, second):
            assert racer.stdin is not None
            racer.stdin.write("go\n")
            racer.stdin.flush()
        won = [number for racer in (first, second) for number in racer.communicate(timeout=60)[0].split()]
    assert sorted(map(int, won)) == list(range(12))
    assert len(journal.unsettled()) == 12


def uncertain(journal: Journal, claim: Claiming) -> None:
    """Leave one mail of two lines uncertain."""
    claim_id = claim(journal, FA_1, FA_2)
    assert isinstance(claim_id, int)
    journal.settle(claim_id, "uncertain", "connection lost", AT)


def test_a_person_says_that_it_had_left(journal: Journal, make_claim: Claiming) -> None:
    """The release comes first, then each line is sent on the day the mail was claimed; the lines stay taken."""
    uncertain(journal, make_claim)
    released = journal.release("m1@alpha.example", sent=True, why="found in the sent folder", at=LATER, by="Claire")
    assert released == "<m1@alpha.example>"
    events = journal.events()
    assert told(events)[2:] == [
        ("released", "2026-11-23", "", "reminder_1"),
        ("sent", "2026-11-20", "FA-1", "reminder_1"),
        ("sent", "2026-11-20", "FA-2", "courtesy"),
    ]
    assert [events[name].iloc[2] for name in ("value", "by", "note")] == ["sent", "Claire", "found in the sent folder"]
    assert journal.claimed([FA_1.item_id])["state"].tolist() == ["sent"]


def test_a_person_says_that_it_had_not_left(journal: Journal, make_claim: Claiming) -> None:
    """Its lines are free again; a second try that ends the same way is not lost in the history."""
    for _ in range(2):
        uncertain(journal, make_claim)
        journal.release("<m1@alpha.example>", sent=False, why="customer never got it", at=AT)
    assert journal.events()["kind"].tolist() == ["uncertain", "uncertain", "released"] * 2
    assert set(journal.events()["value"]) == {"", "not_sent"}
    assert journal.claimed([FA_1.item_id]).empty


def test_only_an_uncertain_mail_can_be_released(journal: Journal, make_claim: Claiming) -> None:
    """Unknown keys and settled mails are refused by name; a claim's number is a key as well."""
    uncertain(journal, make_claim)
    number = journal.uncertain()[0].id
    assert journal.release(str(number), sent=True, why="seen", at=LATER) == "<m1@alpha.example>"
    codes = []
    for key in ("m1@alpha.example", "nobody", str(number + 1)):
        with pytest.raises(RelanceError) as refused:
            journal.release(key, sent=True, why="seen", at=LATER)
        codes.append(refused.value.code)
    assert codes == ["JOURNAL-SETTLED", "JOURNAL-NO-CLAIM", "JOURNAL-NO-CLAIM"]


def test_a_refused_mail_may_be_tried_again(journal: Journal, make_claim: Claiming) -> None:
    """Once, and only as not sent; the release stands in the history, and the next refusal can be released as well."""
    for _ in range(2):
        claim_id = make_claim(journal, FA_1)
        assert isinstance(claim_id, int)
        assert journal.settle(claim_id, "refused", "550 5.1.1 user unknown", AT)
        with pytest.raises(RelanceError) as refused:
            journal.release("m1@alpha.example", sent=True, why="seen", at=LATER)
        assert refused.value.code == "JOURNAL-SETTLED"
        assert journal.release("m1@alpha.example", sent=False, why="mailbox opened", at=LATER) == "<m1@alpha.example>"
        with pytest.raises(RelanceError) as settled:
            journal.release("m1@alpha.example", sent=False, why="mailbox opened", at=LATER)
        assert settled.value.code == "JOURNAL-SETTLED"
    assert journal.events()["kind"].tolist() == ["refused", "released"] * 2
    assert journal.claimed([FA_1.item_id]).empty


def test_claimed_lines_are_found_among_many_items(journal: Journal, make_claim: Claiming) -> None:
    """More items than one statement takes are asked for in portions."""
    make_claim(journal, FA_1)
    found = journal.claimed([*(f"item {number}" for number in range(12000)), FA_1.item_id])
    assert found.to_dict("records") == [{
        "item_id": FA_1.item_id, "step": "reminder_1", "round": 1, "message_id": "<m1@alpha.example>",
        "at": pd.Timestamp(2026, 11, 20), "state": "pending",
    }]  # fmt: skip
