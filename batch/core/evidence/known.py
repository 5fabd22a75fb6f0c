"""What the facts are found in: the tables of one ledger and its history, cut once for all of them."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from batch.core import history
from batch.core.calendar import days_between, stamp
from batch.core.keys import NONE, Array, Cut, Keys, number
from batch.core.lookup import look_up
from batch.core.policy import Policy

# The columns that the facts and the ladder ask for.
_ITEM = ["item_id", "debtor_id", "kind", "number", "issued", "due", "sent_on", "amount", "open", "currency", "paid_on",
         "payment_mode", "disputed", "hold_until", "retention", "reference", "note"]  # fmt: skip
_PAID = ["item_id", "debtor_id", "number", "issued", "due", "amount", "currency", "paid_on"]
_EVENT = [
    "at",
    "debtor_id",
    "item_id",
    "number",
    "kind",
    "step",
    "message_id",
    "amount",
    "until",
    "value",
    "meaning",
    "note",
]

Finder = Callable[["Known"], pd.DataFrame]


@dataclass(frozen=True)
class Known:
    """Everything known on the as-of day; its tables have numbers for item_id and debtor_id (`item_keys`, `debtor_keys`).

    `debtors` have their own text key as `customer`; `events` are cut by kind, `steps` is `sent` cut by step. `paid` are settled invoices with their `delay` in days, `late` the overdue ones with `days_late` and `paid_part`;
    `sent` are mails and letters that arrived, `said` what debtors said, `promises` what they promised, `money` the last day each
    debtor paid anything; `sent_days` says that the ledger tells when invoices were sent; `found` keeps what was found before.
    """

    as_of: pd.Timestamp
    debtors: pd.DataFrame
    invoices: pd.DataFrame
    paid: pd.DataFrame
    late: pd.DataFrame
    events: Cut
    sent: pd.DataFrame
    said: pd.DataFrame
    promises: pd.DataFrame
    money: pd.Series
    policy: Policy
    aged: pd.DataFrame
    payments: pd.DataFrame
    steps: Cut
    item_keys: Keys
    debtor_keys: Keys
    sent_days: bool = False
    found: dict[Finder, pd.DataFrame] = field(default_factory=dict, repr=False)

    def numbered(self, table: pd.DataFrame) -> pd.DataFrame:
        """Return a table with numbers for its keys."""
        return self._with_keys(table, Keys.numbers)

    def worded(self, table: pd.DataFrame) -> pd.DataFrame:
        """Return a table with its keys for their numbers."""
        return self._with_keys(table, Keys.words)

    def _with_keys(self, table: pd.DataFrame, turn: Callable[[Keys, pd.Series], pd.Series]) -> pd.DataFrame:
        keys = {"item_id": self.item_keys, "debtor_id": self.debtor_keys}
        return table.assign(**{name: turn(known, table[name]) for name, known in keys.items() if name in table})

    def once(self, find: Finder) -> pd.DataFrame:
        """Return what a finder finds here, looked for once: several facts, and the ladder, ask for the same."""
        if find not in self.found:
            self.found[find] = find(self)
        return self.found[find]

    def of(self, *kinds: str) -> pd.DataFrame:
        """Return the events of these kinds; most ledgers have none."""
        return self.events.of(*kinds)

    def taken(self, step: str) -> pd.DataFrame:
        """Return the mails and letters of this step that arrived."""
        return self.steps.of(step)

    def happened(self, *kinds: str) -> bool:
        """Tell whether any event of these kinds is known: most ledgers have no such history, and need not be searched."""
        return self.events.having(*kinds)

    def speaking(self, *meanings: str, kinds: tuple[str, ...] = ()) -> pd.DataFrame:
        """Return what was said with one of these meanings (and, if given, in one of these kinds of event)."""
        if self.said.empty:
            return self.said
        heard = self.said[self.said["meaning"].isin(meanings)]
        return heard[heard["kind"].isin(kinds)] if kinds else heard

    def still_open(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Keep what concerns something still open; what was paid since is over.

        That is an open invoice which was named, or, where none was, a debtor who still owes one issued by then.
        """
        if rows.empty:
            return rows
        owed = self.once(_owed)
        first = owed.groupby("debtor_id")["issued"].min()
        whole = (rows["item_id"] == NONE) & ~(look_up(rows["debtor_id"], first) > rows["at"])
        return rows[rows["item_id"].isin(owed["item_id"]) | (whole & rows["debtor_id"].isin(first.index))]

    def count_late(self) -> pd.Series:
        """Return how many overdue invoices each debtor has."""
        return self.late.groupby("debtor_id").size()


def know(
    items: pd.DataFrame,
    aged: pd.DataFrame,
    debtors: pd.DataFrame,
    payments: pd.DataFrame,
    events: pd.DataFrame,
    policy: Policy,
    as_of: dt.date,
    *,
    sent_days: bool = False,
) -> Known:
    """Cut ITEMS, AGED, DEBTORS, PAYMENTS and resolved EVENTS into what the facts are found in; only debtors with something open count.

    `sent_days`: the ledger has a column for the day on which invoices were sent, be it empty.
    """
    item_keys, numbers = number([table["item_id"] for table in (items, aged, events, payments)])
    items, aged, events, payments = _put("item_id", numbers, [items[_ITEM], aged, events[_EVENT], payments])
    debtor_keys, numbers = number([table["debtor_id"] for table in (items, aged, events, debtors)], in_order=True)
    customers = debtors.assign(customer=debtors["debtor_id"])
    items, aged, events, debtors = _put("debtor_id", numbers, [items, aged, events, customers])
    concerned = debtors[debtors["debtor_id"].isin(aged["debtor_id"])]
    invoices = items[(items["kind"] == "invoice") & items["debtor_id"].isin(concerned["debtor_id"])]
    paid = invoices[_PAID][(invoices["open"] == 0) & invoices["paid_on"].notna()]
    late = invoices[invoices["item_id"].isin(aged.loc[aged["overdue"], "item_id"])]
    days_late = look_up(late["item_id"], aged.set_index("item_id")["days_late"])
    happened = Cut.by(events, "kind")
    said = history.said(happened, items, policy.words)
    sent = history.delivered(happened)
    return Known(
        as_of=stamp(as_of),
        debtors=concerned,
        invoices=invoices,
        paid=paid.assign(delay=days_between(paid["due"], paid["paid_on"]).fillna(0).astype("int64")),
        late=late.assign(days_late=days_late, paid_part=late["amount"] - late["open"]),
        events=happened,
        sent=sent,
        said=said,
        promises=history.promises(happened, said, items, policy, as_of),
        money=_last_money(invoices, payments, stamp(as_of)),
        policy=policy,
        aged=aged,
        payments=payments,
        steps=Cut.by(sent, "step"),
        item_keys=item_keys,
        debtor_keys=debtor_keys,
        sent_days=sent_days or bool(invoices["sent_on"].notna().any()),
    )


def _put(name: str, numbers: list[Array], tables: list[pd.DataFrame]) -> list[pd.DataFrame]:
    return [table.assign(**{name: given}) for table, given in zip(tables, numbers, strict=True)]


def _owed(known: Known) -> pd.DataFrame:
    """Return the open invoices."""
    return known.invoices[known.invoices["open"] > 0]


def _last_money(invoices: pd.DataFrame, payments: pd.DataFrame, as_of: pd.Timestamp) -> pd.Series:
    """Return the last day on which each debtor paid anything, in full or in part."""
    parts = payments[payments["at"] <= as_of].groupby("item_id")["at"].max()
    days = look_up(invoices["item_id"], parts).fillna(invoices["paid_on"])
    return days.groupby(invoices["debtor_id"]).max()


def latest(rows: pd.DataFrame, code: str) -> pd.DataFrame:
    """Return one fact per debtor from dated rows: how many (`n`), the last day (`at`) and its text."""
    if rows.empty:
        return rows[["debtor_id"]].assign(code=code)
    order = [name for name in ("at", "text") if name in rows]
    rows = rows[["debtor_id", *order]].sort_values(order, kind="stable", na_position="first")
    last = rows.drop_duplicates("debtor_id", keep="last")
    return last.assign(code=code, n=np.bincount(rows["debtor_id"])[last["debtor_id"]])


def counted(rows: pd.DataFrame, code: str, *, amount: str = "") -> pd.DataFrame:
    """Return one fact per debtor: how many rows (`n`) and, if a money column is named, their sum and currency.

    Amounts in several currencies are not added up: the rows of the first currency of the alphabet are counted.
    """
    if rows.empty:
        return rows[["debtor_id"]].assign(code=code)
    debtors = rows["debtor_id"].to_numpy()
    if not amount:
        number_of = np.bincount(debtors)
        concerned = np.flatnonzero(number_of)
        return pd.DataFrame({"debtor_id": concerned, "n": number_of[concerned], "code": code})
    currency, names = pd.factorize(rows["currency"], sort=True)
    first = pd.Series(currency).groupby(debtors).min()
    same = currency == first.loc[debtors].to_numpy()
    sums = rows.loc[same, amount].groupby(debtors[same]).agg(["size", "sum"])
    fact = pd.DataFrame({"debtor_id": sums.index, "n": sums["size"].to_numpy(), "amount": sums["sum"].to_numpy()})
    return fact.assign(currency=names.take(first.to_numpy()), code=code)
