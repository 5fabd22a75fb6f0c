"""A column of balances beside movements → what it is: a running total, a customer's total, a balance for each row, or unclear."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

RUNNING, TOTAL, REPEATED, OWN, UNCLEAR = "running", "total", "repeated", "own", "unclear"


@dataclass(frozen=True)
class Verdict:
    """What the column is; `unseen` (minor units by row, 0 elsewhere) is what it starts from without the book holding it."""

    kind: str
    unseen: np.ndarray


def judge(owed: np.ndarray, balance: np.ndarray, given: np.ndarray, accounts: Sequence[np.ndarray]) -> Verdict:
    """Judge a balance column by the signed movements beside it.

    `given` says where it holds an amount; `accounts` are the ways in which it may be kept (the whole book, by customer, by
    invoice), each a group number per row.
    """
    nothing = np.zeros(len(owed), dtype="int64")
    if not given.any():
        return Verdict(RUNNING, nothing)
    if (balance == owed)[given].all():
        return Verdict(REPEATED, nothing)
    kept = [(groups, each) for groups in accounts for each in _offsets(owed, balance, given, groups)]
    if any((offset == 0).all() for _, offset in kept):
        return Verdict(RUNNING, nothing)
    within = (np.abs(balance) <= np.abs(owed)) & ((balance == 0) | (np.sign(balance) == np.sign(owed)))
    own = bool(within[given].all())
    for groups, offset in kept:
        if _constant(offset, groups[given]):
            return Verdict(UNCLEAR, nothing) if own else Verdict(RUNNING, _firsts(offset, groups, given))
    if own:
        return Verdict(OWN, nothing)
    totals = (_sums(owed, groups) for groups in accounts)
    return Verdict(TOTAL if any((balance == total)[given].all() for total in totals) else UNCLEAR, nothing)


def _sums(owed: np.ndarray, groups: np.ndarray) -> np.ndarray:
    return pd.Series(owed).groupby(groups).transform("sum").to_numpy()


def _offsets(
    owed: np.ndarray, balance: np.ndarray, given: np.ndarray, groups: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return balance less the movements so far, read downwards and upwards, at the rows where a balance stands."""
    down = pd.Series(owed).groupby(groups).cumsum().to_numpy()
    up = _sums(owed, groups) - down + owed
    return (balance - down)[given], (balance - up)[given]


def _constant(offset: np.ndarray, groups: np.ndarray) -> bool:
    """Say whether each group keeps one offset, shown by at least as many further rows as there are groups."""
    first = pd.Series(offset).groupby(groups).transform("first").to_numpy()
    later = pd.Series(groups).duplicated().to_numpy()
    return bool(later.sum() * 2 >= len(groups) and (offset == first).all())


def _firsts(offset: np.ndarray, groups: np.ndarray, given: np.ndarray) -> np.ndarray:
    """Return each group's offset at the first of its rows that holds a balance."""
    unseen = np.zeros(len(groups), dtype="int64")
    places = np.flatnonzero(given)
    first = ~pd.Series(groups[places]).duplicated().to_numpy()
    unseen[places[first]] = offset[first]
    return unseen
