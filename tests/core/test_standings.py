"""Points → standings: who leads, what is independent, what a person decided and when that is shown again."""

import dataclasses
from typing import Any

import pandas as pd
import pytest

from batch.core.classify import classify
from batch.core.plan import Plan, make_plan
from batch.core.tables import ACCOUNTS, EVIDENCE
from tests.core.kit import day, event, events, item, ledger, policy
from tests.core.test_facts import paid

Rows = list[dict[str, object]]


def judged(*codes: str, **points: dict[str, int]) -> dict[str, Any]:
    """Return the standing of a debtor with one overdue invoice and these facts, some weighed otherwise."""
    rows = [
        {
            "debtor_id": "D",
            "code": code,
            "n": 1,
            "m": 1,
            "days": 0.0,
            "amount": 0,
            "currency": "",
            "text": "",
            "at": pd.NaT,
            "since": pd.NaT,
        }
        for code in codes
    ]
    table = pd.DataFrame(rows, columns=list(EVIDENCE.columns))
    accounts = dict.fromkeys(ACCOUNTS.columns, 0) | {"debtor_id": "D", "currency": "EUR", "overdue_items": 1}
    steering = dataclasses.replace(policy(), points={**policy().points, **points})
    standings, _ = classify(EVIDENCE.conform(table), ACCOUNTS.conform(pd.DataFrame([accounts])), steering)
    found: dict[str, Any] = standings.iloc[0].to_dict()  # type: ignore[assignment]
    return found


@pytest.mark.parametrize(
    ("codes", "standing"),
    [
        ((), "forgetful"),
        (("part-payments", "round-payments"), "forgetful"),  # 2 against 1: one short of the lead
        (("part-payments", "delays-growing"), "in_difficulty"),  # 3 against 1
        (("reference-missing",), "invoice_lost"),  # 2 against 1: the softer leads
        (("reference-missing", "habit-on-time"), "forgetful"),  # 2 against 4: forgetful leads by two
        (("never-sent", "habit-on-time"), "invoice_lost"),  # 3 against 4: close, the softer wins
        (("promise-broken", "habit-late"), "forgetful"),  # one hard fact is none
        (("promise-broken", "cheque-not-received", "habit-late"), "forgetful"),  # one family
        (("orders-while-late", "others-paid-meanwhile"), "forgetful"),  # one family
        (("promise-broken", "silence-after-notice"), "dishonest"),  # 5 against 1
        (("promise-broken", "silence-after-notice", "asks-time"), "in_difficulty"),  # 5 against 6
        (("promise-broken", "silence-after-notice", "promise-kept"), "forgetful"),  # 5 - 3 against 3
        (("promise-broken", "silence-after-notice", "habit-on-time"), "forgetful"),  # 5 against 4
        (("insolvency-words", "promise-broken", "silence-after-notice"), "insolvent"),
    ],
)
def test_the_softer_wins_when_it_is_close(codes: tuple[str, ...], standing: str) -> None:
    """A harder standing leads every softer one by two; bad faith needs two hard facts of different families."""
    assert judged(*codes)["standing"] == standing


@pytest.mark.parametrize(("points", "standing"), [(6, "invoice_lost"), (7, "in_difficulty")])
def test_a_harder_standing_leads_every_softer_one(points: int, standing: str) -> None:
    """Lost 4, forgotten 5: six are two more than the chosen one, but not than every softer one."""
    found = judged("bounced", "x", "y", x={"forgetful": 4}, y={"in_difficulty": points})
    assert found["standing"] == standing


def test_confidence_grows_with_the_margin() -> None:
    """Half and a tenth a point ahead, between 0.3 and 0.9."""
    assert judged()["confidence"] == pytest.approx(0.6)
    assert judged("habit-on-time")["confidence"] == pytest.approx(0.9)
    assert judged("never-sent", "habit-on-time")["confidence"] == pytest.approx(0.4)  # 3 against 4
    assert judged("insolvency-words")["confidence"] == pytest.approx(0.6)


OLD = item("D", "1", "2026-06-01", "2026-07-01", 1000)
REMINDED = event("2026-09-01", "D", "sent", "1", "reminder_1")


def plan_of(history: Rows, items: Rows, as_of: str = "2026-11-20") -> Plan:
    """Return the plan of these rows."""
    return make_plan(ledger(items), events(history), policy(), day(as_of).date(), first_run=False)


def standing(plan: Plan) -> tuple[str, str, set[str]]:
    """Return what is shown, what the evidence says, and the codes behind it."""
    row = plan.standings.iloc[0]
    return row["standing"], row["computed"], set(plan.because["code"])


def typed(on: str, value: str) -> dict[str, object]:
    """Return a standing typed by the reviewer."""
    return event(on, "D", "reclassified", value=value)


HARD = [event("2026-08-20", "D", "promised", "1", until="2026-08-28"), REMINDED,
        event("2026-09-15", "D", "sent", "1", "reminder_2"), event("2026-10-01", "D", "sent", "1", "formal_notice")]  # fmt: skip


@pytest.mark.parametrize(
    ("on", "shown"),
    [("2026-10-08", "dishonest"), ("2026-10-09", "forgetful")],
)
def test_what_a_person_decided_holds_until_a_newer_hard_fact(on: str, shown: str) -> None:
    """The silence after the notice of 1 October is a fact from the 9th: newer than a word of the 8th, known on the 9th."""
    found, computed, codes = standing(plan_of([*HARD, typed(on, "forgetful")], [OLD]))
    assert (found, computed) == (shown, "dishonest")
    assert ("override-lifted" in codes, "override" in codes) == (shown == "dishonest", shown == "forgetful")


def test_a_newer_word_of_the_person_holds_again() -> None:
    """The computed standing was shown again, and the reviewer typed the same once more."""
    history = [*HARD, typed("2026-10-05", "forgetful"), typed("2026-10-20", "forgetful")]
    assert standing(plan_of(history, [OLD]))[0] == "forgetful"


@pytest.mark.parametrize(
    ("opened", "shown"), [("2026-11-10", "in_difficulty"), ("2026-11-11", "insolvent"), ("2026-11-09", "in_difficulty")]
)
def test_an_insolvency_after_the_decision_is_shown(opened: str, shown: str) -> None:
    """Decided on the 10th: what was recorded by then was known to the person."""
    history = [typed("2026-11-10", "in_difficulty"), event(opened, "D", "insolvency", until="2027-01-05")]
    assert standing(plan_of(sorted(history, key=lambda row: str(row["at"])), [OLD]))[0] == shown


def test_undated_words_do_not_lift_a_decision() -> None:
    """A comment in the ledger has no day: the reviewer who typed over it had read it."""
    rows = [item("D", "1", "2026-06-01", "2026-07-01", 1000, note="RJ ?")]
    found = standing(plan_of([typed("2026-11-10", "forgetful")], rows))
    assert found[:2] == ("forgetful", "insolvent")


def test_a_newer_fact_for_another_standing_lifts_nothing() -> None:
    """In difficulty, says the reviewer; one broken promise later the computed standing is still "forgetful", and theirs holds."""
    history = [typed("2026-08-01", "in_difficulty"), event("2026-08-20", "D", "promised", "1", until="2026-08-28")]
    found, computed, codes = standing(plan_of(history, [OLD]))
    assert (found, computed) == ("in_difficulty", "forgetful")
    assert "override" in codes


def test_bad_faith_that_was_typed_gives_way_to_a_plan() -> None:
    """A plan agreed after the decision is newer than it; one agreed before is not."""
    plan, word = event("2026-11-12", "D", "plan_agreed", until="2026-12-31"), typed("2026-11-10", "dishonest")
    assert standing(plan_of([word, plan], [OLD]))[0] == "in_difficulty"
    assert standing(plan_of([plan | {"at": day("2026-11-09")}, word], [OLD]))[0] == "dishonest"


def test_habits_alone_never_lift_a_decision() -> None:
    """Paid invoices change the habit, which is no hard fact."""
    found = standing(plan_of([typed("2026-08-01", "in_difficulty")], [*paid((0, 0, 0, 0)), OLD]))
    assert found[:2] == ("in_difficulty", "forgetful")
