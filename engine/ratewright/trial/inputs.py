"""The inputs of an example → an account's usage, so that examples run the way real accounts do."""

from __future__ import annotations

from collections.abc import Iterator

from whenever import Date

from ratewright.syntax import nodes as s
from ratewright.tree import nodes as tree
from ratewright.tree.examples import purchase_labels
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
from ratewright.values.calendar import Cadence, Calendar, Moment, PeriodUnit
from ratewright.values.exact import plain, ratio

_STEPS = {"month": PeriodUnit.MONTH, "day": PeriodUnit.DAY, "week": PeriodUnit.WEEK, "year": PeriodUnit.YEAR}


class InputError(ValueError):
    """An input that cannot be turned into usage; `statement` is the one."""

    def __init__(self, message: str, statement: s.Statement, help: str) -> None:
        super().__init__(message)
        self.statement = statement
        self.help = help


def example_usage(example: tree.Example, tariff: tree.Tariff, calendar: Calendar) -> Usage:
    """The usage that an example describes. Raises InputError."""
    purchases, extensions = _bought(example, tariff)
    statements = example.inputs
    activation = [x for x in statements if isinstance(x, s.Set) and x.setting.text == "activation"]
    return Usage(
        account="example",
        line=example.span.line,
        source=tariff.file,
        activated=_activation(activation[0]) if activation else None,
        subaccounts=_subaccounts(statements),
        settings=tuple(
            SettingChange(x.setting.text, _value(x.value), x.start.moment if x.start else None, _place(x))
            for x in statements
            if isinstance(x, s.Set) and x.setting.text != "activation"
        ),
        grants=tuple(
            GrantSize(x.pool.text, _amount(x.amount), _place(x)) for x in statements if isinstance(x, s.GivenSize)
        ),
        balances=tuple(
            Balance(x.pool.text, _amount(x.amount), _place(x), expires=x.until.moment if x.until else None)
            for x in statements
            if isinstance(x, s.GivenLeft)
        ),
        purchases=purchases,
        extensions=extensions,
        refunds=tuple(
            Request(x.purchase.text, x.at.moment, _place(x)) for x in statements if isinstance(x, s.RefundRequest)
        ),
        pauses=tuple(
            Request(x.purchase.text, x.at.moment, _place(x)) for x in statements if isinstance(x, s.PauseRequest)
        ),
        records=tuple(r for x in statements if isinstance(x, s.Use) for r in _records(x, calendar)),
    )


def _place(statement: s.Statement) -> Place:
    return Place(statement.span.source, statement.span.line)


def _amount(quantity: s.Quantity) -> Amount:
    return Amount(quantity.value, quantity.unit.text)


def _activation(statement: s.Set) -> Moment:
    if not isinstance(statement.value, s.Time):
        raise InputError("activation is a date", statement, "write `set activation 2026-01-05`")
    return statement.value.moment


def _value(value: s.Expression) -> str | Amount:
    match value:
        case s.Text(text=text):
            return text
        case s.Flag(on=on):
            return "on" if on else "off"
        case s.Number(value=number):
            return Amount(number)
        case s.Quantity():
            return _amount(value)
        case s.Percent(value=number):
            return Amount(ratio(number, 100))
    return value.span.text


def _subaccounts(statements: tuple[s.Statement, ...]) -> tuple[str, ...]:
    used = [
        _text(value)
        for x in statements
        if isinstance(x, s.Use)
        for name, value in x.attributes
        if name.text == "subaccount"
    ]
    return tuple(dict.fromkeys(used))


def _text(value: s.Expression) -> str:
    written = _value(value)
    return written if isinstance(written, str) else plain(written.number)


def _bought(example: tree.Example, tariff: tree.Tariff) -> tuple[tuple[Purchase, ...], tuple[Extension, ...]]:
    purchases: list[Purchase] = []
    extensions: list[Extension] = []
    for label, (_, statement) in purchase_labels(example.inputs).items():
        place = _place(statement)
        if isinstance(statement, s.Buy):
            if not isinstance(statement.count, int):
                raise InputError("packages are bought whole", statement, "write a whole number")
            purchases.append(
                Purchase(
                    label,
                    statement.package.text,
                    _amount(statement.size),
                    statement.count,
                    statement.at.moment,
                    place,
                )
            )
        elif isinstance(statement, s.ExtendBy):
            if not isinstance(statement.length.value, int):
                raise InputError("extensions run for whole terms", statement, "write a whole number")
            extensions.append(
                Extension(
                    label,
                    statement.limit.text,
                    _amount(statement.amount),
                    statement.length.unit.text,
                    statement.length.value,
                    statement.start.moment,
                    place,
                )
            )
    return tuple(purchases), tuple(extensions)


def _records(use: s.Use, calendar: Calendar) -> Iterator[Record]:
    for number, (form, start, end) in enumerate(_times(use, calendar), start=1):
        yield Record(
            id=f"{use.span.line}:{use.span.column}.{number}",
            source="example",
            meter=use.meter.text,
            form=form,
            start=start,
            end=end,
            quantity=_amount(use.quantity),
            place=_place(use),
            fields={name.text: _value(value) for name, value in use.attributes if name.text != "subaccount"},
            subaccount=next((_text(v) for name, v in use.attributes if name.text == "subaccount"), None),
            lasts=Amount(use.lasting.value, use.lasting.unit.text) if use.lasting else None,
        )


def _times(use: s.Use, calendar: Calendar) -> Iterator[tuple[Form, Moment, Moment | None]]:
    start = use.start.moment
    if use.form == "each":
        yield from _repeated(use, calendar)
    elif use.form == "from":
        assert use.end is not None
        yield Form.STATE, start, use.end.moment
    elif isinstance(start, Date):
        yield Form.TOTAL, start, start.add(months=1) if use.start.month else start.add(days=1)
    elif use.form == "in":
        raise InputError("`in` takes a month or a day", use, "write `in 2026-03`, or `on 2026-03-02 10:00`")
    else:
        yield Form.EVENT, start, None


def _repeated(use: s.Use, calendar: Calendar) -> Iterator[tuple[Form, Moment, Moment | None]]:
    assert use.each is not None
    assert use.end is not None
    unit = _STEPS.get(use.each.unit.text)
    if unit is None:
        raise InputError(f"`each {use.each.unit.text}` is no period", use, "write `each month` or `each day`")
    cadence = Cadence(unit)
    first = calendar.instant(use.start.moment)
    last = calendar.period_of(calendar.instant(use.end.moment), Cadence(PeriodUnit.MONTH) if use.end.month else cadence)
    for period in calendar.periods(cadence, first, last.end):
        yield Form.TOTAL, period.start, period.end
