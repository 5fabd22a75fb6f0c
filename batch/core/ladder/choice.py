"""Invoices, customers and groups → the policy each open invoice follows; and values of many policies on whole columns.

An invoice follows the policy named for its number, else that of its customer in relance.toml, else the one that the ledger or
the contacts file names for the customer, else [policy]. A run knows few policies: rows are treated policy by policy.
"""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pandas as pd

from batch.core.lookup import look_up
from batch.core.policy import DEFAULT_POLICY, NEVER_POLICY, Policy, Step
from batch.core.problem import Problem, Severity, Source
from batch.core.records import Ledger

Array = np.ndarray[Any, Any]

UNKNOWN_POLICY = "POLICY-UNKNOWN"
NOT_KNOWN = "?"  # a name in the ledger that no policy has: nothing leaves before it is corrected
# Words people write into such a column, as they are read (lower case).
_ALIASES = {"jamais": NEVER_POLICY, "default": DEFAULT_POLICY, "défaut": DEFAULT_POLICY, "standard": DEFAULT_POLICY}


def debtors_policies(debtors: pd.DataFrame, policy: Policy) -> pd.Series:
    """Return the name of each of Known's debtors' policy (index: debtor_id), "" for [policy], NOT_KNOWN for a name that no policy has.

    What the ledger writes where relance.toml has no policies of its own means something else there: only "never" counts.
    """
    people = debtors.drop_duplicates("debtor_id").set_index("debtor_id")
    written = people["policy"]
    meant = {name: _meant(name, policy) for name in written.unique().tolist()}
    chosen = written.map(meant).astype("str") if any(meant.values()) else written.where(written == "", "")
    if not policy.customers:
        return chosen
    table = pd.Series(dict(policy.customers), dtype="str")
    by_id = look_up(people["customer"], table)
    by_name = look_up(people["name"], table)
    return by_id.fillna(by_name).fillna(chosen)


def _meant(written: str, policy: Policy) -> str:
    known = {name.casefold(): name for name in policy.named}
    word = written.strip().casefold()
    return known.get(_ALIASES.get(word, word), _ALIASES.get(word, NOT_KNOWN if word and _has_own(policy) else ""))


def _has_own(policy: Policy) -> bool:
    return any(name != NEVER_POLICY for name in policy.named)


def unknown_policies(ledger: Ledger, policy: Policy) -> tuple[Problem, ...]:
    """Return POLICY-UNKNOWN for every name that the ledger or the contacts file gives and no policy has."""
    if not _has_own(policy):
        return ()
    names = [name for name in ledger.debtors["policy"].unique().tolist() if _meant(name, policy) == NOT_KNOWN]
    count = ledger.debtors["policy"].value_counts()
    source = Source(ledger.source.file, ledger.source.sheet)
    return tuple(
        Problem(UNKNOWN_POLICY, Severity.WARNING, source,
                {"name": name, "n": int(count[name]), "known": sorted(policy.named)})
        for name in sorted(names)
    )  # fmt: skip


def policies_of(owed: pd.DataFrame, debtors: pd.DataFrame, policy: Policy) -> pd.Series:
    """Return the name of the policy each open invoice follows (rows as `owed`)."""
    if not policy.customers and not policy.invoices and not debtors["policy"].ne("").any():
        return pd.Series(DEFAULT_POLICY, index=owed.index, dtype="str")
    chosen = look_up(owed["debtor_id"], debtors_policies(debtors, policy)).fillna(DEFAULT_POLICY)
    if policy.invoices:
        chosen = look_up(owed["number"], pd.Series(dict(policy.invoices), dtype="str")).fillna(chosen)
    return chosen


def each_policy(rows: pd.DataFrame, policy: Policy) -> Iterator[tuple[Policy, Array]]:
    """Yield the policies that these rows follow (column `policy`), each with the places of its rows."""
    codes, names = pd.factorize(rows["policy"])
    for code, name in enumerate(names):
        yield policy.called(str(name)), np.flatnonzero(codes == code)


def setting(rows: pd.DataFrame, policy: Policy, read: Callable[[Policy], Any]) -> Any:  # noqa: ANN401  one value, or one per row
    """Return what each row's policy says: a single value where all say the same, else a column."""
    values = {str(name): read(policy.called(str(name))) for name in rows["policy"].unique()}
    if len(set(values.values())) <= 1:
        return next(iter(values.values()), read(policy))
    return rows["policy"].map(values)


def of_step(rows: pd.DataFrame, steps: pd.Series, policy: Policy, read: Callable[[Step], Any]) -> pd.Series:
    """Return what each row's policy says of its step; missing where there is none."""
    found: dict[str, pd.Series] = {}
    for name in rows["policy"].unique():
        known = {step.code: read(step) for step in policy.called(str(name)).steps}
        found[str(name)] = steps.map(known)
    if len(found) == 1:
        return next(iter(found.values()))
    chosen = pd.Series(np.nan, index=steps.index, dtype="object")
    for name, values in found.items():
        chosen = values.where(rows["policy"] == name, chosen)
    return chosen
