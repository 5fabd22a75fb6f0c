"""What a policy says beside the road: whether debtors are judged at all, what a step costs, and how it is worded."""

import pandas as pd

from batch.core.evidence import Known
from batch.core.ladder.choice import debtors_policies, of_step, policies_of
from batch.core.lookup import look_up
from batch.core.policy import CONSUMER, DEFAULT_POLICY, Policy
from batch.core.tables import ACCOUNT

_WHOLE = 10_000  # basis points
_SURE = 0.95  # nothing is judged, so nothing is doubted


def without_judgement(
    known: Known, accounts: pd.DataFrame, standings: pd.DataFrame, because: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return STANDING_TABLE and BECAUSE with the debtors whose policy follows days alone current or forgetful, without facts.

    What an item is held up by (a hold, a promise, a dispute, an answer) is no judgement and goes on holding.
    """
    if all(chosen.classification for chosen in (known.policy, *known.policy.named.values())):
        return standings, because
    debtors = known.debtor_keys.numbers(standings["debtor_id"])
    names = look_up(debtors, debtors_policies(known.debtors, known.policy)).fillna(DEFAULT_POLICY)
    judged = {str(name): known.policy.called(str(name)).classification for name in names.unique()}
    plain = ~names.map(judged).astype("bool")
    late = look_up(standings["debtor_id"], accounts.groupby("debtor_id")["overdue_items"].sum()) > 0
    standing = pd.Series("current", index=standings.index, dtype="str").mask(late, "forgetful")
    alone = standings.assign(
        standing=standings["standing"].mask(plain, standing),
        computed=standings["computed"].mask(plain, standing),
        confidence=standings["confidence"].mask(plain, _SURE),
        margin=standings["margin"].mask(plain, 0),
    )
    told = ~because["debtor_id"].isin(standings.loc[plain, "debtor_id"])
    return alone, because[told].reset_index(drop=True)


def _any_step(policy: Policy, *names: str) -> bool:
    policies = (policy, *policy.named.values())
    return any(getattr(step, name) for chosen in policies for step in chosen.steps for name in names)


def _followed(known: Known, rows: pd.DataFrame) -> pd.DataFrame:
    """Return rows with item_id and debtor_id with their invoice's number and amount, and the policy it follows."""
    invoices = known.invoices.drop_duplicates("item_id").set_index("item_id")
    rows = rows.assign(
        number=look_up(rows["item_id"], invoices["number"]), amount=look_up(rows["item_id"], invoices["amount"])
    )
    return rows.assign(policy=policies_of(rows, known.debtors, known.policy))


def with_fees(charges: pd.DataFrame, known: Known, item_steps: pd.DataFrame) -> pd.DataFrame:
    """Return CHARGES with what the steps that each overdue invoice took, and takes now, cost by its policy.

    Once per invoice and step, however often it was sent; a share is of the invoice's amount including tax, so never of a fee,
    rounded half up once per step. Consumers bear no cost of recovery (code des procédures civiles d'exécution, L111-8).
    """
    if charges.empty or not _any_step(known.policy, "fee", "fee_share"):
        return charges
    charged, item_steps = known.numbered(charges), known.numbered(item_steps)
    firms = known.debtors.loc[known.debtors["nature"] != CONSUMER, "debtor_id"]
    late = charged.loc[charged["debtor_id"].isin(firms), ["item_id", *ACCOUNT]]
    now = item_steps.loc[item_steps["advances"], ["item_id", "next_step"]].rename(columns={"next_step": "step"})
    past = known.sent.loc[known.sent["item_id"].isin(late["item_id"]), ["item_id", "step"]]
    taken = pd.concat([past, now], ignore_index=True).drop_duplicates()
    taken = _followed(known, taken.merge(late, on="item_id"))
    flat = of_step(taken, taken["step"], known.policy, lambda step: step.fee).fillna(0).astype("int64")
    share = of_step(taken, taken["step"], known.policy, lambda step: step.fee_share).fillna(0).astype("int64")
    costs = flat + (2 * taken["amount"] * share + _WHOLE) // (2 * _WHOLE)
    fees = look_up(charged["item_id"], costs.groupby(taken["item_id"]).sum()).fillna(0).astype("int64")
    return charges.assign(fees=fees)


def templates(known: Known, item_steps: pd.DataFrame, account_steps: pd.DataFrame) -> dict[tuple[str, str], str]:
    """Return the wording of each account whose policy names one for its step; the others have the one named after the step."""
    if not _any_step(known.policy, "template"):
        return {}
    leading = item_steps[item_steps["advances"]].merge(account_steps[[*ACCOUNT, "step"]], on=ACCOUNT)
    leading = known.numbered(leading[leading["next_step"] == leading["step"]])
    leading = known.worded(_followed(known, leading)).drop_duplicates(ACCOUNT)
    named = of_step(leading, leading["step"], known.policy, lambda step: step.template).fillna("")
    keys = leading[ACCOUNT][named != ""].itertuples(index=False, name=None)
    return dict(zip(keys, named[named != ""].tolist(), strict=True))
