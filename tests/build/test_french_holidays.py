"""The shipped French holidays are those of the `holidays` package."""

from tests.build.french_holidays import TARGET, table


def test_the_shipped_days_are_the_packages() -> None:
    """The file is what its script makes today; a package that knows better makes a new file."""
    assert TARGET.read_text(encoding="utf-8") == table()
