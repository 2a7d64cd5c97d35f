"""Random meters: every function over records, series, levels, conditions, and meters that read another."""

from __future__ import annotations

from tests.reference.cases import Draft, Meter, one

FIELDS = ("field region one of eu, us, ap = eu", "field class one of small, big = small", "field size number = 1")
HOURS = "time(at) >= 8 hours and time(at) < 20 hours"


def add_meters(draft: Draft) -> None:
    for index in range(draft.number(1, 3)):
        first = draft.meters[0] if draft.meters else None
        if first and first.form in ("event", "total") and draft.maybe(0.2):
            _add_reading_another(draft, f"m{index}", first)
        else:
            _add(draft, f"m{index}")


def _add(draft: Draft, name: str) -> None:
    by = _by(draft) if draft.maybe(0.3) else ""
    unit = draft.pick("pics", "hits", "kW")
    write = draft.pick(*_WAYS)
    steps, measure, summed, records = write(draft, unit)
    form = draft.pick(*records)
    conditions = ["size < 4", "region != ap", f"quantity > 2 {unit}", "not pro or size > 1"]
    if "spread evenly" in steps:
        conditions = ["size < 4", "region != ap", "not pro or size > 1", HOURS]
    elif form == "event":
        conditions += ["weekday(at) != sunday", "time(at) >= 6 hours", "month(at) != april", "kind_of[at] != free"]
    where = draft.pick(*conditions)
    draft.add(
        f"meter {name}",
        *FIELDS,
        f"where {where}" if draft.maybe(0.2) else "",
        by,
        *steps,
        f"measure {measure} in {unit}",
    )
    draft.meters.append(
        Meter(
            name,
            unit,
            summed,
            form,
            name,
            by,
            "days(period)" in measure,
            spreads="spread evenly" in steps,
            looks_back=" since " in "".join(steps),
        )
    )


def _by(draft: Draft) -> str:
    return draft.pick("by region", "by region", "by region, class")


def _add_reading_another(draft: Draft, name: str, first: Meter) -> None:
    unit = draft.pick("pics", "hits", "kW")
    by = _by(draft) if draft.maybe(0.3) else ""
    measure = draft.pick(f"sum(times * 1 {one(unit)})", f"sum(size * 2 {unit})", f"highest(size) * 1 {one(unit)}")
    draft.add(
        f"meter {name}",
        f"reads {first.name}",
        "where size < 5" if draft.maybe(0.3) else "",
        by,
        f"measure {measure} in {unit}",
    )
    draft.meters.append(Meter(name, unit, measure.startswith("sum"), first.form, first.name, by))


Written = tuple[list[str], str, bool, tuple[str, ...]]
"""The steps, the measure, whether it is drawn record by record, and what its records may be."""


def _sum(draft: Draft, unit: str) -> Written:
    return [], "sum(quantity)", True, ("event", "event", "total", "reading")


def _formula(draft: Draft, unit: str) -> Written:
    what = draft.pick(
        "quantity * size",
        "quantity * extra",
        f"round up (quantity / 10) to 1 {one(unit)}",
        "if size > 2 then quantity else quantity / 3",
    )
    return [], f"sum({what})", True, ("event", "event", "total")


def _count(draft: Draft, unit: str) -> Written:
    return [], f"count() * 1 {one(unit)}", False, ("event", "event", "total")


def _one_of_all(draft: Draft, unit: str) -> Written:
    function = draft.pick("highest", "lowest", "mean", "first", "last")
    return [], f"{function}(quantity)", False, ("event",)


def _some(draft: Draft, unit: str) -> Written:
    measure = draft.pick(
        f"nth_highest(quantity, {draft.number(1, 4)})",
        f"nth_highest(quantity, round up (count() * {draft.pick(5, 30, 50)}%))",
        f"percentile(quantity, {draft.pick(5, 50, 90, 95, 100)})",
        f"unique(size) * 1 {one(unit)}",
        f"mean(highest(quantity, {draft.number(1, 4)}))",
        "sum(lowest(quantity, 2))",
        "sum(quantity where at >= 2026-03-05)",
        "sum(quantity where size > 1) + highest(quantity)",
        f"min(sum(quantity), {draft.number(10, 90)} {unit})",
        "sum(quantity) * (if plan == pro_plan then 2 else 1)",
    )
    return [], measure, False, ("event",)


def _series(draft: Draft, unit: str) -> Written:
    each = draft.pick("day", "week", "month", "5 minutes", "hour", "region")
    value = draft.pick(f"count() * 1 {one(unit)}", "sum(quantity)", "highest(quantity)", "mean(quantity)")
    where = draft.pick("", "", f" where sum(quantity) > {draft.number(1, 30)} {unit}")
    since = draft.pick("", "", "", " since activation", " since (start of period - 1 month)")
    outer = draft.pick(
        "highest(parts)",
        "sum(parts)",
        "mean(parts)",
        "mean(highest(parts, 2))",
        "lowest(parts)",
        "percentile(parts, 50)",
        "nth_highest(parts, 2)",
    )
    if draft.maybe(0.1):
        outer = "nth_highest(parts, max(round up (count(parts) * 50%), 1))"
    share = draft.pick("", "", " * count(parts) / days(period)")
    each_hour_of_years = each == "hour" and since
    empty = draft.pick("", " or 0") if each in ("day", "week", "month", "hour") and not each_hour_of_years else ""
    return [f"define parts = {value} each {each}{empty}{where}{since}"], outer + share, False, ("event",)


def _level(draft: Draft, unit: str) -> Written:
    condition = draft.pick("", "", " where size > 1", f" where {HOURS}", " where at >= 2026-03-05 and not pro")
    level = draft.pick("quantity", "quantity", "quantity * size", f"(if {HOURS} then quantity else quantity / 2)")
    records = ("state", "state", "lasting")
    if draft.maybe(0.3):
        each, outer = draft.pick("day", "day", "week", "hour", "month"), draft.pick("highest", "sum", "mean", "lowest")
        steps = [f"define parts = integral({level}{condition}) / 1 hour each {each}"]
        return steps, f"{outer}(parts)", False, records
    return [], f"integral({level}{condition}) / {draft.pick('length(period)', '1 hour')}", False, records


def _at_once(draft: Draft, unit: str) -> Written:
    value = draft.pick(
        "sum(quantity)",
        "sum(quantity)",
        f"count() * 1 {one(unit)}",
        "highest(quantity * size)",
        f"min(sum(quantity), {draft.number(1, 9)} {unit})",
    )
    empty = draft.pick("", "", " or 0")
    where = draft.pick("", "", f" where sum(quantity) > {draft.number(1, 9)} {unit}")
    taken = draft.pick("highest(level)", "lowest(level)", "integral(level) / 1 hour")
    steps = [f"define level = {value} each instant{empty}{where}"]
    if draft.maybe(0.3):
        steps = [f"define parts = highest({value} each instant{empty}{where}) each {draft.pick('day', 'hour')}"]
        taken = draft.pick("sum(parts)", "highest(parts)", "mean(parts)")
    return steps, taken, False, ("state", "state", "lasting")


def _spread(draft: Draft, unit: str) -> Written:
    amount = draft.pick("quantity", "quantity * size", f"quantity * (if {HOURS} then 2 else 1)", "quantity / 3")
    where = draft.pick("", "", f" where {HOURS}", " where size > 1")
    measure = f"sum({amount}{where})"
    if draft.maybe(0.5):
        measure = f"highest(sum({amount}{where}) each {draft.pick('day', 'hour', 'week')})"
    return ["spread evenly"], measure, False, ("state", "total")


def _by_place(draft: Draft, unit: str) -> Written:
    place = f"place({draft.pick('month', 'day', 'week', 'year')}(at))"
    measure = draft.pick(
        f"sum(quantity * {place})",
        f"sum(if {place} <= {draft.number(1, 3)} then 0 {unit} else quantity)",
        f"highest(quantity where {place} > {draft.number(1, 2)})",
        f"count() * 1 {one(unit)} + sum(quantity where {place} == 1)",
    )
    return [], measure, False, ("event",)


def _rounded(draft: Draft, unit: str) -> Written:
    return [], f"round up (sum(quantity)) to {draft.pick(5, 10, 100)} {unit}", False, ("event", "event", "total")


_WAYS = (
    *(_sum, _sum, _formula, _count, _one_of_all, _some, _series, _series),
    *(_level, _at_once, _spread, _by_place, _rounded),
)
