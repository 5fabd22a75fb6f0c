"""Mails that are only the copy of a letter: a person still has to print and post it."""

from collections.abc import Sequence

from batch.core.codes import LETTER_STEPS
from batch.core.problem import Problem, Severity
from batch.messages.letter import some_of
from batch.report import Sending


def unposted(sending: Sequence[Sending]) -> tuple[Problem, ...]:
    """Return as one remark to whom a mail left that goes by letter, too."""
    letters = [mail for mail in sending if mail.outcome == "sent" and mail.step in LETTER_STEPS]
    if not letters:
        return ()
    customers = some_of(mail.name or mail.debtor_id for mail in letters)
    return (Problem("LETTERS-TO-POST", Severity.INFO, facts={"n": len(letters), "customers": customers}),)
