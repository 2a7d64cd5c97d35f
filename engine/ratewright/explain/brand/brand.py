"""Whose page it is. `brand_files` reads one."""

from __future__ import annotations

from typing import NamedTuple


class Brand(NamedTuple):
    """CSS that stands behind that of the page, and a logo as a `data:` URI; either may be empty."""

    style: str = ""
    logo: str = ""


PLAIN = Brand()
