"""`ratewright init`: what it writes runs as it stands."""

import shlex

import pytest

FILES = ["acme.yaml", "photo_api.tariff"]


def commands(text: str) -> list[list[str]]:
    lines = text.partition("Try next:\n")[2].splitlines()
    return [shlex.split(line)[1:] for line in lines]


@pytest.mark.parametrize("folder", [None, "prices", "a folder/of its own"])
def test_the_commands_to_try_next_work(run, tmp_path, monkeypatch, folder: str | None) -> None:
    monkeypatch.chdir(tmp_path)
    done = run("init", *([folder] if folder else []))
    assert (done.exit_code, done.stderr) == (0, "")
    assert sorted(path.name for path in (tmp_path / (folder or "")).iterdir()) == FILES
    first, second, third = commands(done.stdout)
    assert run(*first).stdout == "1 file, 0 errors, 0 warnings\n"
    assert run(*second).stdout.endswith("3 passed, 0 failed, 0 disputed, 0 errors\n")
    explained = run(*third)
    assert explained.exit_code == 0
    assert "total  5.00 USD" in explained.stdout


def test_it_checks_strictly_and_bills(run, tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    run("init")
    assert run("check", "--strict", ".").exit_code == 0
    assert run("test").exit_code == 0
    assert run("bill", "photo_api.tariff", "acme.yaml").stdout.endswith("total  5.00 USD\n")


@pytest.mark.parametrize("there", [FILES[:1], FILES[1:], FILES])
def test_nothing_is_overwritten(run, tmp_path, there: list[str]) -> None:
    for name in there:
        (tmp_path / name).write_text("mine")
    done = run("init", tmp_path)
    assert (done.exit_code, done.stdout) == (2, "")
    for name in there:
        assert f"`{tmp_path / name}` is there already" in done.stderr
        assert (tmp_path / name).read_text() == "mine"
    assert sorted(path.name for path in tmp_path.iterdir()) == there


def test_a_folder_that_cannot_be_made(run, tmp_path) -> None:
    (tmp_path / "file").write_text("x")
    done = run("init", tmp_path / "file" / "below")
    assert done.exit_code == 2
    assert "cannot write into" in done.stderr


def test_a_half_written_start_is_taken_back(run, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr("ratewright.cli.init.STARTER", tmp_path / "nowhere")
    done = run("init", tmp_path / "new")
    assert done.exit_code == 2
    assert list((tmp_path / "new").iterdir()) == []
