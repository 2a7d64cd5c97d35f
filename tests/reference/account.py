"""An account as plain data, and the same bound to a price list: its settings and records as values.

Instants are naive, in UTC. Figures and other values are texts as a fixture has them: `12 GB`, `pro`, `on`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from functools import cached_property

from ratewright.syntax import nodes as n
from tests.reference.clock import Span
from tests.reference.formulas import Place, Value, evaluate
from tests.reference.problems import Refused
from tests.reference.rules import Rules, statements
from tests.reference.values import Figure, multiply, plain


@dataclass(frozen=True)
class Record:
    """Usage: an event (`end` is None, or when it ended if it `lasts`), a state or a total."""

    meter: str
    form: str  # event, state, total
    start: datetime
    quantity: str
    end: datetime | None = None
    fields: tuple[tuple[str, str], ...] = ()
    named: str | None = None  # the day or month of a total, as a fixture writes it
    reported: datetime | None = None  # when it became known, if it came late


@dataclass(frozen=True)
class Result:
    """What a meter measured in a month, given in place of records. `fields` are what it is kept apart by."""

    meter: str
    month: str
    quantity: str
    fields: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Purchase:
    id: str
    package: str
    size: str
    at: datetime
    count: int = 1
    paid: str | None = None
    scope: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Extension:
    """What is bought of a limit: `by` so much, for so many terms."""

    id: str
    limit: str
    by: str
    term: str
    at: datetime
    terms: int = 1


@dataclass(frozen=True)
class Request:
    """A refund or a pause that is asked for."""

    purchase: str
    at: datetime


@dataclass(frozen=True)
class Withdrawal:
    """A part of what is left that is taken back; `kind` says what `source` names: grant, package or purchase."""

    kind: str
    source: str
    quantity: str
    at: datetime
    scope: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Balance:
    """What is left of a lot at the opening. `kind` says what `source` names: grant or package. Of a lot that renews it
    is what is left of the cycle at hand, and `drawn` what was drawn of the lot before; what is None is not told."""

    kind: str
    source: str
    remaining: str
    lot: str | None = None
    size: str | None = None
    purchased: datetime | None = None
    starts: datetime | None = None
    expires: datetime | None = None
    paid: str | None = None
    list_price: str | None = None
    drawn: str | None = None
    withdrawn: str | None = None
    scope: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Account:
    """What an account did. `settings` are (name, from when or None, value)."""

    activated: datetime | None = None
    settings: tuple[tuple[str, datetime | None, str], ...] = ()
    records: tuple[Record, ...] = ()
    purchases: tuple[Purchase, ...] = ()
    refunds: tuple[Request, ...] = ()
    sizes: tuple[tuple[str, str], ...] = ()  # of grants whose size is `per account`
    pauses: tuple[Request, ...] = ()
    results: tuple[Result, ...] = ()
    withdrawals: tuple[Withdrawal, ...] = ()
    subaccounts: tuple[str, ...] = ()  # a record names one beside its fields; the bill is that of all
    extensions: tuple[Extension, ...] = ()
    currency: str | None = None  # where the list has several
    opening: datetime | None = None
    balances: tuple[Balance, ...] = ()


def written_figure(text: str, rules: Rules) -> Figure:
    number, _, unit = text.partition(" ")
    value = plain(Fraction(number.replace(",", "")))
    return multiply(value, rules.units[unit]) if unit else value


def written(text: str, kind: n.Kind | None, rules: Rules) -> Value:
    """A value by what the declaration says that it holds; without that it is on or off."""
    if kind is None:
        if text not in ("on", "off"):
            raise Refused(f"`{text}` is neither on nor off")
        return text == "on"
    if kind.kind == "choice" and text not in {each.text for each in kind.choices}:
        raise Refused(f"`{text}` is no choice")
    if kind.kind == "date":
        return rules.clock.instant(datetime.fromisoformat(text))
    if kind.kind in ("number", "unit"):
        return written_figure(text, rules)
    return text


class Told:
    """An account as a price list understands it."""

    def __init__(self, rules: Rules, account: Account) -> None:
        self.rules = rules
        self.account = account
        self.changes: dict[str, list[tuple[datetime | None, Value]]] = {}
        for name, start, text in account.settings:
            declaration = rules.settings.get(name)
            if not isinstance(declaration, n.Setting):
                raise Refused(f"no setting `{name}`")
            self.changes.setdefault(name, []).append((start, written(text, self._kind(declaration), rules)))
        for record in account.records:
            if account.activated and record.start < account.activated:
                raise Refused("usage before the activation")
            if account.opening and record.start < account.opening:
                raise Refused("usage before the opening")
        for result in account.results:
            if account.activated and rules.clock.month(result.month).start < account.activated:
                raise Refused("a result from before the activation")

    def _kind(self, declaration: n.Setting) -> n.Kind | None:
        if declaration.kind is not None or declaration.default is None:
            return declaration.kind
        default = evaluate(declaration.default, self._plain)
        if isinstance(default, bool):
            return None
        kind = {str: "text", datetime: "date"}.get(type(default), "number")
        return n.Kind(declaration.span, kind)

    @cached_property
    def _plain(self) -> Place:
        return Place(self.rules, lambda name: None)

    def setting(self, name: str, at: datetime) -> Value:
        """What a setting held at an instant. Raises Refused where nothing says so."""
        declaration = self.rules.settings[name]
        assert isinstance(declaration, n.Setting)
        value: Value | None = None
        if declaration.default is not None:
            value = evaluate(declaration.default, self._plain)
        elif declaration.kind is None:
            value = False
        for start, changed in self.changes.get(name, []):
            if start is None or start <= at:
                value = changed
        if value is None:
            raise Refused(f"the account does not say `{name}`")
        return value

    def setting_in(self, name: str, span: Span) -> Value:
        """What a setting holds throughout a period. Raises Refused where it changes inside."""
        value = self.setting(name, span.start)
        for at in self.changes_in(span):
            if self.setting(name, at) != value:
                raise Refused(f"`{name}` changes inside a period")
        return value

    def changes_in(self, span: Span) -> list[datetime]:
        """When any setting changes inside a period."""
        starts = [start for changes in self.changes.values() for start, _ in changes if start is not None]
        return sorted(start for start in starts if span.start < start < span.end)

    def known(self, name: str, at: datetime) -> Value | None:
        """What every formula may ask of the account at an instant."""
        if name == "activation":
            if self.account.activated is None:
                raise Refused("the account does not say when it began")
            return self.account.activated
        return self.setting(name, at) if name in self.rules.settings else None

    def known_in(self, name: str, span: Span) -> Value | None:
        """The same for a whole period."""
        return self.setting_in(name, span) if name in self.rules.settings else self.known(name, span.start)

    def fields(self, record: Record) -> dict[str, Value]:
        """What a record says beside its quantity."""
        said = dict(record.fields)
        values: dict[str, Value] = {}
        for each in statements(self.rules.meters[self.rules.recorded(record.meter)], n.Field):
            for name in each.names:
                if name.text in said:
                    values[name.text] = written(said[name.text], each.kind, self.rules)
                elif each.default is not None:
                    values[name.text] = evaluate(each.default, self._plain)
                else:
                    raise Refused(f"a record does not say `{name.text}`")
        return values
