"""The name of an account → its password or secret, and where it was found: the environment first, then the system's keyring."""

from dataclasses import dataclass, field

import yagmail.password

ENVIRONMENT, KEYRING = "environment", "keyring"
# Under which names the keyring has them: passwords as yagmail keeps them, by user; secrets of applications by client_id.
PASSWORDS, APPLICATIONS = "yagmail", "relance"


@dataclass(frozen=True)
class Secret:
    """A password or secret, and where it was found; both are "" when there is none."""

    value: str = field(default="", repr=False)
    source: str = ""


def find(given: str, service: str, name: str) -> Secret:
    """Return what the environment gave, else what the keyring has for a name under a service; nothing is asked for, nothing kept."""
    if given:
        return Secret(given, ENVIRONMENT)
    ring = yagmail.password.keyring
    try:
        kept = ring.get_password(service, name) if ring is not None else None
    except ring.errors.KeyringError:  # no keyring on this machine, or a locked one
        kept = None
    return Secret(str(kept), KEYRING) if kept else Secret()
