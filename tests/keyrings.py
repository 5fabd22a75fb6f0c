"""A keyring that the library keyring takes for the system's own, and that forgets all at the end of a test."""

from collections.abc import Iterator
from contextlib import contextmanager

import keyring
import keyring.errors
from keyring.backend import KeyringBackend


class Drawer(KeyringBackend):
    """Secrets by service and name; a locked one gives none."""

    priority = 1

    def __init__(self) -> None:
        """Make an empty one."""
        super().__init__()  # type: ignore[no-untyped-call]
        self.kept: dict[tuple[str, str], str] = {}
        self.locked = False

    def get_password(self, service: str, username: str) -> str | None:
        """Return a secret."""
        if self.locked:
            raise keyring.errors.KeyringLocked
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        """Keep a secret."""
        self.kept[service, username] = password


@contextmanager
def drawer() -> Iterator[Drawer]:
    """Let a new one stand for the system's keyring."""
    before, own = keyring.get_keyring(), Drawer()
    keyring.set_keyring(own)
    try:
        yield own
    finally:
        keyring.set_keyring(before)
