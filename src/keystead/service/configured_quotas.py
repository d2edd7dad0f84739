"""The quotas in force: none, AWS's, or the operator's own, as the settings say."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from keystead.config import ConfigError, Settings, nearest, read_table
from keystead.model.quotas import AWS_RESOURCE_QUOTAS, ResourceQuotas
from keystead.model.request_quotas import (
    AWS_REQUEST_QUOTAS,
    BY_KEY,
    BY_PAIR,
    SYMMETRIC,
    RequestQuotas,
    pair_quota,
)

OFF = "off"
"""What stands for no quota in a file."""

MOST_REQUESTS = 1_000_000
"""A second, of a quota."""

MOST_KEYS = 1_000_000_000
"""In an account and Region; who wants more turns the quota off."""

RESOURCES = {
    "AWS KMS keys": "keys",
    "Aliases per KMS key": "aliases_per_key",
    "Grants per KMS key": "grants_per_key",
}
"""The quotas of resources that can be chosen, by AWS's names."""


@dataclass(frozen=True, slots=True)
class Quotas:
    """Quotas of resources and of requests."""

    resources: ResourceQuotas
    requests: RequestQuotas


def configured_quotas(settings: Settings) -> Quotas:
    """The quotas that the settings choose; `ConfigError` if their file cannot be used."""
    aws = settings.quotas == "aws"
    quotas = Quotas(
        AWS_RESOURCE_QUOTAS if aws else ResourceQuotas(), AWS_REQUEST_QUOTAS if aws else RequestQuotas({})
    )
    file = settings.quotas_file
    if file is None:
        return quotas
    tables = read_table(file, "quotas file")
    for name in tables:
        if name not in ("requests", "resources"):
            raise ConfigError(f"`{name}` in `{file}` is neither `requests` nor `resources`")
    return Quotas(
        _resources(quotas.resources, _table(tables, "resources", file), file),
        _requests(quotas.requests, _table(tables, "requests", file), file),
    )


def _table(tables: Mapping[str, object], name: str, file: Path) -> dict[str, object]:
    table = tables.get(name, {})
    if not isinstance(table, dict):
        raise ConfigError(f"`{name}` in `{file}` must be a table")
    return table


def _requests(quotas: RequestQuotas, own: Mapping[str, object], file: Path) -> RequestQuotas:
    rates = dict(quotas.rates)
    for name, value in own.items():
        if name not in AWS_REQUEST_QUOTAS.rates:
            if name in BY_KEY | BY_PAIR:
                raise ConfigError(
                    f"`{name}` in `{file}` has no quota of its own; it counts by kind of key, against "
                    f"`{pair_quota('RSA_2048') if name in BY_PAIR else SYMMETRIC}` for one"
                )
            raise _no_quota(name, file, AWS_REQUEST_QUOTAS.rates)
        rates.pop(name, None)
        if value != OFF:
            rates[name] = _rate(name, value, file)
    regional = {key: rate for key, rate in quotas.regional.items() if key[0] not in own}
    return RequestQuotas(rates, regional)


def _rate(name: str, value: object, file: Path) -> float:
    """`nan` is in no range either."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0.001 <= value <= MOST_REQUESTS:
        raise ConfigError(
            f"`{name}` in `{file}` must be a number of requests a second from 0.001 to {MOST_REQUESTS}, or "
            f'"{OFF}"'
        )
    return float(value)


def _resources(quotas: ResourceQuotas, own: Mapping[str, object], file: Path) -> ResourceQuotas:
    chosen: dict[str, Any] = {}
    for name, value in own.items():
        if name not in RESOURCES:
            raise _no_quota(name, file, RESOURCES)
        chosen[RESOURCES[name]] = _number(name, value, file)
    return replace(quotas, **chosen)


def _number(name: str, value: object, file: Path) -> int | None:
    """Keys may be any number; what belongs to one key has AWS's quota at most."""
    unbounded = RESOURCES[name] == "keys"
    if unbounded and value == OFF:
        return None
    most = MOST_KEYS if unbounded else getattr(AWS_RESOURCE_QUOTAS, RESOURCES[name])
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= most:
        or_off = f', or "{OFF}"' if unbounded else ""
        raise ConfigError(f"`{name}` in `{file}` must be a whole number from 0 to {most}{or_off}")
    return value


def _no_quota(name: str, file: Path, known: Mapping[str, object]) -> ConfigError:
    return ConfigError(f"`{name}` in `{file}` is no quota{nearest(name, known)}")
