"""Movements of customers → which belong together: by lettering code, by the invoice's number, or by customer and currency."""

import re
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from batch.ledger.vocabulary import vocabulary

_TOKEN = re.compile(r"[A-Za-z0-9][A-Za-z0-9/_.-]*[A-Za-z0-9]")
_NUMBERED = re.compile(r"(?=.*\d)(?=.*[A-Za-z]).{3,}|(?!(?:19|20)\d\d$)\d{4,}")


def accounts(debtors: Sequence[str], currencies: Sequence[str]) -> np.ndarray:
    """Return the number of each row's account: its customer and currency."""
    pairs = [f"{debtor}\x00{code}" for debtor, code in zip(debtors, currencies, strict=True)]
    return pd.factorize(np.array(pairs, dtype=object))[0].astype("int64")


def codes(column: Sequence[str]) -> list[str]:
    """Return the lettering codes, "" where there is none; in a column of marks (oui and non, x) a yes in capitals is one."""
    flags = vocabulary().codes("flags")
    blank = {text for text in set(column) if text.lower() in vocabulary().codes("blanks") or text == "0"}
    held = {text.lower() for text in set(column) - blank} - {""}
    if held and held <= flags.keys() and (len(held) == 1 or "no" in {flags[text] for text in held}):
        return [text.upper() if flags.get(text.lower()) == "yes" else "" for text in column]
    return ["" if text in blank else text for text in column] if blank else list(column)


def lettered(account: np.ndarray, code: Sequence[str]) -> np.ndarray:
    """Return the group of each lettered row, -1 elsewhere: codes start again with every customer."""
    given = np.array(code, dtype=object) != ""
    group = np.full(len(account), -1, dtype="int64")
    keys = [
        f"{number}\x00{text}"
        for number, text in zip(account[given].tolist(), np.array(code, dtype=object)[given], strict=True)
    ]
    group[given] = pd.factorize(np.array(keys, dtype=object))[0]
    return group


def named(
    account: np.ndarray, owed: np.ndarray, numbers: Sequence[str], labels: Sequence[Sequence[str]], free: np.ndarray
) -> np.ndarray:
    """Return the group of rows that belong to one invoice by its number, -1 elsewhere.

    A credit belongs to the debits of its customer that bear its own number, or whose numbers stand in its labels; one that
    names several joins them. Short numbers and years name nothing. `free` are the rows that may be grouped.
    """
    naming = {number for number in set(numbers) if _NUMBERED.fullmatch(number)}
    group = np.full(len(account), -1, dtype="int64")
    places = np.flatnonzero(free & np.array([number in naming for number in numbers], dtype=bool))
    number, words = pd.factorize(np.array([numbers[place].lower() for place in places.tolist()], dtype=object))
    group[places], known = pd.factorize(account[places] * max(len(words), 1) + number)
    invoiced = np.zeros(len(known), dtype=bool)
    invoiced[group[places[owed[places] > 0]]] = True
    group[places[~invoiced[group[places]]]] = -1
    unnamed = np.flatnonzero(free & (owed < 0) & (group < 0)).tolist()
    if labels and unnamed and invoiced.any():
        pairs = zip(*(each.tolist() for each in np.divmod(known, len(words))), strict=True)
        invoices = {(who, words[what]): place for place, (who, what) in enumerate(pairs) if invoiced[place]}
        _name_by_labels(group, account, labels, unnamed, invoices)
    return group


def _name_by_labels(
    group: np.ndarray, account: np.ndarray, labels: Sequence[Sequence[str]], places: Sequence[int],
    invoices: Mapping[tuple[int, str], int],
) -> None:  # fmt: skip
    """Put credits into the groups of the invoices that their labels name; groups named together become one."""
    one = list(range(len(group)))
    tokens: dict[str, tuple[str, ...]] = {}
    for place in places:
        found: list[int] = []
        for column in labels:
            text = column[place]
            if text not in tokens:
                tokens[text] = tuple(token.lower() for token in _TOKEN.findall(text) if _NUMBERED.fullmatch(token))
            found += [invoices[key] for token in tokens[text] if (key := (int(account[place]), token)) in invoices]
        for other in found[1:]:
            one[_top(one, other)] = _top(one, found[0])
        if found:
            group[place] = found[0]
    grouped = group >= 0
    group[grouped] = np.array([_top(one, number) for number in range(len(group))], dtype="int64")[group[grouped]]


def _top(one: list[int], number: int) -> int:
    """Return the group that this one became part of, shortening the way for the next."""
    while one[number] != number:
        one[number] = one[one[number]]
        number = one[number]
    return number
