"""Lists with one quota that renews."""

from __future__ import annotations

from tests.rating.accounts import tariff

UTC = 'currency USD; timezone "UTC"'


def rules(pool: str, head: str = UTC, more: str = "", name: str = "p"):
    return tariff(
        f"""
        {more}
        meter m {{ measure sum(quantity) in calls }}
        {pool}
        charge fee {{ on m; every month; rate 1 USD/call }}
        deduct m from {name} > fee
        """,
        head,
    )


def free(renews: str, more: str = "", head: str = UTC, size: str = "size 10 calls"):
    return rules(f"grant p {{ covers m; {size}; renews every {renews}; {more} }}", head)


def pack(renews: str, valid: str, more: str = "", head: str = UTC):
    return rules(
        f"package pack {{ covers m; sizes {{ 10 calls 1 USD }}; renews every {renews}; valid {valid}; {more} }}",
        head,
        name="pack",
    )
