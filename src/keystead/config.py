"""Settings: read once at the start from a TOML file, the environment and the command line; frozen afterwards.

The later of these wins: defaults, the file, `KEYSTEAD_*` variables, options of the command.
Every setting is one field of `Settings`, described beside it; a test compares `docs/configuration.md`.
No setting holds a secret: secrets are read from files that a setting names, or asked for.
"""

import difflib
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Annotated, Literal, get_args, get_type_hints

MEMORY = ":memory:"
"""The data location that keeps nothing."""

DATABASE_NAME = "keystead.db"

_ENVIRONMENT = "KEYSTEAD_"
_CONFIG_FILE_LIMIT = 1 << 20

# Kubernetes announces a Service named `keystead` to every pod in these variables; they are none of ours.
_KUBERNETES = re.compile(r"KEYSTEAD_(SERVICE_.*|PORT_\d+_(TCP|UDP).*)")
_KUBERNETES_PORT = re.compile(r"(tcp|udp)://.*")

LogLevel = Literal["debug", "info", "warning", "error"]
CommitMode = Literal["auto", "inline", "thread"]
QuotaChoice = Literal["off", "aws"]

_CHOICES = (LogLevel, CommitMode, QuotaChoice)


class ConfigError(Exception):
    """A setting cannot be used; the text is one sentence for the operator."""


@dataclass(frozen=True, slots=True)
class Doc:
    """What a setting is for, and the bounds of a number."""

    words: str
    minimum: int = 0
    maximum: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What an operator may choose. Sizes are bytes, times are seconds."""

    data: Annotated[str, Doc("Directory of the database, or `:memory:` to keep nothing.")] = "./.keystead"
    root_key_file: Annotated[
        Path | None,
        Doc(
            "File with the key that opens the installation's root key. Keep it away from the data directory."
        ),
    ] = None
    passphrase_file: Annotated[
        Path | None, Doc("File with the passphrase that opens the root key; its first line counts.")
    ] = None
    host: Annotated[str, Doc("Address to listen on.")] = "127.0.0.1"
    port: Annotated[int, Doc("Port to listen on.", 1, 65535)] = 4599
    workers: Annotated[int, Doc("Processes that answer. They share nothing but the store.", 1, 256)] = 1
    tls_certificate: Annotated[Path | None, Doc("PEM file with the server's certificate and its chain.")] = (
        None
    )
    tls_key: Annotated[Path | None, Doc("PEM file with the certificate's private key.")] = None
    insecure_http: Annotated[
        bool, Doc("Serve without TLS, for a proxy on the same machine that adds it.")
    ] = False
    durable: Annotated[
        bool,
        Doc(
            "Whether a change reaches the disk before it is answered. When false, a power failure can lose "
            "the last changes; a crash of the process cannot."
        ),
    ] = True
    threads: Annotated[
        int,
        Doc("Threads of a worker for changes, which wait for the disk.", 1, 256),
    ] = 8
    slow_queue: Annotated[
        int,
        Doc(
            "New RSA keys that a worker may have in the making or waiting, shared by accounts; more are "
            "refused with `ThrottlingException`.",
            1,
            100_000,
        ),
    ] = 64
    connections: Annotated[
        int, Doc("Open connections of a worker; more wait in the kernel's queue.", 1, 65536)
    ] = 1024
    body_limit: Annotated[int, Doc("Largest request body; a larger one is answered 413.", 4096, 1 << 26)] = (
        1 << 20
    )
    header_limit: Annotated[
        int,
        Doc(
            "Largest request line and headers together, to within one read of the socket; at most 100 "
            "headers. More is answered 431.",
            8192,
            1 << 20,
        ),
    ] = 16 << 10
    header_timeout: Annotated[
        int,
        Doc(
            "Time to send the request line and headers, and for a kept-alive connection to stay idle.",
            1,
            3600,
        ),
    ] = 30
    body_timeout: Annotated[int, Doc("Time to send the body.", 1, 3600)] = 20
    stop_timeout: Annotated[
        int, Doc("Time that calls in flight get to finish when the server stops.", 1, 3600)
    ] = 30
    audit_commit: Annotated[
        CommitMode,
        Doc(
            "Where audit events are written: `inline` in the event loop; `thread`, which lets other calls go "
            "on while the disk is awaited; or `auto`, which is `thread` if commits wait for the disk."
        ),
    ] = "auto"
    audit_queue: Annotated[
        int, Doc("Audit events that may wait to be written; calls beyond them fail.", 1, 1_000_000)
    ] = 10_000
    issuer_keys_file: Annotated[
        Path | None,
        Doc(
            "JSON file with the key sets of OpenID Connect issuers, by their URL. They are used as they are "
            "at the start, and nothing is fetched from those issuers."
        ),
    ] = None
    issuer_certificates: Annotated[
        Path | None,
        Doc("PEM file with certificate authorities of issuers, to be trusted beside the system's."),
    ] = None
    issuer_fetch: Annotated[
        bool,
        Doc(
            "Whether keys of issuers are fetched over HTTPS when a web identity token needs them. It is the "
            "only connection that the server opens."
        ),
    ] = True
    quotas: Annotated[
        QuotaChoice,
        Doc("Quotas of KMS: `off`, or `aws` for AWS's. What one key may have is bounded either way."),
    ] = "off"
    quotas_file: Annotated[
        Path | None,
        Doc("TOML file with quotas of one's own, by name; they go before those of `quotas`."),
    ] = None
    grant_delay: Annotated[
        int,
        Doc(
            "Time until a new grant works without its grant token, as on AWS, so that applications can be "
            "tested for it. For `keystead dev`; other servers refuse it.",
            0,
            3600,
        ),
    ] = 0
    attestation_roots: Annotated[
        Path | None,
        Doc(
            "PEM file with the root certificates of attestation documents. Without it requests with "
            "`Recipient` are refused."
        ),
    ] = None
    log_level: Annotated[LogLevel, Doc("Least severe line of the log to write.")] = "info"

    @property
    def in_memory(self) -> bool:
        """Whether nothing is kept."""
        return self.data == MEMORY

    @property
    def commits_inline(self) -> bool:
        """Whether audit events are written in the event loop."""
        if self.audit_commit == "auto":
            return self.in_memory or not self.durable
        return self.audit_commit == "inline"

    @property
    def database(self) -> str:
        """Where the store is, as `keystead.store.open_store` takes it."""
        return MEMORY if self.in_memory else str(Path(self.data) / DATABASE_NAME)

    @property
    def tls(self) -> bool:
        """Whether the server speaks TLS."""
        return self.tls_certificate is not None


@dataclass(frozen=True, slots=True)
class _Setting:
    name: str
    type: object
    default: object
    doc: Doc


def load_settings(
    environment: Mapping[str, str],
    options: Mapping[str, object] | None = None,
    *,
    file: Path | None = None,
    defaults: Mapping[str, object] | None = None,
) -> Settings:
    """The settings in force, or `ConfigError`.

    Args:
        environment: normally `os.environ`; only names that begin with `KEYSTEAD_` are looked at.
        options: what the command line gave, by setting; None values were not given.
        file: the TOML file; else `KEYSTEAD_CONFIG` names it; else there is none.
        defaults: defaults of one command that differ from the general ones.
    """
    if file is None and "KEYSTEAD_CONFIG" in environment:
        file = Path(environment["KEYSTEAD_CONFIG"])
    values: dict[str, object] = dict(defaults or {})
    if file is not None:
        values |= _read_file(file)
    values |= _read_environment(environment)
    values |= {name: value for name, value in (options or {}).items() if value is not None}
    settings = Settings(**values)  # type: ignore[arg-type]  # each value was converted to its field's type
    _check_together(settings)
    return settings


def read_table(file: Path, what: str) -> dict[str, object]:
    """What a TOML file of at most 1 MiB holds, or `ConfigError`; `what` is what the sentence calls it."""
    try:
        with file.open("rb") as stream:
            text = stream.read(_CONFIG_FILE_LIMIT + 1)
        if len(text) > _CONFIG_FILE_LIMIT:
            raise ConfigError(f"the {what} `{file}` is larger than 1 MiB")
        return tomllib.loads(text.decode())
    except OSError as error:
        raise ConfigError(f"cannot read the {what} `{file}`: {error.strerror}") from None
    except UnicodeDecodeError:
        raise ConfigError(f"the {what} `{file}` is not UTF-8 text") from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"the {what} `{file}` is not TOML: {error}") from None


def _read_file(file: Path) -> dict[str, object]:
    values = {}
    for name, value in read_table(file, "configuration file").items():
        setting = _SETTINGS.get(name)
        if setting is None:
            raise ConfigError(f"`{name}` in `{file}` is no setting{nearest(name, _SETTINGS)}")
        values[name] = _convert(setting, value, f"`{name}` in `{file}`")
    return values


def _read_environment(environment: Mapping[str, str]) -> dict[str, object]:
    values = {}
    for variable, text in environment.items():
        if not variable.startswith(_ENVIRONMENT) or variable == "KEYSTEAD_CONFIG":
            continue
        if _KUBERNETES.fullmatch(variable) or (
            variable == "KEYSTEAD_PORT" and _KUBERNETES_PORT.fullmatch(text)
        ):
            continue
        setting = _VARIABLES.get(variable)
        if setting is None:
            raise ConfigError(
                f"the environment variable `{variable}` is no setting{nearest(variable, _VARIABLES)}"
            )
        values[setting.name] = _convert(
            setting, _scalar(setting, text), f"the environment variable `{variable}`"
        )
    return values


def _scalar(setting: _Setting, text: str) -> object:
    """`text` as TOML would have typed it, or unchanged when it has no such form."""
    if setting.type is bool:
        return {"true": True, "false": False}.get(text.lower(), text)
    if setting.type is int and re.fullmatch(r"-?[0-9]{1,18}", text):
        return int(text)
    return text


def _convert(setting: _Setting, value: object, where: str) -> object:
    wanted = setting.type
    choices = get_args(wanted) if wanted in _CHOICES else ()
    if choices:
        if value not in choices:
            raise ConfigError(f"{where} must be one of {', '.join(f'`{choice}`' for choice in choices)}")
    elif wanted is bool:
        if not isinstance(value, bool):
            raise ConfigError(f"{where} must be true or false")
    elif wanted is int:
        _check_number(setting, value, where)
    elif not isinstance(value, str) or not value or "\0" in value:
        raise ConfigError(f"{where} must be a text that is not empty")
    elif wanted == Path | None:
        return Path(value)
    return value


def _check_number(setting: _Setting, value: object, where: str) -> None:
    minimum, maximum = setting.doc.minimum, setting.doc.maximum
    if not isinstance(value, int) or isinstance(value, bool) or not minimum <= value <= maximum:
        raise ConfigError(f"{where} must be a whole number from {minimum} to {maximum}")


def _check_together(settings: Settings) -> None:
    if (settings.tls_certificate is None) != (settings.tls_key is None):
        raise ConfigError("`tls_certificate` and `tls_key` go together: give both or none")
    if settings.tls and settings.insecure_http:
        raise ConfigError("`insecure_http` contradicts `tls_certificate`: give one of them")
    if settings.root_key_file is not None and settings.passphrase_file is not None:
        raise ConfigError(
            "`root_key_file` and `passphrase_file` exclude each other: give the one that the root key has"
        )
    if settings.in_memory and settings.workers > 1:
        raise ConfigError("`workers` must be 1 when the data is `:memory:`, which processes cannot share")


def nearest(name: str, known: Mapping[str, object]) -> str:
    """The end of a sentence that refuses `name`: what was perhaps meant, if there is such a name."""
    near = difflib.get_close_matches(name, known, n=1)
    return f"; did you mean `{near[0]}`?" if near else ""


def _known() -> Iterator[_Setting]:
    hints = get_type_hints(Settings, include_extras=True)
    for setting in fields(Settings):
        type_, doc = get_args(hints[setting.name])
        yield _Setting(setting.name, type_, setting.default, doc)


_SETTINGS = {setting.name: setting for setting in _known()}
_VARIABLES = {_ENVIRONMENT + name.upper(): setting for name, setting in _SETTINGS.items()}


def describe_settings() -> str:
    """The reference table of `docs/configuration.md`, in Markdown."""
    lines = ["| Setting | Environment | Type | Default | Meaning |", "|---|---|---|---|---|"]
    for name, setting in _SETTINGS.items():
        lines.append(
            f"| `{name}` | `{_ENVIRONMENT}{name.upper()}` | {_describe_type(setting)} "
            f"| {_describe_default(setting)} | {setting.doc.words} |"
        )
    return "\n".join(lines) + "\n"


def _describe_type(setting: _Setting) -> str:
    if setting.type is int:
        return f"{setting.doc.minimum:,} to {setting.doc.maximum:,}"
    if setting.type is bool:
        return "true or false"
    if setting.type in _CHOICES:
        return ", ".join(f"`{choice}`" for choice in get_args(setting.type))
    return "path" if setting.type == Path | None else "text"


def _describe_default(setting: _Setting) -> str:
    match setting.default:
        case None:
            return "none"
        case bool() as value:
            return f"`{str(value).lower()}`"
        case int() as value:
            return f"`{value}`"
        case value:
            return f"`{value}`"
