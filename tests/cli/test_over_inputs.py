"""`-o` never writes over a file that the run has read, however it came to be read and whatever it is called."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

links = pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
RECORDS = "at,meter,quantity\n2026-03-02T10:00:00+00:00,improved_photos,800\n"
FIXTURE = "account: acme\nactivated: 2026-03-01\ntimezone: UTC\nusage:\n  - {file: calls.csv}\n"


@pytest.fixture
def with_records(prices: Path) -> Path:
    """The folder of `prices`, with `x.yaml` that names `calls.csv`."""
    (prices / "x.yaml").write_text(FIXTURE)
    (prices / "calls.csv").write_text(RECORDS)
    return prices


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def refused(run, folder: Path, *words: str, name: str, stdin: str | None = None) -> None:
    before = contents(folder)
    done = run(*words, stdin=stdin)
    assert (done.exit_code, done.stdout) == (2, ""), done.stderr
    assert f"error[L105]: the output would replace `{name}`, which the command reads" in done.stderr
    assert "help: name another file after -o" in done.stderr
    assert contents(folder) == before


@pytest.mark.parametrize("command", ["bill", "explain"])
def test_a_file_that_the_fixture_names(run, with_records, command) -> None:
    refused(run, with_records, command, "prices.tariff", "x.yaml", "-o", "calls.csv", name="calls.csv")
    assert run(command, "prices.tariff", "x.yaml", "-o", "bill.csv").exit_code == 0


def test_a_file_without_records_is_read_too(run, with_records) -> None:
    (with_records / "none.csv").write_text("at,meter,quantity\n")
    (with_records / "x.yaml").write_text(FIXTURE + "  - {file: none.csv}\n")
    refused(run, with_records, "bill", "prices.tariff", "x.yaml", "-o", "none.csv", name="none.csv")


def test_a_file_of_the_history(run, with_records) -> None:
    later = (
        FIXTURE.replace("03-01", "02-01").replace("usage:", "opening: 2026-03-01\nhistory:").replace("calls", "before")
    )
    (with_records / "x.yaml").write_text(later + "usage:\n  - {file: calls.csv}\n")
    (with_records / "before.csv").write_text(RECORDS.replace("03-02T", "02-02T"))
    refused(
        run,
        with_records,
        "bill",
        "prices.tariff",
        "x.yaml",
        "--period",
        "2026-03-02",
        "-o",
        "before.csv",
        name="before.csv",
    )


def test_a_version_in_the_folder(run, with_records) -> None:
    folder = with_records / "v"
    folder.mkdir()
    rules = (with_records / "prices.tariff").read_text()
    (folder / "v1.tariff").write_text(rules)
    refused(run, with_records, "bill", "v", "x.yaml", "-o", "v/v1.tariff", name="v/v1.tariff")
    assert run("bill", "v", "x.yaml", "-o", "v/bill.txt").exit_code == 0


@pytest.mark.parametrize(
    "takes_in", ["{% include 'parts/part.md' %}", "{% import 'parts/part.md' as p %}", "{% extends 'parts/part.md' %}"]
)
def test_a_part_of_a_template(run, with_records, takes_in) -> None:
    (with_records / "parts").mkdir()
    (with_records / "parts" / "part.md").write_text("precious")
    (with_records / "tp.md").write_text(takes_in)
    words = ("explain", "prices.tariff", "x.yaml", "--template", "tp.md", "-o")
    refused(run, with_records, *words, "parts/part.md", name="parts/part.md")
    refused(run, with_records, *words, "tp.md", name="tp.md")
    assert run(*words, "parts/other.md").exit_code == 0


@links
@pytest.mark.parametrize("link", [os.symlink, os.link])
def test_links_do_not_hide_it(run, with_records, link) -> None:
    link("calls.csv", "other.csv")
    refused(run, with_records, "bill", "prices.tariff", "x.yaml", "-o", "other.csv", name="calls.csv")


@links
def test_a_part_that_is_reached_by_a_link(run, with_records) -> None:
    (with_records / "real").mkdir()
    (with_records / "real" / "tp.md").write_text("{% include 'part.md' %}")
    (with_records / "real" / "part.md").write_text("precious")
    (with_records / "linked").symlink_to("real", target_is_directory=True)
    words = ("explain", "prices.tariff", "x.yaml", "--template", "linked/tp.md", "-o", "real/part.md")
    refused(run, with_records, *words, name="linked/part.md")


@links
def test_what_comes_on_standard_input(shell, with_records) -> None:
    before = contents(with_records)
    with (with_records / "x.yaml").open("rb") as stdin:
        done = shell("bill", "prices.tariff", "-", "-o", "x.yaml", cwd=with_records, stdin=stdin)
    assert done.returncode == 2
    assert b"would replace `standard input`, which the command reads" in done.stderr
    assert contents(with_records) == before
