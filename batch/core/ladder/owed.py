"""Open invoices → all that the ladder asks about them: account, policy, lateness, standing, habits, contacts."""

import pandas as pd

from batch.core import history
from batch.core.calendar import plus_days
from batch.core.evidence import Known
from batch.core.evidence.habit import habits
from batch.core.keys import Array
from batch.core.ladder.choice import policies_of, setting
from batch.core.lookup import latest_day, look_up
from batch.core.policy import BUSINESS


def owed_items(known: Known, accounts: pd.DataFrame, standings: pd.DataFrame) -> pd.DataFrame:
    """Return the open invoices with all that the ladder asks about them; the keys of all tables are numbers.

    Beside the item's own columns: account (row of ACCOUNTS), policy (the name of the one it follows), days_late, overdue,
    account_open, account_gross (before credits: they never hasten a step), standing, nature, patient (an old good customer),
    tardy (a habit of paying late), last_contact, free_on (the first day after the gap since then), called_on, met_on.
    """
    columns = ["item_id", "debtor_id", "currency", "number", "issued", "due", "amount", "open", "payment_mode", "retention",
               "hold_until"]  # fmt: skip
    owed = known.invoices.loc[known.invoices["open"] > 0, columns].reset_index(drop=True)
    owed["policy"] = policies_of(owed, known.debtors, known.policy)
    by_item = known.aged.set_index("item_id")
    owed["account"] = _accounts_of(owed, accounts)
    balance = accounts[["open", "unallocated"]].iloc[owed["account"]]
    habit = known.once(habits)
    policy = known.policy
    loyal = known.debtors.loc[
        known.debtors["known_since"] + pd.DateOffset(months=policy.patience_months) <= known.as_of, "debtor_id"
    ]
    mean_delay = look_up(owed["debtor_id"], habit["days"])
    nature = look_up(owed["debtor_id"], known.debtors.set_index("debtor_id")["nature"])
    judged = setting(owed, policy, lambda chosen: chosen.classification)
    patient = mean_delay < setting(owed, policy, lambda chosen: chosen.patience_delay)
    contact = look_up(owed["debtor_id"], latest_day(history.contacts(known.events, known.sent), "debtor_id"))
    return owed.assign(
        days_late=look_up(owed["item_id"], by_item["days_late"]),
        overdue=look_up(owed["item_id"], by_item["overdue"]),
        account_open=balance["open"].to_numpy(),
        account_gross=(balance["open"] - balance["unallocated"]).to_numpy(),
        standing=look_up(owed["debtor_id"], standings.set_index("debtor_id")["standing"]),
        nature=nature.where(nature != "", BUSINESS),
        patient=owed["debtor_id"].isin(loyal) & patient & judged,
        tardy=(look_up(owed["debtor_id"], 2 * habit["n"] <= habit["m"]) == True) & judged,  # noqa: E712  missing is not tardy
        last_contact=contact,
        free_on=plus_days(contact.dt.floor("D"), setting(owed, policy, lambda chosen: chosen.gap_days)),
        called_on=look_up(owed["debtor_id"], latest_day(known.of("called"), "debtor_id")),
        met_on=look_up(owed["debtor_id"], latest_day(known.of("met"), "debtor_id")),
    )


def _accounts_of(owed: pd.DataFrame, accounts: pd.DataFrame) -> Array:
    currencies = pd.Index(accounts["currency"].unique())
    theirs, ours = (
        rows["debtor_id"] * len(currencies) + currencies.get_indexer(rows["currency"]) for rows in (accounts, owed)
    )
    place: Array = pd.Index(theirs).get_indexer(pd.Index(ours))
    return place
