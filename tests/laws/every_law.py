"""All laws, by their names."""

from __future__ import annotations

from tests.laws import (
    comparisons,
    conservation,
    contracts,
    currencies,
    lives,
    measures,
    orders,
    priced_alone,
    records,
    sentences,
    stretches,
    unrelated,
    versions,
)
from tests.laws.law import Law

LAWS: dict[str, Law] = {
    law.name: law
    for module in (
        unrelated,
        orders,
        measures,
        records,
        priced_alone,
        stretches,
        lives,
        versions,
        currencies,
        conservation,
        contracts,
        sentences,
        comparisons,
    )
    for law in module.LAWS
}
