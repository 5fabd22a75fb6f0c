"""What relance.toml says of its policies, in short → the same in full, laid over the defaults.

`[policies.NAME]` takes over from [policy] whatever it does not say itself. `steps = ["reminder_1", "reminder_2"]` is short for
these steps, in this order, for every customer; `steps = []` sends nothing.
"""

from collections.abc import Mapping

from batch.core.codes import STEPS
from batch.settings import refusals
from batch.settings.policy_form import DEFAULT_ROAD, HAND_OVER, RESERVED

Table = Mapping[str, object]


def in_full(given: Table, written: refusals.Written) -> dict[str, object]:
    """Return what relance.toml gives with the short forms written out.

    Raises RelanceError SETTINGS-VALUE for a step, or a policy's name, that is not known.
    """
    full = dict(given)
    if isinstance(policy := given.get("policy"), Mapping):
        full["policy"] = _with_road(policy, ("policy",), written)
    if isinstance(policies := given.get("policies"), Mapping):
        full["policies"] = {
            name: _with_road(own, ("policies", name), written) if isinstance(own, Mapping) else own
            for name, own in policies.items()
        }
        _refuse_reserved(policies, written)
    known = (*RESERVED, *_names(full.get("policies")))
    for table in ("customers", "invoices"):
        for key, name in _items(full.get(table)):
            if isinstance(name, str) and name not in known:
                raise refusals.refuse_value(f"{table}.{key}", name, refusals.one_of(known), written.place((table, key)))
    return full


def _refuse_reserved(policies: Table, written: refusals.Written) -> None:
    """Refuse a policy that takes the name of one that is always there."""
    for name in RESERVED:
        if name in policies:
            others = refusals.other_than(RESERVED)
            raise refusals.refuse_value(f"policies.{name}", name, others, written.place(("policies", name)))


def _items(table: object) -> list[tuple[str, object]]:
    return list(table.items()) if isinstance(table, Mapping) else []


def _names(table: object) -> list[str]:
    return [name for name, _ in _items(table)]


def _with_road(policy: Table, path: tuple[str, ...], written: refusals.Written) -> dict[str, object]:
    """Return the policy with a list of steps put where the ladder's order is."""
    full = dict(policy)
    if isinstance(steps := policy.get("steps"), list):
        for step in steps:
            if step not in (*STEPS, HAND_OVER):
                key = ".".join((*path, "steps"))
                raise refusals.refuse_value(
                    key, step, refusals.one_of((*STEPS, HAND_OVER)), written.place((*path, "steps"))
                )
        del full["steps"]
        full["roads"] = {DEFAULT_ROAD: steps}
    return full


def laid_over(defaults: Table, given: Table) -> dict[str, object]:
    """Return the defaults with what is given in their place, and each of [policies] laid over [policy]."""
    merged = _merged(defaults, given)
    policy = merged["policy"]
    if isinstance(policies := merged["policies"], Mapping) and isinstance(policy, Mapping):
        merged["policies"] = {
            name: _merged(policy, own) if isinstance(own, Mapping) else own for name, own in policies.items()
        }
    return merged


def _merged(defaults: Table, given: Table) -> dict[str, object]:
    """Return the defaults with what is given in their place, table by table; a list is replaced whole.

    A default road of one's own takes the place of every other road: none of the roads it replaces shows through.
    """
    merged = dict(defaults)
    for key, value in given.items():
        below = merged.get(key)
        if not isinstance(below, Mapping) or not isinstance(value, Mapping):
            merged[key] = value
        elif key == "roads" and DEFAULT_ROAD in value:
            merged[key] = dict(value)
        else:
            merged[key] = _merged(below, value)
    return merged
