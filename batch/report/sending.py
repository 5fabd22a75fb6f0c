"""What became of each reviewed row → what `relance send` says: sent, left with the reason, or in need of a person."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from batch.core.problem import Problem
from batch.report.grid import new_table, print_heading
from batch.report.problems import print_problems
from batch.report.terminal import near
from batch.words import Words

if TYPE_CHECKING:
    import datetime as dt

    from rich.console import Console

# ready: a dry run would send it; trial: only the user's own address got it; refused, uncertain: a person is needed; later: the
# server asked to wait, the next round sends it; left: not sent, for the reason given.
OUTCOMES = ("sent", "ready", "trial", "refused", "uncertain", "later", "left")
LEFT = "left"
TROUBLED = ("refused", "uncertain")
UNCLEAR = "uncertain-mail"  # the reason of a row that an earlier mail keeps back, which may have left
REFUSED_BEFORE = "address-refused"  # that of a row whose address a server refused at an earlier call
UNREMEMBERED = "unremembered"  # that of a row whose customer got a mail that the archive knows and the journal does not
LEFT_THE_HOUSE = ("sent", "ready", "trial")
INTERRUPTED = "interrupted"
# Rows that the reviewer did not ask to send: counted, not listed.
NOT_WANTED = frozenset({"not-approved", "held", "skipped", "called", "closed"})
NAMED = 3
# What stands in a server's place when it gave no answer: words of the library and the system, which are English everywhere.
LINE_FAULTS = {
    "unexpectedly closed": "closed",
    "reset by peer": "closed",
    "Broken pipe": "closed",
    "timed out": "timed_out",
    "-1": "garbled",
}
_SERVERS_OWN = re.compile(r"(\S+@\S+: )?\d{3} ")


@dataclass(frozen=True)
class Sending:
    """One reviewed row and what became of it; `reason` is a code of tables.ADMISSIONS, `answer` the server's own words."""

    debtor_id: str
    name: str
    currency: str
    step: str
    outcome: str
    email: str = ""
    reason: str = ""
    reason_on: "dt.date | None" = None
    answer: str = ""
    file: Path | None = None
    attachments: tuple[str, ...] = ()  # names and sizes of what goes out with it
    cc: tuple[str, ...] = ()  # who else gets the mail
    bcc: tuple[str, ...] = ()  # the same, unseen
    facts: Mapping[str, object] = field(default_factory=dict)  # what else the reason's sentence names
    subject: str = ""
    asked: int = 0  # what the mail asks for, in minor units
    doubts: tuple[str, ...] = ()  # Message-IDs of mails that may have left or were refused, and keep the row back

    def sentence(self, words: Words) -> str:
        """Return why the mail was left, or what the server answered; "" when there is nothing to say."""
        if self.answer or not self.reason:
            return _answer(self.answer, words)
        on = None if self.reason_on is None or pd.isna(self.reason_on) else self.reason_on
        step = words.label("steps", self.step) if self.step else ""
        facts = (
            dict.fromkeys(("n", "days", "amount", "text", "next_step", "what", "address"))
            | {"on": on, "step": step}
            | dict(self.facts)
        )
        # What blocks an account since the review is told in the words of the plan.
        group = "admissions" if words.has("admissions", self.reason) else "reasons"
        return words.sentence(group, self.reason, facts)


def _answer(answer: str, words: Words) -> str:
    """Return a server's answer as it gave it, or what happened to the line in words."""
    if _SERVERS_OWN.match(answer):
        return answer
    fault = next((code for said, code in LINE_FAULTS.items() if said in answer), "")
    return words.label("line_faults", fault) if fault else answer


def needs_person(sending: Sequence[Sending]) -> bool:
    """Return whether a mail was refused or may have left, now or at an earlier call, or is not known to the journal."""
    return any(_troubled(mail) or mail.reason == UNREMEMBERED for mail in sending)


def interrupted(sending: Sequence[Sending]) -> bool:
    """Return whether mails stayed because somebody pressed Ctrl-C."""
    return any(mail.reason == INTERRUPTED for mail in sending)


def told(sending: Sequence[Sending], words: Words) -> dict[tuple[str, str], str]:
    """Return what became of each account's row in words, as the workbook's column of what was sent takes it."""
    return {(mail.debtor_id, mail.currency): _told(mail, words) for mail in sending}


def _told(mail: Sending, words: Words) -> str:
    outcome, why = words.label("outcome", mail.outcome), mail.sentence(words)
    if mail.outcome in LEFT_THE_HOUSE or not why:
        return outcome
    return words.sentence("outcome", "because", {"outcome": outcome, "why": why})


def _troubled(mail: Sending) -> bool:
    return mail.outcome in TROUBLED or mail.reason in {UNCLEAR, REFUSED_BEFORE}


def print_sending(
    console: "Console",
    sending: Sequence[Sending],
    problems: Sequence[Problem],
    words: Words,
    *,
    folder: Path | None = None,
    copy: Path | None = None,
) -> None:
    """Print how many mails had each outcome, `folder` when they went to one, the workbook's `copy`, why others stayed, the problems."""
    wanted = [mail for mail in sending if mail.reason not in NOT_WANTED]
    counts = Counter(mail.outcome for mail in wanted)
    if not any(counts[outcome] for outcome in LEFT_THE_HOUSE):
        print_heading(console, words.label("terminal", "nothing_sent"))
    for outcome in OUTCOMES:
        if counts[outcome]:
            console.print(words.sentence("outcomes", outcome, {"n": counts[outcome]}))
    if not_wanted := len(sending) - len(wanted):
        console.print(words.sentence("outcomes", "not_wanted", {"n": not_wanted}))
    if folder and counts["sent"] + counts["trial"]:
        console.print(words.sentence("terminal", "to_folder", {"folder": near(folder)}), soft_wrap=True)
    if copy:
        console.print(words.sentence("terminal", "sent_copy", {"file": near(copy)}), soft_wrap=True)
    _print_kept(console, [mail for mail in wanted if mail.outcome not in LEFT_THE_HOUSE], words)
    print_problems(console, problems, words, every=True)
    if any(_troubled(mail) for mail in sending):  # what the archive knows has its own problem
        console.print(words.label("terminal", "needs_person"), style="bold red")


def _print_kept(console: "Console", kept: Sequence[Sending], words: Words) -> None:
    """Print the mails that did not leave by reason; those that need a person by name, of the others the first few."""
    if not kept:
        return
    customers: dict[tuple[bool, str], list[str]] = {}
    for mail in sorted(kept, key=lambda mail: OUTCOMES.index(mail.outcome)):
        customers.setdefault((_troubled(mail), mail.sentence(words)), []).append(mail.name or mail.debtor_id)
    table = new_table(words, {"why": "left", "number": "right", "debtor": "left"})
    for (troubled, sentence), names in customers.items():
        shown = names if troubled else names[:NAMED]
        table.add_row(sentence, words.number(len(names)), ", ".join(shown) + (", …" if len(shown) < len(names) else ""))
    console.print()
    print_heading(console, words.label("terminal", "kept"))
    console.print(table)
