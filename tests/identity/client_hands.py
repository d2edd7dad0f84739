"""The same calls by boto3 and by the AWS CLI: what a life is told with once, whoever's hands live it."""

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

from botocore import xform_name
from botocore.exceptions import ClientError
from tests.conftest import ACCOUNT, Server

Credentials = tuple[str, ...]
"""Access key id and secret, with temporary ones the session token too."""

ROOT: Credentials = (ACCOUNT, "test")
"""Development credentials of the root user of the management account."""

CHANGE_NOTHING = ("Encrypt", "GetCallerIdentity")
"""Operations that can be called again and again."""


class Refused(Exception):
    """A call was refused: code and sentence."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(f"{code}: {sentence}")
        self.code, self.sentence = code, sentence


class Hand(Protocol):
    """Calls an operation by its API name; Refused when the server does.

    Values of parameters are texts, truth values, bytes, numbers, and lists and objects of them. The answer is
    the operation's, without metadata.
    """

    def __call__(self, who: Credentials, service: str, operation: str, /, **parameters: Any) -> Any: ...


class Boto3:
    """boto3; what changes nothing is called on `connections` connections and must end alike on all."""

    def __init__(self, server: Server, connections: int = 1) -> None:
        self._server = server
        self._connections = connections
        self._clients: dict[tuple[Credentials, str], list[Any]] = {}

    def __call__(self, who: Credentials, service: str, operation: str, /, **parameters: Any) -> Any:
        clients = self._clients.setdefault((who, service), [])
        needed = self._connections if operation in CHANGE_NOTHING else 1
        while len(clients) < needed:
            clients.append(self._server.client(service, who))
        calls = [getattr(client, xform_name(operation)) for client in clients[:needed]]
        outcomes = [self._outcome(call, parameters) for call in calls]
        told = {str(each) if isinstance(each, Refused) else "" for each in outcomes}
        assert len(told) == 1, f"the workers disagree: {told}"
        if isinstance(outcomes[0], Refused):
            raise outcomes[0]
        return outcomes[0]

    @staticmethod
    def _outcome(call: Any, parameters: dict[str, Any]) -> Any:
        try:
            answer = call(**parameters)
        except ClientError as error:
            told = error.response["Error"]
            return Refused(told["Code"], told["Message"])
        return {name: value for name, value in answer.items() if name != "ResponseMetadata"}


class AwsCli:
    """The AWS CLI, with its options as a person would type them."""

    _REFUSAL = re.compile(
        r"(?:aws: \[ERROR\]: )?An error occurred \((\w+)\) when calling the \w+ operation: (.*)"
    )

    def __init__(self, server: Server, directory: Path) -> None:
        self._server = server
        self._directory = directory

    def __call__(self, who: Credentials, service: str, operation: str, /, **parameters: Any) -> Any:
        options = [word for name, value in parameters.items() for word in self._option(name, value)]
        command = (service, xform_name(operation, "-"), *options, "--output", "json")
        done = self._server.aws(*command, credentials=who)
        if done.returncode == 0:
            return json.loads(done.stdout) if done.stdout.strip() else {}
        refusal = self._REFUSAL.search(done.stderr)
        assert refusal is not None, done.stderr
        raise Refused(refusal[1], refusal[2])

    def _option(self, name: str, value: Any) -> Sequence[str]:
        option = "--" + xform_name(name, "-")
        if isinstance(value, bool):
            return (option,) if value else ("--no-" + option[2:],)
        if isinstance(value, bytes):
            file = self._directory / "value"
            file.write_bytes(value)
            return option, f"fileb://{file}"
        if isinstance(value, list) and all(isinstance(each, str) for each in value):
            return option, *value
        return option, value if isinstance(value, str) else json.dumps(value)
