"""Every kind of trace node has its words, and they come out as plain lines."""

import pytest
from msgspec import Struct

from ratewright.derivation import trace
from ratewright.explain.bill_document import assemble
from ratewright.explain.document import Collection, Document, cell_text
from ratewright.explain.render import DETAILS
from ratewright.explain.rows.line_rows import kind_name
from ratewright.explain.wording import word_templates
from ratewright.explain.wording.word_templates import TEMPLATES, macro
from tests.explain.bills import all_bills, both

NODES = sorted(
    name
    for name, node in vars(trace).items()
    if isinstance(node, type)
    and name != "NoValueTrace"  # told as a finding, as what a comparison has none of
    and issubclass(node, Struct | trace.Arithmetic)
    and node.__module__.startswith(trace.__name__)
)
OTHERS = {
    "balance",
    "bill",
    "column",
    "comparison",
    "finding",
    "foot",
    "idle",
    "layout",
    "line",
    "listing",
    "paper",
    "records",
    "rule",
    "section",
    "setting",
    "statement",
    "summary",
    "time",
}


def kinds() -> set[str]:
    return {path.stem for path in (TEMPLATES / "words").iterdir()}


@pytest.mark.parametrize("name", NODES)
def test_every_kind_of_node_has_its_words(name: str) -> None:
    assert kind_name(name) in kinds()


def test_nodes_are_found() -> None:
    assert {"VolumeTrace", "LotTrace", "RuleTried", "LimitTrace"} <= set(NODES)


def test_no_words_are_left_over() -> None:
    assert kinds() == {kind_name(name) for name in NODES} | OTHERS


def test_kinds_are_named_after_their_nodes() -> None:
    assert kind_name("VolumeTrace") == "volume"
    assert kind_name("CapacityStep") == "capacity_step"


def texts(document: Document | Collection) -> list[str]:
    """All that is told, but the sentences that lines say of themselves."""
    found = [document.title, *document.heading]
    if isinstance(document, Collection):
        found += [text for part in document.documents for text in texts(part)]
        sections = document.summary
    else:
        found += [note.text for note in document.notes]
        sections = (*document.summary, *document.sections)
    for section in sections:
        for each in section.tables:
            cells = [cell_text(cell) for row in (*each.rows, each.foot) for cell in row]
            found += [each.title, *each.heads, *cells, *(note.text for note in each.notes)]
        found += [section.picture.text] if section.picture is not None else []
        found += [section.title, section.remark, *(note.text for note in section.notes)]
        for row in section.rows:
            found += [row.label, row.how, *(note.text for note in row.notes if note.kind != "said")]
    return found


@pytest.mark.parametrize("detail", DETAILS)
@pytest.mark.parametrize("result", [*all_bills().values(), both()], ids=[*all_bills(), "both"])
def test_words_are_single_tidy_lines(result, detail) -> None:
    for text in texts(assemble(result, detail)):
        assert text == " ".join(text.split())
        assert "<U+" not in text
        assert "None" not in text
        assert not text.endswith((".", ","))


def test_each_kind_says_something_somewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    spoken = set()

    def heard(kind: str, name: str):
        spoken.add(kind)
        return macro(kind, name)

    monkeypatch.setattr(word_templates, "macro", heard)
    for result in [*all_bills().values(), both()]:
        assemble(result, "full")
    assemble(all_bills()["plain"], "normal")  # the full length has no lines of nothing
    inside_others = {
        "arithmetic",
        "block",
        "offer",
        "ratio",
        "reading",
        "rule_tried",
        "tier",
        "within",
    }  # set by the words of the node that holds them
    elsewhere = {"comparison", "layout", "paper"}  # in tests/comparison, in the layouts, in the margins of a PDF
    assert kinds() - inside_others - elsewhere - {"unused", "column"} <= spoken  # heads are made once
