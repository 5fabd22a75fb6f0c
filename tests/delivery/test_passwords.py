"""Where a password or an application's secret is found: the environment first, then the keyring; a locked keyring is an empty one."""

from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest

from batch.delivery.accounts import account_of, microsoft_of, source_of
from batch.delivery.passwords import PASSWORDS, Secret, find
from batch.settings import Smtp
from tests.keyrings import Drawer, drawer

KEPT, GIVEN = "kept-s3cret", "given-s3cret"


@pytest.fixture
def ring() -> Iterator[Drawer]:
    """Return a keyring in place of the system's."""
    with drawer() as own:
        yield own


def server(auth: str, password: str = "", client_secret: str = "", user: str = "a@alpha.example") -> Smtp:
    """Return a mail server's settings."""
    return Smtp(
        host="smtp.example", port=587, user=user, starttls=True, ca_file=None, sessions=1, password=password, auth=auth,
        oauth_file=Path("token.json"), authority="https://login.example/t", client_id="client-1", client_secret=client_secret,
    )  # fmt: skip


def test_the_environment_goes_before_the_keyring(ring: Drawer) -> None:
    """What somebody set for this call is meant; neither is ever shown."""
    keyring.set_password("yagmail", "a@alpha.example", KEPT)
    assert find(GIVEN, PASSWORDS, "a@alpha.example") == Secret(GIVEN, "environment")
    assert find("", PASSWORDS, "a@alpha.example") == Secret(KEPT, "keyring")
    assert find("", PASSWORDS, "b@alpha.example") == Secret()
    assert KEPT not in repr(find("", PASSWORDS, "a@alpha.example"))
    ring.locked = True
    assert find("", PASSWORDS, "a@alpha.example") == Secret()


def test_an_applications_secret_is_kept_by_its_client_id(ring: Drawer) -> None:
    """Under the service relance; a password of the same name is none, and without a secret a person signs in."""
    keyring.set_password("yagmail", "client-1", KEPT)
    assert microsoft_of(server("microsoft")).secret == ""
    assert source_of(server("microsoft")) == "person"
    keyring.set_password("relance", "client-1", KEPT)
    assert microsoft_of(server("microsoft")).secret == KEPT
    assert source_of(server("microsoft")) == "keyring"
    assert microsoft_of(server("microsoft", client_secret=GIVEN)).secret == GIVEN
    assert source_of(server("microsoft", client_secret=GIVEN)) == "environment"
    assert KEPT not in repr(account_of(server("microsoft"), "a@alpha.example"))
    assert set(ring.kept) == {("yagmail", "client-1"), ("relance", "client-1")}


@pytest.mark.usefixtures("ring")
def test_where_the_others_come_from() -> None:
    """A password's two places, Google's file, and nothing for a server that asks for no login."""
    assert [source_of(one) for one in (
        server("password", password=GIVEN), server("password"), server("google"), server("password", user=""),
    )] == ["environment", "", "file", ""]  # fmt: skip
