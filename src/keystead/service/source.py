"""For which resource a service calls: two headers that services alone may send.

AWS passes this inside itself; here it is `x-keystead-source-arn` and `x-keystead-source-account`, which a
signature must cover (`wire/sigv4.py`). Of anybody else they say nothing: who is no service does not act for a
resource.
"""

from typing import Final

from keystead.names import AccountId, Arn, InvalidName
from keystead.shapes.errors import ValidationException
from keystead.wire.http import HttpRequest

SOURCE_ARN: Final = "x-keystead-source-arn"
SOURCE_ACCOUNT: Final = "x-keystead-source-account"

MOST_CHARACTERS: Final = 2048
"""The longest ARN, as in IAM's shapes."""


def check_source(http: HttpRequest) -> None:
    """Refuses the request of a service whose headers name no resource or account; the sentences are ours."""
    arn, account = http.headers.get(SOURCE_ARN), http.headers.get(SOURCE_ACCOUNT)
    if arn is not None:
        try:
            Arn.parse(arn)
        except InvalidName:
            raise ValidationException(f"{SOURCE_ARN} is not an ARN.") from None
        if len(arn) > MOST_CHARACTERS:
            raise ValidationException(f"{SOURCE_ARN} is longer than {MOST_CHARACTERS} characters.")
    if account is not None and not AccountId.matches(account):
        raise ValidationException(f"{SOURCE_ACCOUNT} is not an account: twelve digits.")
