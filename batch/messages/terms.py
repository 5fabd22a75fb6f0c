"""What a step says beside the open amounts: late interest and fixed sum, announced or claimed, and an offer of instalments."""

import calendar
import datetime as dt
from dataclasses import dataclass

from batch.core.charges import Tariff, tariff, tariff_name
from batch.core.policy import CONSUMER, Policy, Rate
from batch.messages.accounts import Account
from batch.words import Words

# The steps of the ladder that may announce or claim charges, in order; the soft steps beside it never do.
CHARGING_STEPS = ("reminder_1", "reminder_2", "formal_notice")
FIRST_INSTALMENT_DAYS = 7
INSTALMENTS_OFFERED = 3


@dataclass(frozen=True, slots=True)
class Charged:
    """Late interest and fixed sum: whether this step announces or claims them, and what they come to."""

    announced: bool
    claimed: bool
    rate: str  # "" when there is none, or not one for all items
    interest: str  # "" when there is none
    fixed_sum: str  # "" when there is none
    fixed_sum_each: str  # "" when there is none
    fees: str  # what the policy asks for its steps, "" when nothing
    total: str  # what is to be paid in all once they are claimed
    estimated: bool
    foreign: bool  # by the rules of the reader's country: French articles are not named


def charged(account: Account, policy: Policy, words: Words, as_of: dt.date) -> Charged:
    """Return what this step says about late interest and the fixed sum.

    Claimed from the step the policy names, announced on the ladder before it; consumers hear of neither before the formal
    notice (code civil 1231-6) and owe no fixed sum.
    """
    interest = sum(item.interest for item in account.asked_for)
    fees = sum(item.fees for item in account.asked_for)
    sums = [item.fixed_sum for item in account.asked_for if item.fixed_sum]
    its = tariff(tariff_name(account.debtor.nature, account.debtor.country, policy), policy.charging)
    rate = rate_of(account, its, as_of)
    consumer = account.debtor.nature == CONSUMER
    here, there = (_rung(step) for step in (account.step, policy.charging.claimed_from))
    may = min(here, there) >= 0 and bool(rate or interest or sums or fees)
    return Charged(
        announced=may and here < there and not consumer,
        claimed=may and here >= there and (not consumer or account.step == "formal_notice"),
        rate=words.percent(rate) if rate else "",
        interest=words.amount(interest, account.currency) if interest else "",
        fixed_sum=words.amount(sum(sums), account.currency) if sums else "",
        fixed_sum_each=words.amount(max(sums), account.currency) if sums else "",
        fees=words.amount(fees, account.currency) if fees else "",
        total=words.amount(charged_sum(account), account.currency),
        estimated=any(item.estimated and item.interest for item in account.asked_for),
        foreign=its.foreign,
    )


def charged_sum(account: Account) -> int:
    """Return what is asked plus interest, fixed sum and fees, in minor units."""
    return account.asked + sum(item.interest + item.fixed_sum + item.fees for item in account.asked_for)


def _rung(step: str) -> int:
    return CHARGING_STEPS.index(step) if step in CHARGING_STEPS else -1


def rate_of(account: Account, its: Tariff, as_of: dt.date) -> int:
    """Return the one rate to be named, in hundredths of a percent: today's, for public bodies that of when interest began.

    0 when there is none, or when a public body's items began in half-years of different rates (R2192-31).
    """
    if not its.at_start:
        return _rate_on(its.rates, as_of)
    dues = [item.due for item in account.asked_for if item.due == item.due]  # a missing day differs from itself
    began = {_rate_on(its.rates, (due + dt.timedelta(days=1)).date()) for due in dues}
    return began.pop() if len(began) == 1 else 0


def _rate_on(rates: tuple[Rate, ...], day: dt.date) -> int:
    return next((rate.basis_points for rate in reversed(rates) if rate.since <= day), 0)


def offered_instalments(asked: int, as_of: dt.date) -> list[tuple[dt.date, int]]:
    """Return the three parts that a plan offer proposes: a first one in a week, then month by month; they add up exactly."""
    first = as_of + dt.timedelta(days=FIRST_INSTALMENT_DAYS)
    part, rest = divmod(asked, INSTALMENTS_OFFERED)
    return [(months_later(first, at), part + (rest if at == 0 else 0)) for at in range(INSTALMENTS_OFFERED)]


def months_later(day: dt.date, months: int) -> dt.date:
    """Return the same day of a later month, or that month's last day (CPC 641)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
