"""Journal events, shown or brought in → what `relance history` says."""

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from batch.core.problem import Problem
from batch.report.figures import decimal_string, iso_days, or_null, records
from batch.report.grid import new_table, print_heading
from batch.report.problems import print_problems, problem_json
from batch.words import Words

if TYPE_CHECKING:
    from rich.console import Console

RELEASABLE = frozenset({"uncertain", "refused"})  # what `relance history release` takes
LISTED = 30  # more events than this are counted, not listed


def events_json(events: pd.DataFrame) -> list[dict[str, Any]]:
    """Return events (tables.EVENTS), days ISO, amounts decimal strings, null for what is unknown."""
    amounts = zip(events["amount"].tolist(), events["currency"].tolist(), strict=True)
    columns = {
        "at": iso_days(events["at"]),
        **{name: or_null(events[name]) for name in ("debtor_id", "item_id", "number", "kind", "step")},
        "round": [number or None for number in events["round"].tolist()],
        "message_id": or_null(events["message_id"]),
        "amount": [decimal_string(minor, currency) if minor else None for minor, currency in amounts],
        "currency": or_null(events["currency"]),
        "until": iso_days(events["until"]),
        **{name: or_null(events[name]) for name in ("value", "meaning", "by", "note")},
    }
    return records(columns)


def import_json(added: int, known: int, problems: Sequence[Problem], words: Words) -> dict[str, Any]:
    """Return how many events an import added, how many the journal had already, and what could not be understood."""
    return {"added": added, "known": known, "problems": [problem_json(problem, words) for problem in problems]}


def print_import(console: "Console", added: int, known: int, problems: Sequence[Problem], words: Words) -> None:
    """Print what an import brought, with every problem."""
    console.print(words.sentence("terminal", "imported", {"n": added, "known": known}))
    print_problems(console, problems, words, every=True)


def recorded_json(
    recorded: pd.DataFrame, known: int, problems: Sequence[Problem], *, version: str, words: Words
) -> dict[str, Any]:
    """Return the events that were new, their number by kind, how many were known, and what was not understood."""
    return {
        "relance": version,
        "recorded": events_json(recorded),
        "counts": dict(Counter(recorded["kind"].tolist())),
        "known": known,
        "problems": [problem_json(problem, words) for problem in problems],
    }


def print_recorded(
    console: "Console", recorded: pd.DataFrame, known: int, problems: Sequence[Problem], words: Words
) -> None:
    """Print what was noted, by kind and, where it is little, line by line; and what was not understood."""
    print_heading(
        console, words.sentence("recording", "recorded" if len(recorded) else "nothing", {"n": len(recorded)})
    )
    if known:
        console.print(words.sentence("recording", "known", {"n": known}))
    if len(recorded) > LISTED:
        table = new_table(words, {"event": "left", "number": "right"})
        for kind, count in Counter(recorded["kind"].tolist()).most_common():
            table.add_row(words.label("events", kind), words.number(count))
        console.print(table)
    elif len(recorded):
        _print_lines(console, recorded, words)
    print_problems(console, problems, words, every=True)


def print_events(console: "Console", events: pd.DataFrame, words: Words) -> None:
    """Print the events by day, the oldest first."""
    if events.empty:
        console.print(words.label("terminal", "no_events"))
        return
    _print_lines(console, events, words)
    console.print(words.sentence("terminal", "events_shown", {"n": len(events)}))


def _print_lines(console: "Console", events: pd.DataFrame, words: Words) -> None:
    table = new_table(words, {"day": "left", "debtor": "left", "event": "left", "invoice": "left", "details": "left"})
    for event in events.sort_values("at").to_dict("records"):
        kind = words.label("events", event["kind"])
        table.add_row(words.date(event["at"]), event["debtor_id"], kind, event["number"], _details(event, words))
    console.print(table)


def _details(event: Mapping[Hashable, Any], words: Words) -> str:
    """Return step, result, new value, amount, end and note of an event, as far as it has them.

    An uncertain or refused mail has the key that `relance history release` takes.
    """
    meaning, value = event["meaning"], event["value"]
    parts = [
        words.label("steps", event["step"]) if event["step"] else "",
        words.label("call_results", meaning) if words.has("call_results", meaning) else "",
        words.label("standings", value) if words.has("standings", value) else value,
        words.amount(event["amount"], event["currency"]) if event["amount"] else "",
        "" if pd.isna(event["until"]) else words.sentence("terminal", "until", {"on": event["until"]}),
        event["note"],
        event["message_id"].strip("<>") if event["kind"] in RELEASABLE else "",
    ]
    return " · ".join(part for part in parts if part)
