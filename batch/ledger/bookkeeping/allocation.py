"""Signed amounts in groups → which part of each credit settles which debit, oldest first, for whole columns at once."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Parts:
    """Parts of credits set against debits: places of the debit and of the credit, and the amount (above zero)."""

    debit: np.ndarray
    credit: np.ndarray
    amount: np.ndarray

    def __add__(self, other: "Parts") -> "Parts":
        """Return both, one after the other."""
        return Parts(
            *(np.concatenate([getattr(self, name), getattr(other, name)]) for name in ("debit", "credit", "amount"))
        )


def no_parts() -> Parts:
    """Return no parts at all."""
    return Parts(*(np.empty(0, dtype="int64") for _ in range(3)))


def allocate(owed: np.ndarray, group: np.ndarray, order: np.ndarray) -> Parts:
    """Set the credits of each group against its debits, both in their order, until one side is used up.

    `owed` is what is left of each row (debits above zero), `group` its group or -1, `order` its rank.
    Within a group the parts of debits and credits that meet have the same sum, so both can be laid on one line and cut where
    either has a border.
    """
    debits, credits_ = _sorted(owed > 0, group, order), _sorted(owed < 0, group, order)
    if not len(debits) or not len(credits_):
        return no_parts()
    count = int(group.max()) + 1
    sums = []
    for places in (debits, credits_):
        total = np.zeros(count, dtype="int64")
        np.add.at(total, group[places], np.abs(owed[places]))
        sums.append(total)
    meeting = np.minimum(*sums)
    ends = [np.cumsum(_covered(np.abs(owed[places]), group[places], meeting)) for places in (debits, credits_)]
    borders = np.union1d(*ends)
    borders = borders[borders > 0]
    return Parts(
        debits[np.searchsorted(ends[0], borders)],
        credits_[np.searchsorted(ends[1], borders)],
        np.diff(borders, prepend=0),
    )


def left(owed: np.ndarray, parts: Parts) -> np.ndarray:
    """Return what is left of each row when the parts are taken away: debits and credits lose as much."""
    rest = owed.copy()
    np.subtract.at(rest, parts.debit, parts.amount)
    np.add.at(rest, parts.credit, parts.amount)
    return rest


def _sorted(chosen: np.ndarray, group: np.ndarray, order: np.ndarray) -> np.ndarray:
    places = np.flatnonzero(chosen & (group >= 0))
    return places[np.lexsort((order[places], group[places]))]


def _covered(amounts: np.ndarray, groups: np.ndarray, meeting: np.ndarray) -> np.ndarray:
    """Return how much of each amount (sorted by group and order) lies within what meets in its group."""
    before = np.cumsum(amounts) - amounts
    starts = np.flatnonzero(np.diff(groups, prepend=-1))
    lengths = np.diff(np.append(starts, len(groups)))
    within = before - np.repeat(before[starts], lengths)
    covered: np.ndarray = np.clip(meeting[groups] - within, 0, amounts)
    return covered
