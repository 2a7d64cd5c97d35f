"""Tables of bills in LibreOffice: of what type each cell is, and what stands in it.

`apt-get install --no-install-recommends libreoffice-calc` has it. It runs headless and needs no network.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from xml.etree import ElementTree

LIBRE_OFFICE = shutil.which("soffice")
_READ_AS = "CSV:44,34,76,1,,1033,false,true"
"""Commas, quotation marks, UTF-8, from the first line, English numbers, and types as in a file that is opened."""
_PARTS = {name: f"{{urn:oasis:names:tc:opendocument:xmlns:{name}:1.0}}" for name in ("office", "table", "text")}

Cell = tuple[str, str]
"""A type, `float`, `date`, `string`, `formula`, or nothing, and the value."""


def opened(tables: Mapping[str, str], folder: Path) -> dict[str, list[dict[str, Cell]]]:
    """The rows of tables, by the name of each, as LibreOffice reads them."""
    assert LIBRE_OFFICE is not None
    for name, text in tables.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    command = [LIBRE_OFFICE, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless"]
    command += ["--convert-to", "fods", "--outdir", str(folder), f"--infilter={_READ_AS}"]
    files = [str(folder / f"{name}.csv") for name in tables]
    subprocess.run([*command, *files], check=True, capture_output=True)
    return {name: list(_rows(folder / f"{name}.fods")) for name in tables}


def _rows(path: Path) -> Iterator[dict[str, Cell]]:
    rows = ElementTree.parse(path).getroot().iter(f"{_PARTS['table']}table-row")
    heads = [value for _, value in _cells(next(rows)) if value]
    for row in rows:
        cells = [*_cells(row), *[("", "")] * len(heads)]
        if any(value for _, value in cells):
            yield dict(zip(heads, cells, strict=False))


def _cells(row: ElementTree.Element) -> Iterator[Cell]:
    office, table, text = (_PARTS[name] for name in ("office", "table", "text"))
    for cell in row.iter(f"{table}table-cell"):
        kind = "formula" if cell.get(f"{table}formula") else cell.get(f"{office}value-type", "")
        words = "".join("".join(part.itertext()) for part in cell.iter(f"{text}p"))
        value = cell.get(f"{office}value") or cell.get(f"{office}date-value") or words
        yield from [(kind, value)] * min(int(cell.get(f"{table}number-columns-repeated", "1")), 100)
