"""Which refusals of a mail server are about the customer's address, and until when they count."""

import pandas as pd
import pytest

from batch.core.refusals import blames_address, refused_on
from tests.core.kit import day, event, events

OWN = "compta@d.example"


@pytest.mark.parametrize(
    ("answer", "blamed"),
    [
        (f"{OWN}: 550 5.1.1 no such user", True),
        (f"{OWN}: 550 no such user here", True),
        (f"{OWN}: 552 5.2.2 mailbox full, quota exceeded", True),
        (f"{OWN}: 550-5.2.1 The mailbox is disabled", True),
        (f"{OWN}: 550 5.4.1 Recipient address rejected: Access denied", True),
        ("550 5.1.1 user unknown", True),  # some look the mailbox up only once the text has come
        ("", True),
        ("adresse inconnue d'après leur standard", True),  # typed into a file of the past
        (f"{OWN}: 550 5.7.1 relaying denied", False),
        (f"{OWN}: 550 relay not permitted", False),
        (f"{OWN}: 554 Relay access denied", False),
        (f"{OWN}: 550 your sending quota is used up", False),
        (f"{OWN}: 550 5.1.8 bad sender's address", False),
        (f"{OWN}: 552 5.2.3 message too long", False),
        (f"{OWN}: 553 sorry, your IP is on our block list", False),
        ("552 message too large", False),
        ("554 rejected due to content", False),
        ("550-5.7.1 Message rejected as spam", False),
        (
            f"{OWN}: 550 5.7.1 not allowed; copy@d.example: 550 5.1.1 unknown",
            False,
        ),  # the copy is not the customer's address
    ],
)
def test_what_a_refusal_blames(answer: str, blamed: bool) -> None:  # noqa: FBT001  a table of answers
    """The enhanced code says it; without one, what came to RCPT is about the address unless it speaks of the sender."""
    assert blames_address(answer) is blamed


def refused(*rows: dict[str, object], address: str = OWN) -> str:
    """Return the day on which the address of D was refused, "" when it was not."""
    found = refused_on(pd.Series(["D"]), pd.Series([address]), events(rows))["at"]
    return "" if found.isna().all() else str(found.iloc[0].date())


NAMED = event("2026-11-20", "D", "refused", note=f"{OWN}: 550 5.1.1 no", message_id="<1@x.example>")


def test_until_another_address_is_in_force() -> None:
    """The address that was refused, not the customer: corrected in the ledger or typed, on the same day or before, the next mail goes there."""
    assert refused(NAMED) == "2026-11-20"
    assert refused(NAMED, address=OWN.upper()) == "2026-11-20"
    assert refused(NAMED, address="neu@d.example") == ""
    accented = event("2026-11-20", "D", "refused", note="x@xn--socit-esab.example: 550 5.1.1 no")
    assert refused(accented, address="x@société.example") == "2026-11-20"  # as the server was told it
    assert refused(event("2026-11-20", "D", "address", value=OWN), NAMED) == "2026-11-20"
    assert refused(NAMED, event("2026-11-23", "D", "address", value=OWN)) == ""
    assert refused(event("2026-11-20", "E", "refused", note=f"{OWN}: 550 5.1.1 no")) == ""


def test_a_refusal_without_an_address_ends_with_the_next_one_given() -> None:
    """It is not known which address was refused: any that was given since counts as another."""
    unnamed = event("2026-11-20", "D", "refused", note="550 5.1.1 no")
    assert refused(unnamed) == "2026-11-20"
    assert refused(event("2026-11-19", "D", "address", value=OWN), unnamed) == "2026-11-20"
    assert refused(unnamed, event("2026-11-20", "D", "address", value="neu@d.example"), address="neu@d.example") == ""


def test_a_person_may_let_it_be_tried_again() -> None:
    """Released by its Message-ID; refused once more, under the same one, it counts again. Another mail's release frees nothing."""
    released = event("2026-11-20", "D", "released", message_id="<1@x.example>", value="not_sent")
    assert refused(NAMED, released) == ""
    assert refused(NAMED, released, NAMED) == "2026-11-20"
    assert refused(NAMED, released | {"message_id": "<2@x.example>"}) == "2026-11-20"


def test_what_is_not_about_the_address_does_not_count() -> None:
    """The last of those that are decides which day and mail are named."""
    other = event("2026-11-23", "D", "refused", note="554 content", message_id="<2@x.example>")
    assert refused(other) == ""
    found = refused_on(pd.Series(["D", "E"]), pd.Series([OWN, ""]), events([NAMED, other]))
    assert found["message_id"].tolist() == ["<1@x.example>", ""]
    assert found["at"].iloc[0] == day("2026-11-20")
