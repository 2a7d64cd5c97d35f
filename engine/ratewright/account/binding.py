"""An account's data bound to a tariff: every name found, every unit understood, every time placed.

All problems are collected, so that one run names them all; nothing is rated unless there are none.
"""

from __future__ import annotations

import itertools

from msgspec import Struct
from whenever import Instant

from ratewright.account.binder import Binder
from ratewright.account.bought.bind_bought import bind_bought
from ratewright.account.bought.bought import Bought
from ratewright.account.counted.bind_records import bind_records
from ratewright.account.counted.pieces import BoundRecord, Counted
from ratewright.account.settings.in_force import InForce
from ratewright.account.settings.setting_timeline import Settings, Timeline
from ratewright.account.spread_over_pools import spread_over_pools
from ratewright.diagnostics import Diagnostic, Source, Span
from ratewright.limits import Limits
from ratewright.meaning import nodes as tree
from ratewright.meaning.types import INSTANT
from ratewright.plan.period_grid import Grid
from ratewright.plan.plan import Plan
from ratewright.usage.model import Place, SettingChange, Usage
from ratewright.values.calendar import Calendar


class Account(Struct, frozen=True):
    """An account's data as rating takes them.

    Nothing before the opening is billed; records from before it may be known, from `known_from` on.
    """

    name: str
    plan: Plan
    calendar: Calendar
    grid: Grid
    activated: Instant | None
    opening: Instant | None
    known_from: Instant | None
    settings: Settings
    in_force: InForce
    counted: Counted
    tasks: tuple[BoundRecord, ...]
    bought: Bought

    @property
    def tariff(self) -> tree.Tariff:
        """The price list."""
        return self.plan.tariff


def bind(plan: Plan, usage: Usage, limits: Limits) -> tuple[Account | None, list[Diagnostic]]:
    """Place an account's data on a plan. None where there are problems."""
    binder = Binder(plan, usage, limits)
    settings = Settings(_timelines(binder), binder.tariff, binder.calendar)
    grid = Grid(binder.tariff, binder.calendar)
    in_force = InForce(binder.tariff, settings, grid)
    counted, tasks = bind_records(binder, settings, in_force)
    bought = bind_bought(binder, settings, in_force)
    counted.pieces = spread_over_pools(counted.pieces, binder.plan, settings, bought)
    problems = binder.problems.told()
    if problems:
        return None, problems
    account = Account(
        usage.account,
        plan,
        binder.calendar,
        grid,
        binder.activated,
        binder.opening,
        binder.known_from,
        settings,
        in_force,
        counted,
        tasks,
        bought,
    )
    return account, []


def _timelines(binder: Binder) -> dict[str, Timeline]:
    changes: dict[str, list[tuple[Instant, tree.Value, Place]]] = {name: [] for name in binder.tariff.settings}
    first: dict[str, tree.Value | None] = {name: s.default for name, s in binder.tariff.settings.items()}
    for change in binder.usage.settings:
        setting = binder.tariff.settings.get(change.setting)
        if setting is None:
            binder.known("setting", change.setting, binder.tariff.settings, change.place, "A104")
            continue
        value = _setting_value(binder, setting, change)
        if value is None:
            continue
        if change.at is None:
            first[setting.name] = value
        else:
            changes[setting.name].append((binder.instant(change.at, change.place), value, change.place))
    found = {}
    for name, setting in binder.tariff.settings.items():
        ordered = sorted(changes[name], key=lambda c: c[0])
        for (at, _, _), (again, _, place) in itertools.pairwise(ordered):
            if at == again:
                binder.problems.add("A104", f"setting `{name}` changes twice at one instant", place, "keep one")
        found[name] = Timeline(setting, tuple(c[0] for c in ordered), (first[name], *(c[1] for c in ordered)))
    found["activation"] = Timeline(_ACTIVATION, (), (binder.activated,))
    return found


_ACTIVATION = tree.Setting(Span(Source("", ""), 0, 0), "activation", "activation", INSTANT, None, None, "")


def _setting_value(binder: Binder, setting: tree.Setting, change: SettingChange) -> tree.Value | None:
    value, problem, help = binder.amounts.value(
        change.value, setting.type, setting.unit, binder.calendar, below=setting.below
    )
    if problem:
        binder.problems.add("A104", f"setting `{setting.name}` {problem}", change.place, help)
        return None
    return value
