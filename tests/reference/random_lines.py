"""Random charges on meters and without, with every form of price."""

from __future__ import annotations

from tests.reference.cases import REGIONS, Draft, Meter

CALENDAR = ("day", "week", "month on day 15", "month on day 31", "month from activation", "2 months", "quarter")
_LONGER = {
    "every record": ("day", "month"),
    "every hour": ("day", "month"),
    "every day": ("week", "month"),
    "every week": ("month",),
    "every month": ("quarter", "year"),
}
"""The longer times that a maximum may be for, but of windows."""
WINDOWS = {
    "every 90 minutes from first use": ("day", "month"),
    "every 5 hours from first use": ("day", "month"),
    "every day from first use": ("week", "month"),
    "every 3 days from first use": ("month",),
}
"""Each with the longer times that a maximum may be for."""
_WITHOUT_DAYS = ("every hour", "every record", "every reading", *WINDOWS)
SHORT = (*WINDOWS, "every month", "every day", "every week", "every hour", "every record")


def add_charges(draft: Draft) -> None:
    for meter in draft.meters:
        count = draft.pick(0, 1, 1, 1, 2)
        for index in range(count):
            _add_charge(draft, meter, f"c{meter.name[1:]}{index}", several=count > 1)
    for index in range(draft.pick(0, 1, 1, 2)):
        _add_fixed(draft, f"f{index}")
    if draft.maybe(0.25):
        _add_once(draft, "f8")
    if "every reading" in draft.cadences.values() and draft.maybe(0.8):
        _add_access(draft, "f9")


def _add_charge(draft: Draft, meter: Meter, name: str, several: bool) -> None:
    unit = meter.unit
    on = draft.pick(meter.name, meter.name, meter.name, f"round up ({meter.name}) to 10 {unit}", f"{meter.name} * 2")
    if draft.maybe(0.15):
        on = f"max({meter.name}, 5 {unit})"
    also = _another(draft, meter) if on == meter.name and draft.maybe(0.3) else None
    if also:
        on = f"{meter.name} + {also.name}"
    every = _cadence(draft, meter, on)
    when = _condition(draft, meter, on, several)
    price = _price(draft, meter, every)
    # At which instant `at` is asked where nothing was used, the documents do not say.
    floor = "at" not in when.split()
    reached = price.startswith("volume {")
    flat = "flat at zero usage" if floor and price.endswith(" USD") and draft.maybe(0.4) else ""
    by_day = "" if when and (flat or on != meter.name or "quantity" in when) else draft.pick("", " prorated by day")
    if every in _WITHOUT_DAYS:
        by_day = ""  # how many days an hour has, the documents do not say
    draft.add(
        f"charge {name}",
        f"on {on}",
        every,
        when,
        price,
        f"reached by {meter.name}" if reached and draft.maybe(0.2) else "",
        f"minimum {draft.number(1, 19)} USD{by_day}" if floor and draft.maybe(0.25) else "",
        _maximum(draft, meter, price, every),
        flat,
        "billed every day" if every == "every month" and meter.summed and draft.maybe(0.15) else "",
        draft.pick(
            "rounding none", *(f"rounding {way} USD" for way in ("up to 0.1", "half even to 0.01", "half down to 0.1"))
        )
        if draft.maybe(0.15)
        else "",
        f"prorated by {draft.pick('1 / 2', '20 / 31')}" if draft.maybe(0.07) else "",
    )
    for each in (meter, also) if also else (meter,):
        draft.charges.setdefault(each.name, []).append(name)
    draft.cadences[name] = every
    if meter.kept:
        draft.kept.add(name)


def _maximum(draft: Draft, meter: Meter, price: str, every: str) -> str:
    if draft.maybe(0.8):
        return ""
    blocks = not price.startswith("amount") and draft.maybe(0.5)
    most = draft.number(2, 20) if blocks else draft.number(20, 60)
    each = f"{draft.pick(3, 10, 24)} {meter.unit}" if blocks else draft.pick("", *(_LONGER | WINDOWS).get(every, ()))
    return f"maximum {most} USD{' each ' * bool(each)}{each}"


def _another(draft: Draft, meter: Meter) -> Meter | None:
    """A meter that one line may be on together with another."""
    if not meter.summed or meter.kept or meter.form == "reading":
        return None
    same = [each for each in draft.meters if each.summed and not each.kept and each.form == meter.form]
    return next((each for each in same if each is not meter and each.unit == meter.unit), None)


def _cadence(draft: Draft, meter: Meter, on: str) -> str:
    before = draft.charges.get(meter.name)
    if not meter.summed:
        if before and meter.covered:
            return draft.cadences[before[0]]
        if meter.covered and draft.maybe(0.9):
            return "every month"
    if meter.form == "event" and " + " not in on and not meter.by_days and draft.maybe(0.15):
        return draft.pick(*WINDOWS)
    options = ["month"] * 6 + [*CALENDAR]
    if meter.form == "total":
        options = ["month", "day", "week"]
    elif (
        not meter.by_days and draft.maybe(0.3) and not meter.looks_back
    ):  # how many days an hour has, the documents do not say
        options.append("hour")
    if meter.form == "event" and meter.summed and on == meter.name:
        options += ["record", "record"]
    if meter.form == "reading":
        options = ["reading"]
    options.append("month from first_day")
    return f"every {draft.pick(*options)}"


def _condition(draft: Draft, meter: Meter, on: str, several: bool) -> str:
    by_quantity = f"quantity > 5 {meter.unit}"
    if draft.maybe(0.8):
        return ""
    when = draft.pick("pro", "plan == pro_plan", "not pro", by_quantity, "at >= 2026-03-05")
    if "at" in when.split() and (not meter.summed or on != meter.name or meter.form == "reading"):
        when = "pro"
    return f"when {when}"


def _price(draft: Draft, meter: Meter, every: str) -> str:
    unit, one = meter.unit, meter.one
    forms = [_rate, _rate, _blocks, _flat, _tiers, _tiers, _tiers, _tiers]
    if meter.kept:
        forms += [_looked_up, _columns, _tier_table]
    price = draft.pick(*forms)(draft, unit, one)
    if "days(period)" in price and every in _WITHOUT_DAYS:
        return _flat(draft, unit, one)
    return price


def _rate(draft: Draft, unit: str, one: str) -> str:
    return draft.pick(
        f"rate {draft.money()} USD/{one}",
        f"rate {draft.money()} USD/1,000 {unit}",
        f"rate {draft.money()} USD/{draft.number(2, 9)} {unit}",
        f"rate {draft.money()} USD/{one} + {draft.money()} USD",
        f"rate (if pro then {draft.money()} USD/{one} else {draft.money()} USD/{one})",
        f"amount quantity * {draft.money()} USD/{one} / days(period)",
    )


def _blocks(draft: Draft, unit: str, one: str) -> str:
    return f"rate {draft.money()} USD per started {draft.pick(7, 10, 100)} {unit}"


def _flat(draft: Draft, unit: str, one: str) -> str:
    return f"rate {draft.money()} USD"


def _looked_up(draft: Draft, unit: str, one: str) -> str:
    return f"rate price_of[region] / 1 {one}"


def _columns(draft: Draft, unit: str, one: str) -> str:
    form, bound = draft.pick("volume", "graduated"), draft.pick("below", "up to")
    rows = [f"{bound} {draft.number(1, 60)} {unit}", "beyond"]
    cells = "; ".join(f"{row} {' '.join(draft.money() for _ in REGIONS)}" for row in rows)
    header = [*REGIONS[:-1], draft.pick(REGIONS[-1], "else")]
    return f"{form} by region in USD/{one} {{ {' '.join(header)}; {cells} }}"


def _tier_table(draft: Draft, unit: str, one: str) -> str:
    name = f"tiers{len(draft.parts)}"
    rows = [f"below {draft.number(1, 60)} {unit}", "beyond"]
    cells = [f"{row} {' '.join(draft.money() for _ in REGIONS)}" for row in rows]
    header = [*REGIONS[:-1], draft.pick(REGIONS[-1], "else")]
    draft.add(f"table {name} by volume, region in USD/{one}", " ".join(header), *cells)
    return f"{draft.pick('volume', 'graduated')} {name}[region]"


def _tiers(draft: Draft, unit: str, one: str) -> str:
    form = draft.pick("volume", "graduated", "volume", "graduated", "volume cheapest")
    rows, bound = [], 0
    for _ in range(draft.number(1, 3)):
        step = draft.number(1, 40)
        bound += step
        kind = draft.pick("below", "up to", "next") if form != "volume cheapest" else "below"
        rows.append(f"{kind} {step if kind == 'next' else bound} {unit} {_tier(draft, unit, one)}")
    rows.append(f"beyond {'not sold' if draft.maybe(0.05) else _tier(draft, unit, one)}")
    return f"{form} {{ {'; '.join(rows)} }}"


def _tier(draft: Draft, unit: str, one: str) -> str:
    each = f"{draft.money()} USD/{one}"
    block = f"{draft.money()} USD per started {draft.pick(3, 10)} {unit}"
    flat = f"{draft.money()} USD"
    return draft.pick(each, each, block, flat, f"{each} + {flat}", f"{block} - {flat}", "0 USD")


def _add_fixed(draft: Draft, name: str) -> None:
    """A charge without `on`: an amount, of itself, of other lines or of what a meter measured."""
    lines = list(draft.cadences)
    amount = draft.pick(
        f"{draft.money()} USD",
        f"{draft.money()} USD / {draft.number(2, 9)}",
        "plan_fee[plan].fee",
        f"{draft.money()} USD * extra",
        f"plan_fee[plan].share * {draft.money()} USD",
        f"{draft.pick('graduated', 'volume')}(steps, {draft.number(0, 40)} pics)",
        f"2 * {draft.pick('graduated', 'volume')}(steps, base / 3)",
        *_of_meters(draft),
    )
    every = draft.pick("month", "month", "month", "quarter", "week", "month on day 15", "month from activation", "day")
    on_another = ""
    short = all(each in SHORT for each in draft.cadences.values())
    if short and draft.maybe(0.3):  # a line may not name another that is billed less often
        options = [f"max({draft.number(5, 100)} USD - charges, 0 USD)"]
        if lines:
            other = draft.pick(*lines)
            on_another = draft.pick(f"when {other} > 5 USD", f"when charges <= {draft.number(5, 60)} USD", "")
            options += [f"{draft.number(1, 50)}% of {other}", f"max({draft.number(5, 100)} USD - {other}, 0 USD)"]
        amount = draft.pick(*options)
        draft.monthly = True
    if draft.monthly:
        every = "month"
    when = draft.pick("", "", "", "when pro", "when plan != free")
    when = on_another or when
    by_day = not on_another and draft.maybe(0.35)
    if by_day:
        when = draft.pick(when, "when pro and at >= 2026-03-05", "when plan == pro_plan")
    known_before = not on_another and not any(each.name in amount for each in draft.meters) and "charges" not in amount
    draft.add(
        f"charge {name}",
        f"every {every}",
        "billed in advance" if known_before and not any(each in amount for each in lines) and draft.maybe(0.3) else "",
        when,
        f"amount {amount}",
        "prorated by day" if by_day else "",
    )
    draft.cadences[name] = f"every {every}"


def _add_once(draft: Draft, name: str) -> None:
    """A charge on one day, of itself."""
    on = draft.pick("activation", "activation + 1 month", "first_day", "start of month(activation)", "2026-03-31")
    amount = draft.pick(f"{draft.money()} USD", "plan_fee[plan].fee", f"{draft.money()} USD * extra")
    draft.add(f"charge {name}", f"once on {on}", draft.pick("", "", "when pro"), f"amount {amount}")
    draft.cadences[name] = "every day"


def _add_access(draft: Draft, name: str) -> None:
    """A charge for each reading, whatever it says."""
    amount = draft.pick(f"{draft.money()} USD", f"{draft.money()} USD * extra", "plan_fee[plan].fee")
    floor = "minimum 2 USD" if draft.maybe(0.2) else ""
    draft.add(f"charge {name}", "every reading", draft.pick("", "", "when pro"), f"amount {amount}", floor)
    draft.cadences[name] = "every reading"


def _of_meters(draft: Draft) -> list[str]:
    meter = draft.pick(*draft.meters)
    if meter.form == "reading":
        return []
    return [f"{meter.name} * {draft.money()} USD/{meter.one}"]
