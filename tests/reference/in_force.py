"""What is in force: what settings alone keep away from a whole period is as if it were not declared for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ratewright.syntax import nodes as n
from tests.reference.account import Record, Told
from tests.reference.clock import Span
from tests.reference.formulas import Place, truth
from tests.reference.lines import TICK, LineRules
from tests.reference.measures import Measuring
from tests.reference.problems import Refused
from tests.reference.rules import statement, walk


def holds_within(told: Told, declaration: n.Declaration, span: Span) -> bool:
    """Whether the condition of a line or a grant holds at an instant of a period, as far as settings decide it."""
    when = statement(declaration, n.When)
    if when is None or not _goes_by_settings(told, declaration, when):
        return True
    defines = told.rules.defines_of(declaration)
    for at in (span.start, *told.changes_in(span)):
        place = Place(told.rules, lambda name, at=at: told.known(name, at), defines)
        try:
            if truth(when.condition, place):
                return True
        except Refused:
            return True
    return False


def _goes_by_settings(told: Told, declaration: n.Declaration, when: n.When) -> bool:
    defines = told.rules.defines_of(declaration)
    choices = {
        choice.text
        for setting in told.rules.settings.values()
        if isinstance(setting, n.Setting) and setting.kind is not None
        for choice in setting.kind.choices
    }
    found: set[str] = set()
    pending: list[object] = [when]
    while pending:
        for each in walk(pending.pop()):
            if isinstance(each, n.Ref) and each.name.text not in found:
                found.add(each.name.text)
                pending += [defines[each.name.text]] if each.name.text in defines else []
    return bool(found & set(told.rules.settings)) and found <= {*told.rules.settings, *choices, *defines}


class MetersInForce:
    """The meters of an account, without the records for which nothing in force asks where another meter has them."""

    def __init__(self, told: Told, lines: Mapping[str, LineRules]) -> None:
        self.told = told
        self.rules = told.rules
        self.lines = lines
        records = told.account.records
        self.asked = {name: [r for r in records if self._asked(name, r)] for name in told.rules.meters}
        self.measuring = {name: Measuring(told, name, asked) for name, asked in self.asked.items()}
        self.measuring = {name: self._with_what_is_left(name, found) for name, found in self.measuring.items()}

    def _with_what_is_left(self, name: str, found: Measuring) -> Measuring:
        asked = {id(record) for record in self.asked[name]}
        if len(asked) == len(self.told.account.records):
            return found
        own = [r for r in self.told.account.records if id(r) in asked or not self._served(name, r)]
        return Measuring(self.told, name, own)

    def _asked(self, name: str, record: Record) -> bool:
        """Whether a line or a grant in force asks for a meter at the time of a record; or nothing does at all."""
        asking = [*self._serving(name, record), *self._naming(name)]
        looks_back = any(
            isinstance(each, n.Selection) and each.since is not None for each in walk(self.rules.meters[name])
        )
        return not asking or looks_back or self._limited(name) or any(self._in_force(each, record) for each in asking)

    def _limited(self, name: str) -> bool:
        """Whether a limit is on a meter."""
        limits = (statement(each, n.LimitOn) for each in self.rules.limits.values())
        return any(each is not None and each.meter.text == name for each in limits)

    def _served(self, name: str, record: Record) -> bool:
        """Whether another meter of the same records counts one, for something in force that prices or covers it."""
        return any(
            other != name
            and self.rules.recorded(other) == self.rules.recorded(name)
            and any(self._in_force(each, record) for each in self._serving(other, record))
            and any(one.is_of(record) for one in found.records)
            and record in self.asked[other]
            for other, found in self.measuring.items()
        )

    def _serving(self, name: str, record: Record) -> list[n.Declaration]:
        on = [line.declaration for line in self.lines.values() if name in line.meters]
        return on + [self.rules.pools[pool] for rank in self.rules.at(record.start).chain(name) for pool in rank]

    def _naming(self, name: str) -> list[n.Declaration]:
        return [line.declaration for line in self.lines.values() if name in line.asked and name not in line.meters]

    def _in_force(self, declaration: n.Declaration, record: Record) -> bool:
        if declaration.word == "package":
            return True
        return any(holds_within(self.told, declaration, span) for span in self._periods(declaration, record))

    def _periods(self, declaration: n.Declaration, record: Record) -> Iterator[Span]:
        end = max(record.end or record.start, record.start + TICK)
        line = self.lines.get(declaration.name.text)
        if line is None or line.alone or line.cadence is None:
            yield Span(record.start, end)
            return
        if line.in_windows:  # the window of a record is not known yet, and lies within this
            length, clock = line.cadence.length, self.rules.clock
            yield Span(clock.add(record.start, length.negative()), clock.add(end, length))
            return
        yield from list(line.spans(record.start, end)) or [Span(record.start, end)]
