"""The codes that tables hold: kinds of item and of event, standings, steps; words/ names them in each language."""

KINDS_OF_ITEM = ("invoice", "credit_note", "payment")
KINDS_OF_EVENT = (
    "sent", "refused", "uncertain", "bounced", "replied", "auto_replied", "called", "met", "promised", "disputed",
    "dispute_solved", "plan_agreed", "instalment", "plan_cancelled", "debit_rejected", "insolvency", "held", "released",
    "skipped", "reclassified", "address", "noted", "handed_over", "registered_letter", "closed",
)  # fmt: skip
STANDINGS = ("current", "forgetful", "invoice_lost", "disputed", "in_difficulty", "dishonest", "insolvent")
STEPS = (
    "courtesy", "reminder_1", "reminder_2", "resend_invoice", "plan_offer", "plan_reminder", "call", "meeting",
    "solve_dispute", "formal_notice", "lawyer", "bailiff", "agency", "court", "claim", "confirmation",
)  # fmt: skip
HAND_OVERS = ("bailiff", "agency", "lawyer")  # steps that hand the claim to somebody else
GIVEN_OUT = (*HAND_OVERS, "court")  # steps after which somebody else asks for the money: no message to the debtor does

# A letter on paper goes with an account's step when its channel is one of these, or the step itself is one of those.
LETTER_CHANNELS = ("letter",)
LETTER_STEPS = ("formal_notice",)
