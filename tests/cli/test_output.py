"""Where output goes: files replaced whole, UTF-8 everywhere, colours and widths for terminals only."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

posix = pytest.mark.skipif(sys.platform == "win32", reason="devices and terminals as on Unix")
BILL = ("bill", "prices.tariff", "acme.yaml")


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_into_a_file(run, prices) -> None:
    done = run(*BILL, "-o", "bill.txt")
    assert (done.exit_code, done.stdout, done.stderr) == (0, "", "")
    assert (prices / "bill.txt").read_text(encoding="utf-8") == run(*BILL).stdout
    assert names(prices) == ["acme.yaml", "bill.txt", "prices.tariff"]


def test_a_dash_is_standard_output(run, prices) -> None:
    assert run(*BILL, "-o", "-").stdout == run(*BILL).stdout
    assert names(prices) == ["acme.yaml", "prices.tariff"]


@posix
def test_a_new_file_has_the_permissions_of_any_other_and_an_old_one_keeps_its_own(run, prices) -> None:
    mask = os.umask(0o027)
    try:
        run(*BILL, "-o", "bill.txt")
    finally:
        os.umask(mask)
    assert (prices / "bill.txt").stat().st_mode & 0o777 == 0o640
    (prices / "bill.txt").chmod(0o604)
    run(*BILL, "-o", "bill.txt")
    assert (prices / "bill.txt").stat().st_mode & 0o777 == 0o604


@posix
def test_a_link_stays_a_link(run, prices) -> None:
    (prices / "real.txt").write_text("old")
    (prices / "link.txt").symlink_to("real.txt")
    run(*BILL, "-o", "link.txt")
    assert (prices / "link.txt").is_symlink()
    assert "5.00 USD" in (prices / "real.txt").read_text(encoding="utf-8")


def boom(*_: object, **__: object) -> str:
    raise ZeroDivisionError


@pytest.mark.parametrize("place", ["ratewright.explain.render.render", "os.fsync", "pathlib.Path.replace"])
def test_an_existing_file_stays_whole_when_something_fails(run, prices, monkeypatch, place: str) -> None:
    (prices / "bill.txt").write_text("precious")
    monkeypatch.setattr(place, boom)
    done = run(*BILL, "-o", "bill.txt")
    assert done.exit_code == 3
    assert (prices / "bill.txt").read_text() == "precious"
    assert names(prices) == ["acme.yaml", "bill.txt", "prices.tariff"]


def test_an_existing_file_stays_whole_when_the_disk_is_full(run, prices, monkeypatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    (prices / "bill.txt").write_text("precious")
    monkeypatch.setattr("os.fsync", full)
    done = run(*BILL, "-o", "bill.txt")
    assert done.exit_code == 4
    assert "cannot write `bill.txt`: no space left on device" in done.stderr
    assert (prices / "bill.txt").read_text() == "precious"
    assert names(prices) == ["acme.yaml", "bill.txt", "prices.tariff"]


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("nix/bill.txt", "there is no folder `nix`"),
        ("acme.yaml/bill.txt", "there is no folder `acme.yaml`"),
        (".", "is a folder"),
        ("acme.yaml", "would replace `acme.yaml`, which the command reads"),
        ("./prices.tariff", "would replace `prices.tariff`, which the command reads"),
    ],
)
def test_a_place_where_nothing_can_go_is_refused_first(run, prices, monkeypatch, target: str, said: str) -> None:
    before = {path.name: path.read_bytes() for path in prices.iterdir()}
    monkeypatch.setattr("ratewright.cli.accounts.results", boom)
    done = run(*BILL, "-o", target)
    assert (done.exit_code, done.stdout) == (2, "")
    assert said in done.stderr
    assert {path.name: path.read_bytes() for path in prices.iterdir()} == before


def test_a_folder_that_may_not_be_written(run, prices, monkeypatch) -> None:
    def refuse(**_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("tempfile.mkstemp", refuse)
    done = run(*BILL, "-o", "bill.txt")
    assert done.exit_code == 2
    assert "cannot write `bill.txt`: permission denied" in done.stderr


@posix
def test_devices_are_written_and_not_replaced(run, prices) -> None:
    assert run(*BILL, "-o", "/dev/null").exit_code == 0
    assert Path("/dev/null").is_char_device()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
@pytest.mark.parametrize("words", [BILL, ("check", "."), ("schema", "bill"), ("test",)])
def test_a_full_disk_on_standard_output(shell, prices, words: tuple[str, ...]) -> None:
    with Path("/dev/full").open("wb") as full:
        done = shell(*words, stdout=full)
    assert done.returncode == 4
    assert done.stderr == b"no space left on device; the output is not complete\n"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
def test_a_full_disk_behind_o(run, prices) -> None:
    assert run(*BILL, "-o", "/dev/full").exit_code == 4


@pytest.mark.parametrize(
    "env", [{"PYTHONIOENCODING": "ascii"}, {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}]
)
def test_output_is_utf_8_whatever_the_locale(shell, prices, env: dict[str, str]) -> None:
    done = shell(*BILL, env=env)
    assert (done.returncode, done.stderr) == (0, b"")
    assert "─" * 20 in done.stdout.decode("utf-8")


@posix
@pytest.mark.skipif(sys.platform == "darwin", reason="macOS refuses such names")
@pytest.mark.parametrize("words", [("check",), ("check", "--format", "json"), ("test",)], ids=" ".join)
def test_a_name_that_is_no_text(shell, tmp_path, words: tuple[str, ...]) -> None:
    path = os.fsencode(tmp_path) + b"/caf\xe9.tariff"
    Path(os.fsdecode(path)).write_text("nonsense\n")
    done = shell(*words, os.fsdecode(path))
    assert done.returncode == 1, done.stderr
    done.stdout.decode("utf-8")


@posix
@pytest.mark.parametrize("words", [BILL, ("check", "."), ("--help",), ("explain", "--help")])
def test_a_reader_that_leaves_is_no_error(prices, words: tuple[str, ...]) -> None:
    command = [sys.executable, "-m", "ratewright", *words]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        process.stdout.close()
        errors = process.stderr.read()
    assert (process.returncode, errors) == (141, b"")


@posix
@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("check . >&-", b"standard output is closed"),
        ("check - <&-", b"standard input is closed"),
        ("bill nix nix 2>&-", b""),
    ],
)
def test_standard_streams_that_are_closed(prices, words: str, said: bytes) -> None:
    command = f'"{sys.executable}" -m ratewright {words}'
    done = subprocess.run(command, shell=True, capture_output=True, check=False)
    assert (done.returncode, done.stdout) == (2, b"")
    assert said in done.stderr


@pytest.mark.parametrize("words", [("check", "bad.tariff"), ("explain", "prices.tariff", "acme.yaml")])
def test_colours_only_when_asked_for(run, prices, monkeypatch, words: tuple[str, ...]) -> None:
    (prices / "bad.tariff").write_text("nonsense\n")
    assert "\x1b[" not in run(*words).stdout
    assert "\x1b[" in run(*words, "--color", "always").stdout
    assert "\x1b[" in run("--color", "always", *words).stdout
    assert "\x1b[" not in run(*words, "--color", "never").stdout
    assert run(*words, "--color", "sometimes").exit_code == 2


def test_a_file_has_no_colours_unless_told(run, prices) -> None:
    run("explain", *BILL[1:], "-o", "a.txt")
    run("explain", *BILL[1:], "-o", "b.txt", "--color", "always")
    assert b"\x1b[" not in (prices / "a.txt").read_bytes()
    assert b"\x1b[" in (prices / "b.txt").read_bytes()


def in_terminal(words: tuple[str, ...], columns: int, **env: str) -> str:
    """What a command prints in a terminal of a width."""
    import fcntl
    import struct
    import termios

    ours, theirs = os.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    kept = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "COLUMNS", "LINES")}
    command = [sys.executable, "-m", "ratewright", *words]
    process = subprocess.Popen(
        command, stdin=theirs, stdout=theirs, stderr=theirs, env={**kept, "TERM": "xterm", **env}
    )
    os.close(theirs)
    data = b""
    try:
        while part := os.read(ours, 65536):
            data += part
    except OSError:  # Linux says so when the other end closes
        pass
    process.wait()
    os.close(ours)
    return data.decode("utf-8").replace("\r\n", "\n")


@posix
def test_a_terminal_gets_colours_and_its_own_width(prices) -> None:
    shown = in_terminal(("explain", *BILL[1:]), 72)
    assert "\x1b[1m" in shown
    assert "─" * 72 + "\n" in shown
    assert "─" * 73 not in shown


@posix
@pytest.mark.parametrize("env", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_a_terminal_that_wants_no_colours(prices, env: dict[str, str]) -> None:
    assert "\x1b[" not in in_terminal(("explain", *BILL[1:]), 80, **env)


@posix
def test_an_empty_no_color_forbids_nothing(prices) -> None:
    assert "\x1b[" in in_terminal(("explain", *BILL[1:]), 80, NO_COLOR="")


def test_text_for_programs_is_100_columns_wide(run, prices) -> None:
    assert max(map(len, run(*BILL).stdout.splitlines())) == 100
