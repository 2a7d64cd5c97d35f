"""Who asks for a meter: the lines and quotas without which nobody would want to know what it measures."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from ratewright.meaning import nodes as tree
from ratewright.meaning.formulas import formulas_of
from ratewright.meaning.walk import given_in, kept, looks_back


class Asking(Struct, frozen=True):
    """Who asks for one meter. `lines` price its usage, `pools` pay for it, `naming` are the lines that name it in a
    formula. `always` marks one that is asked whatever is in force: something else goes by it, or nothing does, so that
    it was declared to be told."""

    lines: tuple[tree.Charge, ...]
    pools: tuple[tree.Pool, ...]
    naming: tuple[tree.Charge, ...]
    always: bool


def goes_by_settings(when: tree.Expression | None) -> bool:
    """Whether a condition asks settings and nothing else: such a one decides what is in force."""
    given = given_in(when) if when is not None else ()
    return bool(given) and all(isinstance(g, tree.SettingValue) for g in given)


def asked_meters(tariff: tree.Tariff) -> Mapping[str, Asking]:
    """Who asks for each meter of a price list, by name."""
    return kept(
        tariff, "asked_meters", lambda: {meter.name: _asking(meter, tariff) for meter in tariff.meters.values()}
    )


def quiet_meters(tariff: tree.Tariff) -> frozenset[str]:
    """The meters for which there may be a time at which nothing that is in force asks for them."""
    asked = asked_meters(tariff)
    return kept(
        tariff, "quiet_meters", lambda: frozenset(name for name, asking in asked.items() if _may_be_quiet(asking))
    )


def _may_be_quiet(asking: Asking) -> bool:
    conditions = [one.when for one in (*asking.lines, *asking.naming)] + [pool.when for pool in asking.pools]
    return not asking.always and all(goes_by_settings(when) for when in conditions)


def _asking(meter: tree.Meter, tariff: tree.Tariff) -> Asking:
    name = meter.name
    named_by = [
        formula.owner
        for formula in formulas_of(tariff)
        if any(isinstance(given, tree.Measured) and given.name == name for given in given_in(formula.expression))
    ]
    lines = tuple(charge for charge in tariff.charges.values() if name in charge.meters)
    naming = tuple({owner.name: owner for owner in named_by if isinstance(owner, tree.Charge)}.values())
    pools = tuple(pool for pool in tariff.pools.values() if name in pool.covers)
    always = (
        not (lines or naming or pools)
        or any(pool.kind is tree.PoolKind.PACKAGE for pool in pools)
        or not all(isinstance(owner, tree.Charge) for owner in named_by)
        or any(limit.meter == name for limit in tariff.limits.values())
        or any(True for part in (meter.measure, *(step.expression for step in meter.steps)) for _ in looks_back(part))
    )
    return Asking(lines, pools, naming, always)
