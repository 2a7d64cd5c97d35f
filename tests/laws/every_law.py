"""All laws, by their names."""

from __future__ import annotations

from tests.laws import (
    booking,
    comparisons,
    conservation,
    contracts,
    contracts_as_lists,
    currencies,
    lives,
    measures,
    orders,
    own_sentences,
    priced_alone,
    records,
    sentences,
    stretches,
    unrelated,
    versions,
    windows,
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
        windows,
        stretches,
        lives,
        versions,
        currencies,
        conservation,
        booking,
        contracts,
        contracts_as_lists,
        sentences,
        own_sentences,
        comparisons,
    )
    for law in module.LAWS
}
