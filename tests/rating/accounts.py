"""Small tariffs and accounts as tests write them, and the figures of the bills they give."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import cache
from typing import TypeVar

from msgspec import Struct, structs
from whenever import Instant

from ratewright.checks.run import check
from ratewright.diagnostics import Diagnostic, Source, draw, errors_in
from ratewright.limits import DEFAULT, Limits
from ratewright.meaning import nodes as tree
from ratewright.plan.plan import plan_of
from ratewright.rating.bill import Bill, LineKind
from ratewright.rating.corrections import rate_account
from ratewright.rating.named_periods import months, named
from ratewright.rating.walk import rate
from ratewright.usage.model import (
    Amount,
    Balance,
    Extension,
    Form,
    GrantSize,
    Place,
    Purchase,
    Record,
    Request,
    SettingChange,
    Usage,
)
from ratewright.values.calendar import Moment, Period, calendar_of
from ratewright.values.exact import Exact
from ratewright.values.moments import parse_moment
from ratewright.values.units import in_unit

FILE = Source("acme.yaml", "account: acme\n")
HERE = Place(FILE, 1)
T = TypeVar("T")


@cache
def tariff(body: str, head: str = 'currency USD; timezone "UTC"') -> tree.Tariff:
    """The tree of a rule file: `body`, behind a tariff block of `head` and the unit `call`."""
    text = f'tariff t "T" {{ {head} }}\nunit call, calls\n{body}\n'
    found, diagnostics = check(Source("t.tariff", text))
    assert found is not None, "\n".join(draw(d) for d in errors_in(diagnostics))
    return found


def when(text: str | Instant) -> Moment:
    """A moment as a fixture writes it."""
    return text if isinstance(text, Instant) else parse_moment(text, DEFAULT)[0]


def amount(written: Exact | str | Amount) -> Amount:
    """`5`, `1/3` or `5 calls`."""
    if isinstance(written, Amount):
        return written
    if isinstance(written, str):
        number, _, unit = written.partition(" ")
        value = Fraction(number)
        return Amount(value.numerator if value.denominator == 1 else value, unit or None)
    return Amount(written)


class Ids:
    """Ids for records that need none."""

    count = 0

    @classmethod
    def next(cls) -> str:
        cls.count += 1
        return str(cls.count)


def event(
    at: str | Instant,
    quantity: Exact | str = 1,
    meter: str = "m",
    *,
    lasts: str | None = None,
    subaccount: str | None = None,
    id: str | None = None,
    **fields: str | Amount,
) -> Record:
    """Something at an instant."""
    return Record(
        id or Ids.next(),
        "test",
        meter,
        Form.EVENT,
        when(at),
        None,
        amount(quantity),
        HERE,
        fields,
        subaccount,
        amount(lasts) if lasts else None,
    )


def total(
    start: str | Instant, end: str | Instant, quantity: Exact | str, meter: str = "m", **fields: str | Amount
) -> Record:
    """Many records of `[start, end)` together."""
    return Record(Ids.next(), "test", meter, Form.TOTAL, when(start), when(end), amount(quantity), HERE, fields)


def state(start: str, end: str, quantity: Exact | str, meter: str = "m", **fields: str | Amount) -> Record:
    """Something that held during `[start, end)`."""
    return Record(Ids.next(), "test", meter, Form.STATE, when(start), when(end), amount(quantity), HERE, fields)


def given(start: str, end: str, quantity: Exact | str, meter: str = "m", **fields: str | Amount) -> Record:
    """What a meter measured in `[start, end)`, in place of its records."""
    return structs.replace(total(start, end, quantity, meter, **fields), measured=True)


def buy(
    id: str,
    at: str | Instant,
    size: Exact | str = 100,
    package: str = "pack",
    count: int = 1,
    *,
    paid: str | None = None,
    **attributes: str | Amount,
) -> Purchase:
    return Purchase(
        id, package, amount(size), count, when(at), HERE, attributes, amount(paid) if paid is not None else None
    )


def extend(
    id: str, start: str | Instant, by: Exact | str, term: str, terms: int = 1, limit: str = "tasks"
) -> Extension:
    return Extension(id, limit, amount(by), term, terms, when(start), HERE)


def ask(purchase: str, at: str | Instant) -> Request:
    """A refund or a pause asked for."""
    return Request(purchase, when(at), HERE)


def setting(name: str, value: str | Amount, at: str | Instant | None = None) -> SettingChange:
    return SettingChange(name, value, when(at) if at is not None else None, HERE)


def grant(name: str, size: Exact | str) -> GrantSize:
    return GrantSize(name, amount(size), HERE)


def left(source: str, remaining: Exact | str, **facts: object) -> Balance:
    """An opening balance; times as text."""
    known = {k: when(v) if k in ("expires", "starts", "purchased") else v for k, v in facts.items()}  # type: ignore[arg-type]
    known |= {k: amount(v) for k, v in facts.items() if k in ("size", "paid")}  # type: ignore[arg-type]
    return Balance(source, amount(remaining), HERE, **known)  # type: ignore[arg-type]


def account(*records: Record, **parts: object) -> Usage:
    """An account's usage; times as text, everything else as the model takes it."""
    for key in ("activated", "opening"):
        if parts.get(key) is not None:
            parts[key] = when(parts[key])  # type: ignore[arg-type]
    return Usage("acme", FILE, records=tuple(records), **parts)  # type: ignore[arg-type]


def late(record: Record, at: str) -> Record:
    """A record that becomes known when it is `reported`."""
    return changed(record, reported=when(at))


def corrected(rules: tree.Tariff, usage: Usage, *names: str) -> list[Bill]:
    """The bills of some months, with what usage that was reported late changed in earlier ones."""
    found, diagnostics = rate_account((plan_of(rules),), usage, periods_of(rules, *names))
    assert not diagnostics
    return found


def periods_of(rules: tree.Tariff, *names: str) -> list[Period]:
    calendar = calendar_of(rules.timezone)
    return (
        months(names[0], names[-1], calendar)
        if len(names[0]) == len("2026-03")
        else [period for name in names for period in named(name, calendar)]
    )


def bills(rules: tree.Tariff, usage: Usage, *names: str) -> list[Bill]:
    """The bills of the months `names[0]` to `names[-1]`, or of the days named."""
    found, diagnostics = rate(plan_of(rules), usage, periods_of(rules, *names))
    assert not diagnostics, "\n".join(draw(d) for d in diagnostics)
    return found


def bill(rules: tree.Tariff, usage: Usage, name: str = "2026-03") -> Bill:
    return bills(rules, usage, name)[0]


def problems(rules: tree.Tariff, usage: Usage, *names: str, limits: Limits = DEFAULT) -> list[Diagnostic]:
    """What keeps the bills from being made; there must be something."""
    found, diagnostics = rate(plan_of(rules), usage, periods_of(rules, *(names or ("2026-03",))), limits)
    assert not found
    assert diagnostics
    return diagnostics


def problem(rules: tree.Tariff, usage: Usage, *names: str, limits: Limits = DEFAULT) -> Diagnostic:
    """The one thing that keeps the bills from being made."""
    (found,) = problems(rules, usage, *names, limits=limits)
    return found


def amounts(made: Bill, source: str) -> list[Exact]:
    """The amounts of a source's lines, in the order of the bill."""
    return [line.amount for line in made.lines if line.source == source]


def charged(made: Bill, source: str = "fee") -> Exact:
    """What a source costs on a bill."""
    return sum(amounts(made, source))


def quantities(made: Bill, source: str = "fee") -> list[Exact]:
    return [
        in_unit(line.quantity, line.unit)
        for line in made.lines
        if line.source == source and line.kind is LineKind.CHARGE
    ]


def drawn(made: Sequence[Bill] | Bill) -> dict[str, Exact]:
    """What was drawn from each lot, over all the bills."""
    found: dict[str, Exact] = {}
    for one in (made,) if isinstance(made, Bill) else made:
        for lot in lots(one):
            found[lot.lot] = found.get(lot.lot, 0) + lot.drawn
    return {name: quantity for name, quantity in found.items() if quantity}


def lots(made: Bill) -> list:
    return [lot for meter in made.meters for source in meter.sources for lot in source.lots]


def unserved(made: Bill) -> Exact:
    return sum(u.quantity for u in made.unserved)


def carried(made: Bill) -> tuple[Balance, ...]:
    """The closing balances, as the next opening takes them."""
    found: list[Balance] = []
    for b in made.balances:
        unit = b.unit.plural or None
        found.append(
            Balance(
                b.source,
                Amount(in_unit(b.remaining, b.unit), unit),
                HERE,
                b.lot,
                b.expires,
                b.starts,
                Amount(in_unit(b.size, b.unit), unit),
                b.purchased,
                Amount(b.paid, made.tariff.currency) if b.paid is not None else None,
                dict(b.attributes),
                Amount(in_unit(b.drawn, b.unit), unit) if b.drawn is not None else None,
                Amount(in_unit(b.withdrawn, b.unit), unit),
                Amount(in_unit(b.repaid, b.unit), unit),
                valid_from=b.valid_from,
                valid_until=b.valid_until,
                list_price=Amount(b.list_price, made.tariff.currency) if b.list_price is not None else None,
            )
        )
    return tuple(found)


def changed(value: T, **parts: object) -> T:
    """The same with other parts, whichever way the type is made."""
    return structs.replace(value, **parts) if isinstance(value, Struct) else replace(value, **parts)  # type: ignore[type-var]


def of_codes(found: Iterable[Diagnostic]) -> list[str]:
    return [d.code for d in found]
