"""A fixture file as a whole: its format, its documents, and one account for each."""

from __future__ import annotations

from pathlib import Path

from ratewright.diagnostics import Source, Span
from ratewright.limits import Limits
from ratewright.usage import codes
from ratewright.usage.account_builder import assemble
from ratewright.usage.document_tree import Mapping, Node, span_of
from ratewright.usage.files import StoredSource, decode, open_fixture
from ratewright.usage.findings import Findings
from ratewright.usage.json_tree import read_json
from ratewright.usage.model import Usage
from ratewright.usage.yaml_tree import read_yaml


def accounts_of(given: str | Path | Source, limits: Limits, single: bool, findings: Findings) -> list[Usage]:
    """The accounts that could be read; what is wrong is in `findings`. `single` asks for exactly one."""
    if isinstance(given, Source):
        folder = Path()
        source = decode(given.name, given.text.encode("utf-8", "surrogatepass"), limits, findings)
        is_json = given.name.lower().endswith(".json") or given.text.lstrip("\ufeff \t\r\n").startswith(
            ('{"', "{}", "{\n")
        )
    else:
        path = Path(given)
        folder = path.parent
        is_json = path.suffix.lower() == ".json"
        if not is_json and path.suffix.lower() not in (".yaml", ".yml"):
            findings.add_for_file(
                codes.UNKNOWN_FORMAT,
                f"`{path}` is no kind of fixture that is read",
                str(path),
                _format_help(path),
            )
            return []
        source = open_fixture(path, limits, findings)
    if source is None:
        return []
    documents = read_json(source, limits, findings) if is_json else read_yaml(source, limits, findings)
    if not documents:
        if not findings.diagnostics:
            findings.add(
                codes.NO_ACCOUNT,
                "the fixture is empty",
                Span(source, 0, 0),
                "begin with `account: ` and the account's name",
            )
        return []
    if single and len(documents) > 1:
        findings.add(
            codes.SEVERAL_ACCOUNTS,
            f"the fixture holds {len(documents)} accounts where one is asked for",
            span_of(documents[1], source),
            "keep one document, without `---` between",
        )
        return []
    _check_names(documents, source, findings)
    usages = [assemble(document, source, folder, limits, findings) for document in documents]
    if isinstance(source, StoredSource):
        source.forget()
    return [usage for usage in usages if usage is not None]


def _format_help(path: Path) -> str:
    if path.suffix.lower() in (".csv", ".jsonl", ".ndjson"):
        return f"name it in a fixture: `usage: [{{file: {path.name}}}]`"
    return "fixtures are .yaml, .yml or .json"


def _check_names(documents: list[Node], source: Source, findings: Findings) -> None:
    seen: dict[str, Span] = {}
    for document in documents:
        node = document.values.get("account") if isinstance(document, Mapping) else None
        if node is None or not (name := getattr(node, "text", "")):
            continue
        span = span_of(node, source)
        if (first := seen.setdefault(name, span)) is not span:
            findings.add(
                codes.ACCOUNT_TWICE,
                f"the account `{name}` is given twice",
                span,
                "put all of its usage in one document",
                also=("it is first given here", first),
            )
