"""How a discount is spread over the lines that it is on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from ratewright.derivation.key_names import KeyNames, KeyTexts
from ratewright.derivation.trace import ShareTrace
from ratewright.meaning import nodes as tree
from ratewright.plan.plan import Plan
from ratewright.pricing.spread import spread
from ratewright.rating.lines.ledger import Asked, Entry, Ledger
from ratewright.values.exact import Exact
from ratewright.values.money import minor_unit


class Shares:
    """Spreads discounts over charges and what was bought, in proportion to what is left of them."""

    def __init__(self, plan: Plan, key_names: KeyNames, ledger: Ledger) -> None:
        self._tariff = plan.tariff
        self._lines = plan.lines
        self._key_names = key_names
        self._ledger = ledger

    def of(
        self, discount: tree.Charge, amount: Exact, asked: Asked, by_list: Exact | None = None
    ) -> tuple[ShareTrace, ...]:
        """The share of each line that a discount is on; nothing where it is on none, or on one and is not `spread`.
        Taxes see the shares of one that is, and by the list those of what the list takes off, `by_list`.

        Which of equal lines has the last step goes by their names, and not by where they are declared.
        """
        parts = list(self._parts(discount, asked))
        if len(parts) < (1 if discount.spreads else 2) or sum(entry.amount for _, entry in parts) <= 0:
            return ()
        step = minor_unit(self._tariff.currency)
        named = sorted(range(len(parts)), key=lambda number: parts[number][0])
        shares = dict(zip(named, spread(amount, [parts[n][1].amount for n in named], step), strict=True))
        listed = dict(zip(named, self._by_list(by_list, [parts[n][1].by_list for n in named]), strict=True))
        for number, (source, entry) in enumerate(parts) if discount.spreads else ():
            self._ledger.spread(discount.name, source, replace(entry, amount=shares[number], by_list=listed[number]))
        return tuple(
            ShareTrace(source, self._key(source, entry), entry.whole or entry.period, entry.amount, shares[number])
            for number, (source, entry) in enumerate(parts)
        )

    def _by_list(self, amount: Exact | None, over: Sequence[Exact | None]) -> Sequence[Exact | None]:
        """The shares of what the list takes off; None where they are not known."""
        known = [part for part in over if part is not None]
        if amount is None or len(known) < len(over):
            return [None] * len(over)
        return spread(amount, known, minor_unit(self._tariff.currency)) if sum(known) > 0 else [0] * len(over)

    def any(self, discount: tree.Charge, asked: Asked) -> bool:
        """Whether any line that a discount is on stands on the bill, be it of 0."""
        return next(self._parts(discount, asked), None) is not None

    def _parts(self, discount: tree.Charge, asked: Asked) -> Iterator[tuple[str, Entry]]:
        line = self._lines[discount.name]
        for source in line.taken_from:
            for entry in self._ledger.left(source, asked):
                yield source, entry
        if line.takes_from_bought:
            yield from self._ledger.bought_in(asked)

    def _key(self, source: str, entry: Entry) -> KeyTexts:
        charge = self._tariff.charges.get(source)
        if charge is None or not entry.keys:
            return ()
        meter = self._tariff.meters[charge.meters[0]]
        return self._key_names.of(meter, tuple(entry.keys[name] for name in meter.by))
