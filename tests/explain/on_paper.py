"""PDF documents as tests read them: whether they can be made here, and what stands on their pages."""

from __future__ import annotations

from functools import cache
from io import BytesIO

import pytest

from ratewright.rating.bill import Statement
from ratewright.rating.walk import statement
from tests.explain.test_as_the_customer import billed

try:
    import weasyprint  # noqa: F401
except ImportError:
    MISSING = "needs the extra `pdf`: pip install -e '.[pdf]'"
except OSError:
    MISSING = "needs Pango: apt-get install libpango-1.0-0 libpangoft2-1.0-0"
else:
    MISSING = ""

needs_paper = pytest.mark.skipif(bool(MISSING), reason=MISSING)

QUARTER = """
tariff quarter "Cloud" { currency EUR;  timezone "UTC";  bytes by 1000 }
unit call, calls
table price by region in EUR/call { EU 0.0012;  US 0.0010;  APAC 0.0015 }
meter    calls_made "API calls" { field region one of EU, US, APAC;  measure sum(quantity) in calls;  by region }
meter    held "Storage" { field project text;  measure highest(quantity) in GB;  by project }
grant    credit "monthly credit" { covers call_fee;  size 50 EUR;  renews every month }
charge   call_fee "API calls" { on calls_made;  every month;  rate price[region] }
charge   storage_fee "storage" {
  on held;  every month;  graduated { up to 100 GB 0.10 EUR/GB;  up to 1,000 GB 0.08 EUR/GB;  beyond 0.06 EUR/GB }
}
charge   seat_fee "seats" { every month;  amount 180 EUR;  prorated by day }
discount loyal "loyalty discount" { on call_fee + storage_fee;  rate 5% }
tax      vat "VAT" { on subtotal;  rate 19% }
deduct   call_fee from credit
"""


@cache
def quarter() -> Statement:
    """Three months of fourteen lines."""
    records = ""
    for month in range(1, 4):
        at = f"2026-{month:02}-1"
        for n, region in enumerate(("EU", "US", "APAC")):
            quantity = 100_000 + 7_919 * month + 31_337 * n
            records += f"  - {{meter: calls_made, at: {at}{n}T10:00:00Z, quantity: {quantity}, region: {region}}}\n"
        for n, project in enumerate(("backup", "erp", "mail", "shop", "training", "web")):
            quantity = 50 + 211 * n + 17 * month
            records += f'  - {{meter: held, at: {at}{n}T09:00:00Z, quantity: "{quantity} GB", project: {project}}}\n'
    return statement(billed(QUARTER.strip(), records, "2026-01", "2026-03"))


def pages_of(data: bytes) -> list[str]:
    """The text of each page of a PDF document, with the spaces of amounts as any other."""
    from pypdf import PdfReader

    return [page.extract_text().replace("\u00a0", " ") for page in PdfReader(BytesIO(data)).pages]
