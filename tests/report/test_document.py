"""plan.json: the names, the forms and the figures that scripts rely on."""

import json

import pandas as pd
import pytest

from batch.core.plan import Plan
from batch.core.records import Message
from batch.report import plan_json
from batch.report.figures import decimal_string, iso_days
from batch.words import Words

Messages = dict[tuple[str, str], Message]


@pytest.fixture
def document(plan: Plan, messages: Messages, words: Words) -> dict[str, object]:
    """Return the plan as scripts read it back."""
    letters = {("411DURAND", "EUR"): "letters/Durand SARL - 411DURAND.pdf"}
    told = plan_json(plan, messages, version="0.1.0", company="Atelier Exemple", words=words, letters=letters)
    read: dict[str, object] = json.loads(json.dumps(told))
    return read


def entries(document: dict[str, object], name: str) -> list[dict[str, object]]:
    """Return one of the document's lists."""
    found = document[name]
    assert isinstance(found, list)
    return found


def test_head(document: dict[str, object]) -> None:
    """The head names version, day, company and ledger; total_open nets credits and leaves what is paid out."""
    assert list(document) == [
        "relance",
        "as_of",
        "company",
        "ledger",
        "debtors",
        "items",
        "advice",
        "kpis",
        "since",
        "problems",
    ]
    assert (document["relance"], document["as_of"], document["company"]) == ("0.1.0", "2026-11-20", "Atelier Exemple")
    assert document["ledger"] == {
        "file": "march.xlsx",
        "sha256": "ab12",
        "sheet": "Ouvert",
        "rows": 8,
        "items": 7,
        "left_out": 1,
        "total_open": {"EUR": "1934.56", "JPY": "5000"},
        "newest_entry": "2026-11-10",
    }


def test_debtor_whole(document: dict[str, object]) -> None:
    """An account's entry has every name of the interface; only what advances is in its items, only overdue items bear charges."""
    assert entries(document, "debtors")[0] == {
        "debtor_id": "411DURAND",
        "name": "Durand SARL",
        "currency": "EUR",
        "open": "1234.56",
        "overdue": "1000.00",
        "unallocated": "-50.00",
        "oldest_days_late": 21,
        "standing": "forgetful",
        "confidence": 0.82,
        "because": [{"code": "habit-on-time", "points": 3, "sentence": "paid 11 of 12 on time"}],
        "step": "reminder_1",
        "channel": "mail",
        "approval": "auto",
        "items": ["FA-101"],
        "reason": f"21 days late: {Words('en').label('steps', 'reminder_1')}",
        "blocked_by": None,
        "next_step": "reminder_2",
        "next_on": "2026-12-05",
        "charges": {"interest": "7.13", "fixed_sum": "40.00", "fees": "0.00", "claimed": False},
        "subject": "Facture FA-101",
        "digest": "d1gest",
        "letter": "letters/Durand SARL - 411DURAND.pdf",
    }


def test_two_currencies_are_two_accounts(document: dict[str, object]) -> None:
    """A debtor with two currencies has two entries that share the standing; who owes nothing has none."""
    found = [(entry["debtor_id"], entry["currency"], entry["open"]) for entry in entries(document, "debtors")]
    assert found == [("411DURAND", "EUR", "1234.56"), ("411LAKE", "EUR", "700.00"), ("411LAKE", "JPY", "5000")]
    assert [entry["standing"] for entry in entries(document, "debtors")[1:]] == ["dishonest", "dishonest"]


def test_nothing_leaves_says_why(document: dict[str, object]) -> None:
    """Without a step, step and channel are null, no item is listed, no letter is there, and the reason says until when."""
    lake = entries(document, "debtors")[1]
    assert [lake[name] for name in ("step", "channel", "approval", "subject", "digest", "letter")] == [None] * 6
    assert lake["items"] == []
    assert lake["blocked_by"] == "promise"
    assert lake["reason"] == f"promised until 2 Dec 2026, then {Words('en').label('steps', 'bailiff')}"


def test_evidence_names_its_amount(document: dict[str, object]) -> None:
    """A fact's amount is written in its own currency and its day in the language of the plan."""
    assert entries(document, "debtors")[1]["because"] == [
        {"code": "promise-broken", "points": 4, "sentence": "€700.00 promised for 25 Oct 2026 did not come"}
    ]


def test_charges_are_claimed_from_the_formal_notice(document: dict[str, object]) -> None:
    """The account that had its formal notice is claimed interest and fixed sum; the one before it is not yet."""
    claimed = {(entry["debtor_id"], entry["currency"]): entry["charges"] for entry in entries(document, "debtors")}
    assert claimed["411LAKE", "EUR"] == {"interest": "26.60", "fixed_sum": "40.00", "fees": "0.00", "claimed": True}
    assert claimed["411LAKE", "JPY"] == {"interest": "0", "fixed_sum": "0", "fees": "0", "claimed": False}


def test_claiming_may_begin_earlier(plan: Plan, messages: Messages, words: Words) -> None:
    """The step from which charges are claimed is the policy's: with reminder_1 the first reminder claims them."""
    told = plan_json(plan, messages, version="0.1.0", company="", words=words, claimed_from="reminder_1")
    assert [entry["charges"]["claimed"] for entry in told["debtors"]] == [True, True, True]


def test_items_are_the_open_ones(document: dict[str, object]) -> None:
    """Open invoices and credits are listed with their ageing and steps; the paid history is not."""
    items = entries(document, "items")
    assert [item["number"] for item in items] == ["FA-101", "FA-102", "AV-7", "FA-201", "FA-202"]
    assert items[0] == {
        "item_id": "d1",
        "debtor_id": "411DURAND",
        "number": "FA-101",
        "kind": "invoice",
        "issued": "2026-09-30",
        "due": "2026-10-30",
        "currency": "EUR",
        "amount": "1200.00",
        "open": "1000.00",
        "days_late": 21,
        "bucket": "1-30",
        "last_step": None,
        "next_step": "reminder_1",
        "blocked_by": None,
    }
    assert [items[2][name] for name in ("due", "open", "bucket", "next_step")] == [None, "-50.00", None, None]
    assert [items[3][name] for name in ("last_step", "blocked_by")] == ["reminder_2", "promise"]


def test_key_figures(document: dict[str, object]) -> None:
    """Key figures stand by currency with their buckets; an unknown DSO is null, credits are no bucket."""
    assert document["kpis"] == {
        "EUR": {
            "open": "1934.56",
            "overdue": "1700.00",
            "dso_days": 41.2,
            "weighted_days_late": 33.5,
            "buckets": {"not_due": "284.56", "1-30": "1000.00", "90+": "700.00"},
        },
        "JPY": {
            "open": "5000",
            "overdue": "5000",
            "dso_days": None,
            "weighted_days_late": None,
            "buckets": {"90+": "5000"},
        },
    }


def test_advice(document: dict[str, object]) -> None:
    """Advice about a whole debtor has no item."""
    assert document["advice"] == [
        {"debtor_id": "411LAKE", "item_id": None, "code": "ask-deposit", "sentence": "ask for a deposit: new orders"}
    ]


def test_problems_once(document: dict[str, object], words: Words, plan: Plan) -> None:
    """A problem that ledger and plan both carry is told once, with its cell."""
    message, hint = words.problem(plan.problems[0])
    assert document["problems"] == [
        {
            "code": "AMOUNT-UNREADABLE",
            "severity": "error",
            "message": message,
            "hint": hint,
            "sheet": "Ouvert",
            "row": 47,
            "column": "F",
        }
    ]


@pytest.mark.parametrize(
    ("minor", "currency", "expected"),
    [
        (123456, "EUR", "1234.56"),
        (5, "EUR", "0.05"),
        (-5, "EUR", "-0.05"),
        (0, "EUR", "0.00"),
        (1500, "JPY", "1500"),
        (-1500, "TND", "-1.500"),
        (9007199254740993, "EUR", "90071992547409.93"),
    ],
)
def test_amounts_are_exact(minor: int, currency: str, expected: str) -> None:
    """An amount has its currency's decimals, and no cent is lost where a float would lose it."""
    assert decimal_string(minor, currency) == expected


def test_days_are_iso() -> None:
    """A day is written year first; a missing one is null."""
    days = pd.Series([pd.Timestamp("2026-02-03"), pd.NaT]).astype("datetime64[s]")
    assert iso_days(days) == ["2026-02-03", None]
