"""Mails that a server refused for good → the customers' addresses that are to blame, and the day they were refused.

A refusal blames the address, the sender or the message. Only an address is the customer's: it gets no further mail until another
one is given, or a person says by the mail's Message-ID that it may be tried again.
"""

import re

import pandas as pd

from batch.core.lookup import latest_day, look_up

KINDS = ("refused", "released", "address")  # the events that say whether an address is refused

# An answer that names the address came to RCPT, before the text had left; one that names none came to the text.
_ANSWER = re.compile(r"(?:(?P<address>\S+@\S+): )?5\d\d\b")
_STATE = re.compile(r"\b5\d\d[ -](?P<state>5\.\d{1,3}\.\d{1,3})\b")
# RFC 3463: 5.1 speaks of addresses, 5.2 of mailboxes; 5.1.7 and 5.1.8 of the sender's, 5.2.3 of a mail that is too long.
_OF_ADDRESS = re.compile(r"5\.1\.(?![78]$)\d+|5\.2\.(?!3$)\d+")
# Microsoft 365 says so of mailboxes that it does not know.
_UNKNOWN_THERE = re.compile(r"\b5\.4\.1 Recipient address rejected", re.IGNORECASE)
# What a server without states says where it does not let the sender through: no right to send by it, its share, its name.
_OF_SENDER = re.compile(
    r"\b5(30|54)[ -]|\brelay|\bsending (quota|limit)|\bsender\b|\bspam|\b(black|block)[ -]?list|\bSPF\b|\bDKIM\b|\bDMARC\b",
    re.IGNORECASE,
)


def blames_address(answer: str) -> bool:
    """Say whether a final refusal is about the address it went to: by its enhanced status code, else by when it came.

    ANSWER is the server's as `delivery` keeps it, that about the customer's own address first. Words that are no server's, as
    a person types them into a file of the past, are taken to be about the address.
    """
    own = answer.split("; ", 1)[0]
    form = _ANSWER.match(own)
    if form is None:
        return True
    if found := _STATE.search(own):
        return bool(_OF_ADDRESS.fullmatch(found["state"]) or _UNKNOWN_THERE.search(own))
    return form["address"] is not None and not _OF_SENDER.search(own[form.end("address") :])


def refused_on(debtors: pd.Series, addresses: pd.Series, events: pd.DataFrame) -> pd.DataFrame:
    """Return `at` and `message_id` of the last refusal of each customer's address, a missing day where it was not refused.

    `events` are EVENTS of KINDS, in order of time. A refusal that names an address is about that one alone, until the same is
    given again on a later day; one that names none ends with the address given on its day or later.
    """
    standing = _standing(events)
    asked = pd.DataFrame({"debtor_id": debtors.to_numpy(), "address": addresses.to_numpy()})
    pairs = asked.rename_axis("row").reset_index().merge(standing, on="debtor_id")
    own = pairs[(pairs["named"] == "") | (pairs["named"] == _as_sent(pairs["address"]))]
    last = own.drop_duplicates("row", keep="last").set_index("row")[["at", "message_id"]].reindex(asked.index)
    return last.fillna({"message_id": ""}).set_axis(debtors.index)


def _standing(events: pd.DataFrame) -> pd.DataFrame:
    """Return the refusals that blame an address and still count (debtor_id, at, message_id, named), in order of time."""
    rows = events.reset_index(drop=True)
    refused = rows[rows["kind"] == "refused"]
    refused = refused[pd.Series([blames_address(note) for note in refused["note"]], index=refused.index, dtype="bool")]
    named = [found["address"] or "" if (found := _ANSWER.match(note)) else "" for note in refused["note"]]
    refused = refused.assign(named=_as_sent(pd.Series(named, index=refused.index, dtype="str")))
    released = rows[(rows["kind"] == "released") & (rows["message_id"] != "")]
    last = released.reset_index().groupby("message_id")["index"].max()
    refused = refused[~(look_up(refused["message_id"], last).fillna(-1) > refused.index)]
    given = rows[rows["kind"] == "address"]
    another = look_up(refused["debtor_id"], latest_day(given, "debtor_id")) >= refused["at"]
    again = look_up(_pairs(refused, "named"), given.groupby(_pairs(given, "value"))["at"].max()) > refused["at"]
    ended = another.where(refused["named"] == "", again)
    return refused.loc[~ended, ["debtor_id", "at", "message_id", "named"]]


def _pairs(rows: pd.DataFrame, address: str) -> pd.Series:
    return rows["debtor_id"].astype("str") + " " + _as_sent(rows[address])


def _as_sent(addresses: pd.Series) -> pd.Series:
    """Return addresses as a server was told them, to be compared: the domain in its ASCII form, all in small letters."""
    return pd.Series([_ascii(one) for one in addresses], index=addresses.index, dtype="str")


def _ascii(address: str) -> str:
    local, at, domain = address.strip().rpartition("@")
    try:
        domain = domain.encode("idna").decode("ascii")
    except UnicodeError:
        return address.lower()
    return f"{local}{at}{domain}".lower()
