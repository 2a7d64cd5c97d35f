"""What a line cannot be although its types fit: a tax of ten times, a minimum above the maximum, records of nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ratewright.meaning import nodes as n
from ratewright.meaning.types import Kind, Type
from ratewright.meaning.walk import given_in, parts
from ratewright.resolve.blocks import Block
from ratewright.resolve.findings import Report
from ratewright.syntax import nodes as s
from ratewright.values.calendar import Cadence, PeriodUnit
from ratewright.values.exact import Exact, grouped


def on_money(block: Block, on: s.On, quantity: n.Expression, money: Type, phrase: str) -> bool:
    """Whether a discount or a tax is on money, as it must be (reported); a charge may be on anything."""
    word = block.declaration.word
    if word == "charge" or quantity.type == money:
        return True
    block.report.error(
        "R205",
        f"a {word} is on money, and `{on.expression.span.text}` is {phrase}",
        on.expression.span,
        "name a charge, `charges` or `subtotal`",
    )
    return False


def check_line(
    block: Block, every: PeriodUnit, quantity: n.Expression | None, money: Type, form: n.PriceForm | None
) -> None:
    """Report what no price list can mean."""
    word = block.declaration.word
    billed, zero = block.one(s.Billed), block.one(s.ZeroUsage)
    if billed is not None and word != "charge":
        block.report.error(
            "R203",
            f"a {word} is billed with the lines it is on",
            billed.span,
            "delete `billed`; the charge may have it",
        )
    if every is PeriodUnit.RECORD and word == "charge" and block.one(s.On) is None:
        block.report.error(
            "R203",
            f"{block.name} is for each record, and does not say whose",
            block.declaration.name.span,
            "name the meter: `on calls_made`",
        )
    if zero is not None and form is not None and not _has_flat_part(form):
        block.report.error(
            "R203",
            "`flat at zero usage` charges the flat part of a price without usage, and there is none",
            zero.span,
            "delete it: an `amount` is charged in any case, a price by the unit comes to nothing",
        )
    for term in _terms(form):
        _check_term(term, word, quantity is not None and quantity.type == money, block.report)


def check_cheapest(form: n.Volume, block: Block) -> None:
    """Report a `volume cheapest` whose rows do not all begin with a quantity that may be charged."""
    if not form.cheapest:
        return
    reached = block.one(s.Reached)
    if reached is not None:
        block.report.error(
            "R203",
            "`cheapest` and `reached by` both say which row holds",
            reached.span,
            "keep one of them",
        )
    columns = [form.tiers] if form.rows is None else []
    for part in parts(form.rows) if form.rows is not None else ():
        columns += part.columns.values() if isinstance(part, n.RowsOf) else ()
    bounds = {tier.bound.span: tier.bound for tiers in columns for tier in tiers if tier.bound.inside}
    for span, bound in bounds.items():
        block.report.error(
            "R219",
            f"the row behind `{span.text}` begins with nothing that could be charged",
            span,
            _as_below(bound),
        )


def _as_below(bound: n.Bound) -> str:
    """How a bound is written that is itself in the next row: of whole things it is one more."""
    text = bound.span.text
    if text.startswith("next"):
        return "write where each row ends: `below 45 kg`, `below 100 kg`"
    limit = bound.limit.value if isinstance(bound.limit, n.Constant) else None
    written = text.removeprefix("up to ").strip()
    same = f"`below {written}`, which leaves {written} itself to the next row"
    if bound.unit.counted and isinstance(limit, int):
        return f"write `below {grouped(limit + 1)} {bound.unit.plural}` where they come whole, else {same}"
    return f"write {same}"


def check_once(block: Block, once: s.Once) -> None:
    """Report what a line that is billed once has no use for: other periods, usage, and a share of its day."""
    word = block.declaration.word
    if word != "charge":
        block.report.error(
            "R203",
            f"a {word} is billed with the lines it is on",
            once.span,
            "delete `once`, and let it be on a charge that is billed once",
        )
    for statement in block.declaration.statements:
        help = _NOT_ONCE.get(type(statement))
        if help is not None and word == "charge":
            block.report.error(
                "R203",
                f"{block.name} is billed once, and has `{statement.word}` too",
                statement.span,
                help,
                (("billed once", once.span),),
            )


NO_USAGE = "a fee that is billed once is an `amount`; a price of usage has periods: `every month`"
_NOT_ONCE: Mapping[type[s.Statement], str] = {
    s.Every: "keep one of the two",
    s.On: NO_USAGE,
    s.Billed: "delete it: the amount is billed on that day",
    s.Prorated: "delete it: the whole amount is billed on that day; another share stands in the `amount`",
}


def unmeasured(block: Block, given: Iterable[n.Given]) -> None:
    """Report a meter in a line that is billed once: its day is no period of usage."""
    measured = next((one for one in given if isinstance(one, n.Measured)), None)
    if measured is not None:
        block.report.error(
            "R203",
            f"{block.name} is billed once, and `{measured.name}` is what was used",
            measured.span,
            NO_USAGE,
        )


def billed_in_advance(block: Block, every: Cadence, given: Iterable[n.Given]) -> bool:
    """Whether a line is billed when its period begins; what is not known then is reported."""
    billed = block.one(s.Billed)
    if billed is None or billed.cadence is not None or block.declaration.word != "charge":
        return False
    if every.of_usage:
        what = "window" if every.first_use else every.unit.value
        block.report.error(
            "R219",
            f"a {what} is billed when it ends, and {block.name} in advance",
            billed.span,
            "write a period of the calendar: `every month`, or delete `billed in advance`",
        )
    late = next((one for one in given if not isinstance(one, _KNOWN_BEFORE)), None)
    if late is not None:
        block.report.error(
            "R222",
            f"`{late.name}` is known when the period has ended, and {block.name} is billed when it begins",
            late.span,
            "let usage and other lines be priced by a charge without `billed in advance`",
            (("billed", billed.span),),
        )
    return True


_KNOWN_BEFORE = n.SettingValue | n.PeriodFact | n.ChargeQuantity | n.RecordFact
"""What formulas may ask before anything is used: settings, the period, the instant, and a quantity made of these."""


def _has_flat_part(form: n.PriceForm) -> bool:
    """Whether the price of no usage may have a flat part."""
    match form:
        case n.Rate(price=price):
            return any(isinstance(term, n.FlatAmount) for term in price.terms)
        case n.Volume(tiers=tiers, rows=rows) | n.Graduated(tiers=tiers, rows=rows):
            return rows is not None or any(isinstance(t, n.FlatAmount) for tier in tiers[:1] for t in tier.price.terms)
    return False


def _terms(form: n.PriceForm | None) -> tuple[n.PriceTerm, ...]:
    """The prices of a form that stand in the line itself."""
    match form:
        case n.Rate(price=price):
            return price.terms
        case n.Volume(tiers=tiers) | n.Graduated(tiers=tiers):
            return tuple(term for tier in tiers for term in tier.price.terms)
        case n.Amount(expression=expression):
            return (n.FlatAmount(expression.span, expression, 1),)
    return ()


def _check_term(term: n.PriceTerm, word: str, of_money: bool, report: Report) -> None:
    figure = fixed(term.expression)
    if figure is None:
        return
    value = term.sign * figure
    text = term.span.text
    share = of_money and isinstance(term, n.UnitPrice)
    if share and value > 1 and "%" not in text:
        report.error(
            "R219", f"`{text}` takes {text} times what the line is on", term.span, f"a percentage is `{text}%`"
        )
    elif share and value > 1 and word == "discount":
        report.error("R219", f"a discount of {text} is more than there is", term.span, "write 100% or less")
    elif value < 0 and word == "discount":
        formula = f"write one amount that is never below 0: `amount max(… - {text}, 0 …)`"
        help = formula if term.sign < 0 else "write what is taken off without a sign"
        report.error("R219", "a discount below 0 adds to the bill", term.span, help)


def check_bounds(block: Block, least: n.Expression | None, most: n.Expression | None) -> None:
    """Report a minimum that is above the maximum."""
    lower, upper = fixed(least), fixed(most)
    if least is None or most is None or lower is None or upper is None or lower <= upper:
        return
    block.report.error(
        "R219",
        f"the minimum, {least.span.text}, is above the maximum, {most.span.text}",
        least.span,
        "exchange them",
        (("the maximum", most.span),),
    )


def check_days(block: Block, when: n.Expression | None, by_day: bool, quantity: n.Expression | None) -> None:
    """Report a condition that cannot be asked for each day of a period, where a share of its days is taken."""
    minimum, zero = block.one(s.Minimum), block.one(s.ZeroUsage)
    least = minimum is not None and minimum.by_day
    if when is None or not (by_day or least):
        return
    other = next((one for one in given_in(when) if not isinstance(one, n.SettingValue | n.RecordFact)), None)
    if other is not None:
        block.report.error(
            "R203",
            f"`prorated by day` asks `{when.span.text}` at the end of each day, when `{other.name}` is not known",
            other.span,
            "let `when` ask settings and `at`, or write the share: `prorated by 20 / 31`",
        )
    elif least and not by_day and quantity is not None and (zero or not isinstance(quantity, n.MeterLeft)):
        assert minimum is not None
        block.report.error(
            "R203",
            f"{block.name} is priced without usage by whether `{when.span.text}` holds for the period, and its minimum "
            "by the days on which it holds",
            minimum.span,
            "write `prorated by day` on a line of its own, for both, or price the meter as it is: `on calls_made`",
        )


def check_share(ratio: n.Expression, report: Report) -> None:
    """Report a share of the period that is none."""
    value = fixed(ratio)
    if value is not None and not 0 <= value <= 1:
        report.error(
            "R219",
            f"a share of the period lies between 0 and 1, and `{ratio.span.text}` does not",
            ratio.span,
            "write `prorated by day`, or the share: `prorated by days_used / days(period)`",
        )


def fixed(node: n.Expression | None) -> Exact | None:
    """The figure of an expression that is the same for everybody."""
    if isinstance(node, n.Constant) and node.type.kind is Kind.FIGURE and isinstance(node.value, Exact):
        return node.value
    return None


def check_readings(charges: Mapping[str, n.Charge], report: Report) -> None:
    """Report charges that wait for readings which nothing takes."""
    reading = [charge for charge in charges.values() if charge.every.unit is PeriodUnit.READING]
    if any(charge.meters for charge in reading):
        return
    for charge in reading:
        if charge.word is n.LineWord.CHARGE:
            report.error(
                "R213",
                f"`{charge.name}` is billed every reading, and no charge is on a meter that is read",
                charge.span,
                "let another charge be `on` the meter `every reading`, or bill it `every month`",
            )
