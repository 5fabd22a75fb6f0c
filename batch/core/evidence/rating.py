"""What the contacts file says of the customer's credit: a poor rating, a credit limit that is passed."""

import pandas as pd

from batch.core.currencies import minor_units
from batch.core.evidence.known import Known
from batch.core.lexicon import plain

POOR_SHARE = 0.3  # of the best mark: 6/20 and 3/10 are poor
_MARK = r"^(?P<mark>\d+(?:[.,]\d+)?) ?/ ?(?P<best>\d+)$"
_LIMIT = r"\b(?:plafond|limite|encours|credit limit|limit)\D{0,20}(?P<sum>\d[\d .,]*)(?P<thousands>k?)"
_DECIMALS = r"(?P<whole>.*?)(?:[.,](?P<decimals>\d{1,2}))?$"


def _rated(known: Known) -> pd.DataFrame:
    """Return the debtors that owe something and have a rating, its text made plain (each distinct one once)."""
    rated = known.debtors.loc[known.debtors["rating"] != "", ["debtor_id", "rating"]]
    plainly = {text: plain(text) for text in rated["rating"].unique().tolist()}
    return rated.assign(plain=rated["rating"].map(plainly).astype("str"))


def poor_rating(known: Known) -> pd.DataFrame:
    """The rating is one of those the settings call poor, or a mark of at most three tenths of the best one."""
    rated = known.once(_rated)
    if rated.empty:
        return rated[["debtor_id"]]
    marks = rated["plain"].str.extract(_MARK).replace(",", ".", regex=True).astype("float64")
    low = marks["mark"] <= marks["best"] * POOR_SHARE
    named = rated["plain"].isin([plain(text) for text in known.policy.poor_ratings])
    poor = rated[low | named]
    return poor[["debtor_id"]].assign(text=poor["rating"], code="poor-rating")


def limit_passed(known: Known) -> pd.DataFrame:
    """The open balance, net of credits, is over the credit limit that the rating names; `amount` is by how much.

    A limit is written with its word ("plafond 5 000 €", "credit limit: 10k") and meant in the settings' currency.
    """
    rated = known.once(_rated)
    if rated.empty:
        return rated[["debtor_id"]]
    found = rated["plain"].str.extract(_LIMIT)
    parts = found["sum"].str.strip(" .,").str.extract(_DECIMALS)
    number = pd.to_numeric(parts["whole"].str.replace(r"\D", "", regex=True) + "." + parts["decimals"].fillna("0"))
    thousands = found["thousands"].eq("k").map({True: 1000, False: 1})
    limit = (number * thousands * 10 ** minor_units(known.policy.currency)).round()
    mine = known.aged[known.aged["currency"] == known.policy.currency]
    owed = mine.groupby("debtor_id")["open"].sum().reindex(pd.Index(rated["debtor_id"])).set_axis(rated.index)
    over = (owed - limit)[owed > limit].astype("int64")
    passed: pd.DataFrame = rated.loc[over.index, ["debtor_id"]]
    return passed.assign(amount=over, currency=known.policy.currency, code="credit-limit-passed")


FACTS = (poor_rating, limit_passed)
