"""Reviewed rows as they were rehearsed → what a send says before the first mail: how many, how much, to whom most, what stays."""

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from batch.report.figures import decimal_string
from batch.report.grid import new_table, print_heading
from batch.report.problems import INDENT
from batch.report.sending import LEFT, Sending
from batch.words import Words

if TYPE_CHECKING:
    from rich.console import Console

LARGEST = 5  # recipients of each currency that are named


def summary_json(sending: Sequence[Sending], words: Words) -> dict[str, Any]:
    """Return how many mails set out, what they ask for by currency, the largest of each, and why the other rows stay."""
    return {
        "mails": len(_leaving(sending)),
        "asked": {currency: decimal_string(sum(one.asked for one in mails), currency) for currency, mails in _by_currency(sending)},
        "largest": [
            {"debtor_id": one.debtor_id, "name": one.name, "currency": currency, "asked": decimal_string(one.asked, currency), "email": one.email}
            for currency, mails in _by_currency(sending)
            for one in _largest(mails)
        ],
        "held_back": [
            {"reason": reason, "sentence": reason_words(reason, words), "rows": count} for reason, count in _held(sending)
        ],
    }  # fmt: skip


def print_outlook(
    console: "Console", sending: Sequence[Sending], words: Words, *, to_self: str = "", dry_run: bool = False
) -> None:
    """Print the summary; `to_self` is the one address that gets all of it."""
    count = len(_leaving(sending))
    heading = words.sentence("sending", "about_to_leave", {"n": count, "to": to_self or None})
    print_heading(console, words.sentence("outcomes", "ready", {"n": count}) if dry_run else heading)
    for currency, mails in _by_currency(sending):
        facts = {"n": len(mails), "total": words.amount(sum(one.asked for one in mails), currency)}
        console.print(words.sentence("sending", "asked", facts))
    table = new_table(words, {"largest": "left", "step": "left", "asked": "right", "recipient": "left"})
    for currency, mails in _by_currency(sending):
        for one in _largest(mails):
            step = words.label("steps", one.step)
            table.add_row(one.name or one.debtor_id, step, words.amount(one.asked, currency), one.email)
    console.print(table)
    if held := _held(sending):
        table = new_table(words, {"held_back": "left", "number": "right"})
        for reason, count in held:
            table.add_row(reason_words(reason, words), words.number(count))
        console.print(table)
    console.print()


def print_mails(console: "Console", sending: Sequence[Sending], words: Words) -> None:
    """Print each mail that would leave: to whom, who gets a copy, its subject, what it asks for, the files that it carries."""
    mails = _leaving(sending)
    copied = any(one.cc or one.bcc for one in mails)
    columns = {"debtor": "left", "recipient": "left", "copies": "left", "subject": "left", "asked": "right"}
    table = new_table(words, {code: side for code, side in columns.items() if copied or code != "copies"})
    for one in mails:
        who = [one.name or one.debtor_id, one.email, *([_copies(one, words)] if copied else [])]
        table.add_row(*who, one.subject, words.amount(one.asked, one.currency))
    console.print(table)
    if carrying := [one for one in mails if one.attachments]:
        print_heading(console, words.label("terminal", "attachments"))
        for one in carrying:
            files = words.sentence(
                "sending", "carries", {"name": one.name or one.debtor_id, "files": ", ".join(one.attachments)}
            )
            console.print(INDENT + files, markup=False, highlight=False, soft_wrap=True)
        console.print()


def _copies(mail: Sending, words: Words) -> str:
    """Return who gets a copy of a mail, one a line, those who get it unseen marked."""
    unseen = (words.sentence("sending", "unseen", {"address": address}) for address in mail.bcc)
    return "\n".join([*mail.cc, *unseen])


def reason_words(reason: str, words: Words) -> str:
    """Return why rows stay, without the days and figures that differ from row to row."""
    if words.has("admissions", reason):
        return words.sentence("admissions", reason, dict.fromkeys(("on", "what", "address")))
    return words.label("rules", reason)


def _leaving(sending: Sequence[Sending]) -> list[Sending]:
    return [one for one in sending if one.outcome != LEFT]


def _held(sending: Sequence[Sending]) -> list[tuple[str, int]]:
    return Counter(one.reason for one in sending if one.outcome == LEFT).most_common()


def _by_currency(sending: Sequence[Sending]) -> list[tuple[str, list[Sending]]]:
    """Return the mails that leave by currency, the currency of most mails first."""
    found: dict[str, list[Sending]] = {}
    for one in _leaving(sending):
        found.setdefault(one.currency, []).append(one)
    return sorted(found.items(), key=lambda pair: (-len(pair[1]), pair[0]))


def _largest(mails: Sequence[Sending]) -> list[Sending]:
    return sorted(mails, key=lambda one: -one.asked)[:LARGEST]
