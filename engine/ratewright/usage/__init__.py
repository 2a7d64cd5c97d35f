"""Usage: what an account used, bought and asked for, read strictly from fixtures.

In: a YAML or JSON fixture, with the CSV and JSON Lines files that it refers to. Out: a `Usage` that rating
takes, or diagnostics that say what is wrong, where, and what to write instead. A fixture is used whole or
not at all: a bill from half of the usage would look right.

The way of a fixture: `files` → `yaml_tree` or `json_tree`, which leave records as rows of texts → `schema_check` (by
the models of `fixture_schema`) and `record_lists` (also for the rows of `record_files`) → `agreement` → `model`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ratewright.diagnostics import Diagnostic, Source, errors_in, in_order
from ratewright.limits import DEFAULT, Limits
from ratewright.reading import FilesRead
from ratewright.usage.model import Usage

__all__ = ["Usage", "json_schema", "read", "read_all", "source_from_bytes"]


def read(path_or_source: str | Path | Source, *, limits: Limits = DEFAULT) -> tuple[Usage | None, list[Diagnostic]]:
    """The one account of a fixture.

    In: the path of a `.yaml`, `.yml` or `.json` file, or a `Source` for text that comes from elsewhere;
    `file:` entries are looked for in the fixture's folder, for a `Source` in the current one, and never
    outside of it. Out: the account and no errors, or None and everything that was found wrong. Bad input
    raises nothing.
    """
    usages, diagnostics = _read(path_or_source, limits, single=True)
    return (usages[0] if usages else None), diagnostics


def read_all(
    path_or_source: str | Path | Source, *, limits: Limits = DEFAULT, files: FilesRead | None = None
) -> tuple[list[Usage], list[Diagnostic]]:
    """The accounts of a fixture of several YAML documents, one account each, in their order.

    In and out as for `read`; if any of the documents is wrong, no account is given. The fixture and the files
    that it refers to are noted in `files`.
    """
    return _read(path_or_source, limits, single=False, files=files)


def source_from_bytes(name: str, data: bytes, *, limits: Limits = DEFAULT) -> tuple[Source | None, list[Diagnostic]]:
    """Bytes from elsewhere, such as standard input, as a source for `read`. None if too many or not UTF-8."""
    from ratewright.usage.files import decode
    from ratewright.usage.findings import Findings

    findings = Findings()
    return decode(name, data, limits, findings), findings.diagnostics


def json_schema() -> dict[str, Any]:
    """The JSON Schema of a fixture as users write it."""
    from ratewright.usage.fixture_schema import json_schema as made

    return made()


def _read(
    path_or_source: str | Path | Source, limits: Limits, single: bool, files: FilesRead | None = None
) -> tuple[list[Usage], list[Diagnostic]]:
    # Imported here, so that a command which reads no usage does not wait for the models.
    from ratewright.usage.findings import Findings
    from ratewright.usage.fixture_reader import accounts_of

    findings = Findings(files)
    usages = accounts_of(path_or_source, limits, single, findings)
    return ([] if errors_in(findings.diagnostics) else usages), in_order(findings.diagnostics)
