"""Events files as people and scripts write them → events; what is not understood is named by row, and the rest is read."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from batch.core.codes import KINDS_OF_EVENT, STEPS
from batch.core.problem import Problem, RelanceError
from batch.core.tables import EVENTS
from batch.journal import Journal, cells
from batch.journal.exchange import read_events, write_events
from batch.journal.vocabulary import HEADING_OF, HEADINGS, KIND_OF, STEP_OF, plain

Make = Callable[..., pd.DataFrame]


def read(tmp_path: Path, content: str, encoding: str = "utf-8") -> tuple[pd.DataFrame, tuple[Problem, ...]]:
    """Read an events file of this content."""
    path = tmp_path / "events.csv"
    path.write_bytes(content.encode(encoding))
    return read_events(path)


def test_a_scripts_file_is_read(tmp_path: Path, make_events: Make) -> None:
    """Commas, ISO dates, decimal points, codes; a note with quotes and a line break; blanks stand for unknown."""
    events, problems = read(
        tmp_path,
        "date,customer,kind,invoice,step,amount,until,note\n"
        "2026-10-26,411DURAND,sent,C-3,reminder_1,,,\n"
        '2026-11-12,411DURAND,promised,C-3,,900.0,2026-11-25,"virement, dit-il,\nle ""25"""\n'
        "2026-11-10,411MARTIN,insolvency,,,,2027-01-05,redressement judiciaire\n",
    )
    assert problems == ()
    expected = make_events(
        {"at": dt.datetime(2026, 10, 26), "debtor_id": "411DURAND", "kind": "sent", "number": "C-3", "step": "reminder_1", "by": "import"},
        {"at": dt.datetime(2026, 11, 12), "debtor_id": "411DURAND", "kind": "promised", "number": "C-3", "amount": 90000,
         "until": dt.datetime(2026, 11, 25), "by": "import", "note": 'virement, dit-il,\nle "25"'},
        {"at": dt.datetime(2026, 11, 10), "debtor_id": "411MARTIN", "kind": "insolvency", "until": dt.datetime(2027, 1, 5),
         "by": "import", "note": "redressement judiciaire"},
    )  # fmt: skip
    pd.testing.assert_frame_equal(events, expected)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_a_french_file_is_read(tmp_path: Path, encoding: str) -> None:
    """A title row, French headings in any order, semicolons, day first, decimal comma, French words, any usual encoding."""
    events, problems = read(
        tmp_path,
        "Historique des relances;;;;;;;\r\n\r\n"
        "Date;Type;Client;Facture;Étape;Montant;Jusqu'au;Note\r\n"
        "26/10/2026;Envoyé;Durand SARL;FA-12;Relance 1;;;\r\n"
        "03/11/26;Promesse;Durand SARL;FA-12;;1 234,50 €;25/11/2026;virement promis\r\n"
        ";;;;;;;\r\n"
        "04.11.2026;Mise en demeure envoyée;Durand SARL;FA-12;;;;\r\n"
        "05/11/2026;lettre recommandée;Durand SARL;FA-12;mise en demeure;;;\r\n",
        encoding,
    )
    assert events["at"].dt.strftime("%Y-%m-%d").tolist() == ["2026-10-26", "2026-11-03", "2026-11-05"]
    assert events["kind"].tolist() == ["sent", "promised", "registered_letter"]
    assert events["step"].tolist() == ["reminder_1", "", "formal_notice"]
    assert events["amount"].tolist() == [0, 123450, 0]
    assert events["debtor_id"].unique().tolist() == ["Durand SARL"]
    assert [(problem.code, problem.source.row, problem.source.column) for problem in problems] == [
        ("EVENT-KIND-UNKNOWN", 7, "B")
    ]


def test_each_row_that_is_not_understood_is_named(tmp_path: Path) -> None:
    """One problem a row, with its row number (a note of two lines above it), column, heading and what stands there."""
    events, problems = read(
        tmp_path,
        "date,customer,kind,invoice,step,amount,until,note\n"
        '2026-11-02,A,called,,,,,"two\nlines"\n'
        "31/02/2026,A,called,,,,,\n"
        ",A,called,,,,,\n"
        "2026-11-02,,called,,,,,\n"
        "2026-11-02,A,promissed,,,,,\n"
        "2026-11-02,A,sent,,relance 9,,,\n"
        '2026-11-02,A,promised,,,"1,234",,\n'
        "2026-11-02,A,promised,,,100,soon,\n"
        "2062-11-02,A,called,,,,,\n"
        "2206-11-02,A,called,,,,,\n"
        "2026-11-03,A,met\n",
    )
    assert events["kind"].tolist() == ["called", "called", "met"]
    found = [(one.code, one.source.row, one.source.column, one.source.heading, one.source.excerpt) for one in problems]
    assert found == [
        ("EVENT-DATE-UNREADABLE", 4, "A", "date", "31/02/2026"),
        ("EVENT-DATE-MISSING", 5, "A", "date", ""),
        ("EVENT-CUSTOMER-MISSING", 6, "B", "customer", ""),
        ("EVENT-KIND-UNKNOWN", 7, "C", "kind", "promissed"),
        ("EVENT-STEP-UNKNOWN", 8, "E", "step", "relance 9"),
        ("EVENT-AMOUNT-UNREADABLE", 9, "F", "amount", "1,234"),
        ("EVENT-DATE-UNREADABLE", 10, "G", "until", "soon"),
        ("EVENT-DATE-UNREADABLE", 12, "A", "date", "2206-11-02"),
    ]
    assert problems[3].facts == {"text": "promissed", "near": "promised"}


@pytest.mark.parametrize(
    ("written", "currency", "expected"),
    [
        ("1234.56", "", 123456), ("1 234,56", "EUR", 123456), ("1\u202f234,56\u00a0€", "EUR", 123456),
        ("1.234,56", "EUR", 123456), ("1,234.56", "USD", 123456), ("1'234.50", "CHF", 123450), ("-5", "EUR", -500),
        ("1,234,567", "EUR", 123456700), ("12,5", "EUR", 1250), ("1500", "JPY", 1500), ("1,234", "TND", 1234),
        (900.0, "EUR", 90000), (0.1 + 0.2, "EUR", 30), ("", "EUR", 0), (None, "EUR", 0),
    ],
)  # fmt: skip
def test_amounts_are_exact_in_minor_units(written: object, currency: str, expected: int) -> None:
    """French and English figures, the currency's own decimals, a workbook's binary crumbs."""
    assert cells.amount(written, currency) == expected


@pytest.mark.parametrize(
    "written", ["1,234", "1.234", "12.345", "1,23,4", "abc", "1e5", "12-", "1.5.2", "9" * 20, True, float("inf")]
)
def test_amounts_that_could_mean_two_things_or_nothing_are_refused(written: object) -> None:
    """A guess at money is worse than a question."""
    with pytest.raises(ValueError, match=r".*"):
        cells.amount(written, "EUR")


def test_a_workbook_is_read(tmp_path: Path, make_events: Make) -> None:
    """Real dates, numbers as customer and invoice, the sheet that has the headings, rows numbered as the sheet shows them."""
    path = tmp_path / "events.xlsx"
    sheet = pd.DataFrame([
        ["Historique", None, None, None, None, None],
        [None, None, None, None, None, None],
        ["date", "client", "type", "facture", "montant", "jusqu'au"],
        [dt.datetime(2026, 11, 12), 411001, "promis", 1001.0, 900.5, dt.datetime(2026, 11, 25)],
        [dt.datetime(2026, 11, 12), 411001, "dansé", 1001.0, None, None],
    ])  # fmt: skip
    with pd.ExcelWriter(path, engine="openpyxl") as writer:
        pd.DataFrame({"read": ["me"]}).to_excel(writer, sheet_name="Notes")
        sheet.to_excel(writer, sheet_name="Événements", header=False, index=False)
    events, problems = read_events(path)
    expected = make_events(
        {"at": dt.datetime(2026, 11, 12), "debtor_id": "411001", "number": "1001", "kind": "promised", "amount": 90050,
         "until": dt.datetime(2026, 11, 25), "by": "import"},
    )  # fmt: skip
    pd.testing.assert_frame_equal(events, expected)
    assert [(one.code, one.source.sheet, one.source.row, one.source.column) for one in problems] == [
        ("EVENT-KIND-UNKNOWN", "Événements", 5, "C")
    ]


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("missing.csv", None, "EVENTS-UNREADABLE"),
        ("picture.csv", b"\x89PNG\0\0\0", "EVENTS-UNREADABLE"),
        ("torn.xlsx", b"PK\x03\x04 nothing", "EVENTS-UNREADABLE"),
        ("empty.csv", b"", "EVENTS-NO-HEADINGS"),
        ("other.csv", b"a;b;c\n1;2;3\n", "EVENTS-NO-HEADINGS"),
    ],
)
def test_a_file_that_is_no_events_file_is_refused(tmp_path: Path, name: str, content: bytes | None, code: str) -> None:
    """Nothing is read from it."""
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(RelanceError) as refused:
        read_events(tmp_path / name)
    assert refused.value.code == code


def test_the_vocabulary_knows_every_kind_and_step_and_no_word_twice() -> None:
    """Each code is a word for itself; words are spelled as `plain` leaves them, else they would never be found."""
    assert set(KINDS_OF_EVENT) == set(KIND_OF.values())
    assert set(STEPS) == set(STEP_OF.values())
    assert set(HEADINGS) == set(EVENTS.columns)
    words = [*KIND_OF, *STEP_OF, *HEADING_OF]
    assert [word for word in words if plain(word) != word] == []


DAYS = st.dates(dt.date(1995, 1, 1), dt.date(2099, 12, 31)).map(pd.Timestamp)
TEXTS = st.sampled_from(
    [
        "",
        "Durand & Fils",
        "=1+1",
        "'=1",
        "+33 1 23",
        "-",
        "@home",
        "a,b;c",
        'he said "no"',
        "line\nbreak",
        "'t Hooft",
        "été €",
        " x ",
    ]
)
NAMES = st.sampled_from(["411D", "Durand, SARL", "=cmd", "0012", "'-x"])
FIELDS = {
    "at": DAYS,
    "debtor_id": NAMES,
    "number": NAMES,
    "kind": st.sampled_from(KINDS_OF_EVENT),
    "step": st.sampled_from(("", *STEPS)),
    "round": st.integers(0, 9),
    "amount": st.integers(-(10**14), 10**14),
    "currency": st.sampled_from(["", "EUR", "JPY", "TND"]),
    "until": st.just(pd.NaT) | DAYS,
}
ROWS = st.lists(
    st.fixed_dictionaries({name: FIELDS.get(name, TEXTS) for name in EVENTS.columns}), min_size=1, max_size=6
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=ROWS, ending=st.sampled_from([".csv", ".xlsx"]))
def test_what_is_exported_is_imported_as_the_same(
    tmp_path_factory: pytest.TempPathFactory, make_events: Make, rows: list[dict[str, object]], ending: str
) -> None:
    """Also texts that a spreadsheet would take for formulas, also currencies without or with three decimals."""
    path = tmp_path_factory.mktemp("export") / f"events{ending}"
    written = make_events(*rows)
    write_events(written, path)
    read_back, problems = read_events(path)
    assert problems == ()
    pd.testing.assert_frame_equal(read_back, written)
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_an_export_brought_back_into_its_journal_adds_nothing(
    tmp_path: Path, journal: Journal, make_events: Make
) -> None:
    """The journal knows its own events again."""
    journal.record(
        make_events(
            {"at": dt.datetime(2026, 11, 4), "debtor_id": "411D", "kind": "called", "item_id": "411D|1", "round": 1}
        )
    )
    write_events(journal.events(), tmp_path / "export.csv")
    events, _ = read_events(tmp_path / "export.csv")
    assert journal.record(events) == 0


def test_no_cell_of_an_exported_csv_is_a_formula(tmp_path: Path, make_events: Make) -> None:
    """What a debtor wrote in a mail cannot run in the accountant's spreadsheet."""
    write_events(
        make_events(
            {"at": dt.datetime(2026, 11, 4), "debtor_id": "411D", "kind": "replied", "note": '=HYPERLINK("x")'}
        ),
        tmp_path / "e.csv",
    )
    assert "'=HYPERLINK" in (tmp_path / "e.csv").read_text(encoding="utf-8")


def test_an_export_that_cannot_be_written_says_so(tmp_path: Path, make_events: Make) -> None:
    """A missing folder is one clear refusal, for both kinds of file."""
    for name in ("e.csv", "e.xlsx"):
        with pytest.raises(RelanceError) as refused:
            write_events(make_events(), tmp_path / "missing" / name)
        assert refused.value.code == "EVENTS-NOT-WRITTEN"
