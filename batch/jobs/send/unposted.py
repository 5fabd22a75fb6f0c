"""Mails that are only the copy of a letter: a person still has to print and post it."""

from collections.abc import Sequence

from batch.core.problem import Problem, Severity
from batch.core.tables import LETTER_STEPS
from batch.report import Sending

MOST_NAMED = 10  # customers in one sentence


def unposted(sending: Sequence[Sending]) -> tuple[Problem, ...]:
    """Return as one remark to whom a mail left that goes by letter, too."""
    letters = [mail for mail in sending if mail.outcome == "sent" and mail.step in LETTER_STEPS]
    if not letters:
        return ()
    names = list(dict.fromkeys(mail.name or mail.debtor_id for mail in letters))
    customers = ", ".join(names[:MOST_NAMED]) + (" …" if len(names) > MOST_NAMED else "")
    return (Problem("LETTERS-TO-POST", Severity.INFO, facts={"n": len(letters), "customers": customers}),)
