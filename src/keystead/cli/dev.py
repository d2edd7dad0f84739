"""`keystead dev`: a server for development and tests, with known credentials."""

import os
import shutil
from typing import TYPE_CHECKING, Annotated

import typer

from keystead.cli.options import Config, Host, Port, Quotas, QuotasFile, Workers, plain_errors, settings_of
from keystead.config import ConfigError, Settings
from keystead.names import AccessKeyId, AccountId, InvalidName

if TYPE_CHECKING:
    from keystead.service.authentication import DevRoot

_DEFAULT_CREDENTIAL = "test"

_DEFAULT_ACCOUNT = "000000000000"

_NAMED = 5
"""Organization policies that the banner names."""

COMMANDS = (
    "KEY=$(aws kms create-key --query KeyMetadata.KeyId --output text)",
    'echo hello | aws kms encrypt --key-id "$KEY" --plaintext fileb:///dev/stdin'
    " --query CiphertextBlob --output text | base64 --decode > hello.encrypted",
    "aws kms decrypt --ciphertext-blob fileb://hello.encrypted"
    " --query Plaintext --output text | base64 --decode",
)
"""What the banner offers to paste: works with version 1 and 2 of the AWS CLI."""


def dev(
    data: Annotated[
        str | None,
        typer.Option(
            help="Directory for keys and policies, or :memory: to keep nothing.", show_default="./.keystead"
        ),
    ] = None,
    account: Annotated[
        str | None,
        typer.Option(help="Account of the root credentials: twelve digits.", show_default=_DEFAULT_ACCOUNT),
    ] = None,
    host: Host = None,
    port: Port = None,
    workers: Workers = None,
    quotas: Quotas = None,
    quotas_file: QuotasFile = None,
    grant_delay: Annotated[
        int | None,
        typer.Option(
            help="Seconds until a new grant works without its grant token.",
            min=0,
            max=3600,
            show_default="0",
        ),
    ] = None,
    config: Config = None,
) -> None:
    """Serve with known credentials, for development and tests: one command, no set-up.

    The root user's credentials are AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY of the environment, or
    test and test. Signatures, key policies, IAM policies and organization policies are enforced as in
    production. Not for production: the credentials are no secret, and the root key lies beside the data.
    """
    with plain_errors():
        options = {
            "data": data,
            "host": host,
            "port": port,
            "workers": workers,
            "quotas": quotas,
            "quotas_file": quotas_file,
            "grant_delay": grant_delay,
        }
        # A developer's machine may lose the last change in a power failure; it need not wait for its disk.
        settings = settings_of(options, config, {"durable": False})
        access_key_id, secret, own = _credentials()
        root_account = _account(account, access_key_id)

        from keystead.app.development import development_settings, prepare_development
        from keystead.app.installation import Installation
        from keystead.server.serve import Worker, check_address, serve
        from keystead.service.authentication import DevRoot

        check_address(settings.host, settings.port)
        settings = development_settings(settings)
        root = DevRoot(access_key_id, secret, root_account)
        installation = Installation(settings, dev=root)
        installation.check_files()
        prepare_development(settings)
        limits = _organization_policies(settings, root_account)
        worker = Worker(installation.build, settings, development=True)
        serve(worker, started=lambda: _print_banner(settings, root, limits, own_credentials=own))


def _account(text: str | None, access_key_id: str) -> AccountId:
    """The account that was asked for; by default the one that an access key id of twelve digits names."""
    named = AccountId.matches(access_key_id)
    if text is None:
        text = access_key_id if named else _DEFAULT_ACCOUNT
    elif named and text != access_key_id:
        raise ConfigError(f"AWS_ACCESS_KEY_ID names account {access_key_id}, and --account {text[:40]}")
    try:
        return AccountId.parse(text)
    except InvalidName:
        raise ConfigError(f"--account must be twelve digits, not `{text[:40]}`") from None


def _credentials() -> tuple[str, str, bool]:
    """Root's access key id and secret, and whether they are the operator's own, a secret."""
    access_key_id = os.environ.get("AWS_ACCESS_KEY_ID", "")
    secret = os.environ.get("AWS_SECRET_ACCESS_KEY", "")
    if not access_key_id and not secret:
        return _DEFAULT_CREDENTIAL, _DEFAULT_CREDENTIAL, False
    if not access_key_id or not secret:
        raise ConfigError("set both AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or none of them")
    try:
        AccessKeyId.parse(access_key_id)
    except InvalidName:
        raise ConfigError("AWS_ACCESS_KEY_ID must be 3 to 128 letters, digits or underscores") from None
    # A shell that has pasted the banner has these too: they are known, and the next banner shows them again.
    known = access_key_id == secret == _DEFAULT_CREDENTIAL
    return access_key_id, secret, not known


def _organization_policies(settings: Settings, account: AccountId) -> list[str]:
    """The names of the organization policies above the account, without those of AWS, which allow all."""
    if settings.in_memory:
        return []

    from keystead.app.installation import existing_store
    from keystead.service.account_entry import load_account
    from keystead.service.compiled_policies import CompiledPolicies
    from keystead.service.organization_arns import aws_policy_arn
    from keystead.service.organization_policies import FULL_ACCESS

    with existing_store(settings) as store, store.read() as tx:
        entry = load_account(tx, account, CompiledPolicies().get)
    if entry is None:
        return []
    of_aws = {aws_policy_arn(policy.type, policy.id) for policy in FULL_ACCESS.values()}
    levels = (*(entry.scps or ()), *(entry.rcps or ()))
    return sorted({policy.name for level in levels for policy in level if policy.arn not in of_aws})


def _print_banner(settings: Settings, root: "DevRoot", limits: list[str], *, own_credentials: bool) -> None:
    from rich.console import Console

    scheme = "https" if settings.tls else "http"
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)  # noqa: S104 (only names them)
    host = f"[{host}]" if ":" in host else host
    place = f"{scheme}://{host}:{settings.port}"
    kept = "kept in memory, gone when it stops" if settings.in_memory else f"kept in {settings.data}"
    # The secret of the operator's own credentials is theirs to know: the banner does not repeat it.
    secret = "$AWS_SECRET_ACCESS_KEY" if own_credentials else root.secret
    exports = [
        f"export AWS_ENDPOINT_URL={place}",
        f'export AWS_ACCESS_KEY_ID={root.access_key_id} AWS_SECRET_ACCESS_KEY="{secret}"',
        "export AWS_REGION=us-east-1 AWS_DEFAULT_REGION=us-east-1",
    ]
    if own_credentials and os.environ.get("AWS_SESSION_TOKEN"):
        exports.append("unset AWS_SESSION_TOKEN")
    console = Console(highlight=False, soft_wrap=True, markup=False)
    console.print(f"Keystead for development on {place}", style="bold")
    console.print(f"  account {root.account}, {kept}")
    if settings.host not in {"127.0.0.1", "::1", "localhost"}:
        console.print(f"  listens on {settings.host}: whoever reaches it can use these known credentials")
    console.print("  enforced: signatures, key policies, IAM policies, organization policies, grants")
    if limits:
        more = f" and {len(limits) - _NAMED} more" if len(limits) > _NAMED else ""
        console.print(
            f"  above account {root.account}: organization policies {', '.join(limits[:_NAMED])}{more}"
        )
    console.print("  not for production: known credentials")
    if settings.grant_delay:
        console.print(f"  a new grant needs its grant token for {settings.grant_delay} seconds")
    console.print("\nIn another terminal:", style="bold")
    if shutil.which("aws") is None:
        console.print(
            "  (These need the AWS CLI, which is not on the PATH here: `pip install awscli` gets one.)"
        )
    if own_credentials:
        console.print("  (Set AWS_SECRET_ACCESS_KEY there to what it is here.)")
    for line in (*exports, "", *COMMANDS):
        console.print(f"  {line}" if line else "")
    console.print("\nCtrl-C stops it when the calls under way are done, at once when pressed again.")
