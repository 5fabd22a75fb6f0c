"""A problem or an error → the lines that show it and the object that plan.json holds.

CODE  file, sheet "x", row 47, column F "Heading": "excerpt"
  What is wrong. The remedy.

Where all are shown, what is said in the same words of several places is said once, the places under it.
"""

import re
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from batch.core.problem import Problem, RelanceError, Severity, Source
from batch.words import Words

if TYPE_CHECKING:
    from rich.console import Console

INDENT = "  "
SHOWN = 10
PLACES = 20  # of one problem that are listed
SETTING = re.compile(
    r"(?:\b[a-z_]+|\"[^\"]+\") = (?:\"[^\"]*\"|\d+)|\[ledger[a-z_.]*\]"
)  # never torn by the end of a line: it is copied
ENDS = ".!?…"
_JOINED = "\0"
STYLES = {Severity.ERROR: "bold red", Severity.WARNING: "yellow", Severity.INFO: "cyan"}
RANKS = {severity: rank for rank, severity in enumerate(STYLES)}


def problem_lines(problem: Problem | RelanceError, words: Words, width: int = 0) -> list[str]:
    """Return the lines of a problem; those under the first are indented and folded at `width` columns (0 = never)."""
    message, hint = words.problem(problem)
    place = place_words(problem.source, words)
    if not place:
        return [f"{problem.code}  {message}", *_folded(hint, width)]
    return [f"{problem.code}  {place}", *_said(message, hint, width)]


def refusal_lines(error: RelanceError, words: Words, width: int = 0) -> list[str]:
    """Return the lines of what stops a command; where a line of relance.toml would settle it, also where that file is."""
    lines = problem_lines(error, words, width)
    if names_settings([error], words) and not error.code.startswith("SETTINGS"):
        lines += _folded(words.label("terminal", "about_settings"), width)
    return lines


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
    console.print(_counted(problems, words), style="bold")
    ranked = sorted(problems, key=lambda problem: RANKS[problem.severity])
    shown = ranked if every else ranked[:SHOWN]
    for group in _alike(shown, words) if every else ([problem] for problem in shown):
        first, *rest = _group_lines(group, words, console.width)
        console.print(first, style=STYLES[group[0].severity], soft_wrap=True)
        for line in rest:
            console.print(line, soft_wrap=True)
    if hidden := len(ranked) - len(shown):
        console.print(words.sentence("terminal", "more_problems", {"n": hidden, "where": where}), soft_wrap=True)


def names_settings(problems: Iterable[Problem | RelanceError], words: Words) -> bool:
    """Say whether a remedy names a line of relance.toml."""
    return any(SETTING.search(words.problem(problem)[1]) for problem in problems)


def _alike(problems: Iterable[Problem], words: Words) -> list[list[Problem]]:
    """Return the problems in groups of which the same is said, in the order of their first ones."""
    groups: dict[tuple[str, ...], list[Problem]] = {}
    for problem in problems:
        source = problem.source
        key = problem.code, problem.severity, source.file, source.sheet, *words.problem(problem)
        groups.setdefault(key, []).append(problem)
    return list(groups.values())


def _group_lines(group: Sequence[Problem], words: Words, width: int) -> list[str]:
    """Return the lines of problems of which the same is said: sentence and remedy once, then each place."""
    if len(group) == 1:
        return problem_lines(group[0], words, width)
    whole = replace(group[0].source, row=0, column="", heading="", excerpt="")
    message, hint = words.problem(group[0])
    places = [place_words(replace(each.source, file="", sheet=""), words) for each in group[:PLACES]]
    hidden = len(group) - len(places)
    more = [words.sentence("terminal", "more_places", {"n": hidden})] if hidden else []
    head = f"{group[0].code}  {place_words(whole, words)} ({len(group)})"
    return [
        head,
        *_said(message, hint, width),
        *(INDENT * 2 + line for line in (*filter(None, places), *more)),
    ]


def _counted(problems: Sequence[Problem], words: Words) -> str:
    """Return how many problems there are, and apart from them how many things that are merely said."""
    said = sum(problem.severity is Severity.INFO for problem in problems)
    counts = {"problems": len(problems) - said, "remarks": said}
    return ", ".join(words.sentence("terminal", code, {"n": count}) for code, count in counts.items() if count)


def _column(source: Source, words: Words) -> str:
    """Return the column by letter and heading, by what is known of the two."""
    code = {
        (True, True): "column_heading",
        (True, False): "column",
        (False, True): "heading",
        (False, False): "",
    }[bool(source.column), bool(source.heading)]
    return words.sentence("place", code, {"column": source.column, "heading": source.heading}) if code else ""


def _said(message: str, hint: str, width: int) -> list[str]:
    """Return sentence and remedy in one stretch; on lines of their own where the sentence ends with a name to copy."""
    if message and message[-1] not in ENDS:
        return [*_folded(message, width), *_folded(hint, width)]
    return _folded(f"{message} {hint}".strip(), width)


def _folded(text: str, width: int) -> list[str]:
    if not width:
        return [INDENT + text] if text else []
    joined = SETTING.sub(lambda found: found[0].replace(" ", _JOINED), text)
    lines = textwrap.wrap(
        joined, width, initial_indent=INDENT, subsequent_indent=INDENT, break_long_words=False, break_on_hyphens=False
    )
    return [line.replace(_JOINED, " ") for line in lines]
