"""Laws 6 and 7: a life billed at once, month by month from pasted balances, or day by day; and what is closed stays."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from random import Random

from whenever import Date, Instant

from ratewright.explain.bill_document import assemble
from ratewright.explain.machine.json_form import to_data
from ratewright.rating.bill import Bill
from ratewright.rating.walk import statement
from ratewright.report.bill_formats import bill_json
from ratewright.values.calendar import Cadence, PeriodUnit
from tests.laws.billing import Data, RefusedError, bills, data_of, figures, lines, priced, unlike, unlike_bills
from tests.laws.law import Law, ask_that
from tests.reference.cases import Case, Declaration

MONTH = Cadence(PeriodUnit.MONTH)
_RUNS_ON = re.compile(
    r"refunds_before|every (week|quarter|2 months|month on|month from)|renews every week| since |prorated by day"
    r"|place\(|maximum .* each (week|quarter|year)"
)
"""What does not begin anew with each month, or asks what no balance tells."""


def _months_one_by_one(case: Case, random: Random) -> str | None:
    """From each bill the next month goes on with its balances, its own usage, and requests for lots that are left."""
    text, data = case.text(), data_of(case)
    ask_that(not _RUNS_ON.search(text) and not _run_across(case) and not _asked_again(case))
    ask_that(not any(record.reported for record in case.account.records))  # a month alone corrects no other
    going = data
    for month, of_all in zip(case.months, bills(text, data, *case.months), strict=True):
        try:
            (one,) = bills(text, going, month)
        except RefusedError as error:
            ask_that("lies inside a window" not in str(error))
            return f"{month} alone: refused: {error}\n{json.dumps(going)}"
        found = unlike_bills([of_all], [one])
        if found:
            return f"{month} alone, {found}\n{json.dumps(going)}"
        going = _opened(case, data, one)
    return None


def _run_across(case: Case) -> bool:
    """Whether a record goes on where a month ends: a reading is a period of its own."""
    calendar = priced(case.text()).calendar
    stretches = [(Instant(f"{r.start}Z"), Instant(f"{r.end}Z")) for r in case.account.records if r.end is not None]
    return any(calendar.period_of(start, MONTH).end < end for start, end in stretches)


def _asked_again(case: Case) -> bool:
    """Whether a purchase is asked back twice: of one that was given back no balance tells."""
    asked = [request.purchase.partition("#")[0] for request in case.account.refunds]
    return len(set(asked)) < len(asked)


def _opened(case: Case, data: Data, last: Bill) -> Data:
    """The account as it goes on after a bill, with the balances as the bill has them."""
    opening = last.period.end
    left = json.loads(bill_json(last))["balances"]
    later = [each for each in data["purchases"] if Instant(each["at"]) >= opening]
    held = {balance["lot"].partition("#")[0] for balance in left} | {each["id"] for each in later}
    asked = {
        name: [each for each in data.get(name, []) if Instant(each["at"]) >= opening] for name in ("refunds", "pauses")
    }
    withdrawn = [each for each in data.get("withdrawals", []) if Instant(each["at"]) >= opening]
    known = {"history": [used for used, begins in _usage(case, data) if begins < opening]}
    return {
        **data,
        **(known if "from first use" in case.text() else {}),  # whether a window is open then
        "opening": opening.format_iso(),
        "balances": left,
        "usage": [used for used, begins in _usage(case, data) if begins >= opening],
        "purchases": later,
        "withdrawals": withdrawn,
        **{name: [e for e in each if e["purchase"].partition("#")[0] in held] for name, each in asked.items()},
    }


def _usage(case: Case, data: Data) -> list[tuple[Data, Instant]]:
    """The records and results as they stand in the data, with when they begin."""
    calendar = priced(case.text()).calendar
    starts = [Instant(f"{record.start.isoformat()}Z") for record in case.account.records]
    starts += [calendar.instant(Date.parse_iso(f"{result.month}-01")) for result in case.account.results]
    return list(zip(data["usage"], starts, strict=True))


def _days_one_by_one(case: Case, random: Random) -> str | None:
    """Each day's bill has the lines whose period ends in it; together they are those of the month."""
    text, data = case.text(), data_of(case)
    ask_that(not re.search(r"(covers|deduct) (sub)?total", text))
    ask_that(not any(record.reported for record in case.account.records))  # a correction is of the bill that was closed
    month = random.choice(case.months)
    (whole,) = bills(text, data, month)
    last = {"2026-02": 28, "2026-04": 30}.get(month, 31)
    try:
        by_day = bills(text, data, *(f"{month}-{day:02}" for day in range(1, last + 1)))
    except RefusedError as error:
        return f"{month} by days: refused: {error}"
    return unlike(lines([whole]), lines(by_day)) or unlike(figures(whole)["balances"], figures(by_day[-1])["balances"])


def _alone(case: Case, random: Random) -> str | None:
    """A month that is asked for alone."""
    text, data = case.text(), data_of(case)
    number = random.randrange(len(case.months))
    there, back = [bills(text, data, *case.months)[number]], bills(text, data, case.months[number])
    told = to_data(assemble(statement(there), "full")) == to_data(assemble(statement(back), "full"))
    return unlike_bills(there, back) or (None if told else f"{case.months[number]} is told otherwise")


def _later(case: Case, random: Random) -> str | None:
    """Bills, with and without what happened after them."""
    text, data = case.text(), data_of(case)
    months = case.months[: random.randint(1, len(case.months))]
    closed = bills(text, data, *months)
    end = closed[-1].period.end
    settings = {name: _until(value, end) for name, value in data.get("settings", {}).items()}
    earlier: Data = {
        **data,
        "usage": [used for used, begins in _usage(case, data) if begins < end],
        "purchases": [each for each in data["purchases"] if Instant(each["at"]) < end],
        **{name: [each for each in data.get(name, []) if Instant(each["at"]) < end] for name in _DATED},
        "settings": {name: value for name, value in settings.items() if value},
    }
    try:
        return unlike_bills(closed, bills(text, earlier, *months))
    except RefusedError as error:
        return f"without what came later: refused: {error}"


_DATED = ("refunds", "pauses", "withdrawals")


def _until(value: object, end: Instant) -> object:
    """A setting without its changes behind a time: one just then is that of the cycles which begin then, as the
    balances of a bill tell them."""
    return {at: each for at, each in value.items() if Instant(at) <= end} if isinstance(value, dict) else value


def _within(case: Case, random: Random) -> str | None:
    """Lines of an account that is activated, by a list that begins."""
    rules = priced(case.text())
    effective, activated = rules.tree.effective, case.account.activated
    begins = [rules.calendar.instant(effective)] if effective is not None else []
    begins += [Instant(f"{activated.isoformat()}Z")] if activated is not None else []
    for line in (line for bill in bills(case.text(), data_of(case), *case.months) for line in bill.lines):
        end = line.at if line.period is None else line.period.end
        if end is not None and any(end < begin for begin in begins):
            return f"{line.source}, {line.period or line.at}"
    return None


def _share(case: Case, random: Random) -> str | None:
    """A line with a share of its period, and the same without; not one with a most for several of its periods, of which
    a share leaves later ones more."""
    parts = [part for part in case.declarations if part != _unshared(part) and not _has_most_of_periods(part)]
    ask_that(parts)
    part = random.choice(parts)
    name = part.head.split()[1]
    other = replace(case, declarations=tuple(_unshared(part) if p is part else p for p in case.declarations))
    there, whole = (
        {
            (line.period, line.key): line.exact
            for bill in bills(one.text(), data_of(one), *one.months)
            for line in bill.lines
            if line.source == name
        }
        for one in (case, other)
    )
    low = {of: amount for of, amount in there.items() if amount > whole.get(of, amount)}
    return f"{name}: {low} for a share, {whole} for the whole" if low else None


def _has_most_of_periods(part: Declaration) -> bool:
    return any(each.startswith("maximum ") and " each " in each for each in part.statements)


def _unshared(part: Declaration) -> Declaration:
    return replace(part, statements=tuple(each for each in part.statements if not each.startswith("prorated ")))


LAWS = (
    Law("months one by one", "months from pasted balances are those of the whole life", _months_one_by_one),
    Law("days one by one", "the lines of a month's days are the month's, each once", _days_one_by_one),
    Law("a month alone", "a month that is asked for alone is the month out of all", _alone),
    Law("closed bills", "what happens later never changes a bill that is closed", _later),
    Law("nothing before", "nothing is billed from before the list is in force or the account began", _within),
    Law("a share", "a share of a period never costs more than the whole", _share),
)
