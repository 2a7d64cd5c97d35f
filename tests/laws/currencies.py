"""Law: a list in several currencies bills an account as a list in the account's currency alone."""

from __future__ import annotations

import json
import re
from random import Random

from tests.laws.billing import RefusedError, bills, data_of, lines, unlike
from tests.laws.law import Law
from tests.reference.cases import Case

_AMOUNT = re.compile(r"(?<![\w.,])([0-9][0-9,.]*) USD(/(?:[0-9,]+ )?\w+)?")
_SOLD = re.compile(r"(?<=[{;] )([0-9,]+) USD(?= [0-9])")


def in_two(text: str, own: str) -> str:
    """A list in USD as one in `own` and in another currency, in which every amount is some other number."""
    other = "JPY"

    def alternatives(found: re.Match[str]) -> str:
        number, per = found[1], found[2] or ""
        return f"{number} {own}{per} or {_another(number)} {other}{per}"

    made = []
    for line in text.splitlines():
        if line.strip() == "currency USD":
            made.append(f"currency {', '.join(sorted((own, other)))}")
        elif line.strip().startswith("rounding"):
            made.append(_AMOUNT.sub(alternatives, line))
        else:
            of_account = _SOLD.sub(r"\1 currency", line.replace(" in USD", " in currency"))
            made.append(_AMOUNT.sub(lambda found: f"({alternatives(found)})", of_account))
    return "\n".join(made) + "\n"


def _another(number: str) -> str:
    """A number that is larger, and the larger the larger the first is, so that bounds rise in it too."""
    whole, point, decimals = number.replace(",", "").partition(".")
    return f"{int(whole) * 3 + 1}{point}{decimals}"


def _as_alone(case: Case, random: Random) -> str | None:
    own = random.choice(("USD", "EUR", "USN"))
    before = json.loads(json.dumps(lines(bills(case.text(), data_of(case), *case.months))).replace("USD", own))
    data = json.loads(json.dumps(data_of(case)).replace(" USD", f" {own}"))
    try:
        made = bills(in_two(case.text(), own), {**data, "currency": own}, *case.months)
    except RefusedError as error:
        return f"refused: {error}"
    return unlike(before, lines(made))


LAWS = (
    Law(
        "several currencies",
        "a list in several currencies bills an account as a list in the account's currency alone",
        _as_alone,
    ),
)
