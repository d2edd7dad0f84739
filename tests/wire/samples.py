"""Valid values for any shape of a service model, as botocore's clients take them."""

from datetime import UTC, datetime
from typing import Any

from botocore.model import ListShape, MapShape, Shape, StructureShape

TIME = datetime(2026, 9, 21, 14, 13, 20, 643000, UTC)

# By the model's pattern: a text that matches and keeps the length. A pattern that is not here is a KeyError,
# so that a new one gets its sample.
TEXTS = {
    r"^[a-zA-Z0-9:/_-]+$": "alias/pay",
    r"cluster-[2-7a-zA-Z]{11,16}": "cluster-2234abcdefg",
    r"^https://[a-zA-Z0-9.-]+$": "https://xks.example.com",
    r"^(/[a-zA-Z0-9\/_-]+/kms/xks/v\d{1,2})$|^(/kms/xks/v\d{1,2})$": "/prefix/kms/xks/v1",
    r"^(com|eu)\.amazonaws\.vpce\.([a-z]+-){2,3}\d+\.vpce-svc-[0-9a-z]+$": (
        "com.amazonaws.vpce.us-east-1.vpce-svc-0a1b2c"
    ),
    r"[0-9]{12}": "111122223333",
    r"^[A-Z2-7]+$": "ABCDEFGHIJKLMNOPQRST",
    r"^[a-zA-Z0-9\/+=]+$": "a" * 43,
    r"^[\w+=,.@:/-]+$": "arn:aws:iam::111122223333:user/a",
    r"^arn:aws[a-z0-9-]*:[a-z0-9-]+:[a-z0-9-]*:[0-9]{12}:.+$": "arn:aws:sns:us-east-1:111122223333:topic",
    r"^([A-Za-z0-9\-]+)\.([A-Za-z0-9\-]+)(\.[A-Za-z0-9\-]+)+$": "sns.us-east-1.amazonaws.com",
    r"[\u0009\u000A\u000D\u0020-\u00FF]+": '{"Version": "2012-10-17",\r\n\t"Sid": "é&<>"}',
    r"^[a-zA-Z0-9-_.]+$": "xks-key_1",
    r"^([a-z]+-){2,3}\d+$": "us-gov-east-1",
    r"^[a-f0-9]+$": "0f" * 32,
    r"[\u0020-\u00FF]*": "mark & <ed>",
    r"^[a-z0-9]([a-z0-9]|-(?!-)){1,61}[a-z0-9]$": "our-account-1",
    r"[\w]+": "AKIAIOSFODNN7EXAMPLE",
    r"[\w]*": "ASIAIOSFODNN7EXAMPLE",
    r"[\d]*": "123456",
    r"[\w+=,.@:-]*": "AROAIOSFODNN7EXAMPLE:run",
    r"[\w+=,.@\:-]*": "111122223333:fred",
    r"[\w+=,.@-]*": "session_1@example",
    r"[\w+=,.@:\/-]*": "ticket/17:a_b",
    r"[\w+=/:,.@-]*": "arn:aws:iam::111122223333:mfa/a",
    r"^[a-zA-Z0-9:/_\s.-]+$": "as told in 2026",
    r"[\w+=,.@-]+": "a.user+one@example",
    r"[\w+=/:,.@-]+": "arn:aws:iam::111122223333:mfa/a",
    r"(\u002F)|(\u002F[\u0021-\u007E]+\u002F)": "/division/'a'/",
    r"[\p{L}\p{Z}\p{N}_.:/=+\-@]+": "Köln 東京 Ⅻ_",
    r"[\p{L}\p{Z}\p{N}_.:/=+\-@]*": "wert/1 =+-@",
    r"[\u0009\u000A\u000D\u0020-\u007E\u00A1-\u00FF]*": "a role\n\tof é & <co>",
    r"v[1-9][0-9]*(\.[A-Za-z0-9-]*)?": "v12",
    r"((/[A-Za-z0-9\.,\+@=_-]+)*)/": "/division/a@b=c/",
    r"[\u0020-\u00FF]+": "mark & <ed>",
    r"\u002F[\u0021-\u007F]*": "/division",
    r"[\u0009\u000A\u000D\u0020-\u007E\u0085\u00A0-\uD7FF\uE000-\uFFFD\u10000-\u10FFFF]+": (
        "arn:aws:sts::111122223333:assumed-role/a/b"
    ),
}


def sample(shape: Shape, *, full: bool) -> Any:
    """A valid value: with every member, or with the required ones alone and everything at its shortest."""
    match shape:
        case StructureShape():
            members = shape.members if full else shape.required_members
            return {name: sample(shape.members[name], full=full) for name in members}
        case ListShape():
            return [sample(shape.member, full=full)] * (2 if full else 1)
        case MapShape():
            value = sample(shape.value, full=full)
            return {"département": value, "b": "c" if isinstance(value, str) else value}
    low, high = shape.metadata.get("min", 0), shape.metadata.get("max", 2000)
    match shape.type_name:
        case "string" if "enum" in shape.metadata:
            return shape.metadata["enum"][-1 if full else 0]
        case "string" if "pattern" in shape.metadata:
            return TEXTS[shape.metadata["pattern"]]
        case "string":
            return "ü" * (high if full else low)
        case "blob":
            return bytes(i % 251 for i in range(high if full else low))
        case "integer":
            return high if full else low
        case "boolean":
            return full
        case "timestamp":
            return TIME
    raise TypeError(f"no sample for a {shape.type_name}")


def plain(value: Any) -> Any:
    """The same value with times as seconds, as our records hold them."""
    match value:
        case dict():
            return {key: plain(item) for key, item in value.items()}
        case list():
            return [plain(item) for item in value]
        case datetime():
            return value.timestamp()
        case _:
            return value
