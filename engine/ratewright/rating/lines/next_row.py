"""What a line would be if more were used: found by asking the line itself with more of its meter.

Told only where that is decided: for a `volume` price of one meter that is measured record by record, in a period of
the calendar that is billed as a whole; where nothing that the line reads would change with the usage, but its own
quantity; where the formula in `on` grows with the meter; and where no quota is left that would pay for more usage at
some time of the period.
"""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from ratewright.account.settings.in_force import InForce
from ratewright.account.settings.setting_timeline import Settings
from ratewright.derivation.trace import NextRowTrace, TierTrace, VolumeTrace
from ratewright.formula.least_usage import Least, least_usage
from ratewright.meaning import nodes as tree
from ratewright.pricing.breaks import just_above
from ratewright.quota.holdings import Holdings
from ratewright.rating.lines.line_formulas import formulas_of
from ratewright.rating.lines.line_outcome import LineFacts, Priced, names_usage, outcome
from ratewright.rating.lines.price_forms import Applied
from ratewright.refusal import RatingError
from ratewright.values.exact import Exact, exact


def next_row(
    facts: LineFacts, made: Priced, settings: Settings, in_force: InForce, tariff: tree.Tariff, holdings: Holdings
) -> NextRowTrace | None:
    """What brings a line into the next row of its price, and what it is then; None where that is not decided."""
    applied = made.applied
    if applied is None or not isinstance(applied.why, VolumeTrace) or not _alone_decides(facts, tariff):
        return None
    if applied.why.rule.cheapest:
        return None  # more never costs less
    (name,) = facts.charge.meters
    meter = tariff.meters[name]
    used = facts.fed.get(name, 0)
    least = _least(facts, applied, f"left:{name}", settings)
    if least is None or least.at < used:
        return None
    exactly, more = least.inside, exact(least.at - used)
    if meter.unit.counted and isinstance(used, int):
        exactly, more = True, least.whole() - used
    asking = _Asking(facts, name, applied.row, settings)
    found = asking.with_more(more) if exactly else asking.with_anything_above(more)
    if found is None or (found.amount == made.amount and _bounded(made)):
        return None
    pools = (tariff.pools[pool] for pool in _pools_of(name, tariff))
    paying = frozenset(p.name for p in pools if in_force.pool(p, facts.period.start, facts.period.end))
    if not holdings.used_up(paying, facts.period):
        return None
    return NextRowTrace(found.tier, meter.unit, more, exactly, found.amount, made.amount, found.grows)


class _Found(Struct, frozen=True):
    """A line with more usage: its tier and amount, exactly and as it is billed; `grows` marks a limit from above."""

    tier: TierTrace
    amount: Exact
    exact: Exact
    grows: bool = False


class _Asking(Struct, frozen=True):
    """A line that is in a row, to be asked with more of a meter."""

    facts: LineFacts
    meter: str
    row: int
    settings: Settings

    def with_more(self, more: Exact) -> _Found | None:
        """The line with more usage; None where it has no amount, or stays in its row."""
        used = self.facts.fed.get(self.meter, 0)
        try:
            made = outcome(replace(self.facts, fed={self.meter: exact(used + more)}), self.settings, tells=False)
        except RatingError:
            return None
        if not isinstance(made, Priced) or made.applied is None or made.applied.row <= self.row:
            return None
        if not isinstance(made.applied.why, VolumeTrace):
            return None
        return _Found(made.applied.why.reached, made.amount, made.exact)

    def with_anything_above(self, more: Exact) -> _Found | None:
        """The line with as little more as one likes, but more than so much."""
        asked: dict[Exact, _Found | None] = {}

        def found(extra: Exact) -> _Found | None:
            if extra not in asked:
                asked[extra] = self.with_more(extra)
            return asked[extra]

        billed = just_above(more, lambda extra: made.amount if (made := found(extra)) is not None else None)
        exactly = just_above(more, lambda extra: made.exact if (made := found(extra)) is not None else None)
        one = next(iter(asked.values()), None)
        if billed is None or exactly is None or one is None:
            return None
        return _Found(one.tier, billed[0], exactly[0], grows=exactly[1])


def _bounded(made: Priced) -> bool:
    """Whether a line costs what it does for its minimum or maximum, and not for its row."""
    return any(bound.applied for bound in made.bounds)


def _alone_decides(facts: LineFacts, tariff: tree.Tariff) -> bool:
    """Whether the price of a line depends on the usage of one meter through its quantity only."""
    charge = facts.charge
    if len(charge.meters) != 1 or charge.reached is not None or names_usage(facts):
        return False
    return charge.billed is None and not charge.every.alone and tariff.meters[charge.meters[0]].each is not None


def _least(facts: LineFacts, made: Applied, usage: str, settings: Settings) -> Least | None:
    """The least usage that comes to the next row that holds anything; None in the last."""
    later = (row for row in made.rows[made.row + 1 :] if not row.empty)
    row = next(later, None)
    if row is None or facts.charge.on is None:
        return None
    formulas = formulas_of(settings, facts.period, facts.at, facts.values, tells=False)
    target = Least(row.lower, row.lower_inside)
    return least_usage(facts.charge.on, usage, target, lambda part: formulas.ask(part).value)


def _pools_of(meter: str, tariff: tree.Tariff) -> frozenset[str]:
    """The pools that pay for the usage of a meter before its charges do."""
    deduction = tariff.deductions.get(meter)
    return frozenset(name for rank in deduction.pools for name in rank) if deduction is not None else frozenset()
