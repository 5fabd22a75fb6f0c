"""The bar of a long work: on a terminal, from the first piece to the last, and gone afterwards."""

import io

from rich.console import Console

from batch.report import pace_bar


def shown(*, terminal: bool, quiet: bool = False) -> str:
    """Return what is written while three letters are drawn."""
    stream = io.StringIO()
    with pace_bar(Console(file=stream, force_terminal=terminal, width=60), quiet=quiet) as tick:
        for done in range(4):
            tick(done, 3)
        between = stream.getvalue()
    assert stream.getvalue() == between
    return between


def test_a_bar_on_a_terminal_only() -> None:
    """It counts up, and is gone with the last letter, before anything else is written; elsewhere and where quiet, nothing."""
    assert "3/3" in shown(terminal=True)
    assert shown(terminal=True, quiet=True) == shown(terminal=False) == ""


def test_nothing_to_do_shows_nothing() -> None:
    """Without a letter there is no bar, and no empty line either."""
    stream = io.StringIO()
    with pace_bar(Console(file=stream, force_terminal=True, width=60), quiet=False):
        pass
    assert stream.getvalue() == ""
