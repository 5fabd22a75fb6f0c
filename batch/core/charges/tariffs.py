"""A debtor's nature and country → the tariff it falls under: which rates, from when, and what fixed sum."""

from dataclasses import dataclass

import pandas as pd

from batch.core.policy import BUSINESS, CONSUMER, PUBLIC, Charging, Policy, Rate

NOTHING = ""  # the tariff of those who are charged nothing


@dataclass(frozen=True)
class Tariff:
    """What debtors of one kind owe for paying late; the fixed sum is in minor units of its currency."""

    rates: tuple[Rate, ...] = ()
    at_start: bool = False  # the rate of the day on which interest began holds to the end
    from_notice: bool = False  # interest runs from the formal notice, not from the due day
    fixed_sum: int = 0
    currency: str = "EUR"
    foreign: bool = False  # by a setting for the debtor's country: French articles are not to be named


def tariff_names(debtors: pd.DataFrame, policy: Policy) -> pd.Series:
    """Return the name of each debtor's tariff by debtor_id: its nature, or its country where the settings have rules for that.

    Consumers of such a country fall under none: what may be asked of them there is not known here.
    """
    natures = debtors.set_index("debtor_id")["nature"]
    names = natures.where(natures.isin([CONSUMER, PUBLIC]), BUSINESS)
    if not policy.charging.countries:
        return names
    countries = debtors["country"].mask(debtors["country"] == "", policy.country).set_axis(names.index)
    abroad = countries.isin(list(policy.charging.countries))
    return names.mask(abroad, countries).mask(abroad & (names == CONSUMER), NOTHING)


def tariff_name(nature: str, country: str, policy: Policy) -> str:
    """Return the name of one debtor's tariff, as tariff_names does."""
    if (country or policy.country) in policy.charging.countries:
        return NOTHING if nature == CONSUMER else country or policy.country
    return nature if nature in (CONSUMER, PUBLIC) else BUSINESS


def tariff(name: str, charging: Charging) -> Tariff:
    """Return the tariff of this name; one that charges nothing for NOTHING and for an unknown name."""
    fixed, currency = charging.fixed_sum, charging.fixed_sum_currency
    if name == BUSINESS:
        return Tariff(charging.business, fixed_sum=fixed, currency=currency)
    if name == PUBLIC:
        return Tariff(charging.public, at_start=True, fixed_sum=fixed, currency=currency)
    if name == CONSUMER:
        return Tariff(charging.consumer, from_notice=True)
    if (abroad := charging.countries.get(name)) is None:
        return Tariff()
    return Tariff(abroad.rates, fixed_sum=abroad.fixed_sum, currency=abroad.fixed_sum_currency, foreign=True)
