# The everyday commands. `just` lists them; CI runs `.ci/run`.

python := env("PYTHON", "python")

_default:
    @just --list --unsorted

# install the package from this checkout with everything its tests need
setup:
    {{ python }} -m pip install -e ".[dev]"

# run the tests, or some of them: `just test tests/values -k rounding`
test *args:
    {{ python }} -m pytest {{ args }}

# every check that is not a test
lint:
    ruff check
    ruff format --check
    mypy
    lint-imports
    {{ python }} -m ratewright.syntax.parser_tables --check
    {{ python }} -m ratewright.values.currencies --check

# format the code and apply what ruff can mend safely
format:
    ruff check --fix
    ruff format

# build the parser's tables anew after a change of the grammar
tables:
    {{ python }} -m ratewright.syntax.parser_tables

# accept the present output as the new snapshots; look at `git diff` afterwards
snapshots *args:
    {{ python }} -m pytest --snapshot-update {{ args }}

# check and test the price lists
rules:
    ratewright check rules/
    ratewright test rules/

# measure which lines and branches the tests reach
coverage:
    coverage erase
    coverage run -m pytest -n 0
    coverage combine
    coverage report

# run the benchmarks
bench *args:
    {{ python }} -m benchmarks {{ args }}

# everything that CI does, in fresh environments
ci:
    .ci/run
