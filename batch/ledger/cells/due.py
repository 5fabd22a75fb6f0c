"""Items without a due day → their due day: issue day plus the customer's terms, else plus those of the settings."""

from collections import Counter
from collections.abc import Collection, Sequence

import numpy as np

from batch.core.calendar import Terms, due_days
from batch.core.policy import Reading
from batch.core.problem import Severity, Source
from batch.ledger.cells.terms import is_usual, read_terms
from batch.ledger.table.findings import Findings

SAID = 5  # terms named one by one in the sentence, the commonest first


def fill_due(
    issued: np.ndarray,
    due: np.ndarray,
    wanted: np.ndarray,
    terms: Sequence[str],
    debtors: Sequence[str],
    reading: Reading,
    findings: Findings,
) -> np.ndarray:
    """Return the due days (datetime64[s]), those missing on the `wanted` items computed from the issue day; else due = issued.

    `terms` is the ledger's own terms column, [] without one; a blank cell takes what the customer's other rows all say.
    DUE-DATE-BY-TERMS and DUE-DATE-COMPUTED say how many were computed and how, TERMS-UNKNOWN which terms were not understood.
    """
    missing = np.isnat(due)
    computed = missing & wanted
    filled = np.where(missing, issued, due)
    if not computed.any():
        return filled
    items = np.flatnonzero(computed).tolist()
    said = _said(terms, debtors, items)
    known = {text: read_terms(text) for text in set(said)}
    _note(items, said, known, reading, findings)
    usual = Terms(days=reading.terms_days)
    places: dict[Terms, list[int]] = {}
    for item, text in zip(items, said, strict=True):
        places.setdefault(known[text] or usual, []).append(item)
    for each, at in places.items():
        filled[at] = due_days(issued[at], each, reading.end_of_month)
    return filled


def _said(terms: Sequence[str], debtors: Sequence[str], items: Sequence[int]) -> list[str]:
    """Return the terms of these items as written, blank ones filled from the customer's only other terms."""
    if not terms:
        return [""] * len(items)
    by_debtor: dict[str, set[str]] = {}
    for debtor, text in set(zip(debtors, terms, strict=True)):
        if text:
            by_debtor.setdefault(debtor, set()).add(text)
    only = {debtor: next(iter(texts)) for debtor, texts in by_debtor.items() if len(texts) == 1}
    return [terms[item] or only.get(debtors[item], "") for item in items]


def _note(
    items: Sequence[int], said: Sequence[str], known: dict[str, Terms | None], reading: Reading, findings: Findings
) -> None:
    def first(texts: Collection[str]) -> Source:
        return findings.place("terms", next(item for item, text in zip(items, said, strict=True) if text in texts))

    times = Counter(said)
    understood = Counter({text: n for text, n in times.items() if known[text]})
    unknown = Counter({text: n for text, n in times.items() if not known[text] and not is_usual(text)})
    if understood:
        other = "before" if reading.end_of_month == "after" else "after"
        listed, count = _listed(understood), understood.total()
        findings.say("DUE-DATE-BY-TERMS", Severity.INFO, first(understood), n=count, terms=listed, other=other)
    if unknown:
        listed, count = _listed(unknown), unknown.total()
        findings.say("TERMS-UNKNOWN", Severity.WARNING, first(unknown), n=count, terms=listed, days=reading.terms_days)
    if rest := times.total() - understood.total():
        place = findings.place(
            "issue_date", next(item for item, text in zip(items, said, strict=True) if not known[text])
        )
        findings.say("DUE-DATE-COMPUTED", Severity.INFO, place, n=rest, days=reading.terms_days)


def _listed(times: Counter[str]) -> list[str]:
    listed = [f"{text} ({n})" for text, n in times.most_common(SAID)]
    return listed if len(times) <= SAID else [*listed, "…"]
