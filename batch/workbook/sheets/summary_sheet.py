"""A plan's sums → the Summary sheet: tiles of key figures, two charts, and the tables behind them."""

from typing import Any

import pandas as pd
from openpyxl.chart import BarChart
from openpyxl.drawing.spreadsheet_drawing import AnchorMarker, TwoCellAnchor
from openpyxl.workbook import Workbook
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from batch.core.codes import STANDINGS, STEPS
from batch.core.currencies import minor_units
from batch.core.freshness import STALE
from batch.core.plan import Plan
from batch.core.records import About
from batch.words import Words
from batch.workbook.layout import letter_of
from batch.workbook.sheets.accounts import units
from batch.workbook.sheets.advice import write_advice
from batch.workbook.sheets.charts import Bars, bar_chart, column_chart
from batch.workbook.sheets.long_sheet import set_margins
from batch.workbook.sheets.looks import (
    AGE_COLOURS,
    GREY,
    NAVY,
    NOTICE,
    PALE,
    PERCENT_FORM,
    STANDING_COLOURS,
    Look,
    money_form,
)
from batch.workbook.sheets.pages import break_pages
from batch.workbook.sheets.sentences import labels
from batch.workbook.sheets.since import write_since
from batch.workbook.sheets.small_table import Part, Tile, write_table, write_tiles, write_wide

LEFT, GAP, RIGHT, LAST, HALF = 2, 8, 9, 14, 6
TILES = (2, 4, 6, 9, 11, 13)
COLUMN_WIDTH, MARGIN_WIDTH = 13.5, 2.5
CHART_ROWS = 16
BIGGEST, LONG_REMARK = 10, 185


def add_summary(workbook: Workbook, plan: Plan, accounts: pd.DataFrame, about: About, words: Words) -> None:
    """Add the Summary sheet; `accounts` is accounts.account_rows."""
    sheet = workbook.create_sheet(words.label("sheets", "summary"))
    for place in range(1, LAST + 1):
        width = MARGIN_WIDTH if place in (1, GAP) else COLUMN_WIDTH
        sheet.column_dimensions[letter_of(place)].width = width
    row = _write_title(sheet, plan, about, words)
    for kpi in plan.summary.kpis.to_dict("records"):
        row = write_tiles(sheet, row, TILES, _tiles(dict(kpi), words))
    starts = [row, row + CHART_ROWS + 1]  # the charts, the tables under them
    row = _write_sums(sheet, row, plan, words)
    starts.append(row)
    row = write_since(sheet, row, (LEFT, RIGHT), plan, words)
    starts.append(row)
    row = _write_steps(sheet, row, plan, accounts, words)
    starts.append(row)
    row = write_advice(sheet, row, (LEFT, LAST), plan, words)
    _set_page(sheet, row)
    break_pages(sheet, [*starts, row])


def _write_title(sheet: Worksheet, plan: Plan, about: About, words: Words) -> int:
    """Write title, lead and remarks; return the next free row."""
    write_wide(sheet, 1, (LEFT, LAST), words.label("summary", "title"), Look(size=20, bold=True, ink=NAVY))
    sheet.row_dimensions[1].height = 30
    facts = {"as_of": plan.as_of, "company": about.company, "file": plan.ledger.source.file}
    lead = words.sentence("summary", "lead" if about.company else "lead_alone", facts)
    write_wide(sheet, 2, (LEFT, LAST), lead, Look(size=11, ink=GREY))
    remarks = [words.problem(problem)[0] for problem in plan.problems if problem.code == STALE]
    remarks += [words.label("summary", "first_run")] if plan.first_run else []
    if left_out := plan.ledger.source.left_out:
        remarks.append(words.sentence("summary", "left_out", {"n": left_out}))
    for row, remark in enumerate(remarks, start=4):
        write_wide(sheet, row, (LEFT, LAST), remark, Look(fill=NOTICE, wrap=True, indent=1))
        sheet.row_dimensions[row].height = 22 if len(remark) < LONG_REMARK else 32
    return 4 + len(remarks) + (1 if remarks else 0)


def _tiles(kpi: dict[Any, Any], words: Words) -> list[Tile]:
    """Return the six figures of one currency."""
    currency = kpi["currency"]
    unit, form = 10 ** minor_units(currency), money_form(currency)
    unknown = words.label("summary", "unknown")
    late = {"late": kpi["overdue_debtors"], "all": kpi["debtors"]}

    def named(code: str) -> str:
        return f"{words.label('summary', code)} ({currency})"

    return [
        Tile(named("open"), kpi["open"] / unit, form),
        Tile(named("overdue"), kpi["overdue"] / unit, form),
        Tile(words.label("summary", "late_debtors"), words.sentence("summary", "late_of", late)),
        *(
            Tile(
                words.label("summary", label),
                unknown if pd.isna(kpi[name]) else words.sentence("summary", "dso_days", {"days": kpi[name]}),
            )
            for label, name in (("weighted_late", "weighted_days_late"), ("dso", "dso_days"))
        ),
        Tile(named("unallocated"), kpi["unallocated"] / unit, form),
    ]


def _main_first(table: pd.DataFrame, plan: Plan, order: dict[str, int], by: str) -> pd.DataFrame:
    """Return the sums with the main currency's rows first, and within a currency in the given order of `by`."""
    currencies = {code: rank for rank, code in enumerate(_currencies(plan))}
    keys = table.assign(_currency=table["currency"].map(currencies), _order=table[by].map(order))
    return keys.sort_values(["_currency", "_order"], kind="stable").drop(columns=["_currency", "_order"])


def _currencies(plan: Plan) -> list[str]:
    """Return the currencies, the one with most customers first."""
    return plan.summary.kpis.sort_values("debtors", ascending=False, kind="stable")["currency"].tolist()


def _write_sums(sheet: Worksheet, row: int, plan: Plan, words: Words) -> int:
    """Write ageing and standings, charts above and tables below; return the next free row."""
    order = {bucket: rank for rank, bucket in enumerate(dict.fromkeys(plan.summary.buckets["bucket"].tolist()))}
    main = _currencies(plan)[:1]
    # Empty ages are drawn for the main currency only; elsewhere they would only be rows of zeros.
    shown = plan.summary.buckets["currency"].isin(main) | (plan.summary.buckets["items"] > 0)
    buckets = _main_first(plan.summary.buckets[shown], plan, order, "bucket")
    ranks = {standing: rank for rank, standing in enumerate(STANDINGS)}
    standings = _main_first(plan.summary.by_standing, plan, ranks, "standing")
    tables = row + CHART_ROWS + 1
    first = write_table(sheet, (tables, LEFT), words.label("summary", "ageing"), _bucket_parts(buckets, words))
    write_table(sheet, (tables, RIGHT), words.label("summary", "standings"), _standing_parts(standings, words))
    for currency in main:
        # Each table begins with the main currency's rows: names in its first column, open and overdue further right.
        ages = [AGE_COLOURS[min(at, len(AGE_COLOURS) - 1)] for at in range((buckets["currency"] == currency).sum())]
        kinds = standings.loc[standings["currency"] == currency, "standing"].tolist()
        colours = [STANDING_COLOURS[code][0] for code in kinds]
        titles = [
            words.sentence("summary", code, {"currency": currency}) for code in ("ageing_chart", "standings_chart")
        ]
        _place(sheet, (row, LEFT), column_chart(sheet, Bars(first, LEFT, LEFT + 3, ages), titles[0]))
        _place(sheet, (row, RIGHT), bar_chart(sheet, Bars(first, RIGHT, RIGHT + 5, colours), titles[1]))
    return first + max(len(buckets), len(standings)) + 1


def _place(sheet: Worksheet, at: tuple[int, int], chart: BarChart) -> None:
    """Put a chart over half the sheet. Tied to cells at both ends, it keeps that half whatever a character's width is."""
    row, first = at
    chart.anchor = TwoCellAnchor(  # type: ignore[assignment]  # the stubs know only the name of a cell
        _from=AnchorMarker(col=first - 1, row=row - 1),
        to=AnchorMarker(col=first + HALF - 1, row=row + CHART_ROWS - 2),
    )
    sheet.add_chart(chart)


def _money(table: pd.DataFrame, column: str) -> list[float]:
    return (table[column] / units(table["currency"])).tolist()


def _forms(table: pd.DataFrame) -> list[str]:
    return [money_form(code) for code in table["currency"].tolist()]


def _bucket_parts(buckets: pd.DataFrame, words: Words) -> list[Part]:
    whole = buckets.groupby("currency")["open"].transform("sum")
    share = (buckets["open"] / whole.where(whole != 0)).fillna(0.0)
    return [
        Part(words.label("summary", "bucket"), labels("buckets", buckets["bucket"], words), span=2),
        Part(words.label("headings", "currency"), buckets["currency"].tolist()),
        Part(words.label("summary", "open"), _money(buckets, "open"), forms=_forms(buckets)),
        Part(words.label("summary", "items"), buckets["items"].tolist(), forms="#,##0"),
        Part(words.label("summary", "share_column"), share.tolist(), forms=PERCENT_FORM),
    ]


def _standing_parts(standings: pd.DataFrame, words: Words) -> list[Part]:
    tints = [STANDING_COLOURS[code][1] for code in standings["standing"].tolist()]
    return [
        Part(
            words.label("headings", "standing"), labels("standings", standings["standing"], words), span=2, fills=tints
        ),
        Part(words.label("headings", "currency"), standings["currency"].tolist()),
        Part(words.label("summary", "debtors"), standings["debtors"].tolist(), forms="#,##0"),
        Part(words.label("summary", "open"), _money(standings, "open"), forms=_forms(standings)),
        Part(words.label("summary", "overdue"), _money(standings, "overdue"), forms=_forms(standings)),
    ]


def _write_steps(sheet: Worksheet, row: int, plan: Plan, accounts: pd.DataFrame, words: Words) -> int:
    """Write the steps of this run and the biggest debtors side by side; return the next free row."""
    steps = _main_first(plan.summary.by_step, plan, {step: rank for rank, step in enumerate(STEPS)}, "step")
    steps = steps[steps["step"] != ""]
    big = accounts[accounts["overdue"] > 0].assign(size=accounts["overdue"] / units(accounts["currency"]))
    big = big.sort_values("size", ascending=False, kind="stable").head(BIGGEST)
    first = write_table(
        sheet,
        (row, LEFT),
        words.label("summary", "steps"),
        _step_parts(steps, words),
        words.label("summary", "no_steps"),
    )
    write_table(
        sheet, (row, RIGHT), words.label("summary", "biggest"), _biggest_parts(big, plan, words),
        words.label("summary", "no_biggest"),
    )  # fmt: skip
    return first + max(len(steps), len(big)) + 1


def _step_parts(steps: pd.DataFrame, words: Words) -> list[Part]:
    return [
        Part(words.label("summary", "step"), labels("steps", steps["step"], words), span=2),
        Part(words.label("headings", "channel"), labels("channels", steps["channel"], words)),
        Part(words.label("headings", "currency"), steps["currency"].tolist()),
        Part(words.label("summary", "debtors"), steps["debtors"].tolist(), forms="#,##0"),
        Part(words.label("headings", "asked"), _money(steps, "asked"), forms=_forms(steps)),
    ]


def _biggest_parts(big: pd.DataFrame, plan: Plan, words: Words) -> list[Part]:
    main = _currencies(plan)[:1]
    names = [
        name if [currency] == main else f"{name} ({currency})"
        for name, currency in zip(big["name"].tolist(), big["currency"].tolist(), strict=True)
    ]
    tints = [STANDING_COLOURS[code][1] if code else PALE for code in big["standing"].tolist()]
    return [
        Part(words.label("headings", "name"), names, span=2),
        Part(words.label("headings", "standing"), big["standing_label"].tolist(), span=2, fills=tints),
        Part(words.label("summary", "overdue"), _money(big, "overdue"), forms=_forms(big)),
        Part(words.label("headings", "days_late"), big["oldest_days_late"].tolist(), forms="0"),
    ]


def _set_page(sheet: Worksheet, last: int) -> None:
    sheet.sheet_view.showGridLines = False
    sheet.sheet_properties.tabColor = NAVY
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9  # A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_area = f"A1:{letter_of(LAST)}{last}"
    set_margins(sheet)
