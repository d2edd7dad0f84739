"""CreateAccountAlias, ListAccountAliases, DeleteAccountAlias: a name for the account, to sign in to.

An account has one at most, and no two accounts of the installation have the same.
"""

import re

from keystead.service.call import Call, WriteCall
from keystead.service.iam.pages import page
from keystead.service.operation import OnNothing, reads, recorded, writes
from keystead.shapes.errors import ValidationException
from keystead.shapes.iam import (
    CreateAccountAliasRequest,
    DeleteAccountAliasRequest,
    ListAccountAliasesRequest,
    ListAccountAliasesResponse,
)
from keystead.shapes.iam_errors import EntityAlreadyExistsException, NoSuchEntityException
from keystead.store.port import AlreadyExists

_ACCOUNT_ID = re.compile("[0-9]{12}")


def _check(request: CreateAccountAliasRequest) -> None:
    # Who signs in gives an account's id or its alias, so none may look like the other. The sentence is ours.
    if _ACCOUNT_ID.fullmatch(request.account_alias):
        raise ValidationException("The account alias must not be a 12 digit number.")


@writes(
    "iam",
    "CreateAccountAlias",
    OnNothing("iam:CreateAccountAlias"),
    check=_check,
    recorded=recorded("account_alias"),
)
def create_account_alias(call: WriteCall, request: CreateAccountAliasRequest) -> None:
    """Gives the account an alias in place of the one it had (IAM User Guide, "Account aliases")."""
    alias = request.account_alias
    taken = EntityAlreadyExistsException(f"The account alias {alias} already exists.")
    if call.tx.account_alias(call.account) == alias:
        raise taken
    try:
        call.tx.put_account_alias(call.account, alias)
    except AlreadyExists:
        raise taken from None


@reads(
    "iam",
    "ListAccountAliases",
    OnNothing("iam:ListAccountAliases"),
    recorded=recorded("marker", "max_items"),
)
def list_account_aliases(call: Call, request: ListAccountAliasesRequest) -> ListAccountAliasesResponse:
    """The account's alias, or nothing."""
    bounds = page(call, request)
    with call.reading() as tx:
        alias = tx.account_alias(call.account)
    found = [] if alias is None or alias <= bounds.after else [alias]
    return ListAccountAliasesResponse(account_aliases=found, is_truncated=False)


@writes(
    "iam",
    "DeleteAccountAlias",
    OnNothing("iam:DeleteAccountAlias"),
    recorded=recorded("account_alias"),
)
def delete_account_alias(call: WriteCall, request: DeleteAccountAliasRequest) -> None:
    """Takes the account's alias away; it must be named, so that nobody deletes another than they meant."""
    if call.tx.account_alias(call.account) != request.account_alias:
        raise NoSuchEntityException(f"The account alias {request.account_alias} cannot be found.")
    call.tx.delete_account_alias(call.account)
