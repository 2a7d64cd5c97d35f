"""The catalogue: the codes of all folders, joined."""

from __future__ import annotations

from typing import NamedTuple

from ratewright.codes import accounts, checks, rules


class Entry(NamedTuple):
    """What a code stands for."""

    title: str
    explanation: str


def catalogue() -> dict[str, Entry]:
    """Every code with its title and explanation, in order."""
    from ratewright.cli.codes import TABLE as CLI
    from ratewright.contracts.codes import TABLE as CONTRACTS
    from ratewright.explain.brand.brand_codes import TABLE as BRANDS
    from ratewright.explain.own_templates.template_codes import TABLE as TEMPLATES
    from ratewright.explain.wording.language_codes import TABLE as LANGUAGES
    from ratewright.usage.codes import TABLE as USAGE

    tables = (rules.TABLE, checks.TABLE, CONTRACTS, accounts.TABLE, USAGE, TEMPLATES, BRANDS, LANGUAGES, CLI)
    return {code: Entry(*table[code]) for table in tables for code in sorted(table)}
