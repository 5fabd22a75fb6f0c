"""`relance run` on the sample ledger: what stands where afterwards, the whole form of plan.json, the same result every time."""

import json
import re
from decimal import Decimal
from typing import Any

import pytest

from batch.core.codes import STANDINGS, STEPS
from tests.jobs.desk import DAY, SAMPLE, Desk, Said
from tests.workbook.keeping import losses, our_columns
from tests.workbook.schema.contents import faults

AMOUNT = re.compile(r"-?\d+\.\d\d")
ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d")
FILES = ["letters", "plan.json", "preview.html", "sample_ledger-annotated.xlsx"]
KEYS = {
    "plan": {"relance", "as_of", "company", "ledger", "debtors", "items", "advice", "kpis", "since", "problems"},
    "ledger": {"file", "sha256", "sheet", "rows", "items", "left_out", "total_open", "newest_entry"},
    "debtors": {
        "debtor_id", "name", "currency", "open", "overdue", "unallocated", "oldest_days_late", "standing", "confidence", "because",
        "step", "channel", "approval", "items", "reason", "blocked_by", "next_step", "next_on", "charges", "subject", "digest", "letter",
    },
    "because": {"code", "points", "sentence"},
    "charges": {"interest", "fixed_sum", "fees", "claimed"},
    "items": {
        "item_id", "debtor_id", "number", "kind", "issued", "due", "currency", "amount", "open", "days_late", "bucket", "last_step",
        "next_step", "blocked_by",
    },
    "advice": {"debtor_id", "item_id", "code", "sentence"},
    "kpis": {"open", "overdue", "dso_days", "weighted_days_late", "buckets"},
    "problems": {"code", "severity", "message", "hint", "sheet", "row", "column"},
}  # fmt: skip
BUCKETS = ["not_due", "1-30", "31-60", "61-90", "90+"]


@pytest.fixture(scope="module")
def plan(first_run: tuple[Desk, Said]) -> Any:
    """Return plan.json of the first run."""
    return first_run[0].plan()


def total(rows: list[Any], column: str, **where: str) -> Decimal:
    """Return the exact sum of a column of decimal strings over the rows that are as `where` says."""
    chosen = [row for row in rows if all(row[name] == value for name, value in where.items())]
    return sum((Decimal(row[column]) for row in chosen), Decimal(0))


def test_files_and_first_line(first_run: tuple[Desk, Said]) -> None:
    """Three files and the letters stand beside the ledger, by day; the first line says that the journal is empty; the next command is named."""
    desk, said = first_run
    assert (said.code, said.err) == (0, "")
    written = sorted(path.name for path in (desk.folder / "relance-out" / DAY).iterdir() if path.name[0] != ".")
    assert written == FILES
    assert "le journal est vide" in said.out.splitlines()[0]
    assert [name for name in FILES if name not in said.out] == []
    assert f"relance send relance-out/{DAY}/sample_ledger-annotated.xlsx" in said.out


def test_the_ledger_itself_is_untouched(first_run: tuple[Desk, Said]) -> None:
    """A run reads the ledger and leaves every byte of it as it was."""
    assert (first_run[0].folder / SAMPLE.name).read_bytes() == SAMPLE.read_bytes()


@pytest.mark.parametrize("part", ["debtors", "items", "advice", "problems"])
def test_keys_of_the_lists(plan: Any, part: str) -> None:
    """Every entry of every list has exactly the keys that scripts rely on."""
    assert plan[part] != []
    assert {frozenset(entry) for entry in plan[part]} == {frozenset(KEYS[part])}


def test_keys_of_the_rest(plan: Any) -> None:
    """The plan, its ledger, its key figures, and what stands inside a debtor have exactly their keys."""
    assert set(plan) == KEYS["plan"]
    assert set(plan["ledger"]) == KEYS["ledger"]
    assert {frozenset(figures) for figures in plan["kpis"].values()} == {frozenset(KEYS["kpis"])}
    assert {frozenset(debtor["charges"]) for debtor in plan["debtors"]} == {frozenset(KEYS["charges"])}
    facts = {frozenset(fact) for debtor in plan["debtors"] for fact in debtor["because"]}
    assert facts == {frozenset(KEYS["because"])}


def test_amounts_are_decimal_strings_and_days_iso(plan: Any) -> None:
    """No amount is a number, no date is anything but year-month-day or null."""
    amounts = [debtor[name] for debtor in plan["debtors"] for name in ("open", "overdue", "unallocated")]
    amounts += [debtor["charges"][name] for debtor in plan["debtors"] for name in ("interest", "fixed_sum", "fees")]
    amounts += [item[name] for item in plan["items"] for name in ("amount", "open")]
    amounts += list(plan["ledger"]["total_open"].values())
    for figures in plan["kpis"].values():
        assert list(figures["buckets"]) == BUCKETS
        amounts += [figures["open"], figures["overdue"], *figures["buckets"].values()]
    assert [amount for amount in amounts if not AMOUNT.fullmatch(amount)] == []
    days = [plan["as_of"], plan["ledger"]["newest_entry"]]
    days += [item[name] for item in plan["items"] for name in ("issued", "due")]
    days += [debtor["next_on"] for debtor in plan["debtors"]]
    assert [day for day in days if day is not None and not ISO_DAY.fullmatch(day)] == []


def test_the_sample_is_read_but_for_two_rows(plan: Any) -> None:
    """268 rows, two of them with a mistake that is named with its cell; the newest entry is two days old."""
    about = plan["ledger"]
    assert (about["rows"], about["items"], about["left_out"]) == (268, 266, 2)
    assert (about["file"], about["sheet"], about["newest_entry"]) == (
        "sample_ledger.xlsx", "Grand livre clients", "2026-11-18",
    )  # fmt: skip
    mistakes = [(one["code"], one["row"], one["column"]) for one in plan["problems"] if one["severity"] == "error"]
    assert mistakes == [("AMOUNT-UNREADABLE", 102, "N"), ("DATE-UNREADABLE", 178, "L")]


@pytest.mark.parametrize("currency", ["EUR", "USD"])
def test_sums_agree(plan: Any, currency: str) -> None:
    """Key figures, ledger, debtors, items and buckets all say the same, to the cent."""
    figures = plan["kpis"][currency]
    debtors, items = plan["debtors"], plan["items"]
    open_total = Decimal(figures["open"])
    assert total(items, "open", currency=currency) == open_total
    assert total(debtors, "open", currency=currency) == open_total
    assert Decimal(plan["ledger"]["total_open"][currency]) == open_total
    buckets = {name: Decimal(amount) for name, amount in figures["buckets"].items()}
    assert sum(buckets.values()) + total(debtors, "unallocated", currency=currency) == open_total
    assert sum(buckets.values()) - buckets["not_due"] == Decimal(figures["overdue"])
    assert total(debtors, "overdue", currency=currency) == Decimal(figures["overdue"])
    assert {name: total(items, "open", currency=currency, bucket=name) for name in BUCKETS} == buckets


def test_each_debtor_is_explained(plan: Any) -> None:
    """A reason in words for every debtor; without a step, something blocks or the next step has its day; with one, items take it."""
    for debtor in plan["debtors"]:
        assert debtor["reason"], debtor["debtor_id"]
        assert 0 <= debtor["confidence"] <= 1
        if debtor["step"] is None:
            assert (debtor["items"], debtor["channel"], debtor["approval"]) == ([], None, None)
            assert debtor["blocked_by"] or debtor["next_on"], debtor["debtor_id"]
        else:
            assert debtor["step"] in STEPS
            assert debtor["items"] != []
            assert debtor["approval"] in {"auto", "needed"}
        assert (debtor["subject"] is None) == (debtor["digest"] is None)
        assert debtor["digest"] is not None or debtor["channel"] not in {"mail", "letter"}


def test_every_standing_occurs(plan: Any) -> None:
    """Who tries the sample sees all seven standings."""
    assert {debtor["standing"] for debtor in plan["debtors"]} == set(STANDINGS)


def test_the_next_run_gives_the_same_bytes(first_run: tuple[Desk, Said]) -> None:
    """A second run, asked for JSON, prints plan.json and nothing else; all three files are those of the first, byte for byte."""
    desk, _ = first_run
    before = desk.listing()
    said = desk.relance("run", SAMPLE.name, "--as-of", DAY, "--json")
    assert (said.code, said.err) == (0, "")
    assert said.document == desk.plan()
    assert said.out == (desk.folder / "relance-out" / DAY / "plan.json").read_text(encoding="utf-8")
    assert desk.listing() == before


def test_dishonest_stays_in_the_office(first_run: tuple[Desk, Said]) -> None:
    """No message, and no file name, carries the name of that standing."""
    desk, _ = first_run
    page = (desk.folder / "relance-out" / DAY / "preview.html").read_text(encoding="utf-8")
    data = re.search(r'<script[^>]*type="application/json"[^>]*>(.*?)</script>', page, re.DOTALL)
    assert data is not None
    told = [
        text
        for mail in _entries(json.loads(data[1]))
        for name, text in mail.items()
        if name in {"text", "html", "subject"} and isinstance(text, str)
    ]
    assert len(told) >= 20
    found = [text for text in told if re.search(r"dishonest|malhonn|mauvaise foi|bad faith", text, re.IGNORECASE)]
    assert found == []


def _entries(document: Any) -> list[dict[str, Any]]:
    """Return every object of a document that has a subject, wherever it stands."""
    if isinstance(document, list):
        return [entry for part in document for entry in _entries(part)]
    if not isinstance(document, dict):
        return []
    below = [entry for part in document.values() for entry in _entries(part)]
    return [document, *below] if "subject" in document else below


def test_the_workbook_keeps_all_and_keeps_to_the_schema(first_run: tuple[Desk, Said]) -> None:
    """The annotated sample: nothing of the sample is lost, and no part breaks a rule of the file format."""
    workbook = first_run[0].workbook()
    ours = our_columns(workbook, "Grand livre clients", 5, ["Relance · clé"])
    assert losses(SAMPLE, workbook, range(ours[0], ours[0] + 7)) == []
    assert faults(SAMPLE) == faults(workbook) == []
