"""Reading back what a person typed: by heading and key, through other programs, and never losing what is not understood."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from openpyxl import Workbook, load_workbook

from batch.core.problem import RelanceError
from batch.words import for_language
from batch.workbook.decisions import Reviewed, read_review
from batch.workbook.layout import FIRST_ROW, HEADER_ROW, letter_of
from batch.workbook.reading import typed
from tests.workbook.plans import ABOUT, ACCOUNTS, messages_of, small_plan
from tests.workbook.reviewing import column, reviewed_file, row, type_in, written

DURAND, LEGRAND, PETIT, VERT = ("411DURAND", "EUR"), ("411LEGRAND", "EUR"), ("411PETIT", "EUR"), ("411VERT", "USD")


def facts(reviewed: Reviewed, *names: str) -> list[tuple[Any, ...]]:
    """Return some columns of the events, rows as tuples."""
    return list(zip(*(reviewed.events[name].tolist() for name in names), strict=True))


def complaints(reviewed: Reviewed) -> list[tuple[str, str, int, str]]:
    """Return code, sheet, row and column of each problem."""
    return [(one.code, one.source.sheet, one.source.row, one.source.column) for one in reviewed.problems]


def understood(reviewed: Reviewed, key: tuple[str, str]) -> bool:
    """Return whether an account's row was understood."""
    table = reviewed.decisions.set_index(["debtor_id", "currency"])
    return bool(table["understood"].to_dict()[key])


def test_untouched_sheets_give_the_proposals_and_no_event(tmp_path: Path) -> None:
    """Every account with a balance comes back with its prefilled decision, step and digest; nothing happened."""
    plan = small_plan()
    reviewed = read_review(written(tmp_path, messages=messages_of(plan)))
    rows = reviewed.decisions[["debtor_id", "currency", "decision", "step", "digest", "email", "understood", "row"]]
    assert rows.iloc[2].tolist() == [
        "411LEGRAND",
        "EUR",
        "send",
        "formal_notice",
        "d-411LEGRAND-EUR",
        "",
        True,
        FIRST_ROW + 2,
    ]
    assert sorted(rows["decision"].tolist()) == ["", "", "call", "call", "hold", "hold", "send", "send", "send", "send"]
    assert len(rows) == len(ACCOUNTS) - 1
    assert (len(reviewed.events), reviewed.problems, reviewed.about) == (0, (), ABOUT)


def test_typed_facts_become_events(tmp_path: Path) -> None:
    """Each cell that a person may fill in becomes the event it stands for, on the workbook's own day, with the row's note."""
    path = reviewed_file(tmp_path, {
        DURAND: {"hold_until": dt.date(2026, 12, 1), "promise_date": "30/11/2026", "promise_amount": "1 234,56 €", "note": "vu avec Mme Petit"},
        LEGRAND: {"standing_typed": "en difficulté", "email_typed": " compta@legrand.example "},
        PETIT: {"dispute": "fa-etit-eur", "decision": "clore"},
        VERT: {"step_done": "Relance 1", "step_done_on": dt.date(2026, 11, 3), "decision": "passer", "dispute": "Toutes"},
    })  # fmt: skip
    reviewed = read_review(path)
    assert reviewed.problems == ()
    assert facts(reviewed, "debtor_id", "kind", "step", "until", "amount", "number", "value", "note") == [
        ("411LEGRAND", "reclassified", "", pd.NaT, 0, "", "in_difficulty", ""),
        ("411LEGRAND", "address", "", pd.NaT, 0, "", "compta@legrand.example", ""),
        ("411PETIT", "closed", "solve_dispute", pd.NaT, 0, "", "", ""),
        ("411PETIT", "disputed", "", pd.NaT, 0, "FA-ETIT-EUR", "", ""),
        ("411VERT", "skipped", "reminder_1", pd.NaT, 0, "", "", ""),
        ("411VERT", "sent", "reminder_1", pd.NaT, 0, "", "", ""),
        ("411VERT", "disputed", "", pd.NaT, 0, "", "", ""),
        ("411DURAND", "held", "", pd.Timestamp(2026, 12, 1), 0, "", "", "vu avec Mme Petit"),
        ("411DURAND", "promised", "", pd.Timestamp(2026, 11, 30), 123456, "", "", "vu avec Mme Petit"),
    ]
    days = dict(facts(reviewed, "kind", "at"))
    assert days["sent"] == pd.Timestamp(2026, 11, 3)
    assert days["held"] == pd.Timestamp(ABOUT.as_of)
    assert set(reviewed.events["by"]) == {"review"}
    assert (
        dict(zip(reviewed.decisions["debtor_id"], reviewed.decisions["email"], strict=True))["411LEGRAND"]
        == "compta@legrand.example"
    )


def test_the_standing_that_was_shown_is_no_override(tmp_path: Path) -> None:
    """Choosing what the row shows already records nothing."""
    assert len(read_review(reviewed_file(tmp_path, {DURAND: {"standing_typed": "oubli probable"}})).events) == 0


def test_calls_become_called_events(tmp_path: Path) -> None:
    """A call's result is an event on its own day (else the workbook's), with what the customer announced."""
    path = reviewed_file(tmp_path, {}, {
        PETIT: {"call_result": "promesse", "call_on": dt.date(2026, 11, 23), "call_amount": 1500.5, "call_until": "15/12/2026", "call_note": "rappeler"},
        ("411ROUX", "EUR"): {"call_result": "Pas de réponse"},
    })  # fmt: skip
    reviewed = read_review(path)
    assert facts(reviewed, "debtor_id", "kind", "at", "step", "meaning", "amount", "until", "note") == [
        (
            "411PETIT",
            "called",
            pd.Timestamp(2026, 11, 23),
            "solve_dispute",
            "promise",
            150050,
            pd.Timestamp(2026, 12, 15),
            "rappeler",
        ),
        ("411ROUX", "called", pd.Timestamp(ABOUT.as_of), "resend_invoice", "no_answer", 0, pd.NaT, ""),
    ]


@pytest.mark.parametrize(
    ("cells", "code", "at"),
    [
        ({"decision": "peut-être"}, "WORD-NOT-UNDERSTOOD", "decision"),
        ({"standing_typed": "gentil"}, "WORD-NOT-UNDERSTOOD", "standing_typed"),
        ({"hold_until": "31/02/2027"}, "DATE-NOT-UNDERSTOOD", "hold_until"),
        ({"promise_date": dt.date(2025, 12, 1)}, "DATE-PASSED", "promise_date"),
        ({"promise_date": dt.date(2062, 12, 1)}, "DATE-FAR", "promise_date"),
        ({"hold_until": dt.date(2062, 12, 1)}, "DATE-FAR", "hold_until"),
        ({"step_done": "relance 1", "step_done_on": dt.date(2026, 11, 24)}, "DATE-AHEAD", "step_done_on"),
        ({"step_done": "relance 1", "step_done_on": dt.date(2025, 11, 18)}, "DATE-BEFORE", "step_done_on"),
        ({"promise_date": "01/12/2026", "promise_amount": "beaucoup"}, "AMOUNT-NOT-UNDERSTOOD", "promise_amount"),
        ({"promise_amount": 100}, "REVIEW-DATE-MISSING", "promise_date"),
        ({"step_done": "relance 2"}, "REVIEW-DATE-MISSING", "step_done_on"),
        ({"step_done_on": dt.date(2026, 11, 2)}, "STEP-MISSING", "step_done"),
        ({"email_typed": "pas d'adresse"}, "ADDRESS-NOT-UNDERSTOOD", "email_typed"),
        ({"email_typed": "comptabilité@durand.example"}, "ADDRESS-NOT-UNDERSTOOD", "email_typed"),
        ({"dispute": "FA-999"}, "INVOICE-UNKNOWN", "dispute"),
    ],
)  # fmt: skip
def test_what_is_not_understood_names_its_cell(tmp_path: Path, cells: dict[str, object], code: str, at: str) -> None:
    """A complaint names sheet, row and column; the row is not sent, the others are as they were."""
    path = reviewed_file(tmp_path, {DURAND: cells})
    sheet = load_workbook(path)["Revue"]
    reviewed = read_review(path, dt.date(2026, 11, 23))
    letter = letter_of(column(sheet, at))
    assert complaints(reviewed) == [(code, "Revue", row(sheet, DURAND), letter)]
    assert [understood(reviewed, DURAND), understood(reviewed, LEGRAND)] == [False, True]
    for language in ("fr", "en"):
        message, hint = for_language(language).problem(reviewed.problems[0])
        assert f"{letter}{row(sheet, DURAND)}" in message
        assert hint


def test_what_was_understood_beside_a_mistake_is_kept(tmp_path: Path) -> None:
    """An unknown number loses neither the known one nor the promise on the same row."""
    reviewed = read_review(
        reviewed_file(tmp_path, {DURAND: {"dispute": "FA-RAND-EUR, FA-999", "promise_date": "01/12/2026"}})
    )
    assert facts(reviewed, "kind", "number") == [("promised", ""), ("disputed", "FA-RAND-EUR")]
    assert understood(reviewed, DURAND) is False


def test_a_call_still_to_come_was_not_made(tmp_path: Path) -> None:
    """A call dated later than today is a complaint and no event; on the day itself it is one."""
    path = reviewed_file(tmp_path, {}, {PETIT: {"call_result": "promesse", "call_on": dt.date(2026, 11, 23)}})
    assert facts(read_review(path, dt.date(2026, 11, 23)), "kind", "at") == [("called", pd.Timestamp(2026, 11, 23))]
    early = read_review(path, dt.date(2026, 11, 22))
    assert ([one.code for one in early.problems], len(early.events)) == (["DATE-AHEAD"], 0)


def test_a_mistake_on_calls_keeps_the_mail_back(tmp_path: Path) -> None:
    """A call without result is a problem of the Calls sheet, and its account's row on Review is not sent."""
    reviewed = read_review(reviewed_file(tmp_path, {}, {PETIT: {"call_note": "à suivre"}}))
    assert [one.code for one in reviewed.problems] == ["RESULT-MISSING"]
    assert understood(reviewed, PETIT) is False


def test_a_note_alone_is_an_event_and_does_not_stop_the_row(tmp_path: Path) -> None:
    """A lone note is kept for its account; nothing is complained of, the decision stands."""
    reviewed = read_review(reviewed_file(tmp_path, {DURAND: {"note": "client sympathique"}}))
    assert reviewed.problems == ()
    assert facts(reviewed, "debtor_id", "currency", "kind", "note") == [(*DURAND, "noted", "client sympathique")]
    assert understood(reviewed, DURAND) is True


def _disturbed(path: Path) -> Path:
    """Do what people do: rename and move sheets, insert columns and rows, sort, delete a row, swap columns, paste with spaces."""
    workbook = load_workbook(path)
    sheet = workbook["Revue"]
    rows = [[cell.value for cell in cells] for cells in sheet.iter_rows(min_row=HEADER_ROW)]
    head, body = rows[0], [values for values in rows[1:] if values[0] != "411NOIR"]
    body.sort(key=lambda values: str(values[2]))
    fresh = workbook.create_sheet("Ma revue", 0)
    fresh.append(["Vu le 23/11 par Sophie"])
    for values in ([*head, "Mon avis"], *([*values, "ok"] for values in body)):
        spaced = [f"  {value} " if isinstance(value, str) else value for value in values]
        fresh.append([spaced[-1], None, *reversed(spaced[:-1])])
    workbook.remove(sheet)
    workbook.move_sheet("À propos", -4)
    workbook["À propos"].title = "Infos"
    workbook["Infos"].insert_rows(1)
    workbook["Infos"].insert_cols(1)
    workbook.save(path.with_name("disturbed.xlsx"))
    return path.with_name("disturbed.xlsx")


def test_sorted_moved_inserted_and_spaced_reads_the_same(
    tmp_path: Path, libreoffice: Callable[[Path, str], Path]
) -> None:
    """Whatever was sorted, moved, inserted or renamed, also saved by LibreOffice, the decisions and events are the same."""
    typed_in: dict[tuple[str, str], dict[str, object]] = {
        DURAND: {"promise_date": dt.date(2026, 12, 4), "promise_amount": 500.25, "decision": "ATTENDRE"},
        ("00042", "EUR"): {"hold_until": dt.date(2026, 12, 9), "note": "voir dossier"},
        LEGRAND: {"step_done": "relance 2", "step_done_on": "03/11/2026", "decision": "envoyer"},
    }
    path = reviewed_file(tmp_path, typed_in, {PETIT: {"call_result": "conteste", "call_on": dt.date(2026, 11, 23)}})
    plain = _told(read_review(path))
    assert len(plain[1]) == 4
    disturbed = _disturbed(path)
    without = ({key: row for key, row in plain[0].items() if key[0] != "411NOIR"}, plain[1])
    assert _told(read_review(libreoffice(path, "xlsx"))) == plain
    assert _told(read_review(disturbed)) == without
    assert _told(read_review(libreoffice(disturbed, "xlsx"))) == without
    assert read_review(disturbed).about == ABOUT


def _told(reviewed: Reviewed) -> tuple[dict[tuple[str, str], tuple[Any, ...]], list[tuple[str, ...]]]:
    assert reviewed.problems == ()
    table = reviewed.decisions
    columns = [table[name].tolist() for name in ("debtor_id", "currency", "decision", "step", "digest", "understood")]
    names = ("debtor_id", "kind", "at", "step", "meaning", "amount", "until", "note")
    events = sorted(tuple(str(value) for value in event) for event in facts(reviewed, *names))
    return {(who, currency): tuple(rest) for who, currency, *rest in zip(*columns, strict=True)}, events


def test_english_sheets_read_english_and_french_words(tmp_path: Path) -> None:
    """The words of both languages are understood in either; an English day that could be two days is a question."""
    path = reviewed_file(tmp_path, {
        DURAND: {"decision": "attendre", "hold_until": "25 Dec 2026"},
        LEGRAND: {"decision": "closed", "dispute": "ALL"},
        PETIT: {"hold_until": "03/12/2026"},
    }, language="en")  # fmt: skip
    reviewed = read_review(path)
    assert facts(reviewed, "debtor_id", "kind", "until") == [
        ("411LEGRAND", "closed", pd.NaT), ("411LEGRAND", "disputed", pd.NaT), ("411DURAND", "held", pd.Timestamp(2026, 12, 25)),
    ]  # fmt: skip
    assert [one.code for one in reviewed.problems] == ["DATE-NOT-UNDERSTOOD"]


def test_a_row_that_stands_twice_is_not_sent(tmp_path: Path) -> None:
    """A pasted copy of a row says nothing twice, and neither row is trusted."""
    path = reviewed_file(tmp_path, {DURAND: {"hold_until": dt.date(2026, 12, 9)}})
    workbook = load_workbook(path)
    sheet = workbook["Revue"]
    sheet.append([cell.value for cell in sheet[row(sheet, DURAND)]])
    workbook.save(path)
    reviewed = read_review(path)
    assert [one.code for one in reviewed.problems] == ["ROW-TWICE"]
    assert understood(reviewed, DURAND) is False
    assert facts(reviewed, "kind") == [("held",)]


def test_typing_on_a_row_without_customer_is_not_lost(tmp_path: Path) -> None:
    """What is typed under the table has no account: a problem names the cell."""
    path = written(tmp_path)
    workbook = load_workbook(path)
    sheet = workbook["Revue"]
    sheet.cell(40, column(sheet, "hold_until")).value = dt.datetime(2026, 12, 9)
    workbook.save(path)
    reviewed = read_review(path)
    assert complaints(reviewed) == [("ROW-WITHOUT-KEY", "Revue", 40, letter_of(column(sheet, "hold_until")))]


def test_a_column_that_is_gone_or_doubled_is_said(tmp_path: Path) -> None:
    """A missing column is a warning; one that stands there twice makes every row of the sheet wait."""
    path = written(tmp_path)
    workbook = load_workbook(path)
    sheet = workbook["Revue"]
    sheet.cell(HEADER_ROW, column(sheet, "dispute")).value = "Décision"
    workbook.save(path)
    reviewed = read_review(path)
    assert [one.code for one in reviewed.problems] == ["COLUMN-TWICE", "REVIEW-COLUMN-MISSING"]
    assert not reviewed.decisions["understood"].any()


def test_another_workbook_is_refused_by_name(tmp_path: Path) -> None:
    """A workbook that Relance did not write, a file that is none or not there, one that lost its Review sheet, one without its About sheet."""
    plain, broken = tmp_path / "plain.xlsx", tmp_path / "broken.xlsx"
    Workbook().save(plain)
    broken.write_text("nothing of a workbook")
    lost = load_workbook(written(tmp_path))
    del lost["Revue"]
    lost.save(tmp_path / "lost.xlsx")
    nameless = load_workbook(written(tmp_path))
    del nameless["À propos"]
    nameless.save(tmp_path / "nameless.xlsx")
    codes = {plain: "NOT-ANNOTATED", broken: "NOT-ANNOTATED", tmp_path / "lost.xlsx": "REVIEW-MISSING",
             tmp_path / "nameless.xlsx": "ABOUT-MISSING", tmp_path / "nowhere.xlsx": "FILE-MISSING"}  # fmt: skip
    for path, code in codes.items():
        with pytest.raises(RelanceError) as refused:
            read_review(path)
        assert refused.value.code == code
        assert path.name in for_language("en").problem(refused.value)[0]


def test_several_things_typed_into_calls_and_review_keep_their_accounts(tmp_path: Path) -> None:
    """A call whose account was deleted from Review is kept and remarked upon."""
    path = reviewed_file(tmp_path, {}, {PETIT: {"call_result": "conteste"}})
    workbook = load_workbook(path)
    sheet = workbook["Revue"]
    sheet.delete_rows(row(sheet, PETIT))
    type_in(workbook, "calls", {})
    workbook.save(path)
    reviewed = read_review(path)
    assert [one.code for one in reviewed.problems] == ["CALL-WITHOUT-REVIEW"]
    assert facts(reviewed, "debtor_id", "meaning") == [("411PETIT", "disputes")]


@pytest.mark.parametrize(
    ("value", "language", "expected"),
    [
        ("1 234,56 €", "fr", 123456), ("1\u202f234,56", "fr", 123456), ("1234.5", "fr", 123450), ("1.234,56", "fr", 123456),
        ("1,234.56", "en", 123456), ("1,234", "en", 123400), ("1,234", "fr", None), ("1.234", "en", None), (0, "fr", None),
        ("-5", "fr", None), (12.345, "fr", 1235), ("EUR 99", "en", 9900), ("500 euros", "fr", 50000), (True, "fr", None), ("", "fr", None),
    ],
)  # fmt: skip
def test_amounts_as_people_write_them(value: object, language: str, expected: int | None) -> None:
    """Both marks are read where no doubt is left; 1,234 is a thousand to English readers only."""
    assert typed.amount(value, "EUR", language) == expected


@pytest.mark.parametrize(
    ("value", "language", "expected"),
    [
        ("25/10/2026", "fr", dt.date(2026, 10, 25)), ("5.1.27", "fr", dt.date(2027, 1, 5)), ("2026-10-25", "en", dt.date(2026, 10, 25)),
        ("1er août 2026", "fr", dt.date(2026, 8, 1)), ("25 octobre 2026", "fr", dt.date(2026, 10, 25)), ("25 June 2026", "en", dt.date(2026, 6, 25)),
        ("03/04/2026", "fr", dt.date(2026, 4, 3)), ("03/04/2026", "en", None), ("25/10/2026", "en", dt.date(2026, 10, 25)),
        (46320, "fr", dt.date(2026, 10, 25)), (12, "fr", None), ("demain", "fr", None), (dt.datetime(1906, 1, 1), "fr", None),
    ],
)  # fmt: skip
def test_days_as_people_write_them(value: object, language: str, expected: dt.date | None) -> None:
    """Day first in French; what could be two days, or none, is not guessed."""
    assert typed.day(value, language) == expected
