"""Files of the operator's that settings name: keys of issuers, roots of attestation documents."""

from pathlib import Path

import msgspec

from keystead.config import ConfigError, Settings
from keystead.crypto.attestation import AttestationRoots
from keystead.crypto.attestation_chain import InvalidRoots
from keystead.crypto.web_identity_token import InvalidKeySet, SigningKeys
from keystead.server.outgoing import https_get
from keystead.service.issuer_keys import IssuerKeys, no_network

_FILE_LIMIT = 1 << 20


def issuer_keys(settings: Settings) -> IssuerKeys:
    """The keys of OpenID Connect issuers, as the settings say; `ConfigError` if a file cannot be used."""
    given: dict[str, SigningKeys] = {}
    if settings.issuer_keys_file is not None:
        given = read_issuer_keys(settings.issuer_keys_file)
    fetch = https_get(settings.issuer_certificates) if settings.issuer_fetch else no_network
    return IssuerKeys(fetch, given)


def read_issuer_keys(path: Path) -> dict[str, SigningKeys]:
    """The key sets of a file, by issuer."""
    text = _read_file(path, "the issuers' keys")
    try:
        sets = msgspec.json.decode(text, type=dict[str, msgspec.Raw])
    except (msgspec.MsgspecError, RecursionError):
        raise ConfigError(f"the issuers' keys `{path}` are not a JSON object of key sets") from None
    keys: dict[str, SigningKeys] = {}
    for issuer, key_set in sets.items():
        if not issuer.startswith("https://"):
            raise ConfigError(f"`{issuer}` in `{path}` is no issuer: it does not begin with https://")
        try:
            keys[issuer] = SigningKeys(bytes(key_set))
        except InvalidKeySet:
            raise ConfigError(f"the key set of `{issuer}` in `{path}` has no key that can be used") from None
    return keys


def attestation_roots(settings: Settings) -> AttestationRoots | None:
    """The roots of attestation documents, None without the setting; `ConfigError` if it cannot be used."""
    path = settings.attestation_roots
    if path is None:
        return None
    pem = _read_file(path, "the roots of attestation documents")
    try:
        return AttestationRoots(pem)
    except InvalidRoots:
        raise ConfigError(
            f"the roots of attestation documents `{path}` are not PEM certificates of certificate "
            "authorities, which have the basic constraint CA and the key usage keyCertSign"
        ) from None


def _read_file(path: Path, what: str) -> bytes:
    """The bytes of a file that a setting names, or `ConfigError` that calls it `what`."""
    try:
        with path.open("rb") as file:
            content = file.read(_FILE_LIMIT + 1)
    except OSError as error:
        raise ConfigError(f"cannot read {what} `{path}`: {error.strerror}") from None
    if len(content) > _FILE_LIMIT:
        raise ConfigError(f"{what} `{path}` are larger than 1 MiB")
    return content
