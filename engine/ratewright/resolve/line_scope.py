"""The names that the formulas of a line may use, and what to write for those that they may not."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping, MutableMapping

from ratewright.meaning import nodes as n
from ratewright.meaning.sums import SUMS
from ratewright.meaning.types import INSTANT, PERIOD, figure
from ratewright.meaning.walk import given_in
from ratewright.resolve.scope import Maker, Scope, given
from ratewright.syntax import nodes as s
from ratewright.values.calendar import Cadence, PeriodUnit
from ratewright.values.units import currency_unit

_OF_A_RECORD = {
    "at": "a line is for a period, so write `start of period`; to price each record by its time, write `every record`",
    "lasted": "a line `every record` asks a step of its meter: `define taken = lasted`",
}
LATER = {"due": "what is due is known behind all lines: name `subtotal` or `total`"}


class Declared:
    """What lines may refer to. The names are laid out once, for lists with thousands of charges."""

    def __init__(
        self,
        meters: Mapping[str, n.Meter],
        settings: Mapping[str, Maker],
        lines: tuple[str, ...],
        currency: str,
        currencies: tuple[str, ...],
    ) -> None:
        """`currencies` are all that the list has, and `currency` is that in which it is resolved."""
        self.meters = meters
        self.currency = currency
        self.currencies = currencies
        self.money = figure(currency_unit(currency).dimension)
        self.settings = settings
        types = {name: figure(meter.unit.dimension) for name, meter in meters.items()}
        self.in_on: dict[str, Maker] = (
            {name: given(n.LineLeft, name, self.money) for name in (*lines, *SUMS)}
            | dict(settings)
            | {name: given(n.MeterLeft, name, t) for name, t in types.items()}
        )
        self.in_line: dict[str, Maker] = (
            {name: given(n.LineAmount, name, self.money) for name in lines}
            | {name: given(n.SumOfLines, name, self.money) for name in SUMS}
            | dict(settings)
            | {name: given(n.Measured, name, t) for name, t in types.items()}
            | {"period": given(n.PeriodFact, "period", PERIOD)}
        )
        self.hints = {word: _marks(meters, word) for word in ("charge", "discount", "tax")}
        self.in_when = ChainMap({"at": given(n.RecordFact, "at", INSTANT)}, self.in_line)


def _marks(meters: Mapping[str, n.Meter], word: str) -> dict[str, str]:
    """What to write in a line for what records of meters are marked with, where the line is not on that meter."""
    seen = "the line is not on that meter, and sees what it measured"
    help = "ask for it in a line that is"
    if word != "charge":
        seen = f"a {word} sees the sums of its lines, settings and `period`"
        help = "let the line itself have the price of each"
    return {
        tag.name: f"records of `{meter.name}` are marked with it; {seen}: {help}"
        for meter in meters.values()
        for tag in meter.tags
    }


def record_names(cadence: Cadence, meters: tuple[str, ...], declared: Declared) -> dict[str, Maker]:
    """What the record is marked with, in a line that prices each record alone."""
    if cadence.unit is not PeriodUnit.RECORD or len(meters) != 1:
        return {}
    meter = declared.meters[meters[0]]
    known = meter.tags if meter.each is not None else ()
    return {tag.name: given(n.TagValue, tag.name, tag.type) for tag in known if tag.name not in meter.by}


def key_names(keys: Mapping[str, n.Tag]) -> dict[str, Maker]:
    """What the line is kept apart by."""
    return {name: given(n.KeyValue, name, tag.type) for name, tag in keys.items()}


def line_scope(
    line: s.Charge,
    quantity: n.Expression | None,
    known: MutableMapping[str, Maker],
    declared: Declared,
    names: Mapping[str, Maker],
    steps: Mapping[str, s.Define],
) -> Scope:
    """The names in the formulas of a line: those that it has itself, such as `quantity`, and those that are `known`."""
    hints = ChainMap(_fields_of(quantity, declared) | LATER | _OF_A_RECORD, declared.hints[line.word])
    own_names = dict(names)
    if quantity is None:
        hints["quantity"] = "the charge has no `on`, so it has no quantity"
    else:
        own_names["quantity"] = given(n.ChargeQuantity, "quantity", quantity.type)
    place = f"in a {line.word}"
    return Scope(place, ChainMap(own_names, known), hints=hints, hidden=line.name.text, defines=steps)


def _fields_of(quantity: n.Expression | None, declared: Declared) -> dict[str, str]:
    """What to write for the fields of the meters that a line is on, where it is not kept apart by them."""
    meters = [declared.meters[g.name] for g in given_in(quantity) if isinstance(g, n.MeterLeft)] if quantity else []
    return {
        tag.name: f"it is a field of records: write `by {tag.name}` in meter `{meter.name}` to keep lines apart by it, "
        "ask for it in `where`, or price each record alone by `every record`, where fields may be asked"
        for meter in meters
        for tag in meter.tags
    }
