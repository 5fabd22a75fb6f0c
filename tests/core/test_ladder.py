"""The ladder's rules, both sides of each threshold: what leaves, when, and what holds it up."""

import dataclasses
from typing import Any

import pandas as pd
import pytest

from batch.core.plan import Plan, make_plan
from tests.core.kit import day, debtor, event, events, item, ledger, policy

LATE = "2026-10-20"  # due; every as-of below is counted from here


def plan_of(  # noqa: D103  a plan of these rows
    items: list[dict[str, object]], as_of: str, history: list[dict[str, object]] | None = None, *, first_run: bool = False,
    people: list[dict[str, object]] | None = None,
) -> Plan:  # fmt: skip
    return make_plan(
        ledger(items, people or []), events(history or []), policy(), day(as_of).date(), first_run=first_run
    )


def account(plan: Plan, name: str = "D") -> dict[str, Any]:
    """Return the one account of a debtor."""
    found: dict[str, dict[str, Any]] = plan.account_steps.set_index("debtor_id").to_dict("index")  # type: ignore[assignment]
    return found[name]


def one(due: str = LATE, amount: float = 1000, **more: Any) -> dict[str, object]:
    """Return one invoice, issued 30 days before it is due."""
    return item("D", "1", (day(due) - pd.Timedelta(days=30)).date().isoformat(), due, amount, **more)


REMINDED = [event("2026-10-23", "D", "sent", "1", "reminder_1")]
TWICE = [*REMINDED, event("2026-11-04", "D", "sent", "1", "reminder_2")]


@pytest.mark.parametrize(
    ("as_of", "step"),
    [("2026-10-21", ""), ("2026-10-22", ""), ("2026-10-23", "reminder_1"), ("2026-12-23", "reminder_1")],
)
def test_first_reminder_on_the_third_day_late_and_never_skipped(as_of: str, step: str) -> None:
    """Day 1 and 2 nothing, day 3 the first reminder; two months later still the first."""
    assert account(plan_of([one()], as_of))["step"] == step


@pytest.mark.parametrize(("as_of", "step"), [("2026-11-03", ""), ("2026-11-04", "reminder_2")])
def test_second_reminder_on_day_fifteen(as_of: str, step: str) -> None:
    """Ten days since the first reminder and fifteen days late."""
    assert account(plan_of([one()], as_of, REMINDED))["step"] == step


@pytest.mark.parametrize(("as_of", "step"), [("2026-11-16", ""), ("2026-11-17", "reminder_2")])
def test_second_reminder_waits_ten_days_after_the_last_contact(as_of: str, step: str) -> None:
    """A call counts as a contact, not as a reminder."""
    called = [*REMINDED, event("2026-11-07", "D", "called", note="rappeler")]
    assert account(plan_of([one()], as_of, called))["step"] == step


@pytest.mark.parametrize(
    ("as_of", "step"), [("2026-11-17", ""), ("2026-11-18", "call"), ("2026-11-24", "call"), ("2026-11-25", "")]
)
def test_call_fourteen_days_after_the_last_written_reminder_lapses_after_seven(as_of: str, step: str) -> None:
    """Written on 4 November: call from the 18th, lapsed on the 25th, when the formal notice still waits for day 45."""
    found = account(plan_of([one()], as_of, TWICE))
    assert found["step"] == step
    assert found["channel"] == ("call" if step else "")


@pytest.mark.parametrize(("as_of", "step"), [("2026-12-03", ""), ("2026-12-04", "formal_notice")])
def test_formal_notice_on_day_forty_five(as_of: str, step: str) -> None:
    """Two reminders, the call lapsed, 45 days late on 4 December; it needs a person's approval and goes by letter."""
    found = account(plan_of([one()], as_of, TWICE))
    assert found["step"] == step
    assert (found["channel"], found["approval"], found["proposal"]) == (
        ("letter", "needed", "hold") if step else ("", "", "")
    )


@pytest.mark.parametrize(("amount", "step"), [(4999.99, "formal_notice"), (5000, "meeting")])
def test_meeting_from_five_thousand(amount: float, step: str) -> None:
    """On day 45, a call without result was made eight days ago: a meeting for large amounts, else the formal notice."""
    history = [*TWICE, event("2026-11-26", "D", "called", note="no answer")]
    assert account(plan_of([one(amount=amount)], "2026-12-04", history))["step"] == step


@pytest.mark.parametrize(("as_of", "step"), [("2026-12-18", ""), ("2026-12-19", "bailiff")])
def test_bailiff_fifteen_days_after_the_formal_notice(as_of: str, step: str) -> None:
    """The dossier leaves for the commissaire de justice fifteen days after the formal notice."""
    history = [*TWICE, event("2026-12-04", "D", "sent", "1", "formal_notice")]
    assert account(plan_of([one()], as_of, history))["step"] == step


def test_public_bodies_go_to_court_without_a_bailiff() -> None:
    """Public assets cannot be seized: after the formal notice comes the request to the prefect."""
    history = [*TWICE, event("2026-12-04", "D", "sent", "1", "formal_notice")]
    people = [debtor("D", nature="public")]
    assert account(plan_of([one()], "2026-12-19", history, people=people))["step"] == ""
    assert account(plan_of([one()], "2027-01-03", history, people=people))["step"] == "court"


@pytest.mark.parametrize(("as_of", "step", "blocked"), [("2026-11-22", "", "gap"), ("2026-11-23", "reminder_1", "")])
def test_seven_days_between_two_contacts(as_of: str, step: str, blocked: str) -> None:
    """A reminder about another invoice on 16 November holds this one up until the 23rd, inclusive."""
    rows = [one(), item("D", "2", "2026-09-01", "2026-10-01", 200)]
    found = account(plan_of(rows, as_of, [event("2026-11-16", "D", "sent", "2", "reminder_1")]))
    assert (found["step"], found["blocked_by"]) == (step, blocked)


def test_a_bounced_mail_is_neither_contact_nor_reminder() -> None:
    """The reminder came back: the item starts a new round and did not take its step."""
    history = [
        event("2026-11-16", "D", "sent", "1", "reminder_1"),
        event("2026-11-16", "D", "bounced", "1", note="550 user unknown"),
    ]
    found = plan_of([one()], "2026-11-17", history)
    assert account(found)["step"] == "resend_invoice"
    assert found.item_steps[["last_step", "round"]].to_numpy().tolist() == [["", 2]]


@pytest.mark.parametrize(("as_of", "blocked"), [("2026-11-30", "promise-running"), ("2026-12-01", "")])
def test_a_promise_pauses_until_its_date_and_three_business_days(as_of: str, blocked: str) -> None:
    """Promised for Wednesday 25 November: paused through Monday 30, broken on Tuesday."""
    history = [*REMINDED, event("2026-11-12", "D", "promised", "1", until="2026-11-25")]
    found = plan_of([one()], as_of, history)
    assert account(found)["blocked_by"] == blocked
    assert ("promise-broken" in found.evidence["code"].tolist()) == (blocked == "")


@pytest.mark.parametrize(
    ("note", "blocked"),
    [
        ("Bonjour, le virement sera fait le 25/11", "promise-running"),
        ("Le virement sera effectué le 25/11/26.", "promise-running"),
        ("Nous paierons le 30/02/2026", "answer-pause"),
        ("Le paiement partira bientôt", "answer-pause"),
    ],
)
def test_an_answer_that_names_a_day_is_a_promise(note: str, blocked: str) -> None:
    """A promise in an answer runs until the day it names; without a day that exists, the answer pauses seven days."""
    history = [*REMINDED, event("2026-11-12", "D", "replied", "1", note=note)]
    assert account(plan_of([one()], "2026-11-17", history))["blocked_by"] == blocked


@pytest.mark.parametrize(("paid_on", "codes"), [("2026-11-12", ["promise-kept"]), ("2026-11-19", [])])
def test_a_promise_is_kept_when_the_money_came_in_time(paid_on: str, codes: list[str]) -> None:
    """Promised for 9 November, with three business days of grace: the 12th is in time, the 19th is not."""
    rows = [one(paid_on=paid_on, still_open=0), item("D", "2", "2026-09-20", "2026-10-20", 200)]
    found = plan_of(rows, "2026-11-20", [event("2026-11-02", "D", "promised", "1", until="2026-11-09")]).evidence[
        "code"
    ]
    assert [code for code in found if code.startswith("promise")] == codes


@pytest.mark.parametrize(("until", "step"), [("2026-11-19", "reminder_1"), ("2026-11-20", ""), ("2026-11-21", "")])
def test_a_hold_ends_the_day_after_its_date(until: str, step: str) -> None:
    """Held until the day before the run: it leaves; until the day itself or later: it waits."""
    found = account(plan_of([one()], "2026-11-20", [event("2026-11-01", "D", "held", "1", until=until)]))
    assert found["step"] == step
    assert found["blocked_by"] == ("" if step else "hold")


def test_a_release_ends_a_hold_without_date() -> None:
    """Held without an end, then released by a person."""
    held = [event("2026-11-01", "D", "held")]
    assert account(plan_of([one()], "2026-11-20", held))["blocked_by"] == "hold"
    assert (
        account(plan_of([one()], "2026-11-20", [*held, event("2026-11-10", "D", "released")]))["step"] == "reminder_1"
    )


@pytest.mark.parametrize(("amount", "step", "blocked"), [(4.99, "", "below-tolerance"), (5.00, "reminder_1", "")])
def test_nothing_is_sent_below_the_tolerance(amount: float, step: str, blocked: str) -> None:
    """Five euro are asked for, 4.99 are not."""
    found = account(plan_of([one(amount=amount)], "2026-11-20"))
    assert (found["step"], found["blocked_by"]) == (step, blocked)


@pytest.mark.parametrize(("credit", "step", "blocked"), [(-50, "reminder_1", ""), (-100, "", "credits-cover")])
def test_credits_are_set_off_before_anything_is_asked(credit: float, step: str, blocked: str) -> None:
    """Invoice 100 with a credit of 50 asks for 50; with a credit of 100 there is no message."""
    rows = [one(amount=100), item("D", "C", "2026-11-01", "2026-11-01", credit)]
    found = account(plan_of(rows, "2026-11-20"))
    assert (found["step"], found["blocked_by"]) == (step, blocked)
    assert found["reason_amount"] == (5000 if step else 10000)


@pytest.mark.parametrize(("credit", "step", "asked"), [(-994, "courtesy", 600), (-1000, "", 0)])
def test_a_courtesy_notice_that_credits_cover_is_not_proposed(credit: float, step: str, asked: int) -> None:
    """1,000 fall due in two days; what is due next month makes no message of what a credit covers."""
    rows = [one("2026-11-22"), item("D", "2", "2026-11-15", "2026-12-15", 600)]
    found = plan_of([*rows, item("D", "C", "2026-11-01", "2026-11-01", credit)], "2026-11-20")
    assert (account(found)["step"], account(found)["asked"]) == (step, asked)
    assert found.item_steps["blocked_by"].tolist() == ["" if step else "credits-cover", ""]


@pytest.mark.parametrize(
    ("flag", "asked"), [({"disputed": True}, 20000), ({"hold_until": "2026-12-01"}, 20000), ({}, 120000)]
)
def test_contested_and_held_invoices_are_not_asked_for(flag: dict[str, Any], asked: int) -> None:
    """Of 1,000 and 200 overdue, what is contested or on hold is shown apart: 200 are asked for."""
    rows = [one(**flag), item("D", "2", "2026-09-20", "2026-10-20", 200)]
    assert account(plan_of(rows, "2026-11-20"))["asked"] == asked


def test_seven_invoices_and_a_credit_make_one_statement() -> None:
    """Seven times 100 overdue less a credit of 150: one message asks for 550."""
    rows = [item("D", str(n), "2026-09-01", "2026-10-01", 100) for n in range(7)]
    found = account(plan_of([*rows, item("D", "C", "2026-10-05", "2026-10-05", -150)], "2026-11-20"))
    assert (found["step"], found["asked"]) == ("reminder_1", 55000)


def test_one_message_in_the_tone_of_the_highest_step_each_item_by_its_own() -> None:
    """A formal notice is due for one invoice and a first reminder for another: both advance in one letter."""
    rows = [one(), item("D", "2", "2026-10-30", "2026-11-29", 200)]
    found = plan_of(rows, "2026-12-04", TWICE)
    steps = found.item_steps.merge(found.items[["item_id", "number"]], on="item_id").set_index("number")
    assert account(found)["step"] == "formal_notice"
    assert steps["next_step"].to_dict() == {"1": "formal_notice", "2": "reminder_1"}
    assert steps["advances"].tolist() == [True, True]


def test_paying_the_oldest_invoice_makes_nobody_jump_a_step() -> None:
    """The reminded invoice is paid; the other one still takes its first reminder, late as it is."""
    rows = [one(paid_on="2026-11-05", still_open=0), item("D", "2", "2026-09-20", "2026-10-20", 200)]
    assert account(plan_of(rows, "2026-12-20", TWICE))["step"] == "reminder_1"


def test_a_part_payment_lowers_the_balance_not_the_step() -> None:
    """After the first reminder and a payment of half, the second reminder asks for the rest."""
    found = account(plan_of([one(still_open=500)], "2026-11-04", REMINDED))
    assert (found["step"], found["reason_amount"]) == ("reminder_2", 50000)


@pytest.mark.parametrize(("due", "proposal"), [("2026-09-21", "send"), ("2026-09-20", "hold")])
def test_on_a_first_run_items_over_sixty_days_late_wait_for_a_person(due: str, proposal: str) -> None:
    """Sixty days late leaves, sixty-one is prefilled hold; once something is journalled both leave."""
    assert account(plan_of([one(due)], "2026-11-20", first_run=True))["proposal"] == proposal
    assert account(plan_of([one(due)], "2026-11-20"))["proposal"] == "send"


@pytest.mark.parametrize(
    ("since", "delay", "step"),
    [("2024-10-20", 0, ""), ("2024-12-20", 0, "reminder_1"), ("2024-10-20", 6, "reminder_1")],
)
def test_an_old_good_customer_gets_four_more_days(since: str, delay: int, step: str) -> None:
    """Three days late: a customer of 24 months who pays within five days on average is not reminded yet."""
    paid_on = (pd.Timestamp("2026-03-01") + pd.Timedelta(days=delay)).date().isoformat()
    rows = [one(), item("D", "0", "2026-01-30", "2026-03-01", 100, 0, paid_on=paid_on)]
    assert account(plan_of(rows, "2026-10-23", people=[debtor("D", known_since=since)]))["step"] == step


@pytest.mark.parametrize(
    ("amount", "as_of", "step"),
    [
        (500, "2026-10-15", "courtesy"),
        (499.99, "2026-10-15", ""),
        (500, "2026-10-14", ""),
        (500, "2026-10-20", "courtesy"),
    ],
)
def test_courtesy_five_days_before_a_large_invoice_is_due(amount: float, as_of: str, step: str) -> None:
    """From 500 on, at most five days before the due date, once."""
    found = account(plan_of([one(amount=amount)], as_of))
    assert found["step"] == step
    assert (found["reason"], found["asked"]) == (("courtesy-due", 50000) if step else ("nothing-overdue", 0))


def test_courtesy_is_sent_once() -> None:
    """After the notice, nothing leaves before the first reminder."""
    assert account(plan_of([one()], "2026-10-20", [event("2026-10-15", "D", "sent", "1", "courtesy")]))["step"] == ""


@pytest.mark.parametrize("mode", ["direct_debit", "bill_of_exchange", "card"])
def test_what_is_collected_is_not_chased_before_it_is_rejected(mode: str) -> None:
    """A direct debit is left alone until it comes back."""
    row = one(payment_mode=mode)
    assert account(plan_of([row], "2026-11-20"))["blocked_by"] == "direct-debit"
    assert (
        account(plan_of([row], "2026-11-20", [event("2026-11-10", "D", "debit_rejected", "1")]))["step"] == "reminder_1"
    )


def test_disputed_invoices_leave_the_ladder_and_the_others_go_on() -> None:
    """One of two overdue invoices is contested: the other one is reminded."""
    rows = [one(disputed=True), item("D", "2", "2026-09-20", "2026-10-20", 200)]
    found = plan_of(rows, "2026-11-20")
    steps = found.item_steps.merge(found.items[["item_id", "number"]], on="item_id").set_index("number")
    assert account(found)["step"] == "reminder_1"
    assert steps["advances"].to_dict() == {"1": False, "2": True}
    assert steps["blocked_by"].to_dict() == {"1": "disputed-items", "2": ""}


def test_a_solved_dispute_puts_the_invoice_back_on_the_ladder() -> None:
    """Disputed, then solved: reminded again."""
    history = [event("2026-11-01", "D", "disputed", "1"), event("2026-11-10", "D", "dispute_solved", "1")]
    assert account(plan_of([one()], "2026-11-20", history[:1]))["step"] == "solve_dispute"
    assert account(plan_of([one()], "2026-11-20", history))["step"] == "reminder_1"


@pytest.mark.parametrize(("as_of", "step"), [("2026-11-19", ""), ("2026-11-20", "reminder_1")])
def test_after_the_invoice_was_sent_again_ten_days_of_grace_and_a_new_round(as_of: str, step: str) -> None:
    """Not received, sent again on 10 November: the first reminder of the second round on the 20th."""
    history = [*REMINDED, event("2026-10-27", "D", "replied", "1", note="nous n'avons jamais reçu cette facture"),
               event("2026-11-10", "D", "sent", "1", "resend_invoice")]  # fmt: skip
    found = plan_of([one()], as_of, history)
    assert account(found)["step"] == step
    assert found.item_steps["round"].tolist() == [2]


def test_without_an_address_the_invoice_is_asked_about_by_telephone() -> None:
    """No e-mail where others have one: resend by a call, a person approves; a typed address makes it a mail."""
    rows = [one(), item("E", "9", "2026-09-20", "2026-10-20", 200)]
    silent = account(plan_of(rows, "2026-11-20", people=[debtor("D", email="")]))
    typed = account(
        plan_of(
            rows,
            "2026-11-20",
            [event("2026-11-18", "D", "address", value="a@b.example")],
            people=[debtor("D", email="")],
        )
    )
    assert (silent["step"], silent["channel"], silent["approval"]) == ("resend_invoice", "call", "needed")
    assert (typed["step"], typed["channel"]) == ("reminder_1", "mail")


@pytest.mark.parametrize(
    ("as_of", "step", "blocked"),
    [("2026-11-19", "", "gap"), ("2026-11-22", "", "offer-wait"), ("2026-11-23", "reminder_2", "")],
)
def test_an_unanswered_plan_offer_holds_the_ladder_up_for_ten_days(as_of: str, step: str, blocked: str) -> None:
    """Offered on 13 November, once: from the 23rd the ladder goes on."""
    history = [*REMINDED, event("2026-11-06", "D", "replied", "1", note="pouvons-nous étaler le paiement ?"),
               event("2026-11-13", "D", "sent", "1", "plan_offer")]  # fmt: skip
    found = account(plan_of([one()], as_of, history))
    assert found["step"] == step
    assert found["blocked_by"] in {blocked, "offer-wait" if blocked else ""}


@pytest.mark.parametrize(("as_of", "blocked"), [("2026-12-31", "plan-in-force"), ("2027-01-01", "")])
def test_while_a_plan_is_in_force_the_ladder_sleeps(as_of: str, blocked: str) -> None:
    """A plan until 31 December: in difficulty, nothing leaves until it has ended."""
    found = plan_of([one()], as_of, [*REMINDED, event("2026-11-10", "D", "plan_agreed", until="2026-12-31")])
    assert account(found)["blocked_by"] == blocked
    if blocked:
        assert found.standings["standing"].tolist() == ["in_difficulty"]


@pytest.mark.parametrize(("as_of", "blocked"), [("2026-11-16", "waiting-reply"), ("2026-11-17", "")])
def test_an_answer_without_a_date_pauses_seven_days(as_of: str, blocked: str) -> None:
    """An unclear answer of 10 November: paused through the 16th."""
    history = [*REMINDED, event("2026-11-10", "D", "replied", "1", note="Bien noté, je regarde.")]
    assert account(plan_of([one()], as_of, history))["blocked_by"] == blocked


def test_a_mail_of_unknown_fate_blocks_its_debtor_until_a_person_says_so() -> None:
    """Nothing leaves after a lost answer; the release frees the debtor."""
    lost = [event("2026-10-23", "D", "uncertain", "1", "reminder_1", message_id="<a@b>")]
    freed = [*lost, event("2026-11-10", "D", "released", message_id="<a@b>", value="not_sent")]
    assert account(plan_of([one()], "2026-11-20", lost))["blocked_by"] == "uncertain-mail"
    assert account(plan_of([one()], "2026-11-20", freed))["step"] == "reminder_1"


def test_two_currencies_are_two_accounts_with_one_gap() -> None:
    """Euro under the tolerance stays, dollars leave."""
    rows = [one(amount=4), item("D", "2", "2026-09-20", "2026-10-20", 120, currency="USD")]
    found = plan_of(rows, "2026-11-20").account_steps.set_index("currency")["step"]
    assert found.to_dict() == {"EUR": "", "USD": "reminder_1"}


def test_a_missed_week_is_caught_up() -> None:
    """Due on the 4th, reminder at seven days: a run on the 21st still sends it."""
    assert account(plan_of([one("2026-01-04")], "2026-01-21"))["step"] == "reminder_1"


def test_every_open_account_has_a_reason() -> None:
    """Whatever happens, a line says what is done or why nothing is."""
    rows = [one(), item("E", "1", "2026-11-01", "2026-12-01", 50), item("F", "1", "2026-11-01", "2026-11-01", -50)]
    found = plan_of(rows, "2026-11-20").account_steps.set_index("debtor_id")["reason"]
    assert found.to_dict() == {"D": "step-due", "E": "nothing-overdue", "F": "only-credits"}


def test_last_step_typed_for_the_whole_debtor_counts_for_every_invoice_due_by_then() -> None:
    """A reminder sent by hand on 23 October covers what was due then, not what fell due later."""
    rows = [one(), item("D", "2", "2026-10-01", "2026-10-31", 200)]
    found = plan_of(rows, "2026-11-20", [event("2026-10-23", "D", "sent", step="reminder_1")])
    steps = found.item_steps.merge(found.items[["item_id", "number"]], on="item_id").set_index("number")
    assert steps["next_step"].to_dict() == {"1": "reminder_2", "2": "reminder_1"}


GOOD = [item("D", f"P{n}", f"2026-0{n}-01", f"2026-0{n}-28", 300, 0, paid_on=f"2026-0{n}-27") for n in range(1, 6)]


@pytest.mark.parametrize(
    ("note", "step"),
    [
        ("Pouvez-vous nous accorder un délai supplémentaire ?", "plan_offer"),
        ("Nous n'avons pas reçu cette facture", "resend_invoice"),
        ("La marchandise était défectueuse, nous contestons la facture", "solve_dispute"),
    ],
)
def test_a_clear_answer_acts_at_once_even_for_a_good_payer(note: str, step: str) -> None:
    """Five invoices paid in time do not outweigh what the customer says."""
    history = [*REMINDED, event("2026-11-12", "D", "replied", "1", note=note)]
    assert account(plan_of([*GOOD, one()], "2026-11-20", history))["step"] == step


@pytest.mark.parametrize(
    ("standing", "step", "blocked"),
    [
        ("current", "", "hold"),
        ("forgetful", "reminder_2", ""),
        ("invoice_lost", "resend_invoice", ""),
        ("disputed", "solve_dispute", ""),
        ("in_difficulty", "plan_offer", ""),
        ("dishonest", "reminder_2", ""),
        ("insolvent", "claim", ""),
    ],
)
def test_a_standing_that_a_person_typed_decides_the_road(standing: str, step: str, blocked: str) -> None:
    """Reminded once, then typed over in the review: each standing takes its own road at once."""
    history = [*REMINDED, event("2026-11-12", "D", "reclassified", value=standing)]
    found = plan_of([one()], "2026-11-20", history)
    assert found.standings["standing"].tolist() == [standing]
    assert (account(found)["step"], account(found)["blocked_by"]) == (step, blocked)


def test_an_older_invoice_left_behind_by_a_good_payer_may_be_lost() -> None:
    """Four invoices issued later were paid in time, this one never spoken of: sent again, kindly."""
    rows = [item("D", "0", "2025-12-01", "2026-01-15", 900), *GOOD]
    found = plan_of(rows, "2026-11-20")
    assert found.standings["standing"].tolist() == ["invoice_lost"]
    assert account(found)["step"] == "resend_invoice"


def test_new_invoices_every_week_never_keep_an_old_one_from_climbing() -> None:
    """Reminded weekly about newer invoices: what the second reminder waits for is the contact about this invoice."""
    rows = [one(), *(item("D", str(n), "2026-09-01", f"2026-10-{20 + n}", 200) for n in range(2, 8))]
    history = [*REMINDED, *(event("2026-11-06", "D", "sent", str(n), "reminder_1") for n in range(2, 8))]
    found = plan_of(rows, "2026-11-13", history)
    steps = found.item_steps.merge(found.items[["item_id", "number"]], on="item_id").set_index("number")
    assert account(found)["step"] == "reminder_2"
    assert steps["advances"].to_dict() == {"1": True} | {str(n): False for n in range(2, 8)}


def test_without_e_mail_a_call_stands_in_once_and_then_a_letter() -> None:
    """Customers nobody has an e-mail of: first a call in place of the reminder, then a letter, which counts as written."""
    people = [debtor("D", email="")]
    called = [event("2026-10-26", "D", "called", note="no answer")]
    assert account(plan_of([one()], "2026-10-23", people=people))["channel"] == "call"
    assert account(plan_of([one()], "2026-11-03", called, people=people))["channel"] == "letter"


def test_a_bounce_by_message_id_voids_that_mail_and_no_other() -> None:
    """The mail about the second invoice came back; the first one keeps its reminder and its round."""
    rows = [one(), item("D", "2", "2026-09-25", "2026-10-25", 200)]
    history = [
        event("2026-10-23", "D", "sent", "1", "reminder_1", message_id="<a@x>"),
        event("2026-10-30", "D", "sent", "2", "reminder_1", message_id="<b@x>"),
        event("2026-10-30", "D", "bounced", message_id="<b@x>", note="550 user unknown"),
        event("2026-10-31", "D", "address", value="neu@d.example"),
    ]
    found = plan_of(rows, "2026-11-03", history)
    steps = found.item_steps.merge(found.items[["item_id", "number"]], on="item_id").set_index("number")
    assert steps["last_step"].to_dict() == {"1": "reminder_1", "2": ""}
    assert steps["round"].to_dict() == {"1": 1, "2": 2}


def test_a_bounce_noted_for_one_invoice_voids_the_whole_mail() -> None:
    """One mail reminded both invoices and came back; whoever notes it names one of them: neither was reminded."""
    rows = [one(), item("D", "2", "2026-09-25", "2026-10-25", 200)]
    history = [
        *(event("2026-10-30", "D", "sent", number, "reminder_1", message_id="<a@x>") for number in "12"),
        event("2026-10-30", "D", "bounced", "1", note="550 user unknown"),
        event("2026-10-31", "D", "address", value="neu@d.example"),
    ]
    found = plan_of(rows, "2026-11-10", history)
    assert account(found)["step"] == "reminder_1"
    assert found.item_steps[["last_step", "round"]].to_numpy().tolist() == [["", 2], ["", 2]]


def test_a_mail_never_goes_back_to_a_dead_address() -> None:
    """Part of the invoice was paid, so it is not lost; but the mail came back: by telephone until an address is typed."""
    history = [
        event("2026-10-23", "D", "sent", "1", "reminder_1"),
        event("2026-10-23", "D", "bounced", "1", note="550"),
    ]
    found = account(plan_of([one(still_open=400)], "2026-11-03", history))
    assert (found["step"], found["channel"], found["approval"]) == ("reminder_1", "call", "needed")


def test_a_mail_that_is_uncertain_again_waits_again() -> None:
    """Released as not sent, it was tried again with the same Message-ID, and again nobody knows: the first release frees it no more."""
    doubt = event("2026-10-30", "D", "uncertain", "1", "reminder_1", message_id="<a@x>")
    freed = event("2026-10-31", "D", "released", message_id="<a@x>", value="not_sent")
    blocked = [
        account(plan_of([one()], "2026-11-03", tried))["blocked_by"]
        for tried in ([doubt, freed], [doubt, freed, doubt | {"at": day("2026-11-02")}])
    ]
    assert blocked == ["", "uncertain-mail"]


def test_an_address_that_the_server_refuses_is_dead_until_another_is_given() -> None:
    """The server refused the mail: by telephone next time; once an address was typed, by mail."""
    refused = event("2026-10-30", "D", "refused", "1", "reminder_1", note="550 5.1.1 user unknown")
    given = event("2026-11-02", "D", "address", value="neu@d.example")
    found = account(plan_of([one()], "2026-11-03", [refused]))
    assert (found["step"], found["channel"], found["approval"]) == ("reminder_1", "call", "needed")
    found = account(plan_of([one()], "2026-11-03", [refused, given]))
    assert (found["step"], found["channel"], found["approval"]) == ("reminder_1", "mail", "auto")


@pytest.mark.parametrize("kind", ["disputed", "closed", "held", "handed_over"])
def test_an_act_about_an_invoice_that_is_gone_touches_no_other(kind: str) -> None:
    """FA-OLD was paid and left the export; what was said of it does not stop the reminder of this one."""
    assert account(plan_of([one()], "2026-11-20", [event("2026-05-01", "D", kind, "FA-OLD")]))["step"] == "reminder_1"


def test_a_dispute_of_the_whole_debtor_leaves_later_invoices_alone() -> None:
    """Disputed without a number in March; what was issued in September is reminded."""
    assert account(plan_of([one()], "2026-11-20", [event("2026-03-01", "D", "disputed")]))["step"] == "reminder_1"


def test_a_registered_letter_that_was_recorded_is_the_formal_notice() -> None:
    """Posted by hand on 4 December: nothing the next day, the bailiff fifteen days later."""
    history = [*TWICE, event("2026-12-04", "D", "registered_letter", "1", "formal_notice")]
    assert account(plan_of([one()], "2026-12-05", history))["step"] == ""
    assert account(plan_of([one()], "2026-12-19", history))["step"] == "bailiff"


def test_freeing_an_uncertain_mail_ends_no_hold() -> None:
    """A hold stays after `history release` of an old mail; a release of the debtor ends it, on single invoices too."""
    held = [event("2026-10-25", "D", "held", "1", until="2026-12-31")]
    freed = [*held, event("2026-11-10", "D", "released", message_id="<a@b>", value="not_sent")]
    assert account(plan_of([one()], "2026-11-20", freed))["blocked_by"] == "hold"
    assert (
        account(plan_of([one()], "2026-11-20", [*held, event("2026-11-10", "D", "released")]))["step"] == "reminder_1"
    )


@pytest.mark.parametrize("step", ["formal_notice", "bailiff", "court"])
def test_a_step_noted_for_the_account_makes_no_invoice_jump_a_rung(step: str) -> None:
    """Noted on 19 December for the customer: it is about the invoice that was reminded, not the one due four days ago."""
    rows = [one(), item("D", "2", "2026-11-15", "2026-12-15", 200)]
    history = [*TWICE, event("2026-12-04", "D", "sent", "1", "formal_notice")]
    noted = event("2026-12-19", "D", "sent", step=step, by="review")
    found = plan_of(rows, "2026-12-28", [*(history if step != "formal_notice" else TWICE), noted])
    assert found.item_steps["last_step"].tolist() == [step, ""]
    assert (account(found)["step"], account(found)["asked"]) == (
        "reminder_1",
        20000 if step != "formal_notice" else 120000,
    )


def test_a_step_noted_for_an_account_without_history_is_about_all_that_was_due() -> None:
    """Nothing is known of these two but a formal notice made by hand: it is taken for both, and not for what fell due later."""
    rows = [one(), item("D", "2", "2026-09-01", "2026-10-01", 200), item("D", "3", "2026-11-15", "2026-12-15", 100)]
    found = plan_of(rows, "2026-12-20", [event("2026-12-10", "D", "sent", step="formal_notice", by="review")])
    assert found.item_steps["last_step"].tolist() == ["formal_notice", "formal_notice", ""]


@pytest.mark.parametrize("last", ["bailiff", "handed_over"])
def test_after_the_hand_over_new_invoices_need_approval_and_the_old_ones_are_not_asked_for(last: str) -> None:
    """The first invoice is with the bailiff; the reminder about the second asks for 200, and a person lets it go."""
    rows = [one(), item("D", "2", "2026-11-15", "2026-12-15", 200)]
    given = event("2026-12-19", "D", *(("handed_over", "1") if last == "handed_over" else ("sent", "1", "bailiff")))
    history = [*TWICE, event("2026-12-04", "D", "sent", "1", "formal_notice"), given]
    found = account(plan_of(rows, "2026-12-28", history))
    assert (found["step"], found["asked"], found["approval"]) == ("reminder_1", 20000, "needed")


def test_the_court_is_asked_for_all_that_the_bailiff_has() -> None:
    """Thirty days after the formal notice the file goes to court, with its whole sum."""
    history = [
        *TWICE,
        event("2026-12-04", "D", "sent", "1", "formal_notice"),
        event("2026-12-19", "D", "sent", "1", "bailiff"),
    ]
    found = account(plan_of([one()], "2027-01-04", history))
    assert (found["step"], found["asked"]) == ("court", 100000)


def test_a_dossier_never_silences_the_other_invoices() -> None:
    """The first invoice is ready for the bailiff; the second takes its first reminder all the same."""
    rows = [one(), item("D", "2", "2026-11-15", "2026-12-15", 200)]
    history = [*TWICE, event("2026-12-04", "D", "sent", "1", "formal_notice")]
    assert account(plan_of(rows, "2026-12-19", history))["step"] == "reminder_1"


def test_a_renewed_plan_without_date_is_in_force() -> None:
    """The first plan ended in June; a new one was agreed on 15 November: the ladder sleeps."""
    history = [event("2026-03-01", "D", "plan_agreed", until="2026-06-30"), event("2026-11-15", "D", "plan_agreed")]
    assert account(plan_of([one()], "2026-11-20", history))["blocked_by"] == "plan-in-force"


@pytest.mark.parametrize(("still_open", "codes"), [(500, ["promise-kept"]), (501, ["promise-broken"])])
def test_a_promise_of_a_part_is_kept_by_that_part(still_open: float, codes: list[str]) -> None:
    """500 of 1,000 promised for 9 November: paid 500 it is kept, paid 499 it is broken."""
    history = [event("2026-11-02", "D", "promised", "1", until="2026-11-09", amount=50000)]
    found = plan_of([one(still_open=still_open)], "2026-11-20", history).evidence["code"]
    assert [code for code in found if code.startswith("promise")] == codes


@pytest.mark.parametrize(
    ("kind", "more", "blocked"),
    [
        ("replied", {"note": "Trésorerie très tendue en ce moment"}, "answer-pause"),
        ("replied", {"meaning": "promise", "until": "2026-11-27"}, "promise-running"),
        ("called", {"meaning": "asks_time", "until": "2026-11-27"}, ""),
    ],
)
def test_what_is_understood_acts_or_pauses(kind: str, more: dict[str, Any], blocked: str) -> None:
    """Cash trouble of a good customer pauses, a promise with a day runs, a wish for time until a day is no promise."""
    found = plan_of([*GOOD, one()], "2026-11-18", [*REMINDED, event("2026-11-12", "D", kind, "1", **more)])
    assert account(found)["blocked_by"] in {blocked, "gap" if kind == "called" else blocked}
    assert "promise-broken" not in found.evidence["code"].tolist()


def test_a_filed_claim_rests_and_later_invoices_go_on_with_approval() -> None:
    """The claim was filed; what was issued after the opening is reminded, when a person agrees."""
    rows = [one("2026-09-20"), item("D", "2", "2026-10-15", "2026-11-14", 200)]
    history = [event("2026-10-01", "D", "insolvency"), event("2026-10-20", "D", "sent", "1", "claim")]
    found = account(plan_of(rows, "2026-11-20", history))
    assert (found["step"], found["approval"], found["asked"]) == ("reminder_1", "needed", 20000)


def test_paying_others_while_one_invoice_is_contested_is_no_bad_faith() -> None:
    """A contested invoice is not paid, the others are: that says nothing of the will to pay."""
    rows = [
        item("D", "A", "2026-07-01", "2026-07-31", 500, disputed=True),
        item("D", "B", "2026-09-01", "2026-10-01", 900, 0, paid_on="2026-10-20"),
        item("D", "C", "2026-10-13", "2026-11-12", 300),
    ]
    history = [event("2026-08-10", "D", "sent", "A", "reminder_1"), event("2026-08-25", "D", "sent", "A", "reminder_2")]
    found = plan_of(rows, "2026-11-20", history)
    assert {"orders-while-late", "others-paid-meanwhile"} & set(found.evidence["code"]) == set()
    assert account(found)["step"] == "reminder_1"


def test_no_formal_notice_without_the_written_reminders_it_asks_for() -> None:
    """On a road without a second reminder the formal notice, which asks for two, is never taken."""
    short = {"forgetful": ("reminder_1", "formal_notice"), "default": ("reminder_1", "formal_notice")}
    rules = dataclasses.replace(policy(), roads=short)
    plan = make_plan(ledger([one()]), events(REMINDED), rules, day("2027-01-20").date(), first_run=False)
    assert account(plan)["step"] == ""
