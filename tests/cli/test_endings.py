"""The exit codes, and what is said where a run does not end well."""

import signal
import subprocess
import sys
import time

import pytest

from ratewright.resources import ResourceError

CHECK = "ratewright.checks.run.check"


def raising(error: BaseException):
    def fail(*_: object, **__: object) -> None:
        raise error

    return fail


def test_an_internal_error_says_one_plain_thing_first(run, prices, monkeypatch) -> None:
    monkeypatch.setattr(CHECK, raising(ZeroDivisionError("secret detail")))
    done = run("check", ".")
    assert (done.exit_code, done.stdout) == (3, "")
    first, second = done.stderr.splitlines()
    assert first.startswith("internal error: ")
    assert "(ZeroDivisionError in cli/check.py:" in first
    assert first.endswith("nothing was written.")
    assert "report" in second
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("words", [("--debug", "check", "."), ("check", ".", "--debug")])
def test_the_traceback_comes_after_it_with_debug(run, prices, monkeypatch, words: tuple[str, ...]) -> None:
    monkeypatch.setattr(CHECK, raising(ZeroDivisionError("detail")))
    done = run(*words)
    assert done.exit_code == 3
    assert done.stderr.startswith("internal error: ")
    assert done.stderr.endswith("ZeroDivisionError: detail\n")
    assert "Traceback (most recent call last)" in done.stderr


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (MemoryError(), 4, "out of memory; nothing was written\n"),
        (OSError(28, "No space left on device"), 4, "no space left on device; the output is not complete\n"),
        (KeyboardInterrupt(), 130, "interrupted; nothing was written\n"),
        (ResourceError("a part is missing", "install again"), 3, "a part is missing; install again\n"),
        (RecursionError(), 3, "internal error: "),
    ],
)
def test_other_endings(run, prices, monkeypatch, error: BaseException, code: int, said: str) -> None:
    monkeypatch.setattr(CHECK, raising(error))
    done = run("check", ".")
    assert done.exit_code == code
    assert said in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="signals as on Unix")
def test_an_interrupt() -> None:
    start = (
        "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler); "
        "from ratewright.cli import inputs, main; read = inputs.stdin_bytes; "
        "inputs.stdin_bytes = lambda *more: print('reads', flush=True) or read(*more); main()"
    )
    with subprocess.Popen([sys.executable, "-c", start, "check", "-"], stdin=-1, stdout=-1, stderr=-1) as process:
        assert process.stdout.readline() == b"reads\n"
        time.sleep(0.2)
        process.send_signal(signal.SIGINT)
        out, errors = process.communicate(timeout=30)
    assert process.returncode == 130
    assert out == b""
    assert errors.decode().strip() == "interrupted; nothing was written"


@pytest.mark.parametrize(
    ("words", "code"), [("check prices.tariff", 0), ("check .", 1), ("check nix", 2), ("nix", 2)], ids=str
)
def test_codes_of_a_process_of_its_own(shell, prices, words: str, code: int) -> None:
    (prices / "bad.tariff").write_text("nonsense\n")
    assert shell(*words.split()).returncode == code


def test_the_console_script_is_the_same_program(prices) -> None:
    start = "from ratewright.cli import main; main()"
    done = subprocess.run([sys.executable, "-c", start, "check", "."], capture_output=True, check=False)
    assert (done.returncode, done.stdout) == (0, b"1 file, 0 errors, 0 warnings\n")
