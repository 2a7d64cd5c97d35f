"""Every limit on text that others wrote: its default and the flag that raises it.

Rule files, fixtures and templates come from outside and may be huge, deep or hostile. Each limit is
named once, here; whoever enforces it reports the figure found, the limit, and how to raise it.
"""

from __future__ import annotations

from msgspec import Struct

KIB = 1024
MIB = 1024 * KIB


class Limits(Struct, frozen=True):
    """What the engine accepts before it refuses. Sizes in bytes, times in seconds."""

    rule_file_bytes: int = 1 * MIB
    nesting: int = 100
    terms: int = 10_000
    unfoldings: int = 10_000
    unfolded_parts: int = 200_000
    currencies: int = 30
    tier_rows: int = 1_000
    table_cells: int = 100_000
    number_digits: int = 38
    number_exponent: int = 18
    first_year: int = 1900
    last_year: int = 2200
    duration_years: int = 1_000
    yaml_depth: int = 32
    usage_file_bytes: int = 1024 * MIB
    fixture_bytes: int = 64 * MIB
    json_line_bytes: int = 1 * MIB
    ratio_bits: int = 4_096
    periods: int = 100_000
    lots: int = 1_000_000
    series_values: int = 110_000
    example_records: int = 200_000
    diagnostics: int = 100
    template_seconds: int = 2
    template_memory_bytes: int = 512 * MIB
    template_output_bytes: int = 10 * MIB
    logo_bytes: int = 1 * MIB


DEFAULT = Limits()
