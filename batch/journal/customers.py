"""A customer as a person names it → the id under which the journal knows it, or the nearest that it knows."""

import re
from collections.abc import Sequence
from difflib import get_close_matches

from sqlalchemy import Connection, select

from batch.core.problem import RelanceError
from batch.core.settled import KEY
from batch.journal import schema

NEAR = 3
KEY_OF_ITEM = re.compile(KEY, re.DOTALL)


def known(connection: Connection, company: str) -> list[str]:
    """Return every customer of whom the journal holds an event, a mail or a balance, in order."""
    found = {
        debtor
        for table in (schema.events, schema.claims)
        for debtor in connection.scalars(select(table.c.debtor_id).distinct().where(table.c.company == company))
    }
    items = connection.scalars(
        select(schema.snapshots.c.item_id).distinct().where(schema.snapshots.c.company == company)
    )
    return sorted((found | {owner(item) for item in items}) - {""})


def owner(item_id: str) -> str:
    """Return whose item a key names; "" when it is no key of an item."""
    found = KEY_OF_ITEM.fullmatch(item_id)
    return found["debtor_id"] if found else ""


def find(customers: Sequence[str], wanted: str) -> str:
    """Return the one customer that is meant: the same text, else the same but for capitals and blanks around it.

    Raises RelanceError CUSTOMER-UNKNOWN with the nearest, or CUSTOMER-AMBIGUOUS with all that could be meant.
    """
    if wanted in customers:
        return wanted
    alike = [one for one in customers if one.strip().casefold() == wanted.strip().casefold()]
    if len(alike) == 1:
        return alike[0]
    if alike:
        raise RelanceError("CUSTOMER-AMBIGUOUS", customer=wanted, candidates=alike)
    raise RelanceError("CUSTOMER-UNKNOWN", customer=wanted, near=", ".join(near(customers, wanted)))


def near(customers: Sequence[str], wanted: str) -> list[str]:
    """Return the customers whose names come nearest, or hold what was typed."""
    plain = {one.strip().casefold(): one for one in customers}
    typed = wanted.strip().casefold()
    holding = [one for key, one in plain.items() if typed and typed in key]
    return list(dict.fromkeys([*(plain[key] for key in get_close_matches(typed, plain, NEAR)), *holding]))[:NEAR]
