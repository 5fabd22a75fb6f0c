"""Settings' words for a mail server → the account that logs in to it."""

from functools import partial

from batch.delivery.connection import Account
from batch.delivery.passwords import APPLICATIONS, PASSWORDS, find
from batch.delivery.tokens import Bearer, Microsoft, google
from batch.settings import Smtp

FILE, PERSON = "file", "person"


def account_of(server: Smtp, sender: str) -> Account:
    """Return the account; nothing is fetched or connected yet. `sender` is the envelope's, where bounces go."""
    return Account(
        host=server.host,
        port=server.port,
        user=server.user,
        password=server.password,
        starttls=server.starttls,
        ca_file=str(server.ca_file) if server.ca_file else None,
        sender=sender,
        bearer=_bearer(server),
    )


def microsoft_of(server: Smtp) -> Microsoft:
    """Return the application that asks Microsoft for tokens; its secret is looked for in the environment, then in the keyring."""
    secret = find(server.client_secret, APPLICATIONS, server.client_id).value
    return Microsoft(server.authority, server.client_id, secret, server.oauth_file, server.user)


def source_of(server: Smtp) -> str:
    """Return where that which logs in was found: environment, keyring, person (who signed in), file; "" = no login, or nothing."""
    if server.auth == "google":
        return FILE
    if server.auth == "microsoft":
        return find(server.client_secret, APPLICATIONS, server.client_id).source or PERSON
    return find(server.password, PASSWORDS, server.user).source if server.user else ""


def _bearer(server: Smtp) -> Bearer | None:
    if server.auth == "google":
        return Bearer(partial(google, server.oauth_file, server.user))
    return Bearer(microsoft_of(server).token) if server.auth == "microsoft" else None
