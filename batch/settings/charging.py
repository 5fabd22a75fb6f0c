"""The sections [policy.charging] and [policy.discount] and the shipped rates → core.policy.Charging and Discount."""

import datetime as dt

from batch.core.currencies import minor_units
from batch.core.policy import Abroad, Charging, Discount, Rate
from batch.settings import shipped
from batch.settings.policy_form import ChargingSection, CountrySection, DiscountSection, RateSection

FLOOR = 3  # times the legal rate: no contract between businesses goes below (code de commerce L441-10 II)
_ALWAYS = dt.date(1900, 1, 1)


def charging(section: ChargingSection) -> Charging:
    """Return what late payers owe: the law's rates, or the contract's where it names one."""
    law = shipped.rates()
    return Charging(
        business=_contract(section, law["consumer"]) or law["business"],
        public=law["public"],
        consumer=law["consumer"],
        fixed_sum=_minor(section, section.fixed_sum_currency),
        fixed_sum_currency=section.fixed_sum_currency,
        claimed_from=section.claimed_from,
        last_verified=shipped.last_verified(),
        countries={code: _abroad(country) for code, country in section.countries.items()},
    )


def discount(section: DiscountSection) -> Discount:
    """Return the early-payment discount; none without a percentage."""
    points = int((section.percent or 0) * 100)
    return Discount(points, section.days, before_due=section.counted_from == "due")


def _contract(section: RateSection, legal: tuple[Rate, ...]) -> tuple[Rate, ...]:
    """Return the contract's rate by half-year, raised to the floor where it is below; () when none is named.

    The legal rate is that of professional creditors, which is also what consumers owe.
    """
    named = _named(section)
    if not named:
        return ()
    return tuple(Rate(floor.since, max(_points_on(floor.since, named), FLOOR * floor.basis_points)) for floor in legal)


def _named(section: RateSection) -> tuple[Rate, ...]:
    """Return the rate that a section names, above the central bank's by half-year or one for ever; () when it names none."""
    if section.rate is not None:
        return (Rate(_ALWAYS, int(section.rate * 100)),)
    if section.ecb_points is None:
        return ()
    margin = int(section.ecb_points * 100)
    return tuple(Rate(rate.since, rate.basis_points + margin) for rate in shipped.bank_rates())


def _abroad(country: CountrySection) -> Abroad:
    return Abroad(
        rates=_named(country),
        fixed_sum=_minor(country, country.fixed_sum_currency),
        fixed_sum_currency=country.fixed_sum_currency,
        confirmed=country.confirmed,
    )


def _points_on(day: dt.date, rates: tuple[Rate, ...]) -> int:
    return next((rate.basis_points for rate in reversed(rates) if rate.since <= day), 0)


def _minor(section: ChargingSection | CountrySection, currency: str) -> int:
    return round(section.fixed_sum.scaleb(minor_units(currency)))
