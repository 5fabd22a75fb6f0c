"""Why one debtor stands where it stands → the object that `relance explain --json` prints."""

from typing import Any

import pandas as pd

from batch.core.classify import JUDGED
from batch.core.explain import Explanation
from batch.report.explained import condition_sentence, name_of, notes_of, open_items
from batch.report.figures import decimal_string, decimal_strings, iso_days, or_null, records
from batch.words import Words
from batch.words.facts import fact_sentences, reason_sentences


def explanation_json(explanation: Explanation, words: Words) -> dict[str, Any]:
    """Return all of it as --json prints it: codes, sentences, amounts as decimal strings, days ISO, null for nothing."""
    plan, standing = explanation.plan, explanation.standing
    return {
        "as_of": plan.as_of.isoformat(),
        "debtor_id": explanation.debtor_id,
        "name": name_of(explanation),
        "standing": standing.get("standing"),
        "computed": standing.get("computed"),
        "confidence": round(standing["confidence"], 2) if standing else None,
        "margin": standing.get("margin"),
        "decided_by": explanation.decided_by,
        "totals": explanation.totals,
        "ruled_out": list(explanation.ruled_out),
        "notes": _notes_json(explanation),
        "facts": _facts_json(explanation, words),
        "items": _items_json(explanation, words),
        "accounts": _accounts_json(explanation, words),
    }


def _notes_json(explanation: Explanation) -> list[dict[str, Any]]:
    found = notes_of(explanation)
    return records(
        {"on": iso_days(found["at"]), "currency": or_null(found["currency"]), "text": found["text"].tolist()}
    )


def _facts_json(explanation: Explanation, words: Words) -> list[dict[str, Any]]:
    sentences = fact_sentences("evidence", explanation.facts, words)
    rows = explanation.points.to_dict("records")
    return [
        {"code": row["code"], "sentence": sentence, "points": {name: row[name] for name in JUDGED if row[name]}}
        for row, sentence in zip(rows, sentences, strict=True)
    ]


def _items_json(explanation: Explanation, words: Words) -> list[dict[str, Any]]:
    items = open_items(explanation)
    columns = {
        **{name: items[name].tolist() for name in ("item_id", "number", "kind", "currency", "days_late")},
        "due": iso_days(items["due"]),
        "open": decimal_strings(items["open"], items["currency"]),
        **{name: or_null(items[name]) for name in ("last_step", "next_step", "blocked_by")},
        **{name: iso_days(items[name]) for name in ("last_on", "next_on")},
    }
    return [
        row | {
            "road": _of(explanation.rungs, row["item_id"]),
            "conditions": _conditions_json(explanation, row["item_id"], row["currency"], words),
            "rules": _of(explanation.rules, row["item_id"]),
        }
        for row in records(columns)
    ]  # fmt: skip


def _of(table: pd.DataFrame, item_id: str) -> list[dict[str, Any]]:
    """Return one item's rows, days ISO."""
    rows = table[table["item_id"] == item_id].drop(columns="item_id")
    days = [name for name in rows.columns if name in ("on", "until")]
    return records({name: iso_days(rows[name]) if name in days else rows[name].tolist() for name in rows.columns})


def _conditions_json(explanation: Explanation, item_id: str, currency: str, words: Words) -> list[dict[str, Any]]:
    rows = explanation.conditions[explanation.conditions["item_id"] == item_id]
    on = iso_days(rows["on"])
    return [
        {"code": row["code"], "step": row["step"], "holds": row["holds"], "on": day, "sentence": condition_sentence(row, currency, words)}
        for row, day in zip(rows.to_dict("records"), on, strict=True)
    ]  # fmt: skip


def _accounts_json(explanation: Explanation, words: Words) -> list[dict[str, Any]]:
    steps = explanation.plan.account_steps
    steps = steps[steps["debtor_id"] == explanation.debtor_id]
    columns = {
        "currency": steps["currency"].tolist(),
        "asked": [
            decimal_string(*pair) for pair in zip(steps["asked"].tolist(), steps["currency"].tolist(), strict=True)
        ],
        **{name: or_null(steps[name]) for name in ("step", "channel", "approval", "blocked_by", "next_step")},
        "next_on": iso_days(steps["next_on"]),
        "reason": [sentence or None for sentence in reason_sentences(steps, words)],
    }
    return records(columns)
