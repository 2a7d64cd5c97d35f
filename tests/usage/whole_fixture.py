"""A fixture with every key."""

from __future__ import annotations

WHOLE = """\
account: acme
activated: 2026-01-05T09:00:00+08:00
opening: 2026-02-01
timezone: Asia/Shanghai
subaccounts: [acme-eu, acme-us]
settings:
  postpaid: {2026-01-10: on, 2026-02-01 09:00: off}
  flag: true
  plan: pro
  version: 1.10
  calorific_value: 39.3 MJ/m3
  seats: 1,000
grants:
  - {grant: own, size: 200 pics}
balances:
  - {grant: free_quota, remaining: 50, expires: 2027-01-05}
  - {package: pack, remaining: 5 pics, lot: b1, starts: 2025-01-01, size: 10 pics,
     purchased: 2025-01-01, paid: 7.50 USD}
purchases:
  - {id: p1, package: resource_package, size: 10000, count: 3, at: 2026-02-01T09:00:00+08:00}
  - {id: c1, limit: concurrency, extend: 2, term: month, from: 2026-03-01}
refunds:
  - {purchase: p1, at: 2026-02-03 10:00}
pauses:
  - {purchase: b1, at: 2026-02-03}
usage:
  - {meter: images, in: 2026-03, quantity: 10000}
  - {meter: images, at: 2026-03-02T10:00:00.5Z, status: failed, subaccount: acme-eu, memory: 512 MB,
     lasts: 90 seconds}
  - {meter: storage, from: 2026-04-01, to: 2026-04-16, quantity: 9.31 GB}
  - {meter: p95, in: 2026-03-31, measured: 120 Mbps, id: x, source: probe}
expect:
  - {period: 2026-03, total: 796.00 USD, drawn(p1): 3 pics}
  - {period: 2026-03-02, fee: 1}
  - {from: 2026-02, to: 2027-01, total: 1650 USD}
  - {total: 0}
"""


def without_place(thing: object) -> dict[str, object]:
    return {name: getattr(thing, name) for name in thing.__slots__ if name != "place"}
