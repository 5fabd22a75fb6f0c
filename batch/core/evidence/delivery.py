"""Delivery facts: the invoice may never have arrived. Silence alone is none; a promise or payment of it excludes them."""

import numpy as np
import pandas as pd

from batch.core.calendar import days_between
from batch.core.evidence.known import Known, counted, latest
from batch.core.keys import NONE
from batch.core.lookup import latest_day, look_up

_ON_TIME = 3  # days late that still count as paid in time
_OTHERS = 3  # other invoices with a reference before one without is odd


def unacknowledged(known: Known) -> pd.DataFrame:
    """Return the overdue invoices that nobody promised to pay and nothing was paid on.

    A promise that names no invoice speaks of those that were due by then.
    """
    promised = known.promises
    whole = latest_day(promised[promised["item_id"] == NONE], "debtor_id")
    named = known.late["item_id"].isin(promised["item_id"]) | (
        known.late["due"] <= look_up(known.late["debtor_id"], whole)
    )
    return known.late[~named & (known.late["paid_part"] == 0)]


def _never_resent(known: Known) -> pd.DataFrame:
    """Return the unacknowledged invoices that were not sent again since."""
    rows = known.once(unacknowledged)
    return rows[~rows["item_id"].isin(known.taken("resend_invoice")["item_id"])]


def _still_true(known: Known, rows: pd.DataFrame) -> pd.DataFrame:
    """Keep what was said or happened since the invoice was last sent again, about debtors with an unacknowledged invoice."""
    if rows.empty:
        return rows
    resent = latest_day(known.taken("resend_invoice"), "debtor_id")
    last = look_up(rows["debtor_id"], resent)
    since = last.isna() | (rows["at"] > last)
    doubtful = known.once(unacknowledged)
    concerned = rows["item_id"].isin(doubtful["item_id"]) | (
        (rows["item_id"] == NONE) & rows["debtor_id"].isin(doubtful["debtor_id"])
    )
    return rows[since & concerned]


def bounced(known: Known) -> pd.DataFrame:
    """A mail came back and no other address was given since."""
    back = known.of("bounced").rename(columns={"note": "text"})
    given = latest_day(known.of("address"), "debtor_id")
    last = look_up(back["debtor_id"], given)
    return latest(_still_true(known, back[last.isna() | (back["at"] > last)]), "bounced")


def no_address(known: Known) -> pd.DataFrame:
    """The export has e-mail addresses, but none for this customer, and nobody typed one."""
    if not (known.debtors["email"] != "").any():
        return known.debtors.head(0)[["debtor_id"]]
    typed = known.of("address")["debtor_id"]
    without = known.debtors[(known.debtors["email"] == "") & ~known.debtors["debtor_id"].isin(typed)]
    doubtful = without[without["debtor_id"].isin(known.once(unacknowledged)["debtor_id"])]
    return doubtful[["debtor_id"]].assign(code="no-address")


def said_not_received(known: Known) -> pd.DataFrame:
    """The customer says that the invoice never came."""
    return latest(_still_true(known, known.speaking("not_received")), "said-not-received")


def wrong_contact(known: Known) -> pd.DataFrame:
    """The customer says that somebody else handles it."""
    return latest(_still_true(known, known.speaking("wrong_contact")), "wrong-contact")


def never_sent(known: Known) -> pd.DataFrame:
    """The export says when invoices were sent, and this one has no such day."""
    rows = known.once(_never_resent)
    return counted(rows[rows["sent_on"].isna()] if known.sent_days else rows.head(0), "never-sent")


def sent_late(known: Known) -> pd.DataFrame:
    """The invoice was sent after its own due date."""
    rows = known.once(_never_resent)
    return counted(rows[rows["sent_on"] > rows["due"]], "sent-late")


def later_invoice_paid(known: Known) -> pd.DataFrame:
    """A later invoice was paid in time while this one is open, never spoken of and not reminded in writing twice."""
    doubtful = known.once(_never_resent)
    answered = known.of("replied", "called", "met")["debtor_id"]
    reminded = known.taken("reminder_2")["item_id"]
    silent = doubtful[~doubtful["debtor_id"].isin(answered) & ~doubtful["item_id"].isin(reminded)]
    on_time = (known.paid["delay"] <= _ON_TIME) & known.paid["debtor_id"].isin(silent["debtor_id"])
    punctual = known.paid.loc[on_time, ["debtor_id", "number", "issued", "paid_on"]]
    newest = punctual.sort_values(["issued", "number"], kind="stable").drop_duplicates("debtor_id", keep="last")
    pairs = silent[["debtor_id", "issued", "due"]].merge(newest, on="debtor_id", suffixes=("", "_paid"))
    pairs = pairs[(pairs["issued_paid"] > pairs["issued"]) & (days_between(pairs["due"], pairs["paid_on"]) > 0)]
    return latest(pairs.rename(columns={"number": "text", "paid_on": "at"}), "later-invoice-paid")


def reference_missing(known: Known) -> pd.DataFrame:
    """The customer's other invoices carry a purchase order, this one does not."""
    rows = known.once(_never_resent)
    concerned = rows.loc[rows["reference"] == "", "debtor_id"]
    theirs = known.invoices.loc[known.invoices["debtor_id"].isin(concerned), ["debtor_id", "reference"]]
    m, n = (
        np.bincount(debtors) for debtors in (theirs["debtor_id"], theirs.loc[theirs["reference"] != "", "debtor_id"])
    )
    n = np.pad(n, (0, len(m) - len(n)))
    usual = np.flatnonzero((n >= _OTHERS) & (n * 5 >= m * 4))
    return pd.DataFrame({"debtor_id": usual, "n": n[usual], "m": m[usual], "code": "reference-missing"})


FACTS = (bounced, no_address, said_not_received, wrong_contact, never_sent, sent_late, later_invoice_paid,
         reference_missing)  # fmt: skip
