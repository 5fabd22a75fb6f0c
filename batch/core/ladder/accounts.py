"""Items with their next steps → one step per account (debtor and currency): channel, approval, reason, what comes next."""

from typing import Any

import numpy as np
import pandas as pd

from batch.core.calendar import last_of_month, not_before, plus_days
from batch.core.evidence import Known
from batch.core.ladder.choice import each_policy, of_step, setting
from batch.core.ladder.pauses import LEFT_OUT, SET_APART
from batch.core.ladder.rungs import DAY, HAND_OVER, rank_of, road
from batch.core.ladder.sideroads import side_steps
from batch.core.policy import Policy, Step
from batch.core.tables import ACCOUNT, ACCOUNT_STEPS, latest_day, look_up

Array = np.ndarray[Any, Any]

NOT_ABOUT_MONEY = ("claim", "solve_dispute")  # steps that leave whatever the balance is
TOGETHER = {"mail": "written", "letter": "written"}  # channels whose steps share one message


def decide(
    known: Known,
    owed: pd.DataFrame,
    accounts: pd.DataFrame,
    standings: pd.DataFrame,
    evidence: pd.DataFrame,
    *,
    first_run: bool,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return ACCOUNT_STEPS, and `owed` with next_on, `advances` and the blocks that come from the account as a whole."""
    chosen = accounts[[*ACCOUNT, "open", "overdue", "unallocated"]].reset_index(drop=True)
    owed = _with_account(side_steps(known, owed, evidence), chosen)
    owed = _compatible(_suppressed(_candidates(known, owed), known.policy), known.policy)
    chosen["standing"] = look_up(chosen["debtor_id"], standings.set_index("debtor_id")["standing"])
    asked = owed.drop_duplicates("account").set_index("account")["asked"]
    chosen["asked"] = asked.reindex(chosen.index).fillna(0).astype("int64")
    steps = _taken(known, owed, chosen, first_run=first_run)
    quiet = _quiet(known, owed, chosen.drop(index=steps.index))
    table = pd.concat([_with_channel(known, steps), quiet]).sort_index()
    return ACCOUNT_STEPS.conform(known.worded(table[list(ACCOUNT_STEPS.columns)])), owed


def _with_account(owed: pd.DataFrame, chosen: pd.DataFrame) -> pd.DataFrame:
    """Add what each item's account may be asked for: what is overdue and not set apart, less credits."""
    account = owed["account"]
    asked_for = owed["open"].where(owed["overdue"] & ~owed["blocked_by"].isin([*SET_APART, *LEFT_OUT]), 0)
    asked = asked_for.groupby(account).transform("sum") + look_up(account, chosen["unallocated"])
    return owed.assign(asked=asked.clip(lower=0))


def _candidates(known: Known, owed: pd.DataFrame) -> pd.DataFrame:
    """Say which items could take their next step today, and when the others can."""
    gap = setting(owed, known.policy, lambda chosen: chosen.gap_days)
    free_on = plus_days(owed["last_contact"].dt.floor("D"), gap)
    task = owed["next_step"].isin(NOT_ABOUT_MONEY)
    near = (owed["blocked_by"] == "") & (free_on > known.as_of) & owed["overdue"] & ~task & (owed["next_step"] != "")
    ended = (owed["next_step"] == "") & (owed["blocked_by"] == "")
    least = setting(owed, known.policy, lambda chosen: chosen.item_tolerance)
    crumb = (owed["blocked_by"] == "") & (owed["open"] < least) & ~task
    near &= ~crumb
    blocked = owed["blocked_by"].mask(near, "gap").mask(ended, "ladder-end").mask(crumb, "below-tolerance")
    until = owed["blocked_until"].mask(near, plus_days(free_on, -1))
    paused = pd.concat([owed["ready_on"], plus_days(until, 1)], axis=1).max(axis=1)
    endless = blocked.ne("") & until.isna()
    return owed.assign(
        blocked_by=blocked,
        blocked_until=until,
        advances=(blocked == "") & (owed["ready_on"] <= known.as_of),
        next_on=not_before(paused.mask(endless), known.as_of),
    )


def _suppressed(owed: pd.DataFrame, policy: Policy) -> pd.DataFrame:
    """Stop what asks for money where credits cover the overdue sum or hardly anything is left to ask for."""
    money = owed["advances"] & ~owed["next_step"].isin(NOT_ABOUT_MONEY)
    left = owed["asked"].where(owed["overdue"], owed["account_open"])
    covered = money & (left <= 0)
    small = money & (left < setting(owed, policy, lambda chosen: chosen.tolerance)) & ~covered
    little = money & (left < _minimum(owed, policy)) & ~covered & ~small
    blocked = owed["blocked_by"].mask(covered, "credits-cover").mask(small, "below-tolerance")
    blocked = blocked.mask(little, "below-minimum")
    stopped = covered | small | little
    return owed.assign(blocked_by=blocked, advances=owed["advances"] & ~stopped, next_on=owed["next_on"].mask(stopped))


def _minimum(owed: pd.DataFrame, policy: Policy) -> Array | int:
    """Return what an account must at least be asked for, by policy and currency, before anything leaves."""
    if not any(chosen.minimum for chosen in (policy, *policy.named.values())):
        return 0
    least = np.zeros(len(owed), dtype="int64")
    for chosen, rows in each_policy(owed, policy):
        least[rows] = owed["currency"].iloc[rows].map(dict(chosen.minimum)).fillna(0)
    return least


def _compatible(owed: pd.DataFrame, policy: Policy) -> pd.DataFrame:
    """Keep, among an account's items, those that the channel of its highest step can carry: one contact per account and run."""
    carried = of_step(owed, owed["next_step"], policy, lambda step: TOGETHER.get(step.channel, step.code)).fillna("")
    # A dossier is no contact with the debtor: it leads only where nothing is to be written or said.
    dossier = of_step(owed, owed["next_step"], policy, lambda step: step.channel) == "dossier"
    rank = rank_of(owed["next_step"]).mask(dossier & ~owed["next_step"].isin(NOT_ABOUT_MONEY), 0)
    rank = rank.where(owed["advances"], -1)
    leads = owed["advances"] & (rank == rank.groupby(owed["account"]).transform("max"))
    lead_channel = look_up(owed["account"], carried[leads].groupby(owed["account"]).first())
    together = owed["advances"] & (carried == lead_channel)
    waits = owed["advances"] & ~together
    return owed.assign(
        advances=together,
        leads=leads,
        blocked_by=owed["blocked_by"].mask(waits, "gap"),
        next_on=owed["next_on"].mask(
            waits, plus_days(owed["next_on"], setting(owed, policy, lambda chosen: chosen.gap_days))
        ),
    )


def _taken(known: Known, owed: pd.DataFrame, chosen: pd.DataFrame, *, first_run: bool) -> pd.DataFrame:
    """Return the accounts that take a step: the highest among their items, with its reason and what follows it."""
    told = [
        "policy",
        "next_step",
        "nature",
        "side_reason",
        "side_on",
        "side_text",
        "ladder_step",
        "last_on",
        "called_on",
    ]
    moving = owed[["account", "days_late", "overdue", "open"]][owed["advances"]]
    leading = owed[["account", "issued", "due", "last_step", *told]][owed["leads"]]
    steps = leading.drop_duplicates("account").set_index("account")[told].rename(columns={"next_step": "step"})
    steps = steps.join(chosen).assign(
        oldest_due=leading.groupby("account")["due"].min(), first_issued=leading.groupby("account")["issued"].min()
    )
    unknown = steps.index.isin(leading.loc[leading["last_step"] == "", "account"])
    oldest = moving.groupby("account")["days_late"].max().reindex(steps.index)
    waits = setting(steps, known.policy, lambda chosen: chosen.first_run_hold)
    old = first_run & (oldest > waits) & ~steps["step"].isin(NOT_ABOUT_MONEY)
    reason = steps["side_reason"].where(steps["side_reason"] != "", "step-due")
    coming = moving[~moving["overdue"]].groupby("account")["open"].sum().reindex(steps.index)
    credit = steps["unallocated"].where(steps["overdue"] == 0, 0)
    asked = steps["asked"].mask(steps["step"] == "courtesy", (coming + credit).clip(lower=0)).astype("int64")
    reason = reason.mask(steps["step"] == "courtesy", "courtesy-due")
    following = _following(known, steps)
    return steps.assign(
        old=old,
        reason=reason.mask(old & unknown & (reason == "step-due"), "first-contact-old"),
        reason_days=oldest.abs(),
        reason_on=steps["side_on"].mask(steps["step"] == "courtesy", steps["oldest_due"]),
        asked=asked,
        reason_amount=asked,
        reason_text=steps["side_text"],
        blocked_by="",
        next_step=following["next_step"],
        next_on=following["next_on"],
    )


def _following(known: Known, steps: pd.DataFrame) -> pd.DataFrame:
    """Return next_step and next_on after the step taken today, if nothing happens meanwhile."""
    next_step, next_on = np.full(len(steps), "", dtype=object), np.full(len(steps), np.datetime64("NaT", "s"))
    gross = (steps["open"] - steps["unallocated"]).to_numpy()
    least = setting(steps, known.policy, lambda chosen: max((step.minimum for step in chosen.steps), default=0))
    keys = ["policy", "standing", "nature", "step", gross >= least]
    groups: dict[Any, Any] = dict(steps.groupby(keys, sort=False).indices)
    for (name, standing, nature, code, _), mine in groups.items():
        policy = known.policy.called(name)
        by_code = {step.code: step for step in policy.steps}
        codes = road(policy, standing, nature)
        if code == "resend_invoice":
            after, waits = "reminder_1", policy.resend_grace
        elif code == "plan_offer":
            after, waits = "", policy.offer_wait
        elif code in codes and codes.index(code) + 1 < len(codes):
            after, waits = _next_rung(codes, code, by_code, gross[mine].max()), policy.gap_days
            if standing == "dishonest" and after in HAND_OVER:
                waits = policy.hard_hand_over
        else:
            continue
        next_step[mine] = after or steps["ladder_step"].to_numpy()[mine]
        at_once = after in HAND_OVER and standing == "dishonest"
        next_on[mine] = _earliest(None if at_once else by_code.get(after), steps, mine, waits, known)
    return pd.DataFrame({"next_step": pd.Series(next_step, dtype="str"), "next_on": next_on}).set_axis(steps.index)


def _next_rung(codes: tuple[str, ...], code: str, by_code: dict[str, Step], largest: int) -> str:
    """Return the rung after this one, leaving out a meeting that none of these accounts is large enough for."""
    later = codes[codes.index(code) + 1 :]
    return next((rung for rung in later if by_code[rung].minimum <= largest), "")


def _earliest(step: Step | None, steps: pd.DataFrame, mine: Array, waits: int, known: Known) -> Array:
    """Return the first day on which these accounts can take the step after today's (None: any)."""
    today = np.full(len(mine), known.as_of.to_datetime64())
    soonest = today + waits * DAY
    if step is None:
        return soonest
    oldest, issued = (steps[name].to_numpy()[mine] for name in ("oldest_due", "first_issued"))
    anchor = np.where(np.isnat(issued), oldest, issued) if step.after == "invoice" else today
    days = [anchor + step.after_days * DAY] if step.after else []
    if step.days_late is not None:
        days.append(oldest + step.days_late * DAY)
    if step.end_of_month:
        days = [last_of_month(day) for day in days]
    earliest: Array = np.fmax.reduce([*days, soonest, today + step.since_contact * DAY])
    return earliest


def _with_channel(known: Known, steps: pd.DataFrame) -> pd.DataFrame:
    """Give each step its channel (a call, else a letter, where there is no usable address), approval and proposal."""
    debtors = known.debtors.set_index("debtor_id")
    channel = of_step(steps, steps["step"], known.policy, lambda step: step.channel).astype("str")
    fallback = of_step(steps, steps["step"], known.policy, lambda step: step.fallback)
    approval = of_step(steps, steps["step"], known.policy, lambda step: step.approval).astype("bool") | steps["old"]
    given = latest_day(known.of("address"), "debtor_id")
    back = latest_day(known.of("bounced", "refused"), "debtor_id")
    dead = back.index[~(given.reindex(back.index) >= back)]
    known_address = (look_up(steps["debtor_id"], debtors["email"]) != "") | steps["debtor_id"].isin(given.index)
    unusable = (channel == "mail") & (~known_address | steps["debtor_id"].isin(dead))
    # A call is none of the written reminders: once it was made in place of one, the next try is by letter.
    called = steps["called_on"].notna() & ~(steps["called_on"] <= steps["last_on"])
    callable_ = ((look_up(steps["debtor_id"], debtors["phone"]) != "") & ~called) | (steps["step"] == "resend_invoice")
    callable_ &= fallback == "call"
    channel = channel.mask(unusable & callable_, "call").mask(unusable & ~callable_, "letter")
    approval |= unusable | (steps["standing"] == "insolvent")
    person = channel.isin(["call", "task"])
    proposal = pd.Series(np.where(person, "call", np.where(approval, "hold", "send")), index=steps.index)
    return steps.assign(channel=channel, approval=np.where(approval, "needed", "auto"), proposal=proposal)


def _quiet(known: Known, owed: pd.DataFrame, chosen: pd.DataFrame) -> pd.DataFrame:
    """Return the accounts that take no step, each with the reason: that of the item that moves first."""
    told = ["account", "next_on", "due", "item_id", "days_late", "blocked_by", "blocked_until", "next_step"]
    waiting = owed[told].assign(later=~owed["overdue"])[owed["account"].isin(chosen.index)]
    waiting = waiting.assign(item_id=known.item_keys.words(waiting["item_id"]))
    order = waiting.sort_values(["later", "next_on", "due", "item_id"], kind="stable")
    first = order.drop_duplicates("account").set_index("account").reindex(chosen.index)
    none = first["due"].isna()
    nothing = ~none & (chosen["overdue"] == 0)
    blocked = first["blocked_by"].fillna("").mask(nothing & (first["blocked_by"] == "gap"), "")
    waits = pd.Series("not-yet", index=chosen.index).mask(nothing, "nothing-overdue")
    reason = waits.mask(blocked != "", blocked)
    reason = reason.mask(
        none, pd.Series(np.where(chosen["open"] < 0, "only-credits", "nothing-open"), index=chosen.index)
    )
    return chosen[[*ACCOUNT, "asked"]].assign(
        step="", channel="", approval="", proposal="",
        reason=reason,
        reason_days=first["days_late"].fillna(0).astype("int64").clip(lower=0),
        reason_on=first["blocked_until"].where(blocked != "", first["next_on"]),
        reason_amount=chosen["unallocated"].abs().where(reason == "credits-cover", chosen["asked"]),
        reason_text="",
        blocked_by=blocked,
        next_step=first["next_step"].fillna(""),
        next_on=first["next_on"],
    )  # fmt: skip
