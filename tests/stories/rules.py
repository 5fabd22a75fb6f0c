"""What must hold in every week of every firm, written from the trade's rules and the law alone; each rule returns its breaches."""

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from tests.stories.firm import WAYS, Firm, Item

GAP = 7
# Business rates of the half-years (ECB's refinancing rate + 10); public bodies owe two points less, fixed when interest begins.
RATES = {dt.date(2026, 1, 1): Decimal("12.15"), dt.date(2026, 7, 1): Decimal("12.40")}
# The legal rate, which consumers owe from the formal notice on.
LEGAL = {dt.date(2026, 1, 1): Decimal("2.62"), dt.date(2026, 7, 1): Decimal("2.75")}
# Step: days late at least, the steps that the invoice took before, days since the last of them.
LADDER = {"courtesy": (-5, (), 0), "reminder_1": (3, (), 0), "reminder_2": (15, ("reminder_1",), 10),
          "formal_notice": (45, ("reminder_1", "reminder_2"), 8), "resend_invoice": (1, (), 0)}  # fmt: skip


@dataclass(frozen=True)
class Mail:
    """A message that left: the account's step, the step of each invoice that it advances, and its text with plain spaces."""

    day: dt.date
    debtor: str
    currency: str
    step: str
    lines: Mapping[str, str]
    text: str


@dataclass(frozen=True)
class Week:
    """One Monday: the plan, what left, what the terminal said, and the day whose books were exported."""

    day: dt.date
    plan: Any
    mails: list[Mail]
    said: str
    left: Mapping[str, str]  # accounts that sent nothing, with the sentence that says why

    @property
    def closed(self) -> dt.date:
        """The last day that the export holds."""
        return self.day - dt.timedelta(1)


@dataclass(frozen=True)
class Year:
    """The firm and its weeks; `bounced` holds the mails that came back."""

    firm: Firm
    weeks: list[Week]
    bounced: set[tuple[dt.date, str]]

    def late(self, week: Week, debtor: str, currency: str) -> list[Item]:
        """Return an account's overdue invoices."""
        return [one for one in self.firm.of(debtor, currency, week.closed) if one.amount > 0 and one.due < week.day]


def totals_agree(year: Year) -> list[str]:
    """Plan, ageing and terminal add up to what the books hold, each currency for itself."""
    bad = []
    for week in year.weeks:
        books: dict[str, Decimal] = {}
        for one in year.firm.items:
            if one.issued <= week.closed and one.left(week.closed):
                books[one.currency] = books.get(one.currency, Decimal(0)) + one.left(week.closed)
        accounts = {
            currency: sum(Decimal(e["open"]) for e in week.plan["debtors"] if e["currency"] == currency)
            for currency in books
        }
        kpis = {currency: Decimal(found["open"]) for currency, found in week.plan["kpis"].items()}
        shown = f"{books['EUR']:,.2f}".replace(",", " ").replace(".", ",")
        if not books == accounts == kpis or shown not in week.said:
            bad.append(
                f"{week.day}: books {books}, accounts {accounts}, figures {kpis}, terminal with {shown}: {shown in week.said}"
            )
    return bad


def every_row_says_why(year: Year) -> list[str]:
    """Every open account has a line with a reason, and every row that sent nothing says why."""
    bad = []
    for week in year.weeks:
        rows = {(e["debtor_id"], e["currency"]) for e in week.plan["debtors"] if e["reason"]}
        owed = {
            (one.debtor.upper(), one.currency)
            for one in year.firm.items
            if one.issued <= week.closed and one.left(week.closed)
        }
        bad += [f"{week.day}: {account} has no line with a reason" for account in owed - rows]
        bad += [f"{week.day}: {account} does not say why" for account, sentence in week.left.items() if not sentence]
        bad += [
            f"{week.day}: {account} has no message"
            for account, sentence in week.left.items()
            if "pas de message" in sentence
        ]
    return bad


def no_rung_is_jumped(year: Year) -> list[str]:
    """Each invoice takes each step once, in order, when its days have come; a mail that came back was none.

    An invoice that is sent again begins anew.
    """
    taken: dict[str, list[tuple[dt.date, str]]] = {}
    due = {one.number: one.due for one in year.firm.items}
    bad = []
    for mail in _mails(year):
        for number, step in mail.lines.items():
            days, before, wait = LADDER[step]
            past = taken.setdefault(number, [])
            since = min(((mail.day - at).days for at, _ in past), default=999)
            steps = {one for _, one in past}
            if (mail.day - due[number]).days < days or not steps >= set(before) or since < wait or step in steps:
                bad.append(f"{mail.day}: {step} for {number}, due {due[number]}, after {past}")
            if step == "resend_invoice":
                past.clear()
            if (mail.day, mail.debtor) not in year.bounced:
                past.append((mail.day, step))
    return bad


def contacts_keep_their_distance(year: Year) -> list[str]:
    """Seven days between two mails to one customer, in whatever currency; what came back was no contact."""
    last: dict[str, dt.date] = {}
    bad = []
    for mail in _mails(year):
        if mail.debtor in last and 0 < (mail.day - last[mail.debtor]).days < GAP:
            bad.append(f"{mail.day}: {mail.debtor} was written to on {last[mail.debtor]}")
        if (mail.day, mail.debtor) not in year.bounced:
            last[mail.debtor] = mail.day
    return bad


def mails_ask_for_what_is_owed(year: Year) -> list[str]:
    """From the first reminder on: every overdue invoice less every credit, to the cent; nothing that was paid is named."""
    bad = []
    for week in year.weeks:
        for mail in week.mails:
            late = year.late(week, mail.debtor, mail.currency)
            paid = [
                n
                for n in mail.lines
                if n not in {one.number for one in year.firm.of(mail.debtor, mail.currency, week.closed)}
            ]
            if paid:
                bad.append(f"{week.day}: {mail.debtor} is written to about {paid}")
            if mail.step != "courtesy":
                credit = [one for one in year.firm.of(mail.debtor, mail.currency, week.closed) if one.amount < 0]
                asked = sum((one.left(week.closed) for one in [*late, *credit]), Decimal(0))
                if _amount(mail.text, "À régler") != asked or not all(one.number in mail.text for one in late):
                    bad.append(f"{week.day}: {mail.debtor} should be asked for {asked}:\n{mail.text}")
    return bad


def charges_are_the_law_s(year: Year) -> list[str]:
    """A formal notice claims each half-year's rate by the day, and 40 euro an invoice; no other mail claims anything.

    Consumers owe the legal rate alone, on invoices of an earlier formal notice, from the day after it.
    """
    bad = []
    noticed: dict[str, dt.date] = {}
    for week in year.weeks:
        for mail in week.mails:
            nature = WAYS[mail.debtor][0]
            late = year.late(week, mail.debtor, mail.currency) if mail.step == "formal_notice" else []
            fixed = Decimal(40 * len(late)) if late and mail.currency == "EUR" and nature != "Particulier" else None
            if nature == "Particulier":
                sums = [_interest(one, week, noticed[one.number], LEGAL) for one in late if one.number in noticed]
            else:
                sums = [_interest(one, week, one.due, RATES, public=nature == "Public") for one in late]
            interest = sum(sums, Decimal(0)) or None
            found = _amount(mail.text, "Intérêts de retard"), _amount(mail.text, "Indemnité forfaitaire")
            if found != (interest, fixed) or (nature == "Particulier" and re.search("L441-10|D441-5", mail.text)):
                bad.append(f"{week.day}: {mail.debtor} should owe {interest} and {fixed}:\n{mail.text}")
            noticed |= {number: mail.day for number, step in mail.lines.items() if step == "formal_notice"}
    return bad


def nobody_is_reminded_in_liquidation(year: Year) -> list[str]:
    """Once the ledger tells of it nothing is sent any more."""
    return [
        f"{mail.day}: {mail.step}" for mail in _mails(year) if mail.debtor == "ruined" and mail.day > year.firm.ruin
    ]


def pennies_are_not_asked_for(year: Year) -> list[str]:
    """Nothing is sent for less than 5.00."""
    return [
        f"{week.day}: {mail.debtor}" for week in year.weeks for mail in week.mails
        if sum((one.left(week.closed) for one in year.firm.of(mail.debtor, mail.currency, week.closed)), Decimal(0)) < 5
    ]  # fmt: skip


RULES: tuple[Callable[[Year], list[str]], ...] = (
    totals_agree, every_row_says_why, no_rung_is_jumped, contacts_keep_their_distance, mails_ask_for_what_is_owed,
    charges_are_the_law_s, nobody_is_reminded_in_liquidation, pennies_are_not_asked_for,
)  # fmt: skip


def _mails(year: Year) -> list[Mail]:
    return [mail for week in year.weeks for mail in week.mails]


def _amount(text: str, label: str) -> Decimal | None:
    found = re.search(rf"{label} +(-?[\d ]+,\d\d)", text)
    return Decimal(found[1].replace(" ", "").replace(",", ".")) if found else None


def _interest(
    one: Item, week: Week, since: dt.date, rates: Mapping[dt.date, Decimal], *, public: bool = False
) -> Decimal:
    """Return simple interest on what is open, for each day after `since` up to the day of the run."""
    late = [since + dt.timedelta(ahead) for ahead in range(1, (week.day - since).days + 1)]
    points = sum((_rate(rates, late[0]) - 2 if public else _rate(rates, day) for day in late), Decimal(0))
    return (one.left(week.closed) * points / 100 / 365).quantize(Decimal("0.01"), ROUND_HALF_UP)


def _rate(rates: Mapping[dt.date, Decimal], day: dt.date) -> Decimal:
    return rates[max(since for since in rates if since <= day)]
