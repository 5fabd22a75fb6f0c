"""Rows of a send that need a person → what that person types or corrects, row by row."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from batch.core.refusals import blames_address
from batch.report.grid import print_heading
from batch.report.problems import INDENT
from batch.report.sending import LEFT, REFUSED_BEFORE, Sending
from batch.report.terminal import near, print_lines, quoted
from batch.words import Words

if TYPE_CHECKING:
    from rich.console import Console

SETTLED = frozenset({"already-sent", "closed", "skipped"})  # rows left for good: nothing waits for a review


def print_remedies(
    console: "Console", sending: Sequence[Sending], words: Words, *, settings: Path | None, review: Sequence[str] = ()
) -> None:
    """Print what to do about mails that were refused, and about those that may have left, the commands to type written out.

    `settings` is the relance.toml of the run: named where it is not the one that the commands would find by themselves. `review` says
    how to review and send, for the rows that wait for that after an unattended sending.
    """
    waiting = review if any(one.outcome == LEFT and one.reason not in SETTLED for one in sending) else ()
    refused = [one for one in sending if one.outcome == "refused"]
    before = list({one.email: one for one in sending if one.reason == REFUSED_BEFORE}.values())
    doubtful = list({one.doubts: one for one in sending if one.doubts and one.reason != REFUSED_BEFORE}.values())
    if not refused and not before and not doubtful and not waiting:
        return
    console.print()
    print_heading(console, words.label("terminal", "next"))
    print_lines(console, waiting)
    for one in refused:
        facts = {"name": one.name or one.debtor_id, "address": one.email, "answer": one.answer}
        remedy = "correct_address" if blames_address(one.answer) else "not_the_address"
        console.print(INDENT + words.sentence("sending", remedy, facts), soft_wrap=True)
    for one in before:
        facts = {"name": one.name or one.debtor_id, "address": one.email}
        console.print(INDENT + words.sentence("sending", "refused_before", facts), soft_wrap=True)
        if one.doubts:
            console.print(INDENT + words.label("sending", "try_again"), soft_wrap=True)
        for key in one.doubts:
            console.print(INDENT * 2 + _release(key, "--not-sent", settings), soft_wrap=True)
    if doubtful:
        several = {"n": sum(len(one.doubts) for one in doubtful)}
        console.print(INDENT + words.sentence("sending", "find_out", several), soft_wrap=True)
    for one in doubtful:
        console.print(
            INDENT + words.sentence("sending", "doubtful", {"name": one.name or one.debtor_id, "address": one.email})
        )
        for key in one.doubts:
            console.print(INDENT * 2 + _release(key, "--sent", settings), soft_wrap=True)
            other = words.sentence("sending", "or_not", {"option": "--not-sent"})
            console.print(INDENT * 2 + other, soft_wrap=True)


def _release(key: str, option: str, settings: Path | None) -> str:
    """Return the command; angle brackets mean something to a shell, and it takes the id without them."""
    return f'relance history release {key.strip("<>")} {option}{_config(settings)} --why "…"'


def _config(settings: Path | None) -> str:
    if settings is None or settings.parent == Path.cwd():
        return ""
    return f" --config {quoted(near(settings))}"
