"""`keystead serve`: the production server."""

from pathlib import Path
from typing import Annotated

import typer

from keystead.cli.options import (
    Config,
    Host,
    PassphraseFile,
    Port,
    Quotas,
    QuotasFile,
    RootKeyFile,
    Workers,
    opening_passphrase,
    plain_errors,
    settings_of,
)
from keystead.config import ConfigError, Settings


def serve(
    data: Annotated[
        str | None, typer.Option(help="Directory of the installation.", show_default="./.keystead")
    ] = None,
    root_key_file: RootKeyFile = None,
    passphrase_file: PassphraseFile = None,
    host: Host = None,
    port: Port = None,
    workers: Workers = None,
    tls_certificate: Annotated[
        Path | None, typer.Option(help="PEM file: certificate and chain.", show_default=False)
    ] = None,
    tls_key: Annotated[
        Path | None, typer.Option(help="PEM file: its private key.", show_default=False)
    ] = None,
    insecure_http: Annotated[
        bool | None, typer.Option("--insecure-http", help="Serve without TLS.", show_default=False)
    ] = None,
    quotas: Quotas = None,
    quotas_file: QuotasFile = None,
    config: Config = None,
) -> None:
    """Serve an installation that `keystead init` made.

    There are more settings, of limits, issuers and attestation roots among others: each is set in the file
    or by a variable KEYSTEAD_NAME.
    """
    with plain_errors():
        settings = settings_of(
            {
                "data": data,
                "root_key_file": root_key_file,
                "passphrase_file": passphrase_file,
                "host": host,
                "port": port,
                "workers": workers,
                "tls_certificate": tls_certificate,
                "tls_key": tls_key,
                "insecure_http": insecure_http,
                "quotas": quotas,
                "quotas_file": quotas_file,
            },
            config,
        )
        _check_transport(settings)
        if settings.grant_delay:
            raise ConfigError("`grant_delay` is for `keystead dev`: here a grant works at once")

        from keystead.app.installation import Installation
        from keystead.server.serve import Worker
        from keystead.server.serve import serve as serve_workers

        installation = Installation(settings, passphrase=opening_passphrase(settings))
        installation.check()
        scheme = "https" if settings.tls else "http"
        place = f"{scheme}://{settings.host}:{settings.port}"
        serve_workers(
            Worker(installation.build, settings), started=lambda: typer.echo(f"Keystead serves on {place}")
        )


def _check_transport(settings: Settings) -> None:
    if settings.in_memory:
        raise ConfigError("`keystead serve` serves what is kept: give --data a directory, not `:memory:`")
    if not settings.tls and not settings.insecure_http:
        raise ConfigError(
            "plaintext keys would travel unprotected: give --tls-certificate and --tls-key, "
            "or --insecure-http if something else protects the connection"
        )
    for name, file in (("--tls-certificate", settings.tls_certificate), ("--tls-key", settings.tls_key)):
        if file is not None and not file.is_file():
            raise ConfigError(f"{name}: there is no file `{file}`")
