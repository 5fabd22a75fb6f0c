"""Where the time went: what the stages make of a clock, and what is printed of them."""

import io
from itertools import accumulate

import pytest

from batch.report import open_console, print_stages
from batch.report.stages import Stage, Stages
from batch.words import for_language

STAGES = (
    Stage("starting", 0.5),
    Stage("reading", 2.0, 5000, "lines"),
    Stage("messages", 0.25, 1, "messages"),
    Stage("writing", 0.001, 5000, "lines"),
)


def shown(language: str) -> list[list[str]]:
    """Return what is printed, line by line, each in its cells."""
    stream = io.StringIO()
    print_stages(open_console(stream), STAGES, for_language(language))
    lines = stream.getvalue().replace("\N{NARROW NO-BREAK SPACE}", " ").replace("\N{NO-BREAK SPACE}", " ").splitlines()
    cells = ([cell.strip() for cell in line.split("  ") if cell.strip()] for line in lines)
    return [line for line in cells if line and "─" not in line[0]]


def test_each_stage_lasts_from_the_end_of_the_one_before() -> None:
    """The clock counts from the command's beginning: the first stage has all that went before the job."""
    ticks = accumulate((0.5, 2.0, 0.25))
    stages = Stages(lambda: next(ticks))

    stages.end("starting")
    stages.end("reading", 5000, "lines")
    stages.end("messages", 1, "messages")

    assert stages.ended == STAGES[:3]


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("fr", [
            ["Où le temps est passé"], ["Phase", "Secondes", "Par seconde"], ["démarrage", "0,50"],
            ["lecture du fichier", "2,00", "2 500 lignes"], ["rédaction des messages", "0,25", "4 messages"],
            ["écriture sur le disque", "0,00"], ["Ensemble", "2,75"],
        ]),
        ("en", [
            ["Where the time went"], ["Stage", "Seconds", "Per second"], ["getting ready", "0.50"],
            ["reading the ledger", "2.00", "2,500 lines"], ["writing the messages", "0.25", "4 messages"],
            ["writing to disk", "0.00"], ["Together", "2.75"],
        ]),
    ],
)  # fmt: skip
def test_seconds_and_rates_are_printed(language: str, expected: list[list[str]]) -> None:
    """Seconds of each stage and their sum; a rate where something was counted and the time is long enough to divide by."""
    assert shown(language) == expected
