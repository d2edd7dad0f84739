"""Runs a scenario of vectors/kms on a stage: something that answers signed requests and lets time pass."""

import base64
import contextlib
import json
import uuid
from abc import ABC, abstractmethod
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from botocore.exceptions import ClientError
from scenario_patterns import message_like, mismatch
from scenario_values import Values, at
from scenarios import Scenario, Step

from keystead.wire import sigv4

Answer = tuple[dict[str, Any] | None, tuple[str, str] | None]
"""An output in wire form, or the code and message (empty when there is none) of an error."""

_ADMINISTRATOR = json.dumps(
    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
)


class Failed(Exception):
    """A step did not do what was recorded."""


class Stage(ABC):
    """Where scenarios run. A new one for each: two accounts with an administrator in each."""

    region = "us-east-1"

    def __init__(self, account: str, account_b: str) -> None:
        self.accounts = {"": account, "b": account_b}
        self.callers: dict[str, str] = {}
        self.actors: dict[str, sigv4.Credentials] = {}
        for actor, owner in self.accounts.items():
            root = self.client("iam", sigv4.Credentials(owner, "test"), self.region)
            self.callers[actor] = root.create_user(UserName="administrator")["User"]["Arn"]
            root.put_user_policy(
                UserName="administrator", PolicyName="administrator", PolicyDocument=_ADMINISTRATOR
            )
            key = root.create_access_key(UserName="administrator")["AccessKey"]
            self.actors[actor] = sigv4.Credentials(key["AccessKeyId"], key["SecretAccessKey"])

    @abstractmethod
    def client(self, service: str, credentials: sigv4.Credentials, region: str) -> Any:
        """A boto3-style client for IAM and STS that sends what it is given."""

    @abstractmethod
    def post(
        self, operation: str, body: bytes, credentials: sigv4.Credentials, region: str
    ) -> tuple[int, bytes]:
        """Status and body of the answer to a signed request to KMS."""

    @abstractmethod
    def now(self) -> float:
        """Seconds since the epoch, as the service sees them."""

    @abstractmethod
    def wait(self, seconds: float) -> None:
        """Lets time pass."""

    def call(self, step: Step, given: dict[str, Any]) -> Answer:
        """What the service answers to a step's request."""
        service, region = step.get("service", "kms"), step.get("region", self.region)
        credentials = self.actors[step.get("as", "")]
        if service != "kms":
            return self._call_query(service, step["operation"], given, credentials, region)
        status, body = self.post(step["operation"], json.dumps(given).encode(), credentials, region)
        answer = json.loads(body or b"{}")
        if status == 200:
            return answer, None
        return None, (answer["__type"], answer.get("message", answer.get("Message", "")))

    def _call_query(
        self, service: str, operation: str, given: dict[str, Any], credentials: sigv4.Credentials, region: str
    ) -> Answer:
        client = self.client(service, credentials, region)
        method = {name: python for python, name in client.meta.method_to_api_mapping.items()}[operation]
        try:
            output = getattr(client, method)(**given)
        except ClientError as error:
            told = error.response["Error"]
            return None, (told["Code"], told.get("Message", ""))
        output.pop("ResponseMetadata")
        return _wire_form(output), None


def run(scenario: Scenario, stage: Stage) -> None:
    """Runs the steps and the cleanup; raises `Failed` at the first step that differs."""
    values = Values(
        {
            "account": stage.accounts[""],
            "account_b": stage.accounts["b"],
            "caller": stage.callers[""],
            "caller_b": stage.callers["b"],
            "region": stage.region,
            "unique": uuid.uuid4().hex[:12],
        },
        stage.now,
    )
    try:
        for number, step in enumerate(scenario["steps"], start=1):
            wrong = _run_step(step, stage, values)
            if wrong is not None:
                raise Failed(f"step {number} ({step.get('operation', 'check')}): {wrong}")
    finally:
        for step in scenario.get("cleanup", ()):
            # Best effort: a scenario that failed early has not made all that is removed here.
            with contextlib.suppress(KeyError):
                stage.call(step, values.of(step["input"]))


def _run_step(step: Step, stage: Stage, values: Values) -> str | None:
    if "let" in step:
        values.saved |= values.of(step["let"])
        return None
    if "check" in step:
        return mismatch(values.of(step["check"]["expected"]), values.of(step["check"]["actual"]))
    given = values.of(step["input"])
    patience = step.get("poll") or step.get("retry") or {"seconds": 0, "every": 1}
    waited = 0
    while True:
        output, error = stage.call(step, given)
        wrong = _differs(values.of(step["expect"]), output, error)
        if wrong is None or waited >= patience["seconds"]:
            break
        stage.wait(patience["every"])
        waited += patience["every"]
    if wrong is None and output is not None:
        _keep(step, output, stage, values)
    return wrong


def _differs(expect: Mapping[str, Any], output: Any, error: tuple[str, str] | None) -> str | None:
    if "output" in expect:
        return mismatch(expect["output"], output) if error is None else f"it was refused: {error}"
    if error is None:
        return f"it was not refused: {output}"
    code, message = error
    wanted = expect["error"]
    sentence = wanted.get("message", "<any>")
    if code == wanted["code"] and (sentence == "<any>" or message_like(sentence, message)):
        return None
    return f"{code} `{message}` is not {wanted['code']} `{sentence}`"


def _keep(step: Step, output: dict[str, Any], stage: Stage, values: Values) -> None:
    for name, path in step.get("save", {}).items():
        values.saved[name] = at(output, path)
    if "credentials" in step:
        made = output.get("Credentials") or output["AccessKey"]
        stage.actors[step["credentials"]] = sigv4.Credentials(
            made["AccessKeyId"], made["SecretAccessKey"], made.get("SessionToken")
        )


def _wire_form(value: Any) -> Any:
    match value:
        case datetime():
            return value.timestamp()
        case bytes():
            return base64.b64encode(value).decode()
        case dict():
            return {name: _wire_form(inner) for name, inner in value.items()}
        case list():
            return [_wire_form(inner) for inner in value]
        case _:
            return value
