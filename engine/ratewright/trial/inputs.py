"""The inputs of an example → an account's usage, so that examples run the way real accounts do."""

from __future__ import annotations

from collections.abc import Iterator

from ratewright.meaning import nodes as tree
from ratewright.resolve.examples import purchase_labels
from ratewright.syntax import nodes as s
from ratewright.trial.records import fields_of, literal, place, records_of, text_of, uses_in
from ratewright.usage.model import (
    Amount,
    Balance,
    Extension,
    GrantSize,
    Purchase,
    Request,
    SettingChange,
    Usage,
    Withdrawal,
)
from ratewright.values.calendar import Calendar, Moment


def example_usage(example: tree.Example, tariff: tree.Tariff, calendar: Calendar) -> Usage:
    """The usage that an example describes."""
    statements = example.inputs
    return Usage(
        account="example",
        line=example.span.line,
        source=tariff.file,
        activated=_activation(statements),
        currency=tariff.currency,
        subaccounts=_subaccounts(statements, tariff),
        settings=tuple(
            SettingChange(x.setting.text, literal(x.value), x.start.moment if x.start else None, place(x))
            for x in statements
            if isinstance(x, s.Set) and x.setting.text not in ("activation", "currency")
        ),
        grants=tuple(
            GrantSize(x.pool.text, _amount(x.amount), place(x)) for x in statements if isinstance(x, s.GivenSize)
        ),
        balances=tuple(_balances(statements)),
        purchases=tuple(_purchases(example)),
        extensions=tuple(_extensions(example)),
        refunds=tuple(
            Request(x.purchase.text, x.at.moment, place(x)) for x in statements if isinstance(x, s.RefundRequest)
        ),
        pauses=tuple(
            Request(x.purchase.text, x.at.moment, place(x)) for x in statements if isinstance(x, s.PauseRequest)
        ),
        withdrawals=tuple(_withdrawals(example, tariff)),
        records=tuple(records_of(statements, tariff, calendar)),
    )


def _amount(quantity: s.Quantity) -> Amount:
    return Amount(quantity.value, quantity.unit.text)


def _balances(statements: tuple[s.Statement, ...]) -> Iterator[Balance]:
    """What is left from before; two statements of one pool speak of two lots."""
    given = [(x, (x.pool.text, fields_of(x.attributes))) for x in statements if isinstance(x, s.GivenLeft)]
    pools = [pool for _, pool in given]
    for number, (statement, pool) in enumerate(given):
        amount = _amount(statement.amount)
        position = pools[: number + 1].count(pool)
        yield Balance(
            statement.pool.text,
            Amount(-amount.number if statement.below else amount.number, amount.unit),
            place(statement),
            lot=f"{statement.pool.text}-{position}" if pools.count(pool) > 1 else None,
            expires=statement.until.moment if statement.until else None,
            attributes=pool[1],
        )


def _activation(statements: tuple[s.Statement, ...]) -> Moment | None:
    values = [x.value for x in statements if isinstance(x, s.Set) and x.setting.text == "activation"]
    return next((value.moment for value in values if isinstance(value, s.Time)), None)


def _subaccounts(statements: tuple[s.Statement, ...], tariff: tree.Tariff) -> tuple[str, ...]:
    used = [
        text_of(value)
        for use in uses_in(statements, tariff)
        for name, value in use.attributes
        if name.text == "subaccount"
    ]
    return tuple(dict.fromkeys(used))


def _labels(example: tree.Example) -> dict[int, str]:
    """What each purchase is called."""
    return {id(statement): label for label, (_, statement) in purchase_labels(example.inputs).items()}


def _purchases(example: tree.Example) -> Iterator[Purchase]:
    labels = _labels(example)
    for statement in example.inputs:
        if isinstance(statement, s.Buy):
            yield Purchase(
                labels[id(statement)],
                statement.package.text,
                _amount(statement.size),
                int(statement.count),
                statement.at.moment,
                place(statement),
                fields_of(statement.attributes),
            )


def _withdrawals(example: tree.Example, tariff: tree.Tariff) -> Iterator[Withdrawal]:
    for statement in example.inputs:
        if isinstance(statement, s.Withdraw):
            name = statement.source.text
            pool, purchase = (name, None) if name in tariff.pools else (None, name)
            reason = statement.reason.text if statement.reason is not None else ""
            yield Withdrawal(
                _amount(statement.amount),
                statement.at.moment,
                place(statement),
                pool,
                purchase,
                reason,
                fields_of(statement.attributes),
            )


def _extensions(example: tree.Example) -> Iterator[Extension]:
    labels = _labels(example)
    for statement in example.inputs:
        if isinstance(statement, s.ExtendBy):
            yield Extension(
                labels[id(statement)],
                statement.limit.text,
                _amount(statement.amount),
                statement.length.unit.text,
                int(statement.length.value),
                statement.start.moment,
                place(statement),
            )
