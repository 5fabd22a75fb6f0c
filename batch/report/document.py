"""Plan and messages → the object that plan.json and `relance run --json` hold: names that scripts rely on."""

import json
import math
from collections.abc import Mapping
from typing import Any

from batch.core.plan import Plan
from batch.core.problem import Problem
from batch.core.records import Message
from batch.report.accounts import debtor_entries
from batch.report.figures import decimal_string, decimal_strings, iso_days, or_null, records, total_strings
from batch.report.problems import problem_json
from batch.words import Words
from batch.words.facts import fact_sentences

_compact = json.JSONEncoder(ensure_ascii=False).encode
NOT_A_BUCKET = ""  # where tables.BUCKETS keeps credits


def plan_json(
    plan: Plan,
    messages: Mapping[tuple[str, str], Message],
    *,
    version: str,
    company: str,
    words: Words,
    claimed_from: str = "formal_notice",
    letters: Mapping[tuple[str, str], str] | None = None,
) -> dict[str, Any]:
    """Return the whole plan as plan.json holds it; `messages`, and the files of `letters`, are keyed by debtor_id and currency.

    Amounts are decimal strings, dates ISO, what is empty null. Interest and fixed sum of an account count as claimed when
    the step it takes, or the last step that one of its items took, is `claimed_from` or a later one.
    """
    source = plan.ledger.source
    return {
        "relance": version,
        "as_of": plan.as_of.isoformat(),
        "company": company,
        "ledger": {
            "file": source.file,
            "sha256": source.sha256,
            "sheet": source.sheet,
            "rows": source.rows,
            "items": len(plan.ledger.items),
            "left_out": source.left_out,
            "total_open": total_strings(plan.items),
            "newest_entry": source.newest_entry.isoformat() if source.newest_entry else None,
        },
        "debtors": debtor_entries(plan, messages, words, claimed_from, letters or {}),
        "items": _items(plan),
        "advice": _advice(plan, words),
        "kpis": _kpis(plan),
        "since": _since(plan),
        "problems": [problem_json(problem, words) for problem in all_problems(plan)],
    }


def json_text(document: Mapping[str, Any]) -> str:
    """Return a document as JSON, one entry of its lists a line.

    Not `indent`, which Python writes ten times slower: a large plan would take seconds.
    """
    return "{" + ",".join(f"\n{_compact(name)}: {_entry_lines(value)}" for name, value in document.items()) + "\n}\n"


def _entry_lines(value: object) -> str:
    if not isinstance(value, list) or not value:
        return _compact(value)
    return "[\n" + ",\n".join(map(_compact, value)) + "\n]"


def all_problems(plan: Plan) -> list[Problem]:
    """Return the ledger's and the plan's problems, each once, in the order they were found."""
    found: dict[tuple[object, ...], Problem] = {}
    for problem in (*plan.ledger.problems, *plan.problems):
        facts = repr(sorted(problem.facts.items(), key=lambda fact: fact[0]))
        found.setdefault((problem.code, problem.source, facts), problem)
    return list(found.values())


def _items(plan: Plan) -> list[dict[str, Any]]:
    """Return the items that are open as of the date; paid history is not listed."""
    table = (
        plan.items[plan.items["open"] != 0]
        .merge(plan.aged[["item_id", "days_late", "bucket"]], on="item_id", how="left")
        .merge(plan.item_steps[["item_id", "last_step", "next_step", "blocked_by"]], on="item_id", how="left")
    )
    columns = {
        **{name: table[name].tolist() for name in ("item_id", "debtor_id", "number", "kind")},
        "issued": iso_days(table["issued"]),
        "due": iso_days(table["due"]),
        "currency": table["currency"].tolist(),
        "amount": decimal_strings(table["amount"], table["currency"]),
        "open": decimal_strings(table["open"], table["currency"]),
        "days_late": table["days_late"].astype("int64").tolist(),
        **{name: or_null(table[name]) for name in ("bucket", "last_step", "next_step", "blocked_by")},
    }
    return records(columns)


def _advice(plan: Plan, words: Words) -> list[dict[str, Any]]:
    columns = {
        "debtor_id": or_null(plan.advice["debtor_id"]),
        "item_id": or_null(plan.advice["item_id"]),
        "code": plan.advice["code"].tolist(),
        "sentence": fact_sentences("advice", plan.advice, words),
    }
    return records(columns)


def _kpis(plan: Plan) -> dict[str, Any]:
    """Return the key figures by currency, the buckets from not due to the oldest."""
    figures: dict[str, dict[str, Any]] = {
        row["currency"]: {
            "open": decimal_string(row["open"], row["currency"]),
            "overdue": decimal_string(row["overdue"], row["currency"]),
            **{
                name: None if math.isnan(row[name]) else round(row[name], 1)
                for name in ("dso_days", "weighted_days_late")
            },
            "buckets": {},
        }
        for row in plan.summary.kpis.to_dict("records")
    }
    for row in plan.summary.buckets.to_dict("records"):
        if row["bucket"] != NOT_A_BUCKET and row["currency"] in figures:
            figures[row["currency"]]["buckets"][row["bucket"]] = decimal_string(row["open"], row["currency"])
    return figures


def _since(plan: Plan) -> dict[str, Any] | None:
    """Return what changed since the journal's last snapshot, and what came of the reminders sent since; null when there is none."""
    if plan.since.day is None:
        return None
    changes, effects = plan.since.changes, plan.since.effects
    return {
        "day": plan.since.day.isoformat(),
        "changes": records(
            {
                **{name: changes[name].tolist() for name in ("code", "currency", "items")},
                "amount": decimal_strings(changes["amount"], changes["currency"]),
            }
        ),
        "effects": records(
            {
                **{name: effects[name].tolist() for name in ("step", "currency", "items", "paid")},
                **{name: decimal_strings(effects[name], effects["currency"]) for name in ("open", "collected")},
            }
        ),
    }
