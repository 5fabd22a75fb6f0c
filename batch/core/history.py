"""Events from the journal and from the ledger's own columns → one history, resolved against the items of this ledger.

An event that names neither item nor number speaks of the whole debtor; one that names a number the ledger no longer holds
stays as a contact with the debtor and touches no item.
"""

import datetime as dt

import pandas as pd

from batch.core import lexicon
from batch.core.calendar import days_between, no_days, plus_business_days, plus_days, stamp
from batch.core.codes import GIVEN_OUT
from batch.core.keys import NONE, Cut
from batch.core.lookup import look_up
from batch.core.policy import Policy, Words
from batch.core.renumbered import follow, renumbered

SAME_CONTACT_DAYS = 3  # a ledger date this near to a journalled contact of the same step is the same contact
_LAST_DAY = r".*(?<![\d/.])(?P<day>\d{1,2})[/.](?P<month>\d{1,2})(?:[/.](?P<year>\d{4}|\d{2}))?\b"
_HALF_A_YEAR = 183
_TWO_DIGITS = 100  # years below are of this century
# The step that comes before others on every road.
_AFTER = {
    "reminder_1": ("reminder_2",),
    "reminder_2": ("formal_notice",),
    "formal_notice": GIVEN_OUT,
}
_STEP_OF = ["item_id", "kind", "step", "at"]
_FOUND = ["item_id_found", *_STEP_OF[1:]]
_AHEAD = 5  # a step may be taken this many days before an item is due (courtesy)


def resolve(
    journal: pd.DataFrame, ledger: pd.DataFrame, items: pd.DataFrame, debtors: pd.DataFrame, as_of: dt.date
) -> pd.DataFrame:
    """Return EVENTS up to the as-of day, in order of time, with debtor_id and item_id of this ledger where they can be found.

    `journal` and `ledger` are EVENTS tables; a customer may be given by exact name, an item by its number. A mail sent to a
    whole debtor becomes one row per item that was due by then.
    """
    events = pd.concat([journal, _news(ledger, journal)], ignore_index=True)
    events = _with_debtors(events[events["at"] < stamp(as_of) + pd.Timedelta(days=1)], items, debtors)
    events = _with_items(events, items)
    in_order = events["at"].is_monotonic_increasing
    return (events if in_order else events.sort_values("at", kind="stable")).reset_index(drop=True)


def _news(ledger: pd.DataFrame, journal: pd.DataFrame) -> pd.DataFrame:
    """Return the ledger's own contacts that the journal does not hold already."""
    if ledger.empty or journal.empty:
        return ledger
    lines = ledger.reset_index()[["index", "item_id", "step", "at"]]
    pairs = lines.merge(journal[["item_id", "step", "at"]], on=["item_id", "step"], suffixes=("", "_known"))
    same = days_between(pairs["at"], pairs["at_known"]).abs() <= SAME_CONTACT_DAYS
    return ledger[~ledger.index.isin(pairs.loc[same, "index"])]


def _with_debtors(events: pd.DataFrame, items: pd.DataFrame, debtors: pd.DataFrame) -> pd.DataFrame:
    known = events["debtor_id"].isin(debtors["debtor_id"])
    if known.all():
        return events
    names = debtors.drop_duplicates("name", keep=False).set_index("name")["debtor_id"]
    found = events["debtor_id"].where(known, look_up(events["debtor_id"], names))
    named = events.assign(debtor_id=found.fillna(events["debtor_id"]))
    changed = renumbered(named, items, debtors)
    return named if changed.empty else follow(named, changed)


def _with_items(events: pd.DataFrame, items: pd.DataFrame) -> pd.DataFrame:
    """Give each event its item; several items under one number, or a mail to the whole debtor, make several rows."""
    events = events.reset_index(drop=True).rename_axis("event")
    vague = events[~events["item_id"].isin(items["item_id"])].reset_index()
    if vague.empty:
        return events
    whole = (vague["number"] == "") & (vague["item_id"] == "")
    whole &= vague["kind"].isin(["sent", "registered_letter"]) | (
        (vague["kind"] == "bounced") & (vague["message_id"] == "")
    )
    invoices = items[["debtor_id", "currency", "item_id", "number", "due"]]
    invoices = invoices[invoices["debtor_id"].isin(vague["debtor_id"])]
    numbered = vague[vague["number"] != ""].merge(invoices, on=["debtor_id", "number"], suffixes=("", "_found"))
    spread = vague[whole].merge(invoices, on="debtor_id", suffixes=("", "_found"))
    due = spread["due"] < spread["at"].mask(spread["step"] == "courtesy", spread["at"] + pd.Timedelta(days=_AHEAD))
    meant = (spread["currency"] == "") | (spread["currency"] == spread["currency_found"])
    numbered = _due_by_then(numbered)
    taken = pd.concat([events[_STEP_OF], numbered[_FOUND].set_axis(_STEP_OF, axis=1)])
    found = pd.concat([numbered, _on_their_rung(spread[due & meant], taken)], ignore_index=True)
    rest = events[~events.index.isin(found["event"])].reset_index()
    found = found.assign(item_id=found["item_id_found"])[list(rest.columns)]
    return pd.concat([rest, found], ignore_index=True).sort_values("event", kind="stable").drop(columns="event")


def _on_their_rung(spread: pd.DataFrame, taken: pd.DataFrame) -> pd.DataFrame:
    """Keep, of the items that a step noted for a whole debtor is spread over, those that took the step before it.

    Where none of them is known to have taken it, the step is about all of them. An invoice that fell due yesterday never goes
    to the bailiff with the old ones.
    """
    for softer, steps in _AFTER.items():
        had = pd.concat([taken, spread[_FOUND].set_axis(_STEP_OF, axis=1)])
        had = had[had["kind"].eq("sent") & had["step"].eq(softer)]
        first = had.groupby("item_id")["at"].min()
        ready = look_up(spread["item_id_found"], first) <= spread["at"]
        some = ready.groupby(spread["event"]).transform("any")
        spread = spread[~spread["step"].isin(steps) | ready | ~some]
    return spread


def _due_by_then(numbered: pd.DataFrame) -> pd.DataFrame:
    """Keep, of several instalments under one number, those that were due at the time of the event, else all."""
    then = numbered["due"] <= numbered["at"] + pd.Timedelta(days=_AHEAD)
    return numbered[then | ~then.groupby(numbered["event"]).transform("any")]


def delivered(events: Cut) -> pd.DataFrame:
    """Return the mails that did not bounce and the registered letters of a step.

    A bounce voids the mail with its Message-ID; one without a Message-ID voids the mail before it about the same item, and
    with it what that mail said of other items.
    """
    sent = events.of("sent", "registered_letter")
    if events.having("registered_letter"):
        sent = sent[(sent["kind"] == "sent") | (sent["step"] != "")]
    back = events.of("bounced")
    if back.empty:
        return sent
    known = back.loc[back["message_id"] != "", "message_id"]
    items = back.loc[(back["message_id"] == "") & (back["item_id"] != NONE), "item_id"]
    columns = ["item_id", "kind"]
    turns = sent.loc[sent["item_id"].isin(items), columns]
    turns = pd.concat([turns[turns["kind"] == "sent"], back.loc[items.index, columns]]).sort_index()
    following = turns.groupby("item_id", sort=False)["kind"].shift(-1)
    void = turns.index[(turns["kind"] == "sent") & (following == "bounced")]
    voided = sent.index.isin(void)
    known = pd.concat([known, sent.loc[voided & (sent["message_id"] != ""), "message_id"]])
    return sent[~voided if known.empty else ~(voided | sent["message_id"].isin(known))]


def contacts(events: Cut, arrived: pd.DataFrame) -> pd.DataFrame:
    """Return debtor_id and at of what counts as a contact with the debtor: mails and letters that `arrived`, calls, meetings."""
    columns = ["debtor_id", "at"]
    return pd.concat([arrived[columns], events.of("called", "met")[columns]])


def latest_contact(events: pd.DataFrame) -> dt.date | None:
    """Return the day of the last contact or other act that was journalled; promises and holds may lie ahead and do not count."""
    made = events.loc[events["kind"].isin(["sent", "called", "met", "registered_letter", "handed_over"]), "at"]
    return None if made.empty else made.max().date()


def notes(events: pd.DataFrame) -> pd.DataFrame:
    """Return what people noted about accounts without anything else (debtor_id, currency, at, text), the latest last.

    A currency of "" means every account of the debtor. A note steers nothing: it is shown.
    """
    found = events[(events["kind"] == "noted") & (events["note"] != "")]
    found = found.sort_values("at", kind="stable").rename(columns={"note": "text"})
    return found[["debtor_id", "currency", "at", "text"]].reset_index(drop=True)


def _about_gone(events: pd.DataFrame) -> pd.Series:
    """Tell which events name an invoice that this ledger does not hold: they are contacts, and say nothing of the others."""
    return (events["item_id"] == NONE) & (events["number"] != "")


def said(events: Cut, items: pd.DataFrame, words: Words) -> pd.DataFrame:
    """Return what debtors said: debtor_id, item_id, at, kind, meaning, text; one row per meaning.

    From answers, calls, meetings and promises, and from the comments on open items (kind "comment", `at` missing). A meaning
    that the journal states is taken, else the words are read.
    """
    spoken = events.of("replied", "called", "met", "promised")
    spoken = spoken[~_about_gone(spoken)]
    stated = spoken[spoken["meaning"] != ""]
    unread = spoken[spoken["meaning"] == ""]
    comments = items.loc[items["open"] > 0, ["debtor_id", "item_id", "note", "kind"]]
    comments = comments[(comments["note"] != "") & (comments["kind"] == "invoice")]
    comments = comments.assign(at=no_days(comments.index), kind="comment")
    columns = ["debtor_id", "item_id", "at", "kind", "meaning", "text"]
    heard = [stated.rename(columns={"note": "text"})[columns]]
    for source in (unread, comments):
        if source.empty:
            continue
        found = lexicon.read(source["note"], words)
        heard.append(source.loc[found["index"], ["debtor_id", "item_id", "at", "kind"]].reset_index(drop=True)
                     .assign(meaning=found["meaning"].to_numpy(), text=found["text"].to_numpy()))  # fmt: skip
    return pd.concat(heard, ignore_index=True)


def _worded_promises(spoken: pd.DataFrame, as_of: dt.date) -> pd.DataFrame:
    """Return the promises that comments, answers and calls speak of, until the last day they name; no amount is read.

    A day without a year is the one nearest to when it was said; a comment is taken as said today.
    """
    heard = spoken[(spoken["meaning"] == "promise") & (spoken["kind"] != "promised")].reset_index(drop=True)
    columns = ["debtor_id", "item_id", "at"]
    if heard.empty:
        return heard[columns].assign(until=heard["at"], amount=0)
    named = heard["text"].str.extract(_LAST_DAY).astype("float64")
    then = heard["at"].fillna(stamp(as_of))
    year = (named["year"] + 2000 * (named["year"] < _TWO_DIGITS)).fillna(then.dt.year)
    until = pd.to_datetime(named.assign(year=year), errors="coerce").astype("datetime64[s]")
    away = days_between(then, until).where(named["year"].isna(), 0)
    until = until.mask(away < -_HALF_A_YEAR, until + pd.DateOffset(years=1))
    until = until.mask(away > _HALF_A_YEAR, until - pd.DateOffset(years=1)).astype("datetime64[s]")
    return heard[columns].assign(until=until, amount=0)[until.notna()]


def promises(events: Cut, spoken: pd.DataFrame, items: pd.DataFrame, policy: Policy, as_of: dt.date) -> pd.DataFrame:
    """Return every promise to pay, given or `said`: debtor_id, item_id (NONE = all), at, until, amount, deadline, state.

    A promise runs until its date plus some business days; without a date it runs as long as an answer pauses. It is kept when
    its items are paid by then (late when they are paid afterwards), broken when one of them is still open after it, replaced when a newer promise came in time.
    """
    given = events.of("promised", "called", "replied", "met")
    word = given["meaning"].isin(["promise", "will_pay"]) | ((given["meaning"] == "") & (given["kind"] == "called"))
    given = given[((given["kind"] == "promised") | (given["until"].notna() & word)) & ~_about_gone(given)]
    columns = ["debtor_id", "item_id", "at", "until", "amount"]
    given = pd.concat([_worded_promises(spoken, as_of), given[columns]], ignore_index=True)
    given = given.sort_values("at", kind="stable", ignore_index=True)
    until = given["until"].fillna(plus_days(given["at"], policy.answer_pause))
    holidays = policy.holidays.get(policy.country, frozenset())
    given = given.assign(until=until, deadline=plus_business_days(until, policy.promise_grace, holidays))
    newer = given.groupby(["debtor_id", "item_id"])["at"].shift(-1)
    whole = given["item_id"] == NONE
    general = look_up(given["debtor_id"], given[whole].groupby("debtor_id")["at"].max())
    newer = newer.fillna(general.where((general > given["at"]) & ~whole))
    concerned = items["debtor_id"].isin(given["debtor_id"]) | items["item_id"].isin(given["item_id"])
    items = items[["item_id", "debtor_id", "due", "open", "amount", "paid_on"]][concerned]
    open_items = items[items["open"] > 0]
    unpaid = given["item_id"].isin(open_items["item_id"])
    oldest = open_items.groupby("debtor_id")["due"].min()
    unpaid |= whole & (look_up(given["debtor_id"], oldest) <= given["at"])
    table = items.drop_duplicates("item_id").set_index("item_id")
    paid_on = look_up(given["item_id"], table["paid_on"])
    paid_part = look_up(given["item_id"], table["amount"] - table["open"])
    unpaid &= ~((given["amount"] > 0) & (paid_part >= given["amount"]))
    state = pd.Series("kept", index=given.index).mask(paid_on > given["deadline"], "late")
    state = state.mask(unpaid, "broken").mask(newer <= given["deadline"], "replaced")
    state = state.mask((given["deadline"] >= stamp(as_of)) & unpaid & (state != "replaced"), "running")
    return given[["debtor_id", "item_id", "at", "until", "amount", "deadline"]].assign(state=state)
