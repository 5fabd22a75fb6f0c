"""Rows of a send that need a person → what that person types or corrects, row by row."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from batch.report.grid import print_heading
from batch.report.problems import INDENT
from batch.report.sending import Sending
from batch.report.terminal import near, quoted
from batch.words import Words

if TYPE_CHECKING:
    from rich.console import Console

# RFC 3463: the mail system, the way, the protocol, the contents or a rule of the server is in the way; the address is not.
NOT_THE_ADDRESS = re.compile(r"\b5\d\d[ -]5\.[34567]\.\d+\b")


def print_remedies(console: "Console", sending: Sequence[Sending], words: Words, *, settings: Path | None) -> None:
    """Print what to do about mails that were refused, and about those that may have left, the commands to type written out.

    `settings` is the relance.toml of the run: named where it is not the one that the commands would find by themselves.
    """
    refused = [one for one in sending if one.outcome == "refused"]
    doubtful = list({one.doubts: one for one in sending if one.doubts}.values())
    if not refused and not doubtful:
        return
    console.print()
    print_heading(console, words.label("terminal", "next"))
    for one in refused:
        facts = {"name": one.name or one.debtor_id, "address": one.email, "answer": one.answer}
        remedy = "not_the_address" if NOT_THE_ADDRESS.search(one.answer) else "correct_address"
        console.print(INDENT + words.sentence("sending", remedy, facts), soft_wrap=True)
    if doubtful:
        several = {"n": sum(len(one.doubts) for one in doubtful)}
        console.print(INDENT + words.sentence("sending", "find_out", several), soft_wrap=True)
    for one in doubtful:
        console.print(
            INDENT + words.sentence("sending", "doubtful", {"name": one.name or one.debtor_id, "address": one.email})
        )
        for key in one.doubts:
            # Angle brackets mean something to a shell; the command takes the id without them.
            command = f'relance history release {key.strip("<>")} --sent{_config(settings)} --why "…"'
            console.print(INDENT * 2 + command, soft_wrap=True)
            other = words.sentence("sending", "or_not", {"option": "--not-sent"})
            console.print(INDENT * 2 + other, soft_wrap=True)


def _config(settings: Path | None) -> str:
    if settings is None or settings.parent == Path.cwd():
        return ""
    return f" --config {quoted(near(settings))}"
