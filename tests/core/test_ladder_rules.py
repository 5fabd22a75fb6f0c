"""The ladder's decided rules that a single threshold does not show: what counts as sent, as contact, as reminder, as a day."""

import dataclasses
import datetime as dt
from typing import Any

import pytest

from batch.core.history import latest_contact
from tests.core.kit import event, events, item, ledger
from tests.core.playing import moved, plan_on, play, rules, told

DUE = "2026-10-20"
FIRST = event("2026-10-23", "D", "sent", "1", "reminder_1")
SECOND = event("2026-11-04", "D", "sent", "1", "reminder_2")


def one(name: str = "D", number: str = "1", amount: float = 1000, **more: Any) -> dict[str, object]:
    """Return one invoice due on 20 October."""
    return item(name, number, "2026-09-20", DUE, amount, **more)


BOOK = ledger([one()])
NOTHING_SENT = [event("2026-10-23", "D", kind, "1", "reminder_1") for kind in ("refused", "skipped")]


def test_a_proposal_that_was_refused_or_skipped_is_not_a_sent_one() -> None:
    """Rule 6: the server refused one, the reviewer skipped one: the first reminder is still the next, and no gap runs."""
    assert told(plan_on(BOOK, rules(""), "2026-10-24", NOTHING_SENT), "D")[0] == "reminder_1"
    assert told(plan_on(BOOK, rules(""), "2026-10-24", [FIRST]), "D")[2] == "gap"


@pytest.mark.parametrize(
    ("history", "step"),
    [
        ([FIRST, event("2026-11-04", "D", "called", "1", "call", note="no answer")], "reminder_2"),
        ([FIRST, SECOND, event("2026-11-20", "D", "called", "1", "call", note="no answer")], "formal_notice"),
    ],
)
def test_a_call_is_a_contact_and_none_of_the_two_written_reminders(history: list[dict[str, object]], step: str) -> None:
    """Rule 6: on day 45 after one letter and a call comes the second letter; after two letters and a call the formal notice."""
    assert told(plan_on(BOOK, rules(""), "2026-12-04", history), "D")[0] == step


@pytest.mark.parametrize(("as_of", "blocked"), [("2026-11-26", "gap"), ("2026-11-27", "")])
def test_a_call_made_holds_the_next_contact_up_for_seven_days(as_of: str, blocked: str) -> None:
    """Rule 4: called on 20 November; a reminder of the other invoice waits until the 27th, inclusive."""
    book = ledger([one(), item("D", "2", "2026-10-18", "2026-11-17", 200)])
    history = [FIRST, SECOND, event("2026-11-20", "D", "called", "1", "call", note="no answer")]
    assert told(plan_on(book, rules(""), as_of, history), "D")[2] == blocked


def test_no_item_climbs_twice_in_a_run_nor_twice_a_day() -> None:
    """Rule 3: a year late, run every day for eight days: the first reminder, then nothing until ten days are over."""
    book = ledger([item("D", "1", "2025-09-20", "2025-10-20", 1000)])
    days = [f"2026-10-{day}" for day in range(20, 32)]
    plans = play(book, rules(""), days)
    assert {day: step for day in days if (step := told(plans[day], "D")[0])} == {
        "2026-10-20": "reminder_1", "2026-10-30": "reminder_2",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("as_of", "step"), [("2026-11-24", "call"), ("2026-11-25", ""), ("2026-12-04", "formal_notice")]
)
def test_the_formal_notice_waits_for_the_call_that_lapses_by_itself(as_of: str, step: str) -> None:
    """Rule 3: due for a call from 18 November, lapsed on the 25th though nobody ran anything meanwhile."""
    assert told(plan_on(BOOK, rules(""), as_of, [FIRST, SECOND]), "D")[0] == step


def test_a_missed_run_changes_nothing_but_the_day() -> None:
    """Rule 3: weekly runs, or one after two months: the same step comes next, and the call fourteen days after it."""
    weekly = play(BOOK, rules(""), ["2026-10-23", "2026-10-30", "2026-11-06", "2026-11-13"])
    assert [told(plan, "D")[0] for plan in weekly.values()] == ["reminder_1", "", "reminder_2", ""]
    late = play(BOOK, rules(""), ["2026-10-23", "2026-12-24", "2027-01-10"])
    assert [told(plan, "D")[0] for plan in late.values()] == ["reminder_1", "reminder_2", "call"]


def test_credits_stay_shown_and_the_message_waits_until_they_no_longer_cover() -> None:
    """Rule 5: a credit of 1,000 covers 1,000; one of 999 leaves 1.00, below the tolerance; one of 995 leaves the 5.00 it takes."""
    found = {
        credit: told(plan_on(ledger([one(), one(number="C", amount=-credit)]), rules(""), "2026-11-20"), "D")
        for credit in (1000, 999, 995)
    }
    assert found == {1000: ("", 0, "credits-cover"), 999: ("", 100, "below-tolerance"), 995: ("reminder_1", 500, "")}


def test_a_credit_never_hastens_a_step() -> None:
    """Rule 6: for 5,200 a meeting comes before the formal notice; a credit of 300 does not make it leave out the meeting."""
    history = [FIRST, SECOND, event("2026-11-26", "D", "called", "1", "call", note="no answer")]
    for given in ([], [one(number="C", amount=-300)]):
        book = ledger([one(amount=5200), *given])
        assert told(plan_on(book, rules(""), "2026-12-04", history), "D")[0] == "meeting"


def test_a_promise_of_one_invoice_leaves_the_other_on_the_ladder() -> None:
    """Rule 7: what is promised is set apart; the message speaks of the other one."""
    book = ledger([one(), one(number="2", amount=200)])
    history = [event("2026-11-12", "D", "promised", "1", until="2026-11-25")]
    found = plan_on(book, rules(""), "2026-11-20", history)
    assert told(found, "D") == ("reminder_1", 20000, "")
    assert moved(found, "D") == {"2": "reminder_1"}


@pytest.mark.parametrize(("as_of", "state"), [("2026-12-29", "promise-running"), ("2026-12-30", "")])
def test_business_days_of_grace_leave_out_christmas_and_the_weekend(as_of: str, state: str) -> None:
    """Rule 7: promised for Wednesday 23 December: Thursday, (Christmas, weekend), Monday, Tuesday 29; broken on the 30th."""
    history = [FIRST, event("2026-12-10", "D", "promised", "1", until="2026-12-23")]
    assert told(plan_on(BOOK, rules(""), as_of, history), "D")[2] == state


def test_every_open_account_says_why_and_until_when() -> None:
    """Rule 8: a promise, a hold, a dispute, a plan, a direct debit, too little, nothing late: each with its reason and end."""
    names = ("PROMISE", "HOLD", "PART", "PLAN", "DEBIT", "LITTLE", "EARLY", "CREDIT")
    more: dict[str, dict[str, Any]] = {
        "DEBIT": {"payment_mode": "direct_debit"},
        "HOLD": {"hold_until": "2026-12-01"},
    }
    items = [one(name, name, 4 if name == "LITTLE" else 1000, **more.get(name, {})) for name in names[:6]]
    items += [item("EARLY", "E", "2026-11-15", "2026-12-15", 100), item("CREDIT", "C", "2026-10-01", "2026-10-01", -50)]
    history = [event("2026-11-12", "PROMISE", "promised", "PROMISE", until="2026-11-25"),
               event("2026-11-12", "PART", "disputed", "PART"),
               event("2026-11-12", "PLAN", "plan_agreed", until="2026-12-31")]  # fmt: skip
    steps = plan_on(ledger(items), rules(""), "2026-11-20", history).account_steps.set_index("debtor_id")
    found = {
        name: (
            row["step"],
            row["reason"],
            "" if row["reason_on"] != row["reason_on"] else row["reason_on"].date().isoformat(),
        )
        for name, row in steps.iterrows()
    }
    assert found == {
        "PROMISE": ("", "promise-running", "2026-11-30"),
        "HOLD": ("", "hold", "2026-12-01"),
        "PART": ("solve_dispute", "dispute-open", "2026-11-12"),
        "PLAN": ("", "plan-in-force", "2026-12-31"),
        "DEBIT": ("", "direct-debit", ""),
        "LITTLE": ("", "below-tolerance", ""),
        "EARLY": ("", "nothing-overdue", "2026-12-18"),
        "CREDIT": ("", "only-credits", ""),
    }


def test_the_day_before_which_no_run_may_be_dated() -> None:
    """Rule 10: the last mail, call, meeting or letter counts; a promise or a hold that lies ahead does not."""
    known = [FIRST, event("2026-11-03", "D", "called"), event("2026-11-10", "D", "promised", until="2026-12-24"),
             event("2026-11-12", "D", "held", until="2027-01-31")]  # fmt: skip
    assert latest_contact(events(known)) == dt.date(2026, 11, 3)
    assert latest_contact(events(known[2:])) is None


@pytest.mark.parametrize(("minimum", "step"), [(100000, "reminder_1"), (100001, "")])
def test_a_minimum_is_inclusive(minimum: int, step: str) -> None:
    """An account that owes exactly the minimum is reminded; a cent less is not."""
    policy = dataclasses.replace(rules(""), minimum={"EUR": minimum})
    assert told(plan_on(BOOK, policy, "2026-11-20"), "D")[0] == step


@pytest.mark.parametrize(("as_of", "step"), [("2026-10-20", ""), ("2026-10-21", "reminder_1")])
def test_no_reminder_before_the_invoice_is_late_whatever_it_counts_from(as_of: str, step: str) -> None:
    """Rule 1: ten days after the invoice it is not due yet; the first reminder leaves the day after the due date."""
    policy = rules(
        '[policy]\nclassification = false\nsteps.reminder_1 = { after = "invoice", after_days = 10, days_late = 0 }'
    )
    small = ledger([one(amount=100)])  # too small for a courtesy notice
    assert told(plan_on(small, policy, as_of), "D")[0] == step
