"""Events → how many mails the last round had, against which the round about to leave is held: a slip sends too many at once."""

import datetime as dt
from typing import NamedTuple

import pandas as pd

from batch.core.calendar import stamp

ROUND_DAYS = 7  # mails of one week are one round, on however many days they left
NOTABLE = 20  # fewer mails than this are never many
TIMES = 2


class LastRound(NamedTuple):
    """The last round before today: the day its last mail left, and its mails."""

    day: dt.date
    mails: int


def last_round(events: pd.DataFrame, today: dt.date) -> LastRound | None:
    """Return the mails that Relance sent in the seven days up to the last day before today on which it sent one; None: never."""
    ours = (events["kind"] == "sent") & (events["by"] == "relance") & (events["message_id"] != "")
    sent = events.loc[ours & (events["at"] < stamp(today)), ["at", "message_id"]]
    if sent.empty:
        return None
    last = sent["at"].max()
    lately = sent[sent["at"] > last - pd.Timedelta(days=ROUND_DAYS)]
    return LastRound(last.date(), int(lately["message_id"].nunique()))


def is_many(mails: int, last: LastRound | None) -> bool:
    """Say whether so many mails are more than twice the last round's, and enough to matter."""
    return last is not None and mails >= NOTABLE and mails > TIMES * last.mails
