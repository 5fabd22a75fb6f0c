"""The stages of a job and a clock → where the time went, for `--verbose`: seconds of each, and how much came of them.

No clock is read here: the command line gives one, which tells the seconds since the command began.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from batch.report.grid import new_table, print_heading
from batch.words import Words

if TYPE_CHECKING:
    from rich.console import Console

Clock = Callable[[], float]

# Too short to divide by: what a rate would tell is chance.
SHORTEST = 0.005


class Stage(NamedTuple):
    """One stage: its seconds, and how many lines or messages went through it (0 = it has none worth counting)."""

    code: str
    seconds: float
    number: int = 0
    unit: str = ""  # lines or messages: a sentence of words [rates]


class Stages:
    """The stages that have ended; each lasted from the end of the one before, the first from when the command began."""

    def __init__(self, clock: Clock) -> None:
        """Take the clock; nothing has ended yet."""
        self._clock = clock
        self._before = 0.0
        self._ended: list[Stage] = []

    def end(self, code: str, number: int = 0, unit: str = "", *, at: float | None = None) -> None:
        """Note that a stage has ended, now or at another time of the clock."""
        now = self._clock() if at is None else at
        self._ended.append(Stage(code, now - self._before, number, unit))
        self._before = now

    @property
    def ended(self) -> tuple[Stage, ...]:
        """The stages so far, in their order."""
        return tuple(self._ended)


def print_stages(console: "Console", stages: Sequence[Stage], words: Words) -> None:
    """Print seconds and rate of each stage, and their sum."""
    console.print()
    print_heading(console, words.label("terminal", "time_spent"))
    table = new_table(words, {"stage": "left", "seconds": "right", "rate": "right"})
    for stage in stages:
        table.add_row(words.label("stages", stage.code), words.number(stage.seconds, 2), _rate(stage, words))
    table.add_section()
    whole = sum(stage.seconds for stage in stages)
    table.add_row(words.label("terminal", "all_kinds"), words.number(whole, 2), "")
    console.print(table)


def _rate(stage: Stage, words: Words) -> str:
    if not stage.number or stage.seconds < SHORTEST:
        return ""
    return words.sentence("rates", stage.unit, {"n": round(stage.number / stage.seconds)})
