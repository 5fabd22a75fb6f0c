"""What the facts are found in: the tables of one ledger and its history, cut once for all of them."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field

import pandas as pd

from batch.core import history
from batch.core.calendar import days_between, stamp
from batch.core.policy import Policy
from batch.core.tables import look_up

Finder = Callable[["Known"], pd.DataFrame]


@dataclass(frozen=True)
class Known:
    """Everything known on the as-of day.

    `paid` are settled invoices with their `delay` in days, `late` the overdue ones with `days_late` and `paid_part`;
    `sent` are mails and letters that arrived, `said` what debtors said, `promises` what they promised, `money` the last day each
    debtor paid anything; `sent_days` says that the ledger tells when invoices were sent; `found` and `cuts` keep what was asked
    for before.
    """

    as_of: pd.Timestamp
    debtors: pd.DataFrame
    invoices: pd.DataFrame
    paid: pd.DataFrame
    late: pd.DataFrame
    events: pd.DataFrame
    sent: pd.DataFrame
    said: pd.DataFrame
    promises: pd.DataFrame
    money: pd.Series
    policy: Policy
    aged: pd.DataFrame
    payments: pd.DataFrame
    sent_days: bool = False
    kinds: frozenset[str] = frozenset()
    found: dict[Finder, pd.DataFrame] = field(default_factory=dict, repr=False)
    cuts: dict[tuple[str, tuple[str, ...]], pd.DataFrame] = field(default_factory=dict, repr=False)

    def once(self, find: Finder) -> pd.DataFrame:
        """Return what a finder finds here, looked for once: several facts, and the ladder, ask for the same."""
        if find not in self.found:
            self.found[find] = find(self)
        return self.found[find]

    def of(self, *kinds: str) -> pd.DataFrame:
        """Return the events of these kinds; most ledgers have none."""
        return self._cut("events", "kind", kinds)

    def taken(self, step: str) -> pd.DataFrame:
        """Return the mails and letters of this step that arrived."""
        return self._cut("sent", "step", (step,))

    def _cut(self, table: str, column: str, codes: tuple[str, ...]) -> pd.DataFrame:
        if (table, codes) not in self.cuts:
            rows: pd.DataFrame = getattr(self, table)
            self.cuts[table, codes] = rows if rows.empty else rows[rows[column].isin(codes)]
        return self.cuts[table, codes]

    def happened(self, *kinds: str) -> bool:
        """Tell whether any event of these kinds is known: most ledgers have no such history, and need not be searched."""
        return not self.kinds.isdisjoint(kinds)

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
        whole = (rows["item_id"] == "") & ~(look_up(rows["debtor_id"], first) > rows["at"])
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
    concerned = debtors[debtors["debtor_id"].isin(aged["debtor_id"])]
    invoices = items[(items["kind"] == "invoice") & items["debtor_id"].isin(concerned["debtor_id"])]
    paid = invoices[(invoices["open"] == 0) & invoices["paid_on"].notna()]
    late = invoices[invoices["item_id"].isin(aged.loc[aged["overdue"], "item_id"])]
    days_late = look_up(late["item_id"], aged.set_index("item_id")["days_late"])
    said = history.said(events, items, policy.words)
    return Known(
        as_of=stamp(as_of),
        debtors=concerned,
        invoices=invoices,
        paid=paid.assign(delay=days_between(paid["due"], paid["paid_on"]).fillna(0).astype("int64")),
        late=late.assign(days_late=days_late, paid_part=late["amount"] - late["open"]),
        events=events,
        sent=history.delivered(events),
        said=said,
        promises=history.promises(events, said, items, policy, as_of),
        money=_last_money(invoices, payments, stamp(as_of)),
        policy=policy,
        aged=aged,
        payments=payments,
        sent_days=sent_days or bool(invoices["sent_on"].notna().any()),
        kinds=frozenset(events["kind"].unique().tolist()),
    )


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
    last = (
        rows.sort_values([name for name in ("at", "text") if name in rows], kind="stable", na_position="first")
        .groupby("debtor_id")
        .tail(1)
        .set_index("debtor_id")
    )
    fact = last.reindex(columns=["at", "text"]).assign(code=code, n=rows.groupby("debtor_id").size())
    return fact.reset_index()


def counted(rows: pd.DataFrame, code: str, *, amount: str = "") -> pd.DataFrame:
    """Return one fact per debtor: how many rows (`n`) and, if a money column is named, their sum and currency.

    Amounts in several currencies are not added up: the rows of the first currency of the alphabet are counted.
    """
    if rows.empty:
        return rows[["debtor_id"]].assign(code=code)
    if not amount:
        return rows.groupby("debtor_id").size().rename("n").reset_index().assign(code=code)
    first = rows.groupby("debtor_id")["currency"].min()
    same = rows[(rows["currency"] == look_up(rows["debtor_id"], first))].groupby("debtor_id")
    sums = same[amount].sum()
    fact = pd.DataFrame({"n": same.size(), "amount": sums, "currency": first.reindex(sums.index)})
    return fact.reset_index().assign(code=code)
