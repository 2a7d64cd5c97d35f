"""`python -m ratewright` is the command `ratewright`."""

from ratewright.cli import main

if __name__ == "__main__":
    main()
