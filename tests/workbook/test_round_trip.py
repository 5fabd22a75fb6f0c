"""What is written into the cells of Review and Calls is what is read back, whatever is decided, in both languages.

12 reviews a language in an ordinary run, 300 with RELANCE_LONG=1.
"""

import datetime as dt
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from batch.core.codes import STANDINGS
from batch.core.currencies import minor_units
from batch.words import for_language
from batch.workbook.decisions import read_review
from batch.workbook.layout import CALL_RESULTS, DECISIONS, STEPS_DONE
from batch.workbook.reading.line import EARLIEST, FARTHEST
from batch.workbook.review import write_sheets
from tests.workbook.plans import ABOUT, ACCOUNTS, AS_OF, messages_of, small_plan

LONG = os.environ.get("RELANCE_LONG") == "1"
Cells = dict[str, object]
Fact = tuple[str, ...]

OWING = {
    (who, currency): (standing, step, proposal)
    for who, currency, _, standing, due, _, _, _, step, _, _, proposal, _ in ACCOUNTS
    if due
}
CALLED = {
    (who, currency): step
    for who, currency, _, _, due, _, _, _, step, channel, *_ in ACCOUNTS
    if due and channel in {"call", "task"}
}
NOTES = st.text(
    "aZ é€œ=+-@_x0041<&>\"'’%;\n\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}😀", min_size=1, max_size=40
).filter(str.strip)
COMING = st.dates(AS_OF, AS_OF + FARTHEST)
DONE = st.dates(AS_OF - EARLIEST, AS_OF)
ANY_DAY = st.dates(dt.date(2001, 1, 1), dt.date(2099, 12, 31))


def day(drawn: st.DrawFn, days: st.SearchStrategy[dt.date], language: str) -> tuple[object, str]:
    """Return a day as a cell holds it or as a person writes it, and the day that is meant."""
    meant = drawn(days)
    months = {"fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
              "en": "January February March April May June July August September October November December"}  # fmt: skip
    name = months[language].split()[meant.month - 1]
    forms = [dt.datetime.combine(meant, dt.time()), meant.isoformat(), f"{meant.day} {name} {meant.year}"]
    if language == "fr":
        forms.append(f" {meant.day:02}/{meant.month:02}/{meant.year}")
    return drawn(st.sampled_from(forms)), meant.isoformat()


def amount(drawn: st.DrawFn, currency: str, language: str) -> tuple[object, int]:
    """Return an amount as a figure or as a person writes it, and what it is in minor units."""
    minor = drawn(st.integers(1, 10**9))
    whole, cents = divmod(minor, 10 ** minor_units(currency))
    grouped = f"{whole:,}"
    written = (
        f"{grouped}.{cents:02}"
        if language == "en"
        else grouped.replace(",", "\N{NARROW NO-BREAK SPACE}") + f",{cents:02}"
    )
    return drawn(st.sampled_from([minor / 100, f"{whole}.{cents:02}", f"{written} {currency}"])), minor


def fact(key: tuple[str, str], kind: str, **values: Any) -> Fact:
    """Return one event as it is compared."""
    known = {
        "at": AS_OF.isoformat(),
        "step": "",
        "until": "NaT",
        "amount": 0,
        "number": "",
        "value": "",
        "meaning": "",
        "note": "",
    }
    return tuple(map(str, (*key, kind, *(known | values).values())))


@st.composite
def reviews(
    drawn: st.DrawFn, language: str
) -> tuple[dict[str, dict[tuple[str, str], Cells]], dict[tuple[str, str], str], list[Fact]]:
    """Return cells by sheet and account, the decision that each account then has, and every event they stand for."""
    words = for_language(language)
    sheets: dict[str, dict[tuple[str, str], Cells]] = {"review": {}, "calls": {}}
    decided, facts = {key: proposal for key, (_, _, proposal) in OWING.items()}, []
    for key in drawn(st.lists(st.sampled_from(sorted(OWING)), unique=True)):
        cells, made, decision = drawn(review_cells(key, language))
        sheets["review"][key] = cells
        decided[key] = decided[key] if decision is None else decision
        facts += made
    for key in drawn(st.lists(st.sampled_from(sorted(CALLED)), unique=True)):
        result, note = drawn(st.sampled_from(CALL_RESULTS)), drawn(NOTES)
        on, until = (day(drawn, ANY_DAY, language) for _ in range(2))
        much, minor = amount(drawn, key[1], language)
        sheets["calls"][key] = {"call_result": words.label("call_results", result), "call_on": on[0], "call_until": until[0],
                                "call_amount": much, "call_note": note}  # fmt: skip
        facts.append(
            fact(
                key,
                "called",
                at=on[1],
                step=CALLED[key],
                until=until[1],
                amount=minor,
                meaning=result,
                note=note.strip(),
            )
        )
    return sheets, decided, facts


@st.composite
def review_cells(drawn: st.DrawFn, key: tuple[str, str], language: str) -> tuple[Cells, list[Fact], str | None]:
    """Return some cells of one row of Review, the events they stand for, and the decision (None: left as proposed)."""
    words, (standing, step, _) = for_language(language), OWING[key]
    cells: Cells = {}
    made: list[tuple[str, dict[str, Any]]] = []
    chosen = drawn(
        st.sets(st.sampled_from(["decision", "standing", "email", "done", "hold", "promise", "dispute", "note"]))
    )
    decision = drawn(st.sampled_from(["", *DECISIONS])) if "decision" in chosen else None
    if decision is not None:
        cells["decision"] = words.label("decisions", decision) if decision else ""
    if decision in {"skip", "closed"}:
        made.append(({"skip": "skipped", "closed": "closed"}[decision], {"step": step}))
    if "standing" in chosen:
        other = drawn(st.sampled_from(STANDINGS))
        cells["standing_typed"] = words.label("standings", other)
        made += [("reclassified", {"value": other})] if other != standing else []
    if "email" in chosen:
        cells["email_typed"] = drawn(st.sampled_from(["compta@client.example", " a.b+c@x.client.example"]))
        made.append(("address", {"value": str(cells["email_typed"]).strip()}))
    if "done" in chosen:
        done, (cells["step_done_on"], on) = drawn(st.sampled_from(STEPS_DONE)), day(drawn, DONE, language)
        cells["step_done"] = words.label("steps", done)
        made.append(("sent", {"at": on, "step": done}))
    if "hold" in chosen:
        cells["hold_until"], until = day(drawn, COMING, language)
        made.append(("held", {"until": until}))
    if "promise" in chosen:
        cells["promise_date"], until = day(drawn, COMING, language)
        cells["promise_amount"], minor = amount(drawn, key[1], language)
        made.append(("promised", {"until": until, "amount": minor}))
    if "dispute" in chosen:
        number = f"FA-{key[0][-4:]}-{key[1]}"
        cells["dispute"] = drawn(st.sampled_from([number, number.lower(), words.label("dispute", "all").split("|")[0]]))
        made.append(("disputed", {"number": number if str(cells["dispute"]).upper() == number else ""}))
    if "note" in chosen:
        cells["note"] = drawn(NOTES)
    note = str(cells.get("note", "")).strip()
    facts = [fact(key, kind, note=note, **values) for kind, values in made]
    return cells, facts or [fact(key, "noted", note=note)] * bool(note), decision


@pytest.mark.parametrize("language", ["fr", "en"])
@settings(
    max_examples=300 if LONG else 12,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(data=st.data())
def test_written_and_read_back(data: st.DataObject, language: str) -> None:
    """Decisions, events and the typed cells themselves come back; nothing is complained of."""
    sheets, decided, facts = data.draw(reviews(language))
    plan = small_plan()
    about = type(ABOUT)(**{**vars(ABOUT), "language": language})
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sheets.xlsx"
        write_sheets(
            path,
            plan=plan,
            messages=messages_of(plan),
            about=about,
            words=for_language(language),
            problems=(),
            typed=sheets,
        )
        reviewed = read_review(path)
    assert reviewed.problems == ()
    assert decisions(reviewed.decisions.to_dict("list")) == decided
    names = ["debtor_id", "currency", "kind", "at", "step", "until", "amount", "number", "value", "meaning", "note"]
    rows = [tuple(map(_told, row)) for row in reviewed.events[names].itertuples(index=False, name=None)]
    assert sorted(rows) == sorted(facts)
    again = {(row.sheet, row.key): row.cells for row in reviewed.typed}
    for sheet, accounts in sheets.items():
        for key, cells in accounts.items():
            kept = again.get((sheet, key), {})
            assert {code: kept.get(code, "") for code in cells if code != "decision"} == {
                code: value for code, value in cells.items() if code != "decision"
            }


def _told(value: object) -> str:
    return value.isoformat()[:10] if isinstance(value, dt.datetime) and value == value else str(value)  # noqa: PLR0124  NaT


def decisions(table: Mapping[Any, list[Any]]) -> dict[tuple[str, str], str]:
    """Return the decision of each account; every row was understood."""
    assert all(table["understood"])
    return {
        (who, currency): code
        for who, currency, code in zip(table["debtor_id"], table["currency"], table["decision"], strict=True)
    }
