"""What the whole run of the tests shows at its end: the counts and seeds of campaigns that went through many files."""

import pytest

CAMPAIGN = "campaign"  # the property under which a test records its line


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the lines that tests recorded, also those of the processes of a distributed run."""
    reports = [report for outcome in ("passed", "failed") for report in terminalreporter.stats.get(outcome, [])]
    lines = [
        str(value) for report in reports for name, value in getattr(report, "user_properties", ()) if name == CAMPAIGN
    ]
    if lines:
        terminalreporter.section("campaigns")
        for line in lines:
            terminalreporter.write_line(f"campaign: {line}")
