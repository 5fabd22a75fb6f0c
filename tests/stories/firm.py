"""An invented firm with a customer for each way of paying: what its ledger says on any day, and what its customers do."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random

CENT = Decimal("0.01")
HEADINGS = "Compte client;Client;Email;Téléphone;Nature;N° facture;Type;Date facture;Date d'échéance;Montant TTC;Solde dû;Devise;Commentaire"

# Way of paying: nature and days between invoices. What each does stands in Firm.answer and Firm.bill.
WAYS = {
    "prompt": ("Entreprise", 30),
    "first": ("Entreprise", 30),  # pays after the first reminder
    "second": ("Entreprise", 21),  # after the second
    "half": ("Entreprise", 45),  # half after the first, the rest after the second
    "credits": ("Entreprise", 14),  # has credit notes, one as large as an invoice that falls due
    "dollars": ("Entreprise", 21),  # owes two currencies
    "promises": ("Entreprise", 30),  # promises after each reminder and breaks it
    "bounces": ("Entreprise", 30),  # the first mail comes back
    "silent": ("Entreprise", 30),
    "private": ("Particulier", 45),  # silent
    "town": ("Public", 45),  # silent
    "ruined": ("Entreprise", 30),  # silent, and liquidated
    "pennies": ("Entreprise", 60),  # owes less than anybody would ask for
}


@dataclass
class Item:
    """One line of the ledger; `paid` holds days and amounts, the ledger shows only what is left."""

    debtor: str
    number: str
    issued: dt.date
    due: dt.date
    amount: Decimal
    currency: str = "EUR"
    paid: dict[dt.date, Decimal] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """Return the ledger's word for it."""
        return "Facture" if self.amount > 0 else "Avoir"

    def left(self, day: dt.date) -> Decimal:
        """Return what is open at the end of a day."""
        return self.amount - sum((amount for at, amount in self.paid.items() if at <= day), Decimal(0))


class Firm:
    """The firm's books over some weeks, drawn from a seed."""

    def __init__(self, seed: int, start: dt.date, weeks: int) -> None:
        """Draw the invoices of so many weeks, and of the two months before them."""
        self.random = Random(seed)  # noqa: S311  an invented firm, no secret
        self.ruin = start + dt.timedelta(49)  # the liquidation is written into the ledger
        self.items: list[Item] = []
        self.bounced = False
        end = start + dt.timedelta(7 * weeks)
        for way, (_, every) in WAYS.items():
            day = start - dt.timedelta(60 - self.random.randrange(14))
            while day < end:
                self.bill(way, day)
                day += dt.timedelta(every)

    def bill(self, way: str, day: dt.date) -> None:
        """Write an invoice, with what is known of its payment from the beginning."""
        amount = (
            Decimal(self.random.randrange(200, 450) if way == "pennies" else self.random.randrange(30000, 300000)) / 100
        )
        currency = "USD" if way == "dollars" and self.random.random() < 1 / 2 else "EUR"
        item = Item(way, self._number("FA"), day, day + dt.timedelta(30), amount, currency)
        self.items.append(item)
        if way == "prompt":
            item.paid[item.due] = amount
        if way in ("credits", "dollars"):
            item.paid[item.due + dt.timedelta(self.random.choice([1, 12, 30]))] = amount
        if way == "credits" and self.random.random() < 1 / 2:
            share = (amount / self.random.choice([1, 2, 4])).quantize(CENT)
            given = item.due - dt.timedelta(self.random.choice([-9, 5]))
            self.items.append(
                Item(way, self._number("AV"), given, given, -share, paid={given + dt.timedelta(28): -share})
            )

    def _number(self, prefix: str) -> str:
        return f"{prefix}{len(self.items) + 1:04d}"

    def of(self, debtor: str, currency: str, day: dt.date) -> list[Item]:
        """Return what is open of an account at the end of a day."""
        return [
            one
            for one in self.items
            if (one.debtor, one.currency) == (debtor, currency) and one.issued <= day and one.left(day)
        ]

    def export(self, day: dt.date) -> Iterator[str]:
        """Yield the csv lines of everything open at the end of a day."""
        yield HEADINGS
        for one in self.items:
            if one.issued > day or not one.left(day):
                continue
            note = f"LJ du {self.ruin:%d/%m/%Y}" if one.debtor == "ruined" and day >= self.ruin else ""
            amounts = [f"{amount:.2f}".replace(".", ",") for amount in (one.amount, one.left(day))]
            yield ";".join([
                one.debtor.upper(), f"Maison {one.debtor}", f"compta@{one.debtor}.example", "02 40 00 00 00", WAYS[one.debtor][0],
                one.number, one.kind, f"{one.issued:%d/%m/%Y}", f"{one.due:%d/%m/%Y}", *amounts, one.currency, note,
            ])  # fmt: skip

    def answer(self, day: dt.date, debtor: str, step: str, numbers: list[str]) -> dict[str, str]:
        """Pay what a message makes this customer pay; return what else came of it as a line of an events file, or nothing."""
        share = {("first", "reminder_1"): 1, ("second", "reminder_2"): 1, ("half", "reminder_1"): 2, ("half", "reminder_2"): 1,
                 ("bounces", "reminder_2"): 1, ("promises", "formal_notice"): 1}.get((debtor, step), 0)  # fmt: skip
        for one in self.items:
            if share and one.number in numbers and max(one.paid, default=day) <= day:
                one.paid[day + dt.timedelta(4)] = (one.left(day) / share).quantize(CENT)
        if debtor == "bounces" and step == "reminder_1" and not self.bounced:
            self.bounced = True
            return {"kind": "bounced", "facture": numbers[0], "note": "550 user unknown"}
        if debtor == "promises" and step in ("reminder_1", "reminder_2"):
            return {"kind": "promised", "until": str(day + dt.timedelta(5))}
        return {}
