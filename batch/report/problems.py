"""A problem or an error → the lines that show it and the object that plan.json holds.

CODE  file, sheet "x", row 47, column F "Heading": "excerpt"
  What is wrong. The remedy.
"""

import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from batch.core.problem import Problem, RelanceError, Severity, Source
from batch.words import Words

if TYPE_CHECKING:
    from rich.console import Console

INDENT = "  "
SHOWN = 10
STYLES = {Severity.ERROR: "bold red", Severity.WARNING: "yellow", Severity.INFO: "cyan"}
RANKS = {severity: rank for rank, severity in enumerate(STYLES)}


def problem_lines(problem: Problem | RelanceError, words: Words, width: int = 0) -> list[str]:
    """Return the lines of a problem; those under the first are indented and folded at `width` columns (0 = never)."""
    message, hint = words.problem(problem)
    place = place_words(problem.source, words)
    first, rest = (place, f"{message} {hint}".strip()) if place else (message, hint)
    return [f"{problem.code}  {first}", *_folded(rest, width)]


def place_words(source: Source, words: Words) -> str:
    """Return where in the user's file something stands, from the file down to the cell; "" when it is nowhere."""
    parts = [
        source.file,
        words.sentence("place", "sheet", {"sheet": source.sheet}) if source.sheet else "",
        words.sentence("place", "row", {"row": source.row}) if source.row else "",
        _column(source, words),
    ]
    place = ", ".join(part for part in parts if part)
    return place + words.sentence("place", "excerpt", {"excerpt": source.excerpt}) if source.excerpt else place


def problem_json(problem: Problem, words: Words) -> dict[str, Any]:
    """Return a problem with its sentence, its remedy and its place, null where the place is not known."""
    message, hint = words.problem(problem)
    return {
        "code": problem.code,
        "severity": str(problem.severity),
        "message": message,
        "hint": hint,
        "sheet": problem.source.sheet or None,
        "row": problem.source.row or None,
        "column": problem.source.column or None,
    }


def print_problems(
    console: "Console", problems: Sequence[Problem], words: Words, *, where: str = "", every: bool = False
) -> None:
    """Print the problems, errors first: the first ten, then how many more and `where` all of them stand."""
    if not problems:
        return
    console.print()
    console.print(words.sentence("terminal", "problems", {"n": len(problems)}), style="bold")
    ranked = sorted(problems, key=lambda problem: RANKS[problem.severity])
    shown = ranked if every else ranked[:SHOWN]
    for problem in shown:
        first, *rest = problem_lines(problem, words, console.width)
        console.print(first, style=STYLES[problem.severity], soft_wrap=True)
        for line in rest:
            console.print(line, soft_wrap=True)
    if hidden := len(ranked) - len(shown):
        console.print(words.sentence("terminal", "more_problems", {"n": hidden, "where": where}), soft_wrap=True)


def _column(source: Source, words: Words) -> str:
    """Return the column by letter and heading, by what is known of the two."""
    code = {
        (True, True): "column_heading",
        (True, False): "column",
        (False, True): "heading",
        (False, False): "",
    }[bool(source.column), bool(source.heading)]
    return words.sentence("place", code, {"column": source.column, "heading": source.heading}) if code else ""


def _folded(text: str, width: int) -> list[str]:
    if not width:
        return [INDENT + text] if text else []
    return textwrap.wrap(
        text, width, initial_indent=INDENT, subsequent_indent=INDENT, break_long_words=False, break_on_hyphens=False
    )
