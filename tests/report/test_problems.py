"""The one form of a problem: code, place and excerpt on a line, then what is wrong and its remedy, indented."""

import io

import pytest

from batch.core.problem import Problem, RelanceError, Severity, Source
from batch.report import open_console, print_problems
from batch.report.problems import problem_lines
from batch.words import Words

SOURCE = Source("march.xlsx", "Ouvert", 47, "F", "Solde TTC", "1 234,5O")


def plain(lines: list[str]) -> list[str]:
    """Return the lines with the no-break spaces of French punctuation made plain."""
    return [line.replace("\N{NO-BREAK SPACE}", " ") for line in lines]


def unreadable(row: int, severity: Severity = Severity.ERROR) -> Problem:
    """Return a problem in a row."""
    return Problem("AMOUNT-UNREADABLE", severity, Source("march.xlsx", "Ouvert", row), {"style": "1 234,56"})


def test_whole_place(french: Words) -> None:
    """Everything known of the place stands on the first line, the sentences under it."""
    problem = Problem("AMOUNT-UNREADABLE", Severity.ERROR, SOURCE, {"style": "1 234,56"})
    message, hint = french.problem(problem)
    assert plain(problem_lines(problem, french)) == plain(
        [
            "AMOUNT-UNREADABLE  march.xlsx, feuille « Ouvert », ligne 47, colonne F « Solde TTC » : « 1 234,5O »",
            f"  {message} {hint}",
        ]
    )


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (Source(file="march.csv", row=47), "march.csv, ligne 47"),
        (Source(file="march.xlsx", sheet="Ouvert"), "march.xlsx, feuille « Ouvert »"),
        (Source(file="march.csv", column="F"), "march.csv, colonne F"),
        (Source(file="march.csv", heading="Solde"), "march.csv, colonne « Solde »"),
    ],
)
def test_part_of_a_place(source: Source, expected: str, french: Words) -> None:
    """What is not known of the place is left out."""
    problem = Problem("AMOUNT-UNREADABLE", Severity.ERROR, source, {"style": "1 234,56"})
    assert plain(problem_lines(problem, french))[0] == f"AMOUNT-UNREADABLE  {expected}"


def test_no_place(french: Words) -> None:
    """An error that is nowhere in a file says what is wrong at once, the remedy under it."""
    error = RelanceError("INTERRUPTED")
    message, hint = french.problem(error)
    assert problem_lines(error, french) == [f"INTERRUPTED  {message}", f"  {hint}"]


def test_folded(french: Words) -> None:
    """Every line under the first keeps its indent and the terminal's width."""
    _, *rest = problem_lines(Problem("AMOUNT-UNREADABLE", Severity.ERROR, SOURCE, {"style": "1 234,56"}), french, 50)
    assert len(rest) > 1
    assert all(line.startswith("  ") and len(line) <= 50 for line in rest)


def printed(problems: list[Problem], words: Words, *, every: bool = False) -> list[str]:
    """Return the lines that a plain terminal shows."""
    stream = io.StringIO()
    print_problems(open_console(stream), problems, words, where="in the workbook", every=every)
    return stream.getvalue().splitlines()


def test_ten_at_most(words: Words) -> None:
    """Of twelve problems ten are shown, then how many more there are and where."""
    lines = printed([unreadable(row) for row in range(1, 13)], words)
    assert sum(line.startswith("AMOUNT-UNREADABLE") for line in lines) == 10
    assert lines[-1] == words.sentence("terminal", "more_problems", {"n": 2, "where": "in the workbook"})


def test_exactly_ten(words: Words) -> None:
    """Ten problems are all shown, and nothing is said of more."""
    lines = printed([unreadable(row) for row in range(1, 11)], words)
    assert sum(line.startswith("AMOUNT-UNREADABLE") for line in lines) == 10
    assert "in the workbook" not in lines[-1]


def test_every_one(words: Words) -> None:
    """All are named when all are asked for: what is wrong once, then each place."""
    lines = printed([unreadable(row) for row in range(1, 13)], words, every=True)
    message, _ = words.problem(unreadable(1))
    assert lines[2].startswith("AMOUNT-UNREADABLE  march.xlsx")
    assert lines[2].endswith("(12)")
    assert sum(message.split(".")[0] in line for line in lines) == 1
    assert [line.split()[-1] for line in lines[-12:]] == [str(row) for row in range(1, 13)]


def test_a_hundred_places_are_not_all_listed(words: Words) -> None:
    """The first twenty, and how many more there are."""
    lines = printed([unreadable(row) for row in range(1, 101)], words, every=True)
    assert [line.split()[-1] for line in lines[-21:-1]] == [str(row) for row in range(1, 21)]
    assert lines[-1].strip() == words.sentence("terminal", "more_places", {"n": 80})


@pytest.mark.parametrize("width", range(30, 120, 7))
def test_a_setting_is_never_torn(width: int, words: Words) -> None:
    """What is to be copied into relance.toml stands on one line, however narrow the terminal is."""
    text = "\n".join(problem_lines(unreadable(47), words, width))
    assert [found for found in ('decimal = ","', 'decimal = "."', "[ledger]") if found not in text] == []


def test_errors_first(words: Words) -> None:
    """Errors come before warnings, warnings before what is only said."""
    mixed = [unreadable(1, Severity.INFO), unreadable(2, Severity.ERROR), unreadable(3, Severity.WARNING)]
    firsts = [line for line in printed(mixed, words) if line.startswith("AMOUNT-UNREADABLE")]
    assert [line.rpartition(" ")[2] for line in firsts] == ["2", "3", "1"]


def test_none(words: Words) -> None:
    """Without problems nothing is printed."""
    assert printed([], words) == []


def test_a_name_to_copy_ends_its_line(french: Words) -> None:
    """Where the sentence ends with a path, the remedy begins a line: nobody takes its first word for a part of the name."""
    error = RelanceError("FILE-MISSING", Source("clients.xlsx"), path="/ventes/clients.xlsx")
    message, hint = french.problem(error)
    assert message.endswith("/ventes/clients.xlsx")
    assert problem_lines(error, french) == ["FILE-MISSING  clients.xlsx", f"  {message}", f"  {hint}"]
