"""Functions, values and units of spreadsheets, databases and programs, and what is written here.

Each remedy is a part of a sentence; what stands in backticks is the language itself. Words are in small letters:
`SUMIFS` is found as `sumifs`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_CHOICE = "write `if … then … else …`"
_LOOKUP = "a table is looked up by its keys: `prices[plan]`, one column of it `terms[plan].fee`"
_UP = "say the way and the step: `round up (x) to 0.01 USD`"
_DOWN = "say the way and the step: `round down (x) to 0.01 USD`"
_NEAREST = "say the way and the step: `round half up (x) to 0.01 USD`"
_TODAY = "a bill is of its period and knows no today: `start of period`, `end of period`, or `at`"
_TEXTS = "texts are compared whole: `==` or `!=`"
_DEFAULT = 'a field has a value where none is given: `field region text = "EU"`'
_POWERS = "there are no powers: multiply, `2 * 2 * 2`"


def _each(words: str, help: str) -> dict[str, str]:
    return dict.fromkeys(words.split(), help)


FUNCTIONS: Mapping[str, str] = {
    **_each("if iff iif ifs switch choose case decode when", _CHOICE),
    **_each("vlookup xlookup hlookup lookup index match get getpivotdata", _LOOKUP),
    **_each("roundup ceil ceiling", _UP),
    **_each("rounddown floor int trunc truncate", _DOWN),
    **_each("round mround rnd", _NEAREST),
    **_each("sumif sumifs sum_if sumwhere dsum", "write `sum(quantity where kind == a)` in a meter"),
    **_each("countif countifs count_if", "write `count(quantity where kind == a)` in a meter"),
    **_each("averageif averageifs avgif", "write `mean(quantity where kind == a)` in a meter"),
    **_each("maxifs maxif", "write `highest(quantity where kind == a)` in a meter"),
    **_each("minifs minif", "write `lowest(quantity where kind == a)` in a meter"),
    **_each("sumproduct", "write `sum(quantity * prices[kind])` in a meter"),
    **_each("average avg", "write `mean(…)`"),
    **_each("median", "write `percentile(quantity, 50)`, the nearest rank"),
    **_each("maximum greatest", "write `max(a, b)` of values, `highest(quantity)` of records"),
    **_each("minimum least", "write `min(a, b)` of values, `lowest(quantity)` of records"),
    **_each("large nth_largest top rank", "write `nth_highest(quantity, 5)`, or `highest(quantity, 5)` for all five"),
    **_each("small nth_lowest", "write `lowest(quantity, 5)`"),
    **_each("total summe add", "write `sum(…)`"),
    **_each("counta countdistinct count_distinct countunique approx_count_distinct nunique", "write `unique(user)`"),
    **_each(
        "percentile_cont percentile_disc quantile p95 percentile_inc percentile_exc",
        "write `percentile(quantity, 95)`, the nearest rank",
    ),
    **_each("last_value latest", "write `last(quantity)`"),
    **_each("first_value earliest", "write `first(quantity)`"),
    **_each("stdev stddev variance var", "there is no such measure: a price needs one that a bill can show"),
    **_each("today now current_date getdate sysdate current_timestamp", _TODAY),
    **_each(
        "datediff datedif date_diff days_between networkdays days360",
        "write `days(purchase, request)` for the days between two dates",
    ),
    **_each("eomonth last_day end_of_month month_end", "write `end of month(at)`"),
    **_each("date_trunc trunc_date start_of_month startofmonth", "write `start of month(at)`"),
    **_each("edate dateadd date_add add_months", "write `purchase + 1 month`"),
    **_each("date to_date datevalue", "write the date itself: 2026-01-31"),
    **_each(
        "extract datepart date_part timevalue",
        "write `time(at) >= 7 hours`, `weekday(at) == monday`, `month(at) == july`",
    ),
    **_each("monthname month_name month_of month_of_year", "write `month(at) == july`"),
    **_each("dayofweek day_of_week dow", "write `weekday(at) == monday`"),
    **_each("and", "write `a and b`"),
    **_each("or", "write `a or b`"),
    **_each("not", "write `not a`"),
    **_each("in oneof one_of isin any", "compare with each: `plan == free or plan == pro`"),
    **_each("between", "compare twice: `quantity >= 1 call and quantity <= 5 calls`"),
    **_each("abs", "write `max(x, 0 - x)`"),
    **_each("mod modulo rem", "there is no remainder: `a - round down (a / b) * b`"),
    **_each("clamp", "write `max(least, min(x, most))`"),
    **_each("pow power sqrt exp ln log log10 square", _POWERS),
    **_each(
        "concat concatenate textjoin left right mid len upper lower trim like regexp regex substring contains", _TEXTS
    ),
    **_each("coalesce ifnull nvl isnull iferror ifna nullif isblank", _DEFAULT),
    **_each("nth row_number rownum rank dense_rank ordinal position sequence", "write `place(month(at))`"),
    **_each("integrate time_weighted_sum area", "write `integral(quantity) / length(period)`"),
}
"""By a function's name in small letters."""

VALUES: Mapping[str, str] = {
    **_each("true yes enabled", "write `on`"),
    **_each("false no disabled", "write `off`"),
    **_each(
        "null none nil undefined nan na empty blank", "nothing has no value here: give a default, or ask with `if`"
    ),
    **_each("inf infinity unlimited", "there is no endless figure: in rows the rest is `beyond`"),
    **_each("days_in_month days_in_period", "write `days(period)`"),
    **_each("hours_in_month hours_in_period", "write `length(period)`"),
    **_each("today now", _TODAY),
    **_each("usage consumption units_used", "write `quantity` for what the line is on"),
    **_each("timestamp created_at event_time", "write `at`"),
}
"""By a name in small letters that nothing declares."""

UNITS: Mapping[str, str] = {
    **_each("percent pct prozent", "write `10%`"),
    **_each("cent cents ct", "write the amount in {currency}: `0.05 {currency}`"),
    **_each("dollar dollars euro euros pound pounds yuan rmb bucks", "write the currency's code: `5 {currency}`"),
    **_each("thousand million billion k m mio bn tsd", "write the number with its digits: `1,000`, `1,000,000`"),
    **_each("hrs hr h", "write `hours`"),
    **_each("min mins", "write `minutes`"),
    **_each("sec secs s", "write `seconds`"),
    **_each("d", "write `days`"),
    **_each("mo mos mth", "write `months`"),
    **_each("yr yrs y", "write `years`"),
    **_each("x times", "write `*`: `3 * price`"),
    **_each("each per unit units item items piece pieces pcs", "declare what is counted: `unit call, calls`"),
}
"""By the word behind a number, in small letters, where no unit is called so."""


def unit_called(word: str) -> str:
    """The unit that a short form stands for, `hours` for `h`; empty for any other word."""
    said = UNITS.get(word.lower(), "")
    return said.removeprefix("write `").removesuffix("`") if said.count("`") == 2 else ""


_CELL = re.compile(r"\$?[A-Z]{1,2}\$?[0-9]{1,4}", re.ASCII)


def value_named(name: str) -> str:
    """What to write for a name that stands for a value elsewhere."""
    if _CELL.fullmatch(name):
        return "if it is the cell of a spreadsheet, give the figure a name: `define free_part = …`"
    return VALUES.get(name.lower(), "")
