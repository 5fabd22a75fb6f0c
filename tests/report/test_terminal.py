"""The report of a run on a plain terminal of 80 columns: standings, steps, files, what to do next."""

import dataclasses
import datetime as dt
import io
from pathlib import Path

import pandas as pd
import pytest

from batch.core import tables
from batch.core.plan import Plan
from batch.core.problem import Problem, Severity
from batch.core.records import ColumnUse, ContactsFile, Ledger, Reconciliation
from batch.report import check_json, events_json, open_console, print_check, print_events, print_run, safe_stream
from batch.words import Words

FILES = {"workbook": Path("/ledgers/out 1/march-annotated.xlsx"), "preview": Path("/ledgers/out 1/preview.html")}


def shown(plan: Plan, words: Words) -> str:
    """Return what a run prints, no-break spaces made plain."""
    stream = io.StringIO()
    print_run(open_console(stream), plan, FILES, words, problems=plan.problems)
    return stream.getvalue().replace("\N{NARROW NO-BREAK SPACE}", " ").replace("\N{NO-BREAK SPACE}", " ")


def row(text: str, *starts: str) -> list[str]:
    """Return the cells of the table row that begins so."""
    found = [line.split("  ") for line in text.splitlines() if line.strip().startswith(starts)]
    assert len(found) == 1
    return [cell.strip() for cell in found[0] if cell.strip()]


def test_first_run_is_said_first(plan: Plan, french: Words) -> None:
    """With an empty journal the first line says so; with a filled one the first line is the day."""
    assert shown(plan, french).startswith("Premier passage : le journal est vide.")
    later = shown(dataclasses.replace(plan, first_run=False), french)
    assert later.splitlines()[0] == "Situation au 20 novembre 2026"


def test_standings_by_currency(plan: Plan, french: Words) -> None:
    """Standings come in the order of the trade, a currency a row, with the totals of the key figures under them."""
    text = shown(plan, french)
    forgetful, hard = french.label("standings", "forgetful"), french.label("standings", "dishonest")
    assert row(text, forgetful) == [forgetful, "1", "1 234,56 €", "1 000,00 €"]
    assert row(text, french.sentence("terminal", "total", {"currency": "EUR"}))[1:] == ["2", "1 934,56 €", "1 700,00 €"]
    assert text.index(forgetful) < text.index(f" {hard}")
    assert text.count(f" {hard}") == 2


def test_steps_with_what_is_asked(plan: Plan, french: Words) -> None:
    """A step's row has channel, number and the sum that is asked for."""
    step = french.label("steps", "reminder_1")
    assert row(shown(plan, french), step) == [step, french.label("channels", "mail"), "1", "950,00 €"]


def test_no_step(plan: Plan, french: Words) -> None:
    """When nothing leaves, a sentence stands in the table's place."""
    idle = dataclasses.replace(plan, summary=dataclasses.replace(plan.summary, by_step=tables.BY_STEP.empty()))
    assert french.label("terminal", "no_steps")[:40] in shown(idle, french)


def test_what_to_do_next(plan: Plan, french: Words) -> None:
    """The last line is the command that follows, its path quoted because it holds a space."""
    last = shown(plan, french).splitlines()[-1]
    assert last.strip() == 'relance send "/ledgers/out 1/march-annotated.xlsx"'


def test_plain_off_a_terminal(plan: Plan, words: Words) -> None:
    """Off a terminal there is no colour, and only file names and places may be wider than 80 columns."""
    text = shown(plan, words)
    assert "\x1b" not in text
    assert [line for line in text.splitlines() if len(line) > 80 and "march" not in line] == []


def test_check(plan: Plan, words: Words) -> None:
    """A check tells where the table stands, which column is what, and the totals of each currency."""
    stream = io.StringIO()
    print_check(open_console(stream), plan.ledger, words)
    text = stream.getvalue()
    assert "march.xlsx" in text.splitlines()[0]
    assert row(text, "F ") == ["F", "Solde TTC", words.label("fields", "open_balance")]
    together = [line.split() for line in text.splitlines() if words.label("terminal", "all_kinds") in line]
    assert [line[-2:] for line in together] == [["4", "€1,934.56"]]  # the yen are of one kind: no sum


def test_check_json(plan: Plan, words: Words) -> None:
    """The same as JSON: the columns by canonical field, the totals as decimal strings."""
    document = check_json(plan.ledger, version="0.1.0", words=words)
    assert document["columns"][1] == {"field": "open_balance", "column": "F", "heading": "Solde TTC"}
    assert document["ledger"]["total_open"] == {"EUR": "1934.56", "JPY": "5000"}
    assert [document["ledger"][name] for name in ("header_row", "last_row", "rows", "items", "left_out")] == [
        5,
        12,
        8,
        7,
        1,
    ]
    assert [problem["code"] for problem in document["problems"]] == ["AMOUNT-UNREADABLE"]


@pytest.fixture
def checked(plan: Plan) -> Ledger:
    """Return the plan's ledger with its sums: one currency in which a cent is missing, one whose own total differs, one that agrees."""
    sums = (
        Reconciliation("EUR", "open_balance", 119751, 85000, 4050, 700, 30000, 2),
        Reconciliation("JPY", "open_balance", 5000, 5000, stated=6000),
        Reconciliation("USD", "open_balance", 100, 100, stated=100),
    )
    uses = (
        ColumnUse("A", "Compte", "customer_id", "word"),
        ColumnUse("F", "Solde TTC", "open_balance", "general", ("Reste dû",), 2),
        ColumnUse("G", "Champ libre", "", "unknown"),
    )
    contacts = ContactsFile("clients.csv", "", 2, (("email", "B", "Courriel"),), 9, 2, 7)
    source = dataclasses.replace(
        plan.ledger.source, aside=3, totals=2, left_by=(("AMOUNT-UNREADABLE", 1),), uses=uses, reconciliation=sums,
        contacts=contacts,
    )  # fmt: skip
    return dataclasses.replace(plan.ledger, source=source)


def test_check_tells_the_whole_reading(checked: Ledger, words: Words) -> None:
    """What was left out and why, what was set aside, the reasons of the columns, those not used, every part of the sums, the age."""
    stream = io.StringIO()
    today = dt.date(2026, 11, 21)
    print_check(open_console(stream), checked, words, newest=dt.date(2026, 11, 10), today=today)
    text = " ".join(stream.getvalue().split())
    for told in (
        "rows left out for AMOUNT-UNREADABLE: 1", "rows set aside (drafts, cancelled): 3", "rows of totals, not counted: 2",
        "newest entry: 10 Nov 2026, 11 days before today", "Contacts: clients.csv, headings in row 2; 2 of 3 customers, 7 rows of no customer",
        "Columns not used", "Champ libre unknown heading", "Reconciliation: Solde TTC (EUR)", "sum of the column, all rows €1,197.51",
        "taken in €850.00", "left out €40.50", "set aside €7.00", "credits written without a sign, counted as less €300.00",
        "unexplained €0.01", "unreadable cells, in none of the sums 2", "the file's own total JP¥6,000", "Reconciliation: Solde TTC (USD)",
    ):  # fmt: skip
        assert told in text, told
    assert "preferred to" in text


def test_check_json_tells_the_whole_reading(checked: Ledger, words: Words) -> None:
    """The same for scripts, each amount in the decimals of its currency."""
    document = check_json(
        checked, version="0.1.0", words=words, newest=dt.date(2026, 11, 10), today=dt.date(2026, 11, 21)
    )
    assert [document["ledger"][name] for name in ("left_by", "aside", "totals", "age_days")] == [
        {"AMOUNT-UNREADABLE": 1},
        3,
        2,
        11,
    ]
    assert document["uses"][1] == {
        "column": "F",
        "heading": "Solde TTC",
        "field": "open_balance",
        "why": "general",
        "tier": 2,
        "others": ["Reste dû"],
    }
    assert document["reconciliation"][:2] == [
        {"currency": "EUR", "field": "open_balance", "heading": "Solde TTC", "source": "1197.51", "taken": "850.00", "left_out": "40.50",
         "aside": "7.00", "turned": "300.00", "difference": "0.01", "stated": None, "unread": 2, "agrees": False},
        {"currency": "JPY", "field": "open_balance", "heading": "Solde TTC", "source": "5000", "taken": "5000", "left_out": "0",
         "aside": "0", "turned": "0", "difference": "0", "stated": "6000", "unread": 0, "agrees": False},
    ]  # fmt: skip
    assert document["contacts"]["joined"] == 2


def test_a_run_shows_sums_that_do_not_add_up(checked: Ledger, plan: Plan, words: Words) -> None:
    """Before the standings; the currency whose sums agree is not spoken of."""
    text = shown(dataclasses.replace(plan, ledger=checked), words)
    before = text.split("As it stood on")[0]
    assert "Reconciliation: Solde TTC (EUR)" in before
    assert "Reconciliation: Solde TTC (JPY)" in before
    assert "(USD)" not in text


def test_an_old_ledger_is_said_before_everything(plan: Plan, words: Words) -> None:
    """Above the situation, errors or not."""
    facts = {"newest": dt.date(2026, 11, 1), "as_of": dt.date(2026, 11, 20), "n": 19, "limit": 10}
    stale = Problem("STALE-LEDGER", Severity.WARNING, facts=facts)
    old = dataclasses.replace(plan, first_run=False, problems=(stale, *plan.problems))
    assert shown(old, words).startswith("The newest entry is of 1 Nov 2026, 19 days before 20 Nov 2026")


@pytest.fixture
def events() -> pd.DataFrame:
    """Return a reminder that was sent, then a promise."""
    blank = {"item_id": "", "round": 0, "message_id": "", "value": "", "meaning": "", "by": "import"}
    rows = [
        blank | {"at": "2026-10-01", "debtor_id": "411X", "number": "FA-1", "kind": "sent", "step": "reminder_1", "amount": 0, "currency": "", "until": None, "note": "", "round": 1},
        blank | {"at": "2026-10-09", "debtor_id": "411X", "number": "", "kind": "promised", "step": "", "amount": 70000, "currency": "EUR", "until": "2026-11-09", "note": "by phone"},
    ]  # fmt: skip
    return tables.EVENTS.conform(pd.DataFrame(rows))


def test_events(events: pd.DataFrame, words: Words) -> None:
    """Each event is a row with its day, what it was, and its figures."""
    stream = io.StringIO()
    print_events(open_console(stream), events, words)
    text = " ".join(stream.getvalue().split())
    assert f"1 Oct 2026 411X {words.label('events', 'sent')} FA-1 {words.label('steps', 'reminder_1')}" in text
    assert "€700.00 · until 9 Nov 2026" in text


def test_events_json(events: pd.DataFrame) -> None:
    """As JSON what is unknown is null, and amounts are decimal strings."""
    sent, promised = events_json(events)
    assert [sent[name] for name in ("at", "kind", "round", "amount", "until")] == ["2026-10-01", "sent", 1, None, None]
    assert [promised[name] for name in ("amount", "currency", "until", "round")] == [
        "700.00",
        "EUR",
        "2026-11-09",
        None,
    ]


@pytest.mark.parametrize(
    ("encoding", "expected"),
    [
        ("ascii", "1 234,56 EUR, releve - oeuvre"),
        ("cp1252", "1 234,56 €, relevé – œuvre"),
        ("latin-1", "1 234,56 EUR, relevé - oeuvre"),
    ],
)
def test_poor_terminals(encoding: str, expected: str) -> None:
    """A terminal that lacks letters shows the nearest ones instead of failing."""
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding=encoding)
    safe_stream(stream).write("1\N{NARROW NO-BREAK SPACE}234,56 €, relevé – œuvre")
    stream.flush()
    assert raw.getvalue().decode(encoding) == expected
    stream.detach()


def test_letters_are_counted(plan: Plan, french: Words) -> None:
    """Where there are letters to print, the line of their folder says how many."""
    for count, said in ((1, "(1 lettre)"), (12, "(12 lettres)")):
        stream = io.StringIO()
        files = FILES | {"letters": Path("/ledgers/out 1/letters")}
        print_run(open_console(stream), plan, files, french, letters=count)
        (line,) = [line for line in stream.getvalue().splitlines() if "/ledgers/out 1/letters" in line]
        assert line.startswith("  Courriers ")
        assert line.endswith(f"/ledgers/out 1/letters  {said}")
    assert "lettre" not in shown(plan, french)


def test_boxes_on_poor_terminals(plan: Plan, french: Words) -> None:
    """The whole report can be written in ASCII, lines of tables included."""
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="ascii")
    print_run(open_console(stream), plan, FILES, french, problems=plan.problems)
    stream.flush()
    assert "?" not in raw.getvalue().decode("ascii")


def test_check_says_once_where_settings_are_written(checked: Ledger, words: Words) -> None:
    """Only where a remedy names a line of relance.toml; a ledger without problems is told nothing of it."""
    about = " ".join(words.label("terminal", "about_settings").split())
    for problems, times in (
        ([], 0),
        ([Problem("NO-ROWS", Severity.WARNING)], 0),
        ([Problem("AMOUNT-UNREADABLE", Severity.ERROR)] * 2, 1),
    ):
        stream = io.StringIO()
        print_check(open_console(stream), dataclasses.replace(checked, problems=tuple(problems)), words)
        assert " ".join(stream.getvalue().split()).count(about) == times
