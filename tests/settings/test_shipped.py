"""The shipped tables: rates against the law's own figures, holidays, and what the defaults say."""

import datetime as dt
from pathlib import Path

from batch.core.codes import STANDINGS, STEPS
from batch.core.policy import Policy, Rate
from batch.settings import Settings, holidays_for, load, shipped


def defaults() -> Settings:
    """Return the settings without any relance.toml."""
    return load(None, beside=Path("/nowhere/ledger.xlsx"), environment={})


def in_force(nature: str, day: dt.date) -> int:
    """Return the rate of a nature on a day, in hundredths of a percent."""
    return [rate.basis_points for rate in shipped.rates()[nature] if rate.since <= day][-1]


def test_business_rate_is_the_central_banks_plus_ten_points() -> None:
    """On 3 September 2026 businesses owe 2.40 + 10 = 12.40 %; on 30 June 2.15 + 10 = 12.15 %."""
    assert in_force("business", dt.date(2026, 9, 3)) == 1240
    assert in_force("business", dt.date(2026, 6, 30)) == 1215


def test_public_rate_is_the_central_banks_plus_eight_points() -> None:
    """On 3 September 2026 public bodies owe 2.40 + 8 = 10.40 %."""
    assert in_force("public", dt.date(2026, 9, 3)) == 1040


def test_consumer_rate_is_the_professional_creditors_legal_rate() -> None:
    """In the first half of 2024 a business may ask 5.07 % of a consumer, not the 8.01 % between consumers."""
    assert in_force("consumer", dt.date(2024, 3, 1)) == 507


def test_each_half_year_has_its_rates() -> None:
    """From 2012 to the second half of 2026 there are 30 half-years without a gap, for every nature."""
    starts = [dt.date(year, month, 1) for year in range(2012, 2027) for month in (1, 7)]
    assert [[rate.since for rate in rates] for rates in shipped.rates().values()] == [starts, starts, starts]


def test_rates_are_verified_to_the_end_of_their_last_half_year() -> None:
    """The last half-year known starts on 1 July 2026, so the rates hold to 31 December 2026."""
    assert shipped.last_verified() == dt.date(2026, 12, 31)
    assert defaults().policy.charging.business[-1] == Rate(dt.date(2026, 7, 1), 1240)


def test_defaults_are_those_of_the_core() -> None:
    """A Policy made without settings has the same scalars as the shipped defaults: no figure is given twice differently."""
    names = ("gap_days", "tolerance", "buckets", "promise_grace", "cheque_grace", "answer_pause", "resend_grace", "offer_wait",
             "hard_hand_over", "courtesy_minimum", "patience_months", "patience_delay", "patience_days", "first_run_hold",
             "dso_days", "fresh_days", "lead", "first_points", "country", "currency", "language")  # fmt: skip
    shipped_policy, plain = defaults().policy, Policy()
    assert {name: getattr(shipped_policy, name) for name in names} == {name: getattr(plain, name) for name in names}


def test_every_step_of_the_trade_is_defined() -> None:
    """The default policy knows each step of core.codes, and no other."""
    assert {step.code for step in defaults().policy.steps} == set(STEPS)


def test_the_default_ladder() -> None:
    """Soft customers are called and met before the formal notice; bad faith goes straight to it."""
    roads = defaults().policy.roads
    assert roads["forgetful"] == (
        "courtesy", "reminder_1", "reminder_2", "call", "meeting", "formal_notice", "bailiff", "court",
    )  # fmt: skip
    assert roads["dishonest"] == ("reminder_1", "reminder_2", "formal_notice", "bailiff", "court")
    assert set(roads) == {"default", *STANDINGS}


def test_only_soft_written_steps_leave_without_a_person() -> None:
    """Courtesy and the two reminders may leave unattended; calls and disputes are tasks for people anyway."""
    steps = defaults().policy.steps
    assert {step.code for step in steps if not step.approval} == {
        "courtesy", "reminder_1", "reminder_2", "call", "meeting", "solve_dispute",
    }  # fmt: skip


def test_a_public_body_never_meets_a_bailiff() -> None:
    """Public assets cannot be seized: lawyer, bailiff and agency are never taken, the court's road stays open."""
    assert set(defaults().policy.natures["public"]) == {"lawyer", "bailiff", "agency"}


def test_bad_faith_needs_facts_that_are_hard() -> None:
    """Silence after reminders and missed instalments weigh, but are not among the facts of which two are needed."""
    policy = defaults().policy
    assert policy.points["silence-after-reminders"] == {"dishonest": 1}
    assert {"silence-after-reminders", "instalment-missed"} & policy.hard_facts == set()
    assert "promise-broken" in policy.hard_facts
    assert policy.points["promise-kept"] == {"invoice_lost": 2, "forgetful": 2, "dishonest": -3}
    assert (
        policy.families["promise-broken"] == policy.families["cheque-not-received"] != policy.families["late-dispute"]
    )


def test_french_holidays() -> None:
    """In 2026 Easter Monday is 6 April and Ascension 14 May; 15 May is an ordinary Friday."""
    days = holidays_for(["FR"], range(2026, 2027))["FR"]
    assert {dt.date(2026, 4, 6), dt.date(2026, 5, 14), dt.date(2026, 7, 14)} <= days
    assert dt.date(2026, 5, 15) not in days


def test_a_country_without_known_holidays_has_none() -> None:
    """An unknown country is no error: only its weekends are not business days."""
    assert holidays_for(["ZZ"], range(2026, 2027)) == {"ZZ": frozenset()}
