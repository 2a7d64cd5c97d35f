"""Reasons as bills print them, asked again with the figures that they tell: what is said to hold holds."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from fractions import Fraction

from whenever import Date

from ratewright.derivation import trace
from ratewright.rating.bill import Bill, Line
from ratewright.values.calendar import moment_text
from tests.explain import plain_words
from tests.explain.equations import NoEquationError, value_of
from tests.explain.looked_up import LookedUp
from tests.explain.reason import Reason
from tests.explain.truth import DATE, compared, truth

READ = r"(?P<read>.+? (?:is|was) .*)"
ASKED = (
    (re.compile(f"applies only when “(?P<asked>[^”]*)” holds, but {READ}"), "was", False),
    (re.compile(f"applies because “(?P<asked>[^”]*)” holds: {READ}"), "is", True),
    (re.compile(f"“refund [^”]*? if (?P<asked>[^”]*)” does not fit: {READ}"), "was", False),
    (re.compile(f"“refund [^”]*? if (?P<asked>[^”]*)” fits: (?:asked .*?, and )?{READ}"), "was", True),
    (re.compile(f"left out: only “(?P<asked>[^”]*)” counts, and {READ}"), "was", False),
)
PLACE = re.compile(r" \([^() ]+:\d+\)$")
_INSIDE = r"(?:[^()“”]|\((?:[^()“”]|\([^()“”]*\))*\))+"
VALUE = re.compile(rf"(?P<value>[^()]+?)(?: \({_INSIDE}\))?(?:, | and |$)")
WORKED = re.compile(rf" (?:is|was) (?P<value>on|off|-?\d[^()“”]*?) \((?P<how>{_INSIDE})\)")
ASCII = {"<": "<", "≤": "<=", ">": ">", "≥": ">="}
FIGURE = r"-?\d[\d.,]*…?(?: [A-Za-z_][\w^/.]*)?"
TIER = re.compile(rf"because (?P<of>{FIGURE}) is in the tier (?P<tier>[^(]+?)(?: \(|$)")
BOUNDS = re.compile(
    rf"(?:(?P<lower>{FIGURE}) (?P<above><|≤) )?(?:usage|amount)(?: (?P<sign><|≤|>|≥) (?P<bound>{FIGURE}))?"
)
_TITLE = r"\((?:[^()]|\([^()]*\))*\)"
NAME = re.compile(rf"(?:what is left of (?:the )?)?(?P<name>\w+)(?: {_TITLE})?(?: so far)?(?: of [\w :-]+)?")
SIDE = re.compile(rf"(?P<one>{FIGURE}) is (?P<not>not )?(?P<side>above|below) (?P<other>{FIGURE})")
BOUNDED = re.compile(rf"(?P<way>raised|lowered) from (?P<one>{FIGURE}) to (?P<other>{FIGURE}),")


KINDS = {
    "condition",
    "worked",
    "tier",
    "comparison",
    "lot",
    "lot not drawn",
    "lot left over",
    "lot that waits",
    "shares",
    "part",
    "row",
    "cell",
    "correction",
    "late records",
    "payment",
    "in time",
    "too late",
    "granted",
    *plain_words.KINDS,
}


def reasons(bill: Bill, texts: Iterable[str]) -> Iterator[Reason]:
    """The reasons of a bill: those of its sentences at full length, and those that its lines and lots come to."""
    looked_up, sentences = LookedUp(bill), list(texts)
    for text in sentences:
        yield from looked_up.reasons(text)
        yield from _conditions(text, bill)
        yield from _worked(text, bill)
        yield from _lots(text, bill)
        yield from _tiers(text, bill)
    yield from plain_words.claims(bill, sentences)
    for meter in bill.meters:
        yield from _left_over(meter, bill)
    for line in bill.lines:
        yield from _line(line)
    for request in bill.refusals:
        if isinstance(request, trace.RefundTrace):
            yield from _refund(request)


# conditions, and formulas with a name


def filled(asked: str, read: str, verb: str) -> str:
    """A condition with the values put in that are told behind it: `plan is pro and quantity is 501 units`."""
    told = dict(_told(asked, PLACE.sub("", read), f" {verb} "))
    for name in sorted(told, key=len, reverse=True):
        table, bracket, _ = name.partition("[")
        pattern = rf"{re.escape(table)}\[[^]]*\]" if bracket else rf"(?<!\w){re.escape(name)}(?!\w)"
        asked = re.sub(pattern, lambda _, name=name: told[name], asked)
    return asked


def _told(asked: str, read: str, verb: str) -> Iterator[tuple[str, str]]:
    """The names that a condition reads, each with its value; a title may have the verb or a comma in it."""
    while places := [
        at for at in range(len(read)) if read.startswith(verb, at) and _name(read[:at]).partition("[")[0] in asked
    ]:
        value = VALUE.match(read, places[-1] + len(verb))
        if value is None:
            return
        yield _name(read[: places[-1]]), value["value"]
        read = read[value.end() :]


def _name(told: str) -> str:
    """The name in the rule file, of what is told with a title and with what is meant: `charges so far`."""
    found = NAME.fullmatch(told)
    return told if found is None else found["name"]


def _conditions(text: str, bill: Bill) -> Iterator[Reason]:
    for pattern, verb, holds in ASKED:
        for found in pattern.finditer(text):
            asked = filled(found["asked"], found["read"], verb)
            answer = truth(asked, bill.tariff.units, bill.tariff.currency)
            yield Reason("condition", asked, None if answer is None else answer == holds, text)


def _worked(text: str, bill: Bill) -> Iterator[Reason]:
    """What a named formula is said to be and how: `heavy is off (400 calls > 1,000 calls)`."""
    units, currency = bill.tariff.units, bill.tariff.currency
    for found in WORKED.finditer(PLACE.sub("", text)):
        value, how = found["value"], found["how"]
        if value in ("on", "off"):
            answer = truth(how, units, currency)
            yield Reason("worked", found[0], None if answer is None else answer == (value == "on"), text)
            continue
        try:
            same = value_of(value, units, currency).meets(value_of(how, units, currency))
        except NoEquationError:
            continue
        yield Reason("worked", found[0], same, text)


# tiers


def _tiers(text: str, bill: Bill) -> Iterator[Reason]:
    """The tier that set a price, those that did not, and the bounds of a line."""
    units, currency = bill.tariff.units, bill.tariff.currency

    def comparison(one: str, sign: str, other: str) -> Reason:
        return Reason("comparison", f"{one} {sign} {other}", compared(one, sign, other, units, currency), text)

    for found in TIER.finditer(text):
        bounds = BOUNDS.fullmatch(found["tier"])
        yield Reason("tier", found["tier"], bounds is not None, text)
        if bounds is not None and bounds["lower"]:
            yield comparison(bounds["lower"], ASCII[bounds["above"]], found["of"])
        if bounds is not None and bounds["bound"]:
            yield comparison(found["of"], ASCII[bounds["sign"]], bounds["bound"])
    for found in SIDE.finditer(text):
        sign = {"above": ("<=", ">"), "below": (">=", "<")}[found["side"]][not found["not"]]
        yield comparison(found["one"], sign, found["other"])
    for found in BOUNDED.finditer(text):
        yield comparison(found["one"], "<" if found["way"] == "raised" else ">", found["other"])


# lots: where their size is, and why they gave nothing

_DAY = r"(?:\d{1,2} [A-Z][a-z]+ \d{4}|[\d: -]+)"
_MONTHS = "January February March April May June July August September October November December".split()
_VALIDITY = (
    rf"(?: bought (?P<on>[\d: -]+))?(?:, valid from (?P<starts>{_DAY}))?"
    rf"(?:, valid to (?P<expires>{_DAY})|, without an end)?"
    rf"(?:, in all valid (?:from {_DAY} )?(?:to {_DAY}|without an end))?"
)
LOT = re.compile(
    rf".+?: (?P<size>{FIGURE}){_VALIDITY}; (?:(?P<repaid>{FIGURE}) used before it began, )?"
    rf"(?P<before>{FIGURE}) drawn before this period, (?P<drawn>{FIGURE}) in it(?: in all)?"
    rf"(?:, (?P<taken>{FIGURE}) withdrawn before)?(?:, (?P<withdrawn>{FIGURE}) withdrawn)?, (?P<left>{FIGURE}) left"
    rf"(?:, (?P<owed>{FIGURE}) more than it held)?"
    rf"(?:, (?P<waiting>{FIGURE}) left for usage of before (?P<until>[\d: -]+), "
    r"which is settled (?P<settled>[\d: -]+))?"
    rf"(?:, (?P<rolled>{FIGURE}) rolled over)?(?:, (?P<lapsed>{FIGURE}) lapsed)?(?:, (?P<back>{FIGURE}) given back)?"
    rf"(?:, (?P<gone>{FIGURE}) (?:given back|lapsed|lapsed or rolled over) before it)?(?: — (?P<why>.*))?"
)


def _lots(text: str, bill: Bill) -> Iterator[Reason]:
    """Of each lot: what was drawn, what is left and what is not add up to its size, with what it gave beyond it; and
    why it gave nothing."""
    found = LOT.fullmatch(text)
    if found is None:
        if " drawn before this period" in text:
            yield Reason("lot", "is read", False, text)
        return
    units, currency = bill.tariff.units, bill.tariff.currency
    held, gone = _sum_of(found, "size", "owed"), _sum_of(found, *_GONE, "left", "waiting")
    size, rest = value_of(held, units, currency), value_of(gone, units, currency)
    yield Reason("lot", f"{held} = {gone}", size.meets(rest), text)
    nothing = value_of(found["drawn"], units, currency).most == 0 and not found["waiting"]
    yield Reason("lot", "it says why it gave nothing", nothing == (found["why"] is not None), text)
    if found["waiting"]:
        until, settled = (found[name].removesuffix(" 00:00") for name in ("until", "settled"))
        now = moment_text(bill.period.end, bill.calendar)
        waits = found["until"] == _end(found["expires"]) and until <= now < settled
        yield Reason("lot that waits", found["waiting"], waits, text)
    if found["why"]:
        yield Reason("lot not drawn", found["why"], _gave_nothing(found, bill), text)


_GONE = ("repaid", "before", "drawn", "taken", "withdrawn", "rolled", "lapsed", "back", "gone")


def _sum_of(found: re.Match[str], *names: str) -> str:
    """The figures that a sentence has of these, added up, each with its unit."""
    unit = re.sub(r"^-?[\d,.…]+", "", found["size"])
    parts = [found[name] for name in names if found[name]]
    return " + ".join(part if re.search("[A-Za-z]", part) else part + unit for part in parts)


def _gave_nothing(found: re.Match[str], bill: Bill) -> bool | None:
    """Whether the reason that a lot gave nothing is one, by the times and the figures that are told of it."""
    start, end = (moment_text(at, bill.calendar) for at in (bill.period.start, bill.period.end))
    why = found["why"]
    day = DATE.search(why)
    if why.startswith("given back"):
        return day is not None and day[0] <= end
    if why.startswith("valid only from"):
        begins = re.match(rf"valid only from ({_DAY})", why)
        since = _moment(found["starts"] or found["on"])
        return begins is not None and _moment(begins[1]) == since and start < since
    if why.startswith("expired"):
        return day is not None and day[0] == _end(found["expires"]) and day[0] < end
    if why == "empty":
        return _used_up(found, bill, "repaid", "before", "taken")
    if why.startswith("what was left of it was withdrawn"):
        return _used_up(found, bill, "repaid", "before", "taken", "withdrawn")
    return why == "no usage was left that it pays for" or None


def _moment(told: str | None, days: int = 0) -> str:
    """The instant of a day that is told in words, and so many days later: `2026-04-01 00:00`; empty for none."""
    if told is None:
        return ""
    if not told[-4:].isdigit() or told[0:4].isdigit():
        return told
    day, month, year = told.split()
    return f"{Date(int(year), _MONTHS.index(month) + 1, int(day)).add(days=days)} 00:00"


def _end(told: str | None) -> str:
    """When what is valid to a day ends: with that day."""
    return _moment(told, 1)


def _used_up(found: re.Match[str], bill: Bill, *names: str) -> bool:
    """Whether these figures of a lot come to its size, with what it gave beyond it."""
    units, currency = bill.tariff.units, bill.tariff.currency
    return value_of(_sum_of(found, "size", "owed"), units, currency).meets(
        value_of(_sum_of(found, *names), units, currency)
    )


def _left_over(meter: trace.MeterTrace, bill: Bill) -> Iterator[Reason]:
    """Where a lot that pays for all of a meter had something left all the time, nothing of it was priced."""
    period = bill.period
    since = min([period.start, *(line.period.start for line in bill.lines if line.period is not None)])
    priced = [quantity for _, quantity in meter.charged] + [usage.quantity for usage in meter.unserved]
    for source in meter.sources:
        for lot in source.lots:
            whole = source.pool.when is None and not lot.attributes and lot.refunded_at is None
            whole = whole and (lot.starts is None or lot.starts <= since)
            if whole and lot.remaining and (lot.expires is None or lot.expires >= period.end):
                yield Reason("lot left over", lot.lot, not any(priced), f"{priced} of {meter.meter.name}: {lot}")


# lines: shares, parts of a period, corrections, what was paid and given back


def _line(line: Line) -> Iterator[Reason]:
    why = line.why
    if isinstance(why, trace.ChargeTrace):
        yield from _charge(line, why)
    elif isinstance(why, trace.CorrectionTrace):
        label = f"{line.label}: {why.owed} now, {why.billed} before, so {line.amount}"
        yield Reason("correction", label, why.owed - why.billed == line.amount, line.label)
        yield Reason("late records", line.label, _came_late(why), line.label)
    elif isinstance(why, trace.PaymentTrace):
        paid = sum((drawn for _, drawn in why.lots), Fraction(0))
        yield Reason("payment", line.label, paid == why.amount == -line.amount <= why.before, line.label)
    elif isinstance(why, trace.RefundTrace):
        yield from _refund(why)


def _charge(line: Line, why: trace.ChargeTrace) -> Iterator[Reason]:
    if why.spread:
        shares = sum((part.share for part in why.spread), Fraction(0))
        yield Reason("shares", f"{shares} spread of {line.amount}", shares == abs(line.amount), line.label)
    if why.share is not None and why.share.days is not None and why.share.of is not None:
        days, of = why.share.days, why.share.of
        assert why.period is not None
        whole = round(Fraction(why.period.end.timestamp() - why.period.start.timestamp(), 86400))
        yield Reason("part", f"{days} of {of} days, of {whole}", 0 < days <= whole <= of, line.label)


def _came_late(why: trace.CorrectionTrace) -> bool:
    """Whether the records told for a line came after the period of the line, and lie in it."""
    start, end = why.period.start, why.period.end
    inside = all(one.of == why.period or (one.of.start < end and start <= one.of.end) for one in why.own)
    return bool(why.late) and inside and all(one in why.late and one.reported >= end for one in why.own)


def _refund(why: trace.RefundTrace) -> Iterator[Reason]:
    """Whether each rule was in time or too late, as it is told, and the last of them decided."""
    for tried in why.tried:
        if tried.failed == "late":
            yield Reason("too late", why.purchase, tried.deadline is not None and why.request > tried.deadline, "")
        elif tried.failed is None and tried.deadline is not None:
            yield Reason("in time", why.purchase, why.request <= tried.deadline, "")
    fits = bool(why.tried) and why.tried[-1].failed is None
    fits = fits and (why.pool.renews is not None or why.drawn + why.returned <= why.size)
    yield Reason("granted", why.purchase, why.granted == fits, "")
