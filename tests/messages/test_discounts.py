"""The early-payment discount in courtesy notices."""

from dataclasses import replace

from batch.core.policy import Discount
from batch.core.records import Message
from batch.messages.accounts import gather
from batch.messages.render import render
from tests.messages.plans import AS_OF, COMPANY, POLICY, Case, Item, make_plan


def courtesy(discount: Discount, language: str = "fr", step: str = "courtesy", days: int = -5) -> Message:
    """Return the message about 1,234.55, issued thirty days before it is due."""
    case = Case(step, [Item("FA-1", days, 123455)], debtor={"language": language})
    policy = replace(POLICY, discount=discount)
    messages, _ = render(gather(make_plan(case)), AS_OF, company=COMPANY, policy=policy)
    return messages["411DURAND", "EUR"]


def plain(text: str) -> str:
    """Return the text with ordinary spaces."""
    return text.replace("\u202f", " ").replace("\xa0", " ")


def test_the_discount_is_named_with_its_last_day() -> None:
    """2 % of 1,234.55 is 24.69 (24.691): 1,209.86 is left, up to 22 November, three days before the due day."""
    text = plain(courtesy(Discount(200, 3, before_due=True)).text)
    assert (
        "FA-1 : 1 209,86 € au lieu de 1 234,55 €, si le règlement nous parvient au plus tard le 22 novembre 2026"
        in text
    )
    text = courtesy(Discount(200, 3, before_due=True), "en").text
    assert "FA-1: €1,209.86 instead of €1,234.55, if the payment reaches us by 22 November 2026" in text


def test_it_is_named_only_while_it_can_be_had() -> None:
    """Issued on 26 October: 25 days later is 20 November, today, and counts; 24 days are over."""
    assert "escompte" in courtesy(Discount(200, 25)).text
    assert "escompte" not in courtesy(Discount(200, 24)).text


def test_without_a_discount_nothing_changes() -> None:
    """The digest is that of a notice without any; with one the text, and so the digest, differs."""
    assert courtesy(Discount()).digest == courtesy(Discount(200, 3)).digest
    assert courtesy(Discount()).digest != courtesy(Discount(200, 25)).digest


def test_only_courtesy_notices_name_it() -> None:
    """A reminder of what is late offers no discount."""
    assert "escompte" not in courtesy(Discount(200, 90), step="reminder_1", days=5).text
