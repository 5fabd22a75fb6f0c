"""The lines of relance.toml that remedies name: written there as they stand, each settles what it promises."""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from batch import settings
from batch.core.problem import Problem, RelanceError
from batch.ledger import open_book, read
from batch.words import LANGUAGES, Words
from tests.ledger.small_files import AGED, CASES, CODE_AND_MAIL, FEW, Case, balances, dues, row
from tests.ledger.test_every_problem import found

SECTION = re.compile(r"\[(ledger[a-z_.]*)\]")
LINE = re.compile(r"(\b[a-z_]+|\"[^\"]+\") = (\"[^\"]*\"|\d+)")
TOGETHER = re.compile(r"(\b[a-z_]+ = \"[^\"]*\") (?:and|et) (?=[a-z_]+ = )")
TO_FILL_IN = ("heading of", "titre de")  # what stands for a heading that only the reader of the message knows

# Lines that give another reading and are said again with it, or that only the reader can complete: tried below one by one.
TRIED_APART = {
    "AMOUNT-UNREADABLE", "DATE-UNREADABLE", "DATE-ORDER-AGAINST", "DUE-DATE-BY-TERMS", "DUE-DATE-COMPUTED", "ISSUED-LATER",
    "COLUMN-NOT-FOUND", "CONTACTS-COLUMN-NOT-FOUND",
}  # fmt: skip


def lines_of(hint: str) -> tuple[str, list[str]]:
    """Return the section that a remedy names and its lines; two that belong together are one."""
    section = next(iter(SECTION.findall(hint)), "")
    joined = TOGETHER.sub(r"\1\n", hint)
    every = re.findall(rf"(?:{LINE.pattern}\n)?{LINE.pattern}", joined)
    written = ["\n".join(f"{each[at]} = {each[at + 1]}" for at in (0, 2) if each[at]) for each in every]
    return section, [line for line in written if not any(words in line for words in TO_FILL_IN)]


def reread(folder: Path, case: Case, section: str, line: str) -> tuple[Problem | RelanceError, ...]:
    """Read a case again with a line in its section of relance.toml, beside what the case itself says there."""
    path = case.write(folder)
    given: dict[str, dict[str, str]] = {
        "ledger": {},
        "ledger.columns": {},
        "ledger.contact_columns": {},
        "ledger.statuses": {},
    }
    for name, value in case.reading.items():
        if isinstance(value, Mapping):
            given["ledger." + name] |= {key: f'"{heading}"' for key, heading in value.items()}
        elif name != "as_of":
            given["ledger"][name] = f'"{value}"'
    if case.contacts is not None:
        given["ledger"]["contacts"] = '"clients.csv"'
    given[section] |= dict(LINE.findall(line))
    text = "\n".join(
        f"[{name}]\n" + "\n".join(f"{key} = {value}" for key, value in table.items()) for name, table in given.items()
    )
    (folder / "relance.toml").write_text(text, encoding="utf-8")
    reading = settings.load(None, beside=path, environment={}).reading
    as_of = case.reading.get("as_of")
    try:
        return read(open_book(path), replace(reading, as_of=as_of) if isinstance(as_of, dt.date) else reading).problems
    except RelanceError as refused:
        return (refused,)


@pytest.mark.parametrize("code", CASES)
def test_the_lines_of_a_remedy_settle_it(tmp_path: Path, code: str) -> None:
    """Both languages give the same lines in the same section; with each of them the file is read, and nothing is said again."""
    (said,) = [problem for problem in found(tmp_path, CASES[code]) if problem.code == code][:1]
    section, lines = lines_of(Words("en").problem(said)[1])
    assert lines_of(Words("fr").problem(said)[1]) == (section, lines)
    assert not lines or section
    for line in lines if code not in TRIED_APART else ():
        after = reread(tmp_path, CASES[code], section, line)
        assert code not in {problem.code for problem in after}, line
        assert not any(isinstance(problem, RelanceError) for problem in after), line


APART = {
    "AMOUNT-UNREADABLE": (Case(balances("12.50"), {"decimal": ","}), "ledger", 'decimal = "."'),
    "DATE-UNREADABLE": (Case(dues("31/10/2026", "30/10/2026"), {"date_order": "mdy"}), "ledger", 'date_order = "dmy"'),
    "ISSUED-LATER": (Case(row("C1;Durand;F1;01/10/2026;02/11/2026;1,00;1,00"), {"as_of": dt.date(2026, 2, 1), "date_order": "dmy"}), "ledger", 'date_order = "mdy"'),
    "COLUMN-NOT-FOUND": (CASES["COLUMN-NOT-FOUND"], "ledger.columns", 'note = "Client"'),
    "COLUMN-MISSING": (Case("Client;N° facture;Échéance;Encore\nDurand;F1;31/10/2026;1,00"), "ledger.columns", 'open_balance = "Encore"'),
    "NO-TABLE": (Case("Qui;Quoi;Quand;Combien\nDurand;F1;31/10/2026;1,00"), "ledger.columns", 'open_balance = "Combien"\ncustomer_name = "Qui"\ndue_date = "Quand"'),
    "CONTACTS-COLUMN-NOT-FOUND": (CASES["CONTACTS-COLUMN-NOT-FOUND"], "ledger.contact_columns", 'phone = "Email"'),
    "CONTACTS-NO-KEY": (Case(row(), {}, "Qui;Email\nC1;a@durand.example"), "ledger.contact_columns", 'customer_id = "Qui"'),
    "CONTACTS-NO-TABLE": (Case(row(), {}, "Qui;Où\nC1;a@durand.example"), "ledger.contact_columns", 'email = "Où"\ncustomer_id = "Qui"'),
    "CONTACTS-NONE-JOINED": (Case(row(), {}, f"Compta;{CODE_AND_MAIL.splitlines()[0]}\nC1;X9;a@durand.example"), "ledger.contact_columns", 'customer_id = "Compta"'),
    "CURRENCY-HEADINGS": (Case("Client;Échéance;Montant TTC USD;Total EUR;Solde EUR\nA;2026-10-31;12,50;11,50;11,50"), "ledger.columns", 'amount = "Total EUR"'),
    "AMOUNT-ROUNDED": (Case(f"{FEW};Juste\nA;F1;2026-10-31;33,3333;33,33"), "ledger.columns", 'open_balance = "Juste"'),
    "STATED-DAY-MISSING": (Case(AGED), "ledger", 'stated_on = "2026-10-31"'),
}  # fmt: skip


@pytest.mark.parametrize("code", APART)
def test_a_line_that_the_reader_completes_settles_it_too(tmp_path: Path, code: str) -> None:
    """With the heading, or the order, that the file really has, the problem is gone and the ledger is read."""
    case, section, line = APART[code]
    assert code in {problem.code for problem in found(tmp_path, case)}
    after = reread(tmp_path, case, section, line)
    assert code not in {problem.code for problem in after}
    assert not any(isinstance(problem, RelanceError) for problem in after)


@pytest.mark.parametrize(
    ("code", "line", "due"),
    [
        ("DUE-DATE-COMPUTED", "terms_days = 45", "2026-11-15"),
        ("DUE-DATE-BY-TERMS", 'end_of_month = "before"', "2026-12-15"),
    ],
)
def test_terms_of_the_settings_are_taken(tmp_path: Path, code: str, line: str, due: str) -> None:
    """1 October and 45 days; 45 days from the end of October: what was counted is said again, and counted otherwise."""
    reread(tmp_path, CASES[code], "ledger", line)
    ledger = read(open_book(tmp_path / CASES[code].name), settings.load(None, beside=tmp_path, environment={}).reading)
    assert ledger.items["due"].iloc[0].date().isoformat() == due


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_shows_a_field_or_a_value_of_ours(tmp_path: Path, language: str) -> None:
    """Outside the lines for relance.toml, names such as open_balance or dmy are no words for people."""
    words, ours = Words(language), re.compile(r"\b(?:[a-z]+_[a-z]+(?!\w*=)|dmy|mdy|ymd)\b")
    shown = {}
    for code, case in CASES.items():
        for problem in found(tmp_path, case):
            message, _ = words.problem(problem)
            if problem.code == code and (names := ours.findall(SECTION.sub("", message))):
                shown[code] = names
    assert shown == {}
