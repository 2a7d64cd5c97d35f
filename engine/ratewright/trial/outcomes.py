"""The figures of finished bills by the names that expectations use."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from ratewright.derivation import trace
from ratewright.meaning import nodes as tree
from ratewright.rating.assembly.totals import in_sum
from ratewright.rating.bill import Bill, Line, LineKind
from ratewright.trial.billed import Part
from ratewright.values.exact import Exact, exact, summed


def outcome(node: tree.Given, part: Part) -> Exact | list[Exact]:
    """The value of one name for a stretch of time; a list for a step of several values."""
    match node:
        case tree.LineAmount(name=name):
            return exact(sum(line.amount for line in part.lines if _is(line, name)) * _sign(part, name))
        case tree.LineExact(name=name):
            return exact(sum(line.exact for line in part.lines if _is(line, name)) * _sign(part, name))
        case tree.LineQuantity(name=name):
            own = (line for line in part.lines if line.source == name and isinstance(line.why, trace.ChargeTrace))
            return summed(line.quantity for line in own)
        case tree.Measured(name=name):
            return summed(meter.measured for meter in _meters(part, name))
        case tree.StepValue(name=name, type=type_):
            meter, _, step = name.partition(".")
            steps = [s for m in _meters(part, meter) for s in m.steps if s.name == step]
            if type_.many:
                return [value for s in steps for _, value in s.values]
            return summed(s.value for s in steps if s.value is not None)
        case tree.SumOfLines(name=name):
            if part.whole:
                return summed(getattr(bill, name) for bill in part.bills)
            return summed(line.amount for line in part.lines if in_sum(line, name))
        case tree.Outcome(name=name):
            function, _, arguments = name.removesuffix(")").partition("(")
            return _FUNCTIONS[function](part, *arguments.split(", "))
    raise TypeError(type(node).__name__)


# ---------------------------------------------------------------- lines and their sums


def _is(line: Line, name: str) -> bool:
    """Whether a line is of a name; what a pool of money pays is drawn from it, and no line of its own."""
    return line.source == name and line.kind is not LineKind.PAYMENT


def _sign(part: Part, name: str) -> int:
    """A discount is spoken of by what it takes off."""
    charge = part.tariff.charges.get(name)
    return -1 if charge is not None and charge.word is tree.LineWord.DISCOUNT else 1


def _priced(lines: Iterable[Line], name: str) -> Iterator[tuple[Line, trace.ChargeTrace]]:
    """The lines of a charge, discount or tax; of a period that is billed in parts the last, which holds all of it."""
    found: dict[object, tuple[Line, trace.ChargeTrace]] = {}
    for number, line in enumerate(lines):
        if line.source == name and isinstance(line.why, trace.ChargeTrace):
            in_parts = line.why.charge.billed is not None
            found[(line.why.period, line.key) if in_parts else number] = (line, line.why)
    yield from found.values()


def _exact_sum(part: Part, name: str) -> Exact:
    return summed(line.exact for line in part.lines if in_sum(line, name))


def _slice(part: Part, name: str, number: str) -> Exact:
    """The amount of one row of the price."""
    row = int(number) - 1
    amount: Exact = 0
    for _, why in _priced(part.lines, name):
        for count, price in trace.prices_in(why.price):
            if isinstance(price, trace.VolumeTrace | trace.GraduatedTrace) and row < len(price.tiers):
                amount += count * price.tiers[row].amount
    return exact(amount)


def _refunded(part: Part, name: str) -> Exact:
    refunds = [(line, line.why) for line in part.lines if isinstance(line.why, trace.RefundTrace)]
    return exact(-sum(line.amount for line, why in refunds if name in (line.source, why.purchase)))


# ---------------------------------------------------------------- usage and pools


def _meters(part: Part, name: str) -> Iterator[trace.MeterTrace]:
    return (meter for bill in part.bills for meter in bill.meters if meter.meter.name == name)


def _covered(part: Part, target: str, pool: str) -> Exact:
    """What one pool paid for: usage of a meter, or money of a line or a sum."""
    sources = (s for meter in _meters(part, target) for s in meter.sources if s.pool.name == pool)
    paid = sum(why.amount for why in _payments(part) if (why.target, why.pool.name) == (target, pool))
    return exact(sum(source.covered for source in sources) + paid)


def _payments(part: Part) -> Iterator[trace.PaymentTrace]:
    return (line.why for line in part.lines if isinstance(line.why, trace.PaymentTrace))


def _lots(bill: Bill, name: str) -> list[trace.LotTrace]:
    """The lots of a pool or of a purchase, each once: several meters may draw from one."""
    holders: list[trace.SourceTrace | trace.FundTrace] = [*(s for m in bill.meters for s in m.sources), *bill.funds]
    found = {
        lot.lot: lot
        for holder in holders
        for lot in holder.lots
        if name in (holder.pool.name, lot.purchase, lot.lot, lot.whole)
    }
    return list(found.values())


def _drawn(part: Part, name: str) -> Exact:
    return summed(lot.drawn for bill in part.bills for lot in _lots(bill, name))


def _left(part: Part, name: str) -> Exact:
    last = part.bills[-1]
    return trace.left_of(_lots(last, name), last.period.end)


def _unserved(part: Part, name: str) -> Exact:
    return summed(u.quantity for bill in part.bills for u in bill.unserved if u.meter.name == name)


# ---------------------------------------------------------------- limits


def _limits(part: Part, name: str) -> Sequence[trace.LimitTrace]:
    return [limit for bill in part.bills for limit in bill.limits if limit.limit.name == name]


def _peak(part: Part, name: str) -> Exact:
    return max((limit.peak for limit in _limits(part, name)), default=0)


def _waiting(part: Part, name: str) -> Exact:
    return summed(limit.waiting for limit in _limits(part, name))


def _waited(part: Part, name: str) -> Exact:
    return sum(limit.waited for limit in _limits(part, name))


_FUNCTIONS: dict[str, Callable[..., Exact]] = {
    "covered": _covered,
    "drawn": _drawn,
    "exact": _exact_sum,
    "left": _left,
    "peak": _peak,
    "refunded": _refunded,
    "slice": _slice,
    "unserved": _unserved,
    "waited": _waited,
    "waiting": _waiting,
}
