"""Many accounts at once: a file for each."""

from __future__ import annotations

import pytest

from ratewright.cli.output_folder import file_stem
from tests.cli.conftest import Run


@pytest.mark.parametrize(
    ("words", "ending"),
    [((), ".txt"), (("--format", "html"), ".html"), (("--format", "markdown"), ".md"), (("--format", "json"), ".json")],
)
def test_each_account_has_a_file(run: Run, two_accounts, tmp_path, words, ending) -> None:
    done = run("explain", "prices.tariff", "two.yaml", *words, "--output-dir", str(tmp_path / "new" / "bills"))

    assert (done.exit_code, done.stdout) == (0, "")
    written = {path.name: path.read_text("utf-8") for path in (tmp_path / "new" / "bills").iterdir()}
    assert sorted(written) == [f"one{ending}", f"two{ending}"]
    assert all(name.partition(".")[0] in text for name, text in written.items())


def test_a_template_gives_the_ending(run: Run, prices, two_accounts, tmp_path) -> None:
    page = (
        '{% extends "bill.html" if kind == "bill" else "statement.html" %}{% block title %}{{ account }}{% endblock %}'
    )
    (prices / "page.html.j2").write_text(page)
    done = run(
        "explain", "prices.tariff", "two.yaml", "--template", "page.html.j2", "--output-dir", str(tmp_path / "o")
    )

    assert done.exit_code == 0, done.stderr
    for name in ("one", "two"):
        assert f"<title>{name}</title>" in (tmp_path / "o" / f"{name}.html").read_text("utf-8")


def test_a_file_that_is_read_is_never_replaced(run: Run, prices, two_accounts) -> None:
    (prices / "two.txt").hardlink_to(two_accounts)
    done = run("explain", "prices.tariff", "two.yaml", "--output-dir", ".")

    assert (done.exit_code, "L105" in done.stderr) == (2, True)
    assert not (prices / "one.txt").exists()


def test_a_file_is_no_folder(run: Run, two_accounts) -> None:
    assert "L104" in run("explain", "prices.tariff", "two.yaml", "--output-dir", "two.yaml").stderr


def test_one_place_is_enough(run: Run, two_accounts) -> None:
    assert run("explain", "prices.tariff", "two.yaml", "--output-dir", "x", "-o", "y").exit_code == 2


@pytest.mark.parametrize(
    ("account", "stem"),
    [
        ("acme-eu_1.2", "acme-eu_1.2"),
        ("Acme", "%41cme"),
        ("a/b", "a%2fb"),
        ("../x", "%2e.%2fx"),
        ("%41cme", "%2541cme"),
        ("con", "%63on"),
        ("nul.x", "%6eul.x"),
        ("é", "%c3%a9"),
        ("a.", "a%2e"),
        ("-o", "%2do"),
    ],
)
def test_names_are_safe(account, stem) -> None:
    assert file_stem(account) == stem


def test_names_do_not_collide() -> None:
    names = [
        "acme",
        "Acme",
        "ACME",
        "a/b",
        "a%2fb",
        "a b",
        "a_b",
        ".a",
        "%2ea",
        "x" * 300,
        "x" * 301,
        "\u00e9",
        "e\u0301",
    ]

    assert len({file_stem(name).casefold() for name in names}) == len(names)
    assert all(len(file_stem(name)) < 200 for name in names)
