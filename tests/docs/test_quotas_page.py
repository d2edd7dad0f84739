"""The table of request quotas in the documentation is AWS's values as the code has them."""

import re
from pathlib import Path

from keystead.model.request_quotas import AWS_REQUEST_QUOTAS

PAGE = Path(__file__).parents[2] / "docs" / "quotas.md"


def test_the_table_has_every_quota_and_its_value() -> None:
    rates: dict[str, float] = {}
    regional: dict[tuple[str, str], float] = {}
    for value, quotas in re.findall(r"^\| ([\d.,]+) \| (`.*) \|$", PAGE.read_text("utf-8"), re.M):
        rate = float(value.replace(",", ""))
        name, _, regions = quotas.partition("` in ")
        if regions:
            regional |= {(name.strip("`"), region): rate for region in regions.split(", ")}
        else:
            rates |= dict.fromkeys(re.findall("`(.+?)`", quotas), rate)
    assert (rates, regional) == (AWS_REQUEST_QUOTAS.rates, AWS_REQUEST_QUOTAS.regional)
