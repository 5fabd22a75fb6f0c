"""Contract rates, other countries, and what a person is asked to look at."""

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from batch import settings
from batch.core.aging import age
from batch.core.charges import charge, doubts, tariff_name, tariff_names
from batch.core.policy import Policy
from tests.core.kit import debtor, item, ledger

NO_NOTICE = pd.Series(dtype="datetime64[s]")


def written(folder: Path, text: str) -> Policy:
    """Return the policy of a relance.toml."""
    (folder / "relance.toml").write_text(text, encoding="utf-8")
    return settings.load(None, beside=folder, environment={}).policy


def charged(policy: Policy, as_of: str, due: str = "2026-08-01", **more: object) -> tuple[int, int]:
    """Return interest and fixed sum of 36,500.00 of one debtor."""
    read = ledger([item("D", "1", "2026-01-01", due, 36_500)], [debtor("D", **more)])
    day = dt.date.fromisoformat(as_of)
    aged = age(read.items, day, (30, 60, 90))
    names = tariff_names(read.debtors, policy)
    row = charge(read.items, aged, read.payments, names, NO_NOTICE, policy.charging, day).iloc[0]
    return int(row["interest"]), int(row["fixed_sum"])


def test_a_contract_rate_replaces_the_laws(tmp_path: Path) -> None:
    """At 10 % a year 36,500.00 bears 10.00 a day: ten days are 100.00, where the law's 12.40 % would make 124.00."""
    assert charged(written(tmp_path, '[policy.charging]\nrate = "10.00"'), "2026-08-11") == (10000, 4000)
    assert charged(written(tmp_path, ""), "2026-08-11") == (12400, 4000)


def test_a_contract_rate_is_raised_to_three_times_the_legal_rate(tmp_path: Path) -> None:
    """In the second half of 2026 the legal rate is 2.75 %: a contract's 5 % becomes 8.25 %; in the first, 3 x 2.62 = 7.86 %."""
    policy = written(tmp_path, '[policy.charging]\nrate = "5.00"')
    assert charged(policy, "2026-08-11") == (8250, 4000)
    assert charged(policy, "2026-06-11", due="2026-06-01") == (7860, 4000)


def test_the_floor_limits_contracts_only(tmp_path: Path) -> None:
    """In the first half of 2024 the floor, 15.21 %, is above the default 14.50 %: it lifts a contract's rate, not the default."""
    days = {"as_of": "2024-03-11", "due": "2024-03-01"}
    assert charged(written(tmp_path, '[policy.charging]\nrate = "15.00"'), **days) == (15210, 4000)
    assert charged(written(tmp_path, ""), **days) == (14500, 4000)


def test_a_contract_can_name_points_above_the_central_bank(tmp_path: Path) -> None:
    """2.40 + 12 = 14.40 % in the second half of 2026."""
    assert charged(written(tmp_path, '[policy.charging]\necb_points = "12"'), "2026-08-11") == (14400, 4000)


def test_a_contract_binds_neither_public_bodies_nor_consumers(tmp_path: Path) -> None:
    """Public bodies owe ECB + 8 = 10.40 % whatever the contract says; consumers nothing before a formal notice."""
    policy = written(tmp_path, '[policy.charging]\nrate = "15.00"')
    assert charged(policy, "2026-08-11", nature="public") == (10400, 4000)
    assert charged(policy, "2026-08-11", nature="consumer") == (0, 0)


BELGIUM = """
[policy.charging.countries.BE]
ecb_points = "8.00"
fixed_sum = "45.00"
[policy.charging.countries.CH]
rate = "5.00"
"""


def test_a_country_has_the_rules_of_its_setting(tmp_path: Path) -> None:
    """Belgium here: 2.40 + 8 = 10.40 % and 45.00; Switzerland: 5 % and nothing fixed; Spain, not named, as in France."""
    policy = written(tmp_path, BELGIUM)
    assert charged(policy, "2026-08-11", country="BE") == (10400, 4500)
    assert charged(policy, "2026-08-11", country="CH") == (5000, 0)
    assert charged(policy, "2026-08-11", country="ES") == (12400, 4000)
    assert charged(policy, "2026-08-11") == (12400, 4000)


def test_consumers_of_such_a_country_are_charged_nothing(tmp_path: Path) -> None:
    """What a consumer may be asked for in Belgium is not known here."""
    assert charged(written(tmp_path, BELGIUM), "2026-08-11", country="BE", nature="consumer") == (0, 0)


@pytest.mark.parametrize("nature", ["business", "public", "consumer", ""])
@pytest.mark.parametrize("country", ["", "FR", "BE", "ES"])
def test_one_debtors_tariff_is_that_of_the_table(tmp_path: Path, nature: str, country: str) -> None:
    """Messages ask for one debtor, the plan for all: both hear the same."""
    policy = written(tmp_path, BELGIUM)
    table = ledger(
        [item("D", "1", "2026-01-01", "2026-02-01", 1)], [debtor("D", nature=nature, country=country)]
    ).debtors
    assert tariff_names(table, policy)["D"] == tariff_name(nature, country, policy)


def said(policy: Policy, as_of: str, country: str = "") -> list[str]:
    """Return the codes of what is said about one late debtor."""
    read = ledger([item("D", "1", "2026-01-01", "2026-02-01", 1000)], [debtor("D", country=country)])
    day = dt.date.fromisoformat(as_of)
    names = tariff_names(read.debtors, policy)
    charges = charge(read.items, age(read.items, day, (30,)), read.payments, names, NO_NOTICE, policy.charging, day)
    return [problem.code for problem in doubts(charges, names, policy.charging, day)]


def test_a_run_past_the_verified_half_year_says_so(tmp_path: Path) -> None:
    """The shipped rates are verified to 31 December 2026: on that day nothing is said, the day after it is."""
    policy = written(tmp_path, "")
    assert said(policy, "2026-12-31") == []
    assert said(policy, "2027-01-01") == ["RATES-UNVERIFIED"]
    assert said(replace(policy, charging=replace(policy.charging, business=())), "2027-01-01") == []


def test_a_countrys_rules_are_to_be_confirmed(tmp_path: Path) -> None:
    """Said as long as such a customer is late and the setting does not say that it was checked."""
    policy = written(tmp_path, BELGIUM)
    assert said(policy, "2026-08-11", "BE") == ["CHARGES-TO-CONFIRM"]
    assert said(policy, "2026-08-11", "ES") == []
    assert said(written(tmp_path, BELGIUM + "confirmed = true"), "2026-08-11", "CH") == []
