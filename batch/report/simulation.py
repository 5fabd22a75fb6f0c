"""What policies would have done (core.simulate) → a table on the terminal, a csv of every step, and a chart as SVG."""

import csv
import datetime as dt
import io
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from batch.core.codes import STEPS
from batch.core.simulate import WITHIN
from batch.report.figures import decimal_strings, iso_days
from batch.report.grid import new_table, print_heading
from batch.report.problems import INDENT
from batch.report.terminal import in_order, near
from batch.words import Words

if TYPE_CHECKING:
    from rich.console import Console

COLOURS = (("#c9d8e8", "#3f6f9f"), ("#f2ddc4", "#c07a2c"))  # each policy: all invoices, those paid soon
CHART_WITHIN = 14
_WIDTH, _LEFT, _RIGHT, _TOP, _BAR, _SPACE = 760, 210, 60, 64, 16, 14
NONE = "–"


@dataclass(frozen=True)
class Run:
    """One policy's replay: its name, every step (SIMULATED) and what came of them (OUTCOMES)."""

    name: str
    taken: pd.DataFrame
    outcomes: pd.DataFrame


@contextmanager
def progress(console: "Console", *, quiet: bool) -> Iterator[Callable[[int, int], None]]:
    """Give a function that is told how many weeks of how many are done; a bar is shown on a terminal only."""
    if quiet or not console.is_terminal:
        yield lambda _done, _total: None
        return
    from rich.progress import Progress  # noqa: PLC0415  `--help` does without it

    with Progress(console=console, transient=True) as bar:
        task = bar.add_task("", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def print_simulation(
    console: "Console",
    runs: Sequence[Run],
    files: Mapping[str, Path],
    words: Words,
    *,
    first: dt.date,
    last: dt.date,
) -> None:
    """Print a line for each step and policy: how many, how much, and the share of the invoices that was paid soon after."""
    print_heading(console, words.sentence("simulation", "title", {"first": first, "last": last}))
    several = len(runs) > 1
    left = {"step": "left"} | ({"policy": "left"} if several else {})
    right = ("invoices", "asked", *(f"paid_{days}" for days in WITHIN))
    table = new_table(words, left | dict.fromkeys(right, "right"))
    for row in _by_step(runs):
        names = [words.label("steps", row["step"]), *([row["policy"]] if several else [])]
        shares = [_share(row[f"paid_{days}"], row[f"seen_{days}"], words) for days in WITHIN]
        table.add_row(*names, words.number(row["items"]), words.amount(row["open"], row["currency"]), *shares)
    if table.row_count:
        console.print(table)
    else:
        console.print(words.label("simulation", "nothing"))
    console.print(words.label("simulation", "assumed"))
    console.print()
    for code, path in files.items():
        console.print(f"{INDENT}{words.label('simulation', code)}  {near(path)}", soft_wrap=True)


def _by_step(runs: Sequence[Run]) -> list[dict[Hashable, Any]]:
    """Return the outcomes of all policies, a step's lines together, in the ladder's order."""
    rows = pd.concat([run.outcomes.assign(policy=run.name) for run in runs], ignore_index=True)
    return in_order(rows, "step", STEPS).to_dict("records")


def _share(paid: int, seen: int, words: Words) -> str:
    return words.sentence("simulation", "share", {"percent": round(100 * paid / seen)}) if seen else NONE


def csv_text(runs: Sequence[Run], debtors: pd.DataFrame, words: Words) -> str:
    """Return every step of every policy as csv (commas, days ISO, amounts with a point)."""
    names = debtors.drop_duplicates("debtor_id").set_index("debtor_id")["name"]
    texts = {"step": "steps", "channel": "channels"}
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\r\n")
    columns = ("policy", "at", "customer", "name", "currency", "number", "due", "days_late", "step", "channel", "open", "paid_on", "days_to_pay")  # fmt: skip
    writer.writerow([words.label("simulation", column) for column in columns])
    for run in runs:
        rows = run.taken
        told = {
            "policy": [run.name] * len(rows),
            "customer": rows["debtor_id"].tolist(),
            "name": names.reindex(rows["debtor_id"]).fillna("").tolist(),
            **{name: rows[name].tolist() for name in ("currency", "number", "days_late")},
            **{name: iso_days(rows[name]) for name in ("at", "due", "paid_on")},
            **{name: [words.label(group, code) for code in rows[name].tolist()] for name, group in texts.items()},
            "open": decimal_strings(rows["open"], rows["currency"]),
            "days_to_pay": ["" if days != days else int(days) for days in rows["days_to_pay"].tolist()],  # noqa: PLR0124  NaN
        }
        writer.writerows(zip(*(told[column] for column in columns), strict=True))
    return written.getvalue()


def chart(runs: Sequence[Run], words: Words) -> str:
    """Return an SVG: for each step a bar of its invoices by policy, the part that was paid soon after in the darker colour."""
    steps = [step for step in STEPS if any((run.outcomes["step"] == step).any() for run in runs)]
    counts = [_counts(run) for run in runs]
    most = max((number for found in counts for number, _ in found.values()), default=1)
    group = len(runs) * _BAR + _SPACE
    height = _TOP + len(steps) * group + 24
    scale = (_WIDTH - _LEFT - _RIGHT) / most
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" width="{_WIDTH}" height="{height}" font-family="sans-serif" font-size="12" fill="#222">',
        f'<rect width="{_WIDTH}" height="{height}" fill="#fff"/>',
        f'<text x="16" y="24" font-size="15" font-weight="bold">{escape(words.label("simulation", "chart"))}</text>',
        *_legend(runs, words),
    ]
    for place, step in enumerate(steps):
        top = _TOP + place * group
        middle = top + len(runs) * _BAR / 2 + 4
        parts.append(
            f'<text x="{_LEFT - 10}" y="{middle:g}" text-anchor="end">{escape(words.label("steps", step))}</text>'
        )
        for number, found in enumerate(counts):
            parts += _bar(found.get(step, (0, 0)), top + number * _BAR, COLOURS[number], scale)
    return "\n".join([*parts, "</svg>", ""])


def _counts(run: Run) -> dict[str, tuple[int, int]]:
    """Return by step how many invoices there were, and how many of them were paid soon after."""
    sums = run.outcomes.groupby("step")[["items", f"paid_{CHART_WITHIN}"]].sum()
    return {str(step): (int(items), int(paid)) for step, items, paid in sums.itertuples(name=None)}


def _bar(found: tuple[int, int], top: float, colours: tuple[str, str], scale: float) -> list[str]:
    items, paid = found
    height = _BAR - 3
    boxes = [(items, colours[0]), (paid, colours[1])]
    drawn = [
        f'<rect x="{_LEFT}" y="{top:g}" width="{count * scale:.1f}" height="{height}" fill="{colour}"/>'
        for count, colour in boxes
    ]
    return [*drawn, f'<text x="{_LEFT + items * scale + 6:.1f}" y="{top + height - 2:g}" font-size="11">{items}</text>']


def _legend(runs: Sequence[Run], words: Words) -> list[str]:
    """Return a line with each policy's two colours."""
    drawn = []
    for number, run in enumerate(runs):
        left = 16 + number * 330
        light, dark = COLOURS[number]
        drawn += [
            f'<rect x="{left}" y="36" width="12" height="12" fill="{light}"/>',
            f'<rect x="{left + 14}" y="36" width="12" height="12" fill="{dark}"/>',
            f'<text x="{left + 32}" y="46">{escape(run.name)} ({escape(words.label("simulation", "legend"))})</text>',
        ]
    return drawn
