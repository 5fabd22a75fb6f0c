"""The protocol under every order of acts: claim, hand over, settle, crash, restart, release, by two senders on either database.

The mail server is a counter; what is judged is what reached it. Short in an ordinary run, long with RELANCE_LONG=1.
"""

import datetime as dt
import itertools
import os
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from typing import ClassVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from batch.core.problem import RelanceError
from batch.journal import AlreadyClaimed, Journal, Line
from tests.conftest import CAMPAIGN

LONG = os.environ.get("RELANCE_LONG") == "1"
EXAMPLES, STEPS = (500, 60) if LONG else (25, 25)
AT = dt.datetime(2026, 11, 20, 9, 30)
SENDERS = 2
MAILS = range(6)
LETTERS = st.sampled_from(MAILS)
# What a server does with a mail: takes it, refuses it, puts it off; or the answer is lost, and then the mail may have arrived or not.
FATES = st.sampled_from(["sent", "refused", "later", "lost after", "lost before"])
CRASHES = st.sampled_from(["before the server", "after the server"])


def lines_of(letter: int) -> list[Line]:
    """Return the lines of a mail: one of its own, and one that it shares with its neighbour, in another order."""
    own, shared = Line(f"item {letter}", "", "reminder_1", 1), Line(f"shared {letter // 2}", "", "reminder_1", 1)
    return [own, shared] if letter % 2 else [shared, own]


ITEMS = sorted({line.item_id for letter in MAILS for line in lines_of(letter)})


class Sender:
    """One program: a journal that it holds while it sends, and the mail it has claimed."""

    def __init__(self, address: str, company: str) -> None:
        """Open the journal and hold it; raises RelanceError JOURNAL-BUSY."""
        self._held = ExitStack()
        try:
            self.journal = self._held.enter_context(Journal.open(address, company))
            self._held.enter_context(self.journal.sending())
            self.journal.mark_uncertain(AT)
        except BaseException:
            self.end()
            raise

    def end(self) -> None:
        """End, in whatever state: what was claimed stays as it is, the locks are free, as after a kill."""
        self._held.close()


class Protocol(RuleBasedStateMachine):
    """Two senders of the same mails, a server that counts, and a person who now and then looks."""

    address = ""
    companies = itertools.count()
    counts: ClassVar[Counter[str]] = Counter()

    def __init__(self) -> None:
        """Begin with nothing claimed."""
        super().__init__()
        self.company = f"firm {next(Protocol.companies)}"  # one database, a firm of its own for each example
        self.looking = Journal.open(self.address, self.company)
        self.running: list[Sender] = []
        self.arrived: Counter[str] = Counter()  # by line: how many mails that hold it reached the customer
        self.doubtful: set[str] = set()  # Message-IDs of claims that nobody settled
        self.attempts = 0

    @precondition(lambda self: len(self.running) < SENDERS)
    @rule()
    def start(self) -> None:
        """A sender begins; on a file it is turned away while another runs."""
        if self.running and self.address.startswith("/"):
            with pytest.raises(RelanceError, match="JOURNAL-BUSY"):
                Sender(self.address, self.company)
        else:
            self.running.append(Sender(self.address, self.company))
            assert self.looking.unsettled() == []

    @precondition(lambda self: self.running)
    @rule(who=st.integers(0, SENDERS - 1), letter=LETTERS, fate=FATES)
    def send(self, who: int, letter: int, fate: str) -> None:
        """A sender claims a mail, hands it over and settles it by what the server said."""
        sender = self.running[who % len(self.running)]
        if (number := self._claim(sender, letter)) is None:
            return
        self._hand_over(letter, arrives=fate in {"sent", "lost after"})
        if fate == "later":
            assert sender.journal.withdraw(number, "451", AT)
        else:
            assert sender.journal.settle(number, "uncertain" if fate.startswith("lost") else fate, fate, AT)
        Protocol.counts[fate] += 1

    @precondition(lambda self: self.running)
    @rule(who=st.integers(0, SENDERS - 1), letter=LETTERS, moment=CRASHES)
    def crash(self, who: int, letter: int, moment: str) -> None:
        """A sender dies between its claim and its settling, with the mail at the server or not."""
        sender = self.running.pop(who % len(self.running))
        if self._claim(sender, letter) is not None:
            self._hand_over(letter, arrives=moment == "after the server")
            self.doubtful.add(f"<{letter}.{self.attempts}@alpha.example>")
            Protocol.counts["crashes"] += 1
        sender.end()

    @precondition(lambda self: self.running)
    @rule(who=st.integers(0, SENDERS - 1))
    def stop(self, who: int) -> None:
        """A sender ends well."""
        self.running.pop(who % len(self.running)).end()

    @precondition(lambda self: not self.running)
    @rule(data=st.data())
    def release(self, data: st.DataObject) -> None:
        """A person looks whether an uncertain mail arrived, and says the truth."""
        with self.looking.exclusive():
            self.looking.mark_uncertain(AT)
            if not (open_ones := self.looking.uncertain()):
                return
            claim = data.draw(st.sampled_from(open_ones))
            there = any(self.arrived[line.item_id] for line in lines_of(int(claim.subject)))
            self.looking.release(str(claim.id), sent=there, why="looked", at=AT)
            with pytest.raises(RelanceError):
                self.looking.release(str(claim.id), sent=not there, why="looked again", at=AT)
        self.doubtful.discard(claim.message_id)
        Protocol.counts["releases"] += 1

    @invariant()
    def no_line_arrives_twice(self) -> None:
        """The customer has at most one mail of each line."""
        assert max(self.arrived.values(), default=0) <= 1

    @invariant()
    def nothing_is_lost(self) -> None:
        """What reached the customer is held by a claim: sent, or listed as pending or uncertain, as is what nobody settled."""
        held = set(self.looking.claimed(ITEMS)["item_id"])
        listed = {claim.message_id for claim in (*self.looking.unsettled(), *self.looking.uncertain())}
        assert set(self.arrived) <= held
        assert self.doubtful <= listed

    def teardown(self) -> None:
        """End all senders; the next one finds every mail that nobody settled."""
        for sender in self.running:
            sender.end()
        with self.looking.exclusive():
            self.looking.mark_uncertain(AT)
        assert self.looking.unsettled() == []
        assert self.doubtful <= {claim.message_id for claim in self.looking.uncertain()}
        self.looking.close()
        Protocol.counts["mails arrived"] += sum(self.arrived.values()) // 2

    def _claim(self, sender: Sender, letter: int) -> int | None:
        self.attempts += 1
        claim = sender.journal.claim(
            f"<{letter}.{self.attempts}@alpha.example>", f"411{letter}", "EUR", "reminder_1", lines_of(letter),
            recipient="compta@durand.example", subject=str(letter), text="Bonjour", at=AT,
        )  # fmt: skip
        if isinstance(claim, AlreadyClaimed):
            Protocol.counts["turned away"] += 1
            return None
        Protocol.counts["claims"] += 1
        return claim

    def _hand_over(self, letter: int, *, arrives: bool) -> None:
        if arrives:
            self.arrived.update(line.item_id for line in lines_of(letter))


def test_no_order_of_acts_doubles_or_loses_a_mail(address: str, record_property: Callable[[str, object], None]) -> None:
    """Whatever happens in whatever order, each line arrives once at most, and what is in doubt is listed."""
    Protocol.address, Protocol.counts = address, Counter()
    run_state_machine_as_test(
        Protocol,
        settings=settings(
            max_examples=EXAMPLES, stateful_step_count=STEPS, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
    assert min(Protocol.counts["claims"], Protocol.counts["crashes"], Protocol.counts["mails arrived"]) > 0
    counts = ", ".join(f"{number} {what}" for what, number in sorted(Protocol.counts.items()))
    kind = "SQLite" if address.startswith("/") else "PostgreSQL"
    record_property(
        CAMPAIGN, f"protocol on {kind}: {EXAMPLES} stories of up to {STEPS} acts, {counts}, 0 twice, 0 lost"
    )
