"""PDF documents, brands, and files for many accounts, as a user of the command line has them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import ratewright
from tests.cli.conftest import Run
from tests.explain.on_paper import needs_paper, pages_of

EXPLAIN = ("explain", "prices.tariff", "acme.yaml")
PNG = b"\x89PNG\r\n\x1a\n" + bytes.fromhex(
    "0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 4"><rect width="4" height="4" fill="#c00"/></svg>'


def told(run: Run, *words: object) -> str:
    """What is said where a command is refused."""
    done = run(*words)
    assert done.exit_code == 2, done.stdout
    assert done.stdout == ""
    return done.stderr


# PDF


@needs_paper
def test_a_pdf_goes_to_a_file_or_a_pipe(run: Run, shell, prices) -> None:
    done = run(*EXPLAIN, "--format", "pdf", "-o", "bill.pdf")
    assert (done.exit_code, done.stdout, done.stderr) == (0, "", "")
    written = (prices / "bill.pdf").read_bytes()
    assert "5.00 USD" in pages_of(written)[0]
    piped = shell(*EXPLAIN, "--format", "pdf")
    assert (piped.returncode, piped.stdout, piped.stderr) == (0, written, b"")
    assert str(prices).encode() not in written


def test_a_terminal_gets_no_pdf(run: Run, prices, monkeypatch) -> None:
    monkeypatch.setattr("ratewright.cli.output.is_terminal", lambda _: True)
    for command in ("explain", "bill"):
        assert "-o FILE" in told(run, command, "prices.tariff", "acme.yaml", "--format", "pdf")


@needs_paper
@pytest.mark.parametrize("command", ["explain", "bill"])
def test_each_account_has_a_pdf(run: Run, two_accounts, prices, command: str) -> None:
    done = run(command, "prices.tariff", "two.yaml", "--format", "pdf", "--output-dir", "bills")
    assert done.exit_code == 0, done.stderr
    assert sorted(path.name for path in (prices / "bills").iterdir()) == ["one.pdf", "two.pdf"]
    assert "for two" in pages_of((prices / "bills" / "two.pdf").read_bytes())[0]


def test_a_pdf_is_about_one_account(run: Run, two_accounts) -> None:
    said = told(run, "explain", "prices.tariff", "two.yaml", "--format", "pdf", "-o", "x.pdf")
    assert "L302" in said
    assert "--output-dir" in said


@needs_paper
def test_python_has_the_same_document(run: Run, prices) -> None:
    (prices / "logo.png").write_bytes(PNG)
    run(*EXPLAIN, "--period", "2026-03", "--format", "pdf", "--logo", "logo.png", "-o", "bill.pdf")
    bill = ratewright.load("prices.tariff").bill(ratewright.read_usage("acme.yaml"), "2026-03")
    assert bill.pdf(logo="logo.png") == (prices / "bill.pdf").read_bytes()


# a folder of bills


@pytest.mark.parametrize(("style", "ending"), [("text", ".txt"), ("json", ".json"), ("csv", ".csv")])
def test_each_account_has_a_bill(run: Run, two_accounts, prices, style: str, ending: str) -> None:
    done = run("bill", "prices.tariff", "two.yaml", "--format", style, "--output-dir", "bills")
    assert (done.exit_code, done.stdout) == (0, "")
    assert sorted(path.name for path in (prices / "bills").iterdir()) == [f"one{ending}", f"two{ending}"]
    for name in ("one", "two"):
        alone = run("bill", "prices.tariff", "two.yaml", "--account", name, "--format", style).stdout
        assert (prices / "bills" / f"{name}{ending}").read_text(encoding="utf-8") == alone


def test_a_bill_of_json_is_whole(run: Run, two_accounts, prices) -> None:
    run("bill", "prices.tariff", "two.yaml", "--format", "json", "--output-dir", "bills")
    assert json.loads((prices / "bills" / "one.json").read_text())["account"] == "one"


def test_bills_go_to_one_place(run: Run, two_accounts) -> None:
    assert "--output-dir" in told(run, "bill", "prices.tariff", "two.yaml", "-o", "x", "--output-dir", "y")


# whose page it is


def test_a_style_stands_behind_ours_and_a_logo_in_the_page(run: Run, prices) -> None:
    (prices / "own.css").write_text("body { font-family: Georgia }")
    (prices / "logo.svg").write_text(SVG)
    page = run(*EXPLAIN, "--format", "html", "--style", "own.css", "--logo", "logo.svg").stdout
    assert page.index("font-family: Georgia") > page.index("@media print")
    assert page.index("font-family: Georgia") < page.index("</style>")
    assert '<img src="data:image/svg+xml;base64,' in page
    assert str(prices) not in page


def test_no_text_of_a_style_ends_the_style(run: Run, prices) -> None:
    (prices / "own.css").write_text("p::before { content: '</style><script>alert(1)</script>' }")
    page = run(*EXPLAIN, "--format", "html", "--style", "own.css").stdout
    assert page.count("</style>") == 1
    assert "</script>" not in page


@needs_paper
@pytest.mark.parametrize(("name", "data"), [("logo.png", PNG), ("logo", SVG.encode())])
def test_paper_has_the_logo(run: Run, prices, name: str, data: bytes) -> None:
    (prices / name).write_bytes(data)
    plain = run(*EXPLAIN, "--format", "pdf", "-o", "plain.pdf")
    done = run(*EXPLAIN, "--format", "pdf", "--logo", name, "-o", "logo.pdf")
    assert (plain.exit_code, done.exit_code, done.stderr) == (0, 0, "")
    assert len((prices / "logo.pdf").read_bytes()) > len((prices / "plain.pdf").read_bytes())


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        ("@import 'a.css';", "X203", "@import"),
        ("body { background: url(https://a.b/c.png) }", "X203", "own.css:1:20"),
        ("\xff".encode("latin-1"), "X201", "UTF-8"),
    ],
)
def test_styles_that_are_refused(run: Run, prices, text: str | bytes, code: str, said: str) -> None:
    (prices / "own.css").write_bytes(text.encode() if isinstance(text, str) else text)
    found = told(run, *EXPLAIN, "--format", "html", "--style", "own.css")
    assert code in found
    assert said in found


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"GIF89a", "X204"),
        (b"", "X204"),
        (b"<html/>", "X204"),
        (b"<svg/>", "X204"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'>", "X205"),
        (b"<!DOCTYPE svg [<!ENTITY a 'b'>]><svg xmlns='http://www.w3.org/2000/svg'>&a;</svg>", "X205"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><image href='http://a.b/c.png'/></svg>", "X203"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><style>@import 'a.css';</style></svg>", "X203"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><rect fill='url(a.svg#b)'/></svg>", "X203"),
        (b"<?xml-stylesheet href='a.css'?><svg xmlns='http://www.w3.org/2000/svg'/>", "X203"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' xmlns:x='http://www.w3.org/1999/xlink' x:href='a.svg'/>", "X203"),
    ],
)
def test_logos_that_are_refused(run: Run, prices, data: bytes, code: str) -> None:
    (prices / "logo.svg").write_bytes(data)
    assert code in told(run, *EXPLAIN, "--format", "html", "--logo", "logo.svg")


def test_a_shape_of_the_image_itself_is_no_other_file(run: Run, prices) -> None:
    shaded = SVG.replace('fill="#c00"', 'fill="url(#a)"').replace(">", '><a href="https://a.b/"/>', 1)
    (prices / "logo.svg").write_text(shaded)
    assert run(*EXPLAIN, "--format", "html", "--logo", "logo.svg").exit_code == 0


def test_sizes_have_limits(run: Run, prices) -> None:
    (prices / "logo.png").write_bytes(PNG)
    (prices / "own.css").write_text("p {}" + " " * 2000)
    refused = told(run, *EXPLAIN, "--format", "html", "--logo", "logo.png", "--max-logo-bytes", str(len(PNG) - 1))
    assert "--max-logo-bytes" in refused
    assert run(*EXPLAIN, "--format", "html", "--logo", "logo.png", "--max-logo-bytes", str(len(PNG))).exit_code == 0
    small = told(run, *EXPLAIN, "--format", "html", "--style", "own.css", "--max-rule-bytes", "1000")
    assert "--max-rule-bytes" in small


@pytest.mark.parametrize("option", ["--style", "--logo"])
def test_what_is_no_file_is_refused(run: Run, prices, option: str) -> None:
    assert "X201" in told(run, *EXPLAIN, "--format", "html", option, "nothing.css")
    (prices / "folder").mkdir()
    assert "X201" in told(run, *EXPLAIN, "--format", "html", option, "folder")


@pytest.mark.parametrize("words", [(), ("--format", "json"), ("--template", "t.html")])
def test_other_forms_have_no_brand(run: Run, prices, words: tuple[str, ...]) -> None:
    (prices / "own.css").write_text("p {}")
    (prices / "t.html").write_text("x")
    assert "--style" in told(run, *EXPLAIN, *words, "--style", "own.css") or words[:1] == ("--template",)


def test_a_brand_is_never_written_over(run: Run, prices) -> None:
    (prices / "own.css").write_text("p {}")
    assert "L105" in told(run, *EXPLAIN, "--format", "html", "--style", "own.css", "-o", "own.css")
    (prices / "logo.svg").write_text(SVG)
    Path("bills").mkdir()
    Path("bills/acme.html").hardlink_to("logo.svg")
    assert "L105" in told(run, *EXPLAIN, "--format", "html", "--logo", "logo.svg", "--output-dir", "bills")


def test_a_brand_is_not_among_what_a_bill_was_made_from(run: Run, prices) -> None:
    (prices / "own.css").write_text("p {}")
    page = run(*EXPLAIN, "--format", "html", "--detail", "full", "--style", "own.css").stdout
    assert "prices.tariff, SHA-256" in page.replace("</a>", "")
    assert "own.css" not in page
