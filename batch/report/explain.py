"""Why one debtor stands where it stands → the lines of `relance explain`."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pandas as pd

from batch.core.classify import JUDGED
from batch.core.explain import Explanation
from batch.core.problem import Money
from batch.report.explained import condition_sentence, name_of, notes_of, open_items
from batch.report.grid import new_table, print_heading
from batch.report.problems import INDENT
from batch.words import Words
from batch.words.facts import fact_sentences, reason_sentences

if TYPE_CHECKING:
    from rich.console import Console

_NEXT = "next"
_COLUMN = 14  # widest column of points, in letters
NONE = "–"  # points that a fact does not give, a standing that is out of the question


def print_explanation(console: "Console", explanation: Explanation, words: Words) -> None:
    """Print what is open, the facts with their points, what decides, each condition and rule, and what comes next."""
    _print_open(console, explanation, words)
    _print_notes(console, explanation, words)
    if explanation.standing:
        _print_standing(console, explanation, words)
        _print_conditions(console, explanation, words)
        _print_rules(console, explanation, words)
    _print_next(console, explanation, words)


def _print_open(console: "Console", explanation: Explanation, words: Words) -> None:
    plan = explanation.plan
    title = {"name": name_of(explanation), "number": explanation.debtor_id, "on": plan.as_of}
    print_heading(console, words.sentence("explain", "title", title))
    rows = open_items(explanation)
    if rows.empty:
        _print_line(console, words.label("reasons", "nothing-open"))
        return
    table = new_table(
        words, {"invoice": "left", "due": "right", "days_late": "right", "open": "right", "last_step": "left"}
    )
    for row in rows.to_dict("records"):
        late = words.number(row["days_late"]) if row["overdue"] else NONE
        last = _step(row["last_step"], row["last_on"], words)
        table.add_row(row["number"], words.date(row["due"]), late, words.amount(row["open"], row["currency"]), last)
    console.print(table)


def _print_notes(console: "Console", explanation: Explanation, words: Words) -> None:
    found = notes_of(explanation)
    for at, text in zip(found["at"].tolist(), found["text"].tolist(), strict=True):
        _print_line(console, words.sentence("review", "noted", {"on": at, "text": text}))
    if len(found):
        console.print()


def _step(code: str, on: pd.Timestamp, words: Words) -> str:
    """Return a step that was taken, with its day."""
    return words.sentence("explain", "step_on", {"step": words.label("steps", code), "on": on}) if code else ""


def _print_standing(console: "Console", explanation: Explanation, words: Words) -> None:
    """Print the facts with their points by standing, the totals, and what decides."""
    print_heading(console, words.label("explain", "standing"))
    shown = _shown(explanation)
    table = new_table(words, {"fact": "left"})
    for standing in shown:
        table.add_column(words.label("standings", standing), justify="right", max_width=_COLUMN)
    sentences = fact_sentences("evidence", explanation.facts, words)
    for sentence, points in zip(sentences, explanation.points[list(JUDGED)].to_dict("records"), strict=True):
        table.add_row(sentence, *(_points(points[standing], words) for standing in shown))
    table.add_section()
    start = explanation.totals["forgetful"] - int(explanation.points["forgetful"].sum())
    begins = {"forgetful": start}
    table.add_row(words.label("explain", "start"), *(_points(begins.get(name, 0), words) for name in shown))
    totals = [NONE if name in explanation.ruled_out else words.number(explanation.totals[name]) for name in shown]
    table.add_row(words.label("explain", "points"), *totals, style="bold")
    console.print(table)
    for sentence in _decision(explanation, words):
        _print_line(console, sentence)
    console.print()


def _shown(explanation: Explanation) -> list[str]:
    """Return the standings that any fact speaks of, and the one that was reached."""
    spoken = (explanation.points[list(JUDGED)] != 0).any()
    reached = ("forgetful", explanation.standing["standing"])
    return [name for name in JUDGED if spoken[name] or name in reached]


def _print_line(console: "Console", text: str, level: int = 1) -> None:
    """Print an indented line; what is folded keeps its place."""
    from rich.padding import Padding  # noqa: PLC0415  `--help` and `--json` do without it

    console.print(Padding(text, (0, 0, 0, level * len(INDENT))))


def _points(points: int, words: Words) -> str:
    return f"{'+' if points > 0 else ''}{words.number(points)}" if points else ""


def _decision(explanation: Explanation, words: Words) -> Iterator[str]:
    """Yield the standing with its confidence, what decides, and why a standing is out of the question."""
    standing = explanation.standing
    facts = {
        "standing": words.label("standings", standing["standing"]),
        "percent": round(100 * standing["confidence"]),
        "computed": words.label("standings", standing["computed"]),
        "n": standing["margin"],
    }
    yield words.sentence("explain", "decision", facts)
    yield words.sentence("decided_by", explanation.decided_by, facts)
    for name in explanation.ruled_out:
        if explanation.totals[name] > 0:
            yield words.label("ruled_out", name)


def _print_conditions(console: "Console", explanation: Explanation, words: Words) -> None:
    """Print, for each open invoice, its next step on the ladder and each of its conditions."""
    if explanation.rungs.empty:
        return
    print_heading(console, words.label("explain", "conditions"))
    numbers = _numbers(explanation)
    for item_id, rungs in explanation.rungs.groupby("item_id", sort=False):
        _print_line(console, _road(numbers[str(item_id)], rungs, words))
        if instead := _instead(explanation, str(item_id), rungs):
            _print_line(console, words.sentence("explain", "instead", {"step": words.label("steps", instead)}), 2)
        asked = explanation.conditions[explanation.conditions["item_id"] == item_id]
        currency = _currency(explanation, str(item_id))
        for row in asked.to_dict("records"):
            _print_line(console, condition_sentence(row, currency, words), 2)
    console.print()


def _numbers(explanation: Explanation) -> dict[str, str]:
    items = open_items(explanation)
    return dict(zip(items["item_id"].tolist(), items["number"].tolist(), strict=True))


def _currency(explanation: Explanation, item_id: str) -> str:
    items = explanation.plan.items
    return str(items.loc[items["item_id"] == item_id, "currency"].iloc[0])


def _road(number: str, rungs: pd.DataFrame, words: Words) -> str:
    """Return one invoice's next step and the rungs that it passed otherwise than by taking them."""
    coming = rungs.loc[rungs["state"] == _NEXT, "step"].tolist()
    passed = rungs[rungs["state"].isin(["taken", "made", "lapsed", "skipped"])]
    told = [
        words.sentence("rung_states", state, {"step": words.label("steps", step), "on": on})
        for step, state, on in passed[["step", "state", "on"]].itertuples(index=False, name=None)
    ]
    facts = {
        "number": number,
        "step": words.label("steps", coming[0]) if coming else words.label("explain", "no_step"),
        "passed": ", ".join(told),
    }
    return words.sentence("explain", "item", facts)


def _instead(explanation: Explanation, item_id: str, rungs: pd.DataFrame) -> str:
    """Return the step that the standing puts in the place of the ladder's next one, "" when there is none."""
    steps = explanation.plan.item_steps
    step = str(steps.loc[steps["item_id"] == item_id, "next_step"].iloc[0])
    return "" if step in rungs["step"].tolist() else step


def _print_rules(console: "Console", explanation: Explanation, words: Words) -> None:
    """Print a line for each rule that may stop an invoice, and which invoices it stops until when."""
    if explanation.rules.empty:
        return
    print_heading(console, words.label("explain", "rules"))
    numbers = _numbers(explanation)
    for code, rows in explanation.rules.groupby("code", sort=False):
        blocked = rows[rows["blocks"]]
        label = words.label("rules", str(code))
        if blocked.empty:
            line = words.sentence("explain", "passes", {"rule": label})
        else:
            stopped = [numbers[item_id] for item_id in blocked["item_id"].tolist()]
            facts = {"rule": label, "numbers": stopped, "on": blocked["until"].max()}
            line = words.sentence("explain", "blocks", facts)
        _print_line(console, line)
    console.print()


def _print_next(console: "Console", explanation: Explanation, words: Words) -> None:
    """Print by currency what is done now, or why nothing is, and what follows."""
    steps = explanation.plan.account_steps
    steps = steps[steps["debtor_id"] == explanation.debtor_id]
    if steps.empty:
        return
    print_heading(console, words.label("explain", "next"))
    sentences = reason_sentences(steps, words)
    for row, sentence in zip(steps.to_dict("records"), sentences, strict=True):
        _print_line(console, f"{row['currency']} – {sentence}")
        if row["step"]:
            facts: dict[str, object] = {
                "step": words.label("steps", row["step"]),
                "channel": words.label("channels", row["channel"]),
                "approval": words.label("approvals", row["approval"]),
                "amount": Money(row["asked"], row["currency"]),
            }
            _print_line(console, words.sentence("explain", "today", facts), 2)
        if row["next_step"]:
            facts = {"step": words.label("steps", row["next_step"]), "on": row["next_on"]}
            _print_line(console, words.sentence("explain", "afterwards", facts), 2)
