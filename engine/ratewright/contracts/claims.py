"""What contracts say of which figure of their list, and what of it holds.

Of two that put something in place of one figure the narrower holds; two that tie are refused with both places. The
order of the statements decides nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from msgspec import Struct, field

from ratewright.contracts import codes
from ratewright.contracts.contract import Contract
from ratewright.contracts.factors import Scaled
from ratewright.contracts.figures import as_formula, text_of
from ratewright.contracts.own_currency import Currency
from ratewright.contracts.places import Place, at, takes
from ratewright.contracts.targets import Targets
from ratewright.resolve.findings import Report
from ratewright.syntax import nodes as s
from ratewright.values.exact import grouped

_IN_PERCENT = 10
"""From this factor on `%` is written: without it is rather one that was left out."""

Said = tuple[Contract, s.Replace | s.Drop | s.Declaration]


class Claims(Struct):
    """What holds: `chosen` is put in place of a figure, a whole or nothing; `parts` are factors of figures, `lines`
    those of whole lines."""

    chosen: dict[Place, Said] = field(default_factory=dict)
    parts: dict[Place, list[Scaled]] = field(default_factory=lambda: defaultdict(list))
    lines: dict[str, list[Scaled]] = field(default_factory=lambda: defaultdict(list))


def claims_of(
    file: s.File, contracts: Sequence[Contract], units: Sequence[str], currency: Currency, report: Report
) -> Claims:
    """What contracts that hold together say of a list's tree, for accounts in a currency. What does not fit is
    reported."""
    return _Work(file, contracts, Targets(file, units, report), currency, report).done()


def new_figure(file: s.File, statement: s.Replace, place: Place) -> object:
    """What a replacement puts at a place of the tree; None where it does not fit."""
    new = statement.part
    formula = as_formula(new) if isinstance(new, s.Price) else None
    if isinstance(formula, s.Number) and isinstance(at(file, place), s.Number):
        return formula  # the cell of a table that says its unit
    if takes(file, place, new):
        return new
    return formula if formula is not None and takes(file, place, formula) else None


class _Work:
    def __init__(
        self, file: s.File, contracts: Sequence[Contract], targets: Targets, currency: Currency, report: Report
    ) -> None:
        self._list = file
        self._contracts = contracts
        self._targets = targets
        self._currency = currency
        self._report = report
        self.claims = Claims()

    def done(self) -> Claims:
        said: dict[Place, list[Said]] = defaultdict(list)
        for contract in self._contracts:
            for statement in (*contract.declaration.statements, *contract.added):
                match statement:
                    case s.Scale():
                        self._note_scale(contract, statement)
                    case s.Replace() | s.Drop() | s.Declaration() if not isinstance(statement, s.Example):
                        places = list(self._places(statement))
                        if not isinstance(statement, s.Replace) or self._currency.has(statement.part):
                            for place in places:
                                said[place].append((contract, statement))
        self.claims.chosen = {place: self._narrowest(found) for place, found in said.items()}
        self._refuse_changed_and_dropped(self.claims.chosen)
        return self.claims

    def _places(self, statement: s.Replace | s.Drop | s.Declaration) -> Iterator[Place]:
        """What a statement puts something in the place of."""
        match statement:
            case s.Replace():
                yield from self._replaced(statement)
            case s.Drop():
                whole = self._targets.whole(statement.name)
                if whole is not None:
                    yield whole
            case _:
                yield self._key_of(statement)

    def _replaced(self, statement: s.Replace) -> Iterator[Place]:
        """The one figure that a replacement is of."""
        part = self._targets.part(statement.target)
        if part is None:
            return
        name = statement.target.name.text
        if isinstance(statement.part, s.Bound):
            if part.bound is None:
                self._report.error(
                    codes.NO_SUCH_PART,
                    "a bound takes the place of a bound, and no row is named",
                    statement.part.span,
                    f"write `replace below 10,000 of {name} with below 5,000`",
                )
            elif self._takes_bound(part.bound, statement.part):
                yield part.bound
        elif len(part.figures) != 1:
            message = f"`{text_of(statement.target)}` is no single figure"
            help = f"name one: `{part.one}`" if part.one else self._targets.what_can_be_named(statement.target)
            self._report.error(codes.NO_SUCH_PART, message, statement.target.span, help)
        elif new_figure(self._list, statement, part.figures[0]) is None:
            self._report.error(
                codes.NOT_CHANGED,
                f"`{text_of(statement.part)}` cannot take the place of `{text_of(at(self._list, part.figures[0]))}`",
                statement.part.span,
                "replace a figure by one of its kind: a price by a price, an amount by an amount",
            )
        else:
            yield part.figures[0]

    def _takes_bound(self, place: Place, bound: s.Bound) -> bool:
        """Whether a row may have another bound (reported): not the last one, nor a size on sale."""
        was = at(self._list, place)
        if not isinstance(was, s.Bound):
            help = "replace its price, or let the contract declare a package of its own"
            self._report.error(codes.NOT_CHANGED, f"`{text_of(was)}` is a size on sale, and no bound", bound.span, help)
        elif (was.limit is None) != (bound.limit is None):
            help = "the last row stays the last: replace its price"
            self._report.error(codes.NOT_CHANGED, "`beyond` has no bound that could be another", bound.span, help)
        else:
            return True
        return False

    def _note_scale(self, contract: Contract, statement: s.Scale) -> None:
        """A factor of a line, or of each figure of a part."""
        factor = statement.factor
        if isinstance(factor, s.Number) and factor.value >= _IN_PERCENT:
            written = f"{grouped(factor.value)}%", f"{grouped(factor.value * 100)}%"
            self._report.error(
                codes.NO_PERCENT,
                f"`by {text_of(factor)}` is {text_of(factor)} times the list's figure",
                factor.span,
                f"write `by {written[0]}`, or `by {written[1]}` where so many times are meant",
            )
            return
        part = self._targets.part(statement.target)
        if part is None:
            return
        name = statement.target.name.text
        place = self._targets.whole(statement.target.name)
        fixed = next((f for f in part.figures if not self._can_be_scaled(f)), None)
        if fixed is not None:
            self._report.error(
                codes.NOT_CHANGED,
                f"`{text_of(at(self._list, fixed))}` is no figure that could be scaled",
                statement.target.span,
                f"scale what it stands for: a table by its name, or the whole line: `scale {name} by 80%`",
            )
        elif not part.line:
            for figure in part.figures:
                self.claims.parts[figure].append((contract, statement))
        elif place is not None and isinstance(at(self._list, place), s.Charge):
            self.claims.lines[name].append((contract, statement))
        else:
            help = f"name what is scaled: `size of {name}`"
            self._report.error(codes.NO_SUCH_PART, f"`{name}` is no line of the bill", statement.target.span, help)

    def _can_be_scaled(self, place: Place) -> bool:
        """Whether a figure is one to multiply: no date, no text, no table that stands elsewhere."""
        elsewhere = isinstance(at(self._list, place[:-1]), s.Tiers)
        return not elsewhere and not isinstance(at(self._list, place), s.Time | s.Text | s.Flag)

    def _key_of(self, declaration: s.Declaration) -> Place:
        """What a declaration of a contract takes the place of: the order of a meter that of the list."""
        name = declaration.name
        if isinstance(declaration, s.Deduct):
            return "deduct", name.text
        others = (d for d in self._list.declarations if not isinstance(d, s.Deduct | s.Tariff))
        same = next((d for d in others if d.name.text == name.text), None)
        if same is not None:
            self._report.error(
                codes.NOT_CHANGED,
                f"the list has `{name.text}` already",
                name.span,
                f"say what differs, as in `replace rate of {name.text} with …`, or give yours another name",
                (("the list's", same.name.span),),
            )
        return "added", name.text

    def _narrowest(self, said: list[Said]) -> Said:
        """What holds of several that speak of one figure."""
        least = min(contract.width for contract, _ in said)
        (contract, statement), *others = [x for x in said if x[0].width == least]
        if others:
            other, second = others[0]
            self._report.error(
                codes.TIE,
                f"two contracts differ in the same figure: `{contract.name}`, line {statement.span.line}, and "
                f"`{other.name}`, line {second.span.line}"
                if other is not contract
                else f"`{contract.name}` says twice what is in place of one figure: lines {statement.span.line} and "
                f"{second.span.line}",
                second.span,
                "keep one; of two contracts the one `for` fewer accounts would hold",
                (("the other", statement.span),),
            )
        return contract, statement

    def _refuse_changed_and_dropped(self, chosen: dict[Place, Said]) -> None:
        """A line that is dropped has no other price; of the two the narrower holds, and the other is left out."""
        dropped = {place for place, (_, x) in chosen.items() if isinstance(x, s.Drop)}
        for place, (contract, statement) in list(chosen.items()):
            whole = place[:2]
            if not isinstance(statement, s.Replace) or whole not in dropped:
                continue
            dropper, drop = chosen[whole]
            if dropper.width == contract.width:
                message = f"`{drop.name.text}` is dropped, and a part of it is replaced"  # type: ignore[union-attr]
                self._report.error(
                    codes.TIE, message, statement.span, "keep one of the two", (("the other", drop.span),)
                )
            elif contract.width < dropper.width:
                dropped.discard(whole)
                chosen.pop(whole)
            else:
                chosen.pop(place)
