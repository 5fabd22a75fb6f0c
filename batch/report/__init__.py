"""What was worked out → what scripts and the person at the terminal read: plan.json, tables, problems, what to do next.

`document` and `accounts` make plan.json, `terminal` the report of a run; `check`, `sending` and `history` do both for their
command, `outlook` tells before a send and `remedies` after it; `problems` gives every problem its one form; `console` is the terminal itself. Codes and figures come in, words
go out; nothing is decided here.
"""

from batch.report.check import check_json, print_check
from batch.report.console import open_console, safe_stream
from batch.report.doctor import Finding, all_well, doctor_json, print_doctor
from batch.report.document import all_problems, json_text, plan_json
from batch.report.erase import erasure_json, print_erasure
from batch.report.explain import print_explanation
from batch.report.explain_json import explanation_json
from batch.report.history import events_json, import_json, print_events, print_import, print_recorded, recorded_json
from batch.report.outlook import print_mails, print_outlook
from batch.report.problems import print_problems, problem_json, refusal_lines
from batch.report.progress import pace_bar
from batch.report.remedies import print_remedies
from batch.report.sending import UNREMEMBERED, Sending, interrupted, needs_person, print_sending, told
from batch.report.sending_json import sending_json
from batch.report.simulation import print_simulation, progress
from batch.report.stages import print_stages
from batch.report.terminal import print_run, review_lines

__all__ = [
    "UNREMEMBERED",
    "Finding",
    "Sending",
    "all_problems",
    "all_well",
    "check_json",
    "doctor_json",
    "erasure_json",
    "events_json",
    "explanation_json",
    "import_json",
    "interrupted",
    "json_text",
    "needs_person",
    "open_console",
    "pace_bar",
    "plan_json",
    "print_check",
    "print_doctor",
    "print_erasure",
    "print_events",
    "print_explanation",
    "print_import",
    "print_mails",
    "print_outlook",
    "print_problems",
    "print_recorded",
    "print_remedies",
    "print_run",
    "print_sending",
    "print_simulation",
    "print_stages",
    "problem_json",
    "progress",
    "recorded_json",
    "refusal_lines",
    "review_lines",
    "safe_stream",
    "sending_json",
    "told",
]
