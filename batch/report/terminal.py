"""Plan and written files → what `relance run` says: where the files are, who stands where, what is asked, what comes next."""

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from batch.core.codes import STANDINGS, STEPS
from batch.core.freshness import STALE
from batch.core.plan import Plan
from batch.core.problem import Problem
from batch.report.grid import new_table, print_heading
from batch.report.problems import INDENT, print_problems
from batch.report.reconciliation import print_disagreements
from batch.words import Words

if TYPE_CHECKING:
    from rich.console import Console

WORKBOOK, LETTERS = "workbook", "letters"
FORGOTTEN = ("JOURNAL-BEHIND-ARCHIVE", "COMPANY-RENAMED")  # a journal that is empty, but not since nothing was sent
NOTHING = "–"  # a step that asks for no money, such as a notice before the due date


def print_run(
    console: "Console",
    plan: Plan,
    files: Mapping[str, Path],
    words: Words,
    *,
    problems: Sequence[Problem] = (),
    letters: int = 0,
    every_problem: bool = False,
    send_as_of: dt.date | None = None,
    goes_on: bool = False,
) -> None:
    """Print the report of a run; `files` are keyed workbook, preview, plan (and letters), each key a label in words; there are so many `letters`.

    The first line says so when the journal was empty, or forgot what left, or the ledger is old, and a sum that does not add up is shown before
    anything is told of it. Of the problems the first ten are shown unless `every_problem`. `send_as_of` is the day that
    the line for sending names: mails that only become files leave on the day of a plan that is not today's. What to do now
    is left for the end where the call `goes_on` and sends.
    """
    if plan.first_run and not any(problem.code in FORGOTTEN for problem in problems):
        console.print(words.label("terminal", "first_run"), style="bold yellow")
        console.print()
    for problem in problems:
        if problem.code in (STALE, *FORGOTTEN):
            console.print(words.problem(problem)[0], style="bold yellow")
            console.print()
    print_disagreements(console, plan.ledger.source, words)
    print_heading(console, words.sentence("terminal", "situation", {"on": words.long_date(plan.as_of)}))
    _print_standings(console, plan, words)
    _print_steps(console, plan, words)
    where = words.sentence("terminal", "in_workbook", {}) if WORKBOOK in files else ""
    print_problems(console, problems, words, where=where, every=every_problem)
    _print_files(console, files, letters, words)
    if (lines := review_lines(files, words, send_as_of)) and not goes_on:
        console.print()
        print_heading(console, words.label("terminal", "next"))
        print_lines(console, lines)


def near(path: Path) -> str:
    """Return the path as seen from the working folder when it lies below, else in full."""
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)


def _print_standings(console: "Console", plan: Plan, words: Words) -> None:
    """Print how many debtors have each standing, what they owe and what of it is overdue, by currency."""
    table = new_table(words, {"standing": "left", "debtors": "right", "open": "right", "overdue": "right"})
    rows = in_order(plan.summary.by_standing, "standing", STANDINGS)
    for standing, currency, debtors, still_open, overdue in rows[
        ["standing", "currency", "debtors", "open", "overdue"]
    ].itertuples(index=False, name=None):
        amounts = words.amount(still_open, currency), words.amount(overdue, currency)
        table.add_row(words.label("standings", standing), words.number(debtors), *amounts)
    table.add_section()
    for currency, still_open, overdue, debtors in plan.summary.kpis[
        ["currency", "open", "overdue", "debtors"]
    ].itertuples(index=False, name=None):
        amounts = words.amount(still_open, currency), words.amount(overdue, currency)
        table.add_row(words.sentence("terminal", "total", {"currency": currency}), words.number(debtors), *amounts)
    console.print(table)


def _print_steps(console: "Console", plan: Plan, words: Words) -> None:
    """Print how many debtors take each step by each channel and what they are asked for, by currency."""
    rows = in_order(plan.summary.by_step, "step", STEPS)
    if rows.empty:
        console.print(words.label("terminal", "no_steps"))
        return
    table = new_table(words, {"step": "left", "channel": "left", "debtors": "right", "asked": "right"})
    for step, channel, currency, debtors, asked in rows[["step", "channel", "currency", "debtors", "asked"]].itertuples(
        index=False, name=None
    ):
        names = words.label("steps", step), words.label("channels", channel)
        table.add_row(*names, words.number(debtors), words.amount(asked, currency) if asked else NOTHING)
    console.print(table)


def in_order(rows: pd.DataFrame, column: str, codes: Sequence[str]) -> pd.DataFrame:
    """Return the rows whose code is known, in the order of the codes, currencies by name."""
    known = rows[rows[column].isin(codes)]
    places = {code: place for place, code in enumerate(codes)}
    return known.assign(place=known[column].map(places)).sort_values(["place", "currency"]).drop(columns="place")


def _print_files(console: "Console", files: Mapping[str, Path], letters: int, words: Words) -> None:
    console.print()
    print_heading(console, words.label("terminal", "files"))
    labels = {code: words.label("files", code) for code in files}
    width = max((len(label) for label in labels.values()), default=0)
    for code, path in files.items():
        count = words.sentence("terminal", "letters", {"n": letters}) if code == LETTERS else ""
        console.print(f"{INDENT}{labels[code]:<{width}}  {near(path)}{count}", soft_wrap=True)


def review_lines(files: Mapping[str, Path], words: Words, as_of: dt.date | None) -> list[str]:
    """Return how the person goes on: review the workbook, then send it; nothing without a workbook."""
    if WORKBOOK not in files:
        return []
    day = f" --as-of {as_of.isoformat()}" if as_of else ""
    command = f"relance send {quoted(near(files[WORKBOOK]))}{day}"
    return [INDENT + words.label("terminal", "review_then"), INDENT * 2 + command]


def print_lines(console: "Console", lines: Sequence[str]) -> None:
    """Print lines that may hold a command: it is never broken."""
    for line in lines:
        console.print(line, soft_wrap=True)


def quoted(path: str) -> str:
    """Return the path as it can be typed in a shell of any system."""
    return f'"{path}"' if any(letter.isspace() for letter in path) else path
