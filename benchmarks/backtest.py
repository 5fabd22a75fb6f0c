"""Replay 2013 on a public ledger: who would have been reminded, when they paid, and how well what was known ranks who pays late.

The ranking is a sum of a few facts, chosen and weighted on 2012 alone and then left as it is. Prints what docs/backtest.md records:
`python benchmarks/backtest.py [LEDGER] [--ranking-only]`. LEDGER is the export of IBM's accounts receivable sample; without it the file is
looked for under RELANCE_REALDATA.
"""

import argparse
import datetime as dt
import os
import sys
from pathlib import Path

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from batch import ledger, settings
from batch.core.records import Ledger
from batch.core.simulate import every_week, known_until, outcomes, replay

FILE = "ledgers/ibm_ar/WA_Fn-UseC_-Accounts-Receivable.csv"
LATE = 10  # days: the question is who pays later than this, asked of what is at most this late
TRAINED, TESTED = ("2012-03-01", "2012-12-31"), ("2013-01-01", "2013-12-31")
PRIOR = 3  # invoices of the average customer that are added to every customer's own
FOLDS, GAIN = 5, 0.002  # a fact joins the sum when it adds so much on customers left out, in 2012
RIDGE = 1.0
DRAWS = 300
MONDAY = 0

FACTS = {
    "days_late": "days late now",
    "mean_delay": "past mean delay, weighted by amount",
    "late_share": "share of past invoices paid late",
    "long_share": "share of past invoices paid more than 10 days late",
    "trend": "last three delays less the mean",
    "size": "amount (logarithm)",
    "relative_size": "amount against the usual one (logarithm)",
    "age": "days since the first invoice",
    "overdue": "overdue invoices of the customer",
    "open": "open invoices of the customer",
}  # fmt: skip


def area(score: np.ndarray, truth: np.ndarray) -> float:
    """Return the area under the ROC curve: how often a late payer ranks above another, ties counted half (rank sum)."""
    ranks, late = pd.Series(score).rank().to_numpy(), truth.astype(bool)
    pairs = late.sum() * (~late).sum()
    return float((ranks[late].sum() - late.sum() * (late.sum() + 1) / 2) / pairs)


def known_on(day: pd.Timestamp, items: pd.DataFrame) -> pd.DataFrame:
    """Return what is known that day of each invoice one to ten days late: FACTS, and what came of it (`truth`)."""
    seen = items[items["issued"] <= day]
    paid = seen[seen["paid_on"] <= day].sort_values(["paid_on", "due"], kind="stable")
    still = seen[seen["paid_on"] > day].assign(days_late=lambda rows: (day - rows["due"]).dt.days)
    late = still[still["days_late"].between(1, LATE)]
    if late.empty or paid.empty:
        return pd.DataFrame()
    groups = paid.groupby("debtor_id")
    number = groups.size().reindex(late["debtor_id"]).fillna(0).to_numpy()

    def usual(values: pd.Series, weight: pd.Series | float = 1.0) -> np.ndarray:
        """Return each customer's mean, drawn towards everybody's as long as there is little history."""
        own = (values * weight).groupby(paid["debtor_id"]).sum() / (values * 0 + weight).groupby(
            paid["debtor_id"]
        ).sum()
        theirs = own.reindex(late["debtor_id"]).fillna(0).to_numpy()
        mixed: np.ndarray = (theirs * number + values.mean() * PRIOR) / (number + PRIOR)
        return mixed

    delay, by_late = paid["delay"], late["debtor_id"]
    recent = groups.tail(3).groupby("debtor_id")["delay"].mean() - groups["delay"].mean()
    amount = groups["amount"].mean().reindex(by_late).fillna(paid["amount"].mean()).to_numpy()
    first = seen.groupby("debtor_id")["issued"].min().reindex(by_late)
    return pd.DataFrame({
        "day": day, "debtor_id": by_late.to_numpy(), "truth": (late["delay"] > LATE).to_numpy(),
        "days_late": late["days_late"].to_numpy(),
        "mean_delay": usual(delay, paid["amount"]),
        "late_share": usual((delay > 0).astype("float64")),
        "long_share": usual((delay > LATE).astype("float64")),
        "trend": recent.reindex(by_late).fillna(0).to_numpy(),
        "size": np.log(late["amount"].to_numpy()),
        "relative_size": np.log(late["amount"].to_numpy() / amount),
        "age": (day - first).dt.days.to_numpy(),
        "overdue": still[still["days_late"] > 0].groupby("debtor_id").size().reindex(by_late).to_numpy(),
        "open": still.groupby("debtor_id").size().reindex(by_late).to_numpy(),
    })  # fmt: skip


def sample(items: pd.DataFrame, first: str, last: str) -> pd.DataFrame:
    """Return what was known on every day of the period: the weekly runs of all seven weekdays together."""
    return pd.concat([known_on(day, items) for day in pd.date_range(first, last)], ignore_index=True)


class Score:
    """A sum of facts, each brought to the mean and spread of the sample it was fitted on: logistic regression with a small ridge."""

    def __init__(self, facts: list[str], rows: pd.DataFrame) -> None:
        """Fit the weights (Newton's method)."""
        self.facts, table = facts, rows[facts].to_numpy("float64")
        self.mean, self.spread = table.mean(axis=0), table.std(axis=0)
        scaled, truth = self._scaled(rows), rows["truth"].to_numpy("float64")
        self.weights = np.zeros(scaled.shape[1])
        ridge = RIDGE * np.diag([0.0] + [1.0] * len(facts))
        for _ in range(25):
            chance = 1 / (1 + np.exp(-scaled @ self.weights))
            slope = scaled.T @ (truth - chance) - ridge @ self.weights
            bend = (scaled.T * (chance * (1 - chance))) @ scaled + ridge
            self.weights = self.weights + np.linalg.solve(bend, slope)

    def _scaled(self, rows: pd.DataFrame) -> np.ndarray:
        scaled = (rows[self.facts].to_numpy("float64") - self.mean) / self.spread
        return np.column_stack([np.ones(len(rows)), scaled])

    def of(self, rows: pd.DataFrame) -> np.ndarray:
        """Return the score of each row."""
        total: np.ndarray = self._scaled(rows) @ self.weights
        return total


def left_out(facts: list[str], rows: pd.DataFrame) -> float:
    """Return the area on customers that the weights were not fitted on, each fold in its turn."""
    folds = pd.factorize(rows["debtor_id"], sort=True)[0] % FOLDS
    score = np.empty(len(rows))
    for fold in range(FOLDS):
        here = folds == fold
        score[here] = Score(facts, rows[~here]).of(rows[here])
    return area(score, rows["truth"].to_numpy())


def choose(rows: pd.DataFrame) -> list[str]:
    """Return the facts that are worth their place, added one by one: each the best of those left, as long as it gains enough."""
    chosen: list[str] = []
    reached = 0.5
    while len(chosen) < len(FACTS):
        tried = {fact: left_out([*chosen, fact], rows) for fact in FACTS if fact not in chosen}
        best = max(tried, key=lambda fact: tried[fact])
        if tried[best] < reached + GAIN:
            break
        chosen, reached = [*chosen, best], tried[best]
        print(f"  + {FACTS[best]:<52} {reached:.3f}")
    return chosen


def between(score: np.ndarray, rows: pd.DataFrame) -> tuple[float, float]:
    """Return where the area lies in 90 of 100 draws of as many customers, with replacement."""
    chance = np.random.default_rng(1)
    places = {str(name): at.to_numpy() for name, at in rows.groupby("debtor_id").groups.items()}
    names = sorted(places)
    found = []
    for _ in range(DRAWS):
        drawn = np.concatenate([places[names[n]] for n in chance.integers(len(names), size=len(names))])
        found.append(area(score[drawn], rows["truth"].to_numpy()[drawn]))
    return float(np.quantile(found, 0.05)), float(np.quantile(found, 0.95))


def rank(understood: Ledger) -> None:
    """Print what each fact alone reaches, which facts 2012 chooses with which weights, and what they reach in 2013."""
    items = understood.items[["debtor_id", "issued", "due", "amount", "paid_on"]]
    items = items.assign(delay=(items["paid_on"] - items["due"]).dt.days)
    before, after = sample(items, *TRAINED), sample(items, *TESTED)
    mondays = after[after["day"].dt.day_of_week == MONDAY].reset_index(drop=True)
    print(f"\nInvoices 1 to {LATE} days late, as known then: {len(before)} in 2012, {len(after)} in 2013, of which {len(mondays)} on Mondays;"
          f" paid more than {LATE} days late: {before['truth'].mean():.0%}, {after['truth'].mean():.0%}")  # fmt: skip
    parts = (before, after, mondays)
    print(f"{'each fact alone (higher = later)':<54}  2012   2013   Mondays of 2013")
    for fact, told in FACTS.items():
        print(f"  {told:<52}", *(f"{area(rows[fact].to_numpy(), rows['truth'].to_numpy()):.3f} " for rows in parts))
    print("chosen on 2012 (customers left out in turn)")
    chosen = choose(before)
    score = Score(chosen, before)
    print("weights", {fact: round(float(weight), 2) for fact, weight in zip(chosen, score.weights[1:], strict=True)})
    for told, rows in zip(("2012, fitted", "2013", "2013, Mondays"), parts, strict=True):
        total = score.of(rows)
        low, high = between(total, rows)
        print(f"  {told:<20} {area(total, rows['truth'].to_numpy()):.3f}  ({low:.3f} to {high:.3f})")


def remind(understood: Ledger) -> None:
    """Print what weekly runs on the Mondays of 2013 would have sent, and how long after it was paid."""
    policy = settings.load(None, beside=None, environment={}, years=range(2011, 2016)).policy
    days = every_week(dt.date(2013, 1, 7), dt.date(2013, 12, 30))
    taken = pd.concat(list(replay(understood, policy, days)))
    pd.set_option("display.width", 200)
    pd.set_option("display.max_columns", 20)
    print(outcomes(taken, known_until(understood)).to_string(index=False))
    waits = taken.groupby("step")["days_to_pay"].describe()[["count", "25%", "50%", "75%", "max"]]
    print("\ndays from the step to the payment\n" + waits.to_string())
    written = taken[taken["step"] != "courtesy"]
    print(
        f"customers reminded: {written['debtor_id'].nunique()}; invoices: {written['item_id'].nunique()} of {len(understood.items)}"
    )


def main() -> None:
    """Read the ledger and print both parts."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("ledger", nargs="?", type=Path, default=Path(os.environ.get("RELANCE_REALDATA", ".")) / FILE)
    parser.add_argument("--ranking-only", action="store_true", help="leave out the replay of the reminders")
    said = parser.parse_args()
    reading = settings.load(None, beside=None, environment={}).reading
    understood = ledger.read(ledger.open_book(said.ledger), reading)
    if not said.ranking_only:
        remind(understood)
    rank(understood)


if __name__ == "__main__":
    main()
