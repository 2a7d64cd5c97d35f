"""Random discounts, taxes and pools of money."""

from __future__ import annotations

from tests.reference.cases import Draft


def add_money(draft: Draft) -> None:
    lines = [name for name, every in draft.cadences.items() if every not in ("every record", "every reading")]
    for index in range(draft.pick(0, 0, 1, 2)):
        _add_discount(draft, f"d{index}", lines)
    for index in range(draft.pick(0, 0, 1, 1, 2)):
        on = draft.pick("subtotal", "subtotal", "charges", *lines, *lines)
        inside = "included" if not index and draft.maybe(0.3) else ""
        draft.add(f"tax t{index}", f"on {on}", _by(draft, on), _every(draft), f"rate {draft.number(1, 30)}%", inside)
    for index in range(draft.pick(0, 0, 1, 1, 2, 3)):
        _add_pool(draft, f"w{index}", lines)


def _every(draft: Draft) -> str:
    return "every month" if draft.maybe(0.4) else ""


def _by(draft: Draft, on: str) -> str:
    """Now and then for each key, where all lines are kept apart."""
    return "by region" if set(on.split(" + ")) <= draft.kept and draft.maybe(0.6) else ""


def _add_discount(draft: Draft, name: str, lines: list[str]) -> None:
    on = draft.pick("charges", "charges", *lines)
    if len(lines) > 1 and draft.maybe(0.3):
        on = " + ".join(draft.random.sample(lines, 2))
    price = draft.pick(
        # What was given back may make the charges less than nothing, of which the documents give no slices.
        f"rate {draft.number(1, 40)}%" if on == "charges" else _slices(draft),
        "rate plan_fee[plan].share",
        f"volume {{ below {draft.number(5, 50)} USD 0%; beyond 10% }}",
        f"rate {draft.number(1, 40)}%",
    )
    most = f"maximum {draft.number(1, 20)} USD" if draft.maybe(0.2) else ""
    if draft.maybe(0.15):
        price = draft.pick(
            f"amount {draft.number(1, 4)} USD",
            f"amount ({on}) / 2 - {draft.pick('0.5', '2')} USD",  # may be below 0
        )
    when = "when pro" if draft.maybe(0.15) else ""
    by = _by(draft, on)
    if by and draft.maybe(0.3):
        meter = draft.pick(*draft.meters)
        when = f"when {meter.name} >= {draft.number(1, 30)} {meter.unit}"
    spread = "spread by amount" if draft.maybe(0.15) else ""
    draft.add(f"discount {name}", f"on {on}", by, _every(draft), when, price, most, spread)


def _slices(draft: Draft) -> str:
    return f"graduated {{ up to {draft.number(5, 50)} USD 5%; beyond 10% }}"


def _add_pool(draft: Draft, name: str, lines: list[str]) -> None:
    covers = draft.pick("total", "total", "subtotal", *lines)
    covered = [covers]
    if covers in lines and draft.maybe(0.3):
        covered += [each for each in lines if each != covers and each not in draft.chains][:1]
    if draft.maybe(0.6):
        size = draft.number(1, 30)
        renews = draft.pick("", "renews every month", "renews every month")
        when = draft.pick("", "", "when pro", "when plan != free")
        kept = covered[0] in draft.kept and len(covered) == 1 and draft.maybe(0.5)
        scope = "scope region" if kept else ""
        draft.add(f"grant {name}", f"covers {', '.join(covered)}", f"size {size} USD", renews, when, scope)
    else:
        sizes = "; ".join(f"{size} USD {draft.cents()} USD" for size in (10, 50))
        valid = draft.pick("", "valid 1 month")
        draft.add(f"package {name}", f"covers {', '.join(covered)}", f"sizes {{ {sizes} }}", valid)
        draft.packages[name] = ["10 USD", "50 USD"], False
    for each in covered:
        draft.chains.setdefault(each, []).append(name)
