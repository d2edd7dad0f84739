"""A whole service without a socket: botocore writes and reads, clock and chance are the test's."""

import hashlib
import io
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from typing import Any
from urllib.parse import urlsplit

import botocore.session
from botocore import UNSIGNED
from botocore.awsrequest import AWSPreparedRequest, AWSResponse, HeadersDict
from botocore.config import Config

from keystead.crypto.attestation import AttestationRoots
from keystead.crypto.material import Sealer
from keystead.model.quotas import ResourceQuotas
from keystead.model.request_quotas import RequestQuotas
from keystead.names import AccountId
from keystead.service.answer import Answer
from keystead.service.authentication import DevRoot
from keystead.service.call import Call
from keystead.service.issuer_keys import Fetch, IssuerKeys, no_network
from keystead.service.managed_keys.making import NotMadeYet
from keystead.service.service import Service
from keystead.service.throttle import Throttle
from keystead.store import Store, open_store
from keystead.wire import sigv4
from keystead.wire.http import HttpRequest

ACCOUNT = "000000000000"
NOW = 1_800_000_123.456
"""2027-01-15T08:02:03.456Z."""

_session = botocore.session.Session()  # its loader remembers the models it has read


class Chance:
    """Bytes that differ from call to call and are the same in every run."""

    def __init__(self) -> None:
        self._counter = count()

    def __call__(self, length: int) -> bytes:
        return hashlib.shake_256(str(next(self._counter)).encode()).digest(length)


class _Body(io.BytesIO):
    def stream(self) -> "_Body":
        return self


@dataclass
class InProcess:
    """A service over a store in memory, and clients for it."""

    random: Any = field(default_factory=Chance)
    now: float = NOW
    fetch: Fetch = no_network
    root_key: bytes = b"\x07" * 32
    quotas: ResourceQuotas = ResourceQuotas()  # noqa: RUF009 (frozen)
    requests: RequestQuotas | None = None
    workers: int = 1
    grant_delay: int = 0
    store: Store = field(default_factory=lambda: open_store(":memory:"))
    attestation_roots: AttestationRoots | None = None

    def __post_init__(self) -> None:
        self.sealer = Sealer(self.root_key)
        self.service = Service(
            store=self.store,
            sealer=self.sealer,
            clock=lambda: self.now,
            random=self.random,
            dev=DevRoot("test", "test", AccountId(ACCOUNT)),
            issuer_keys=IssuerKeys(self.fetch, {}),
            quotas=self.quotas,
            throttle=None if self.requests is None else Throttle(self.requests, self.workers),
            grant_delay=self.grant_delay,
            attestation_roots=self.attestation_roots,
        )

    def client(
        self, service: str, who: Any = ("test", "test"), region: str = "us-east-1", **config: Any
    ) -> Any:
        """A boto3-style client; `config` is botocore's.

        `who` is an access key id and secret, what CreateAccessKey answered, or the Credentials of STS; None
        does not sign.
        """
        credentials = None
        if who is not None:
            named = ("AccessKeyId", "SecretAccessKey", "SessionToken")
            credentials = sigv4.Credentials(
                *(who if isinstance(who, tuple) else (who[name] for name in named if name in who))
            )
        client = _session.create_client(
            service,
            region_name=region,
            endpoint_url="http://keystead.test",
            config=Config(
                signature_version=UNSIGNED,
                retries={"total_max_attempts": 1},
                **{"parameter_validation": False} | config,  # that is the server's to do
            ),
        )

        def send(request: AWSPreparedRequest, **_: Any) -> AWSResponse:
            return self._answer(request, service, credentials, region)

        client.meta.events.register("before-send", send)
        return client

    def _answer(
        self, request: AWSPreparedRequest, service: str, credentials: sigv4.Credentials | None, region: str
    ) -> AWSResponse:
        url = urlsplit(request.url)
        body = request.body or b""
        http = HttpRequest(
            method=request.method,
            path=url.path,
            query=url.query,
            headers={"host": url.netloc}
            | {name.lower(): _text(value) for name, value in request.headers.items()},
            body=body.encode() if isinstance(body, str) else body,
            client="192.0.2.7",
            secure=False,
        )
        timestamp = datetime.fromtimestamp(self.now, UTC).strftime("%Y%m%dT%H%M%SZ")
        if credentials is not None:
            http = sigv4.sign(http, credentials, region, service, timestamp)
        answer = self.answer(http)
        response = answer.response
        return AWSResponse(
            request.url, response.status, HeadersDict(dict(response.headers)), _Body(response.body)
        )

    def answer(self, http: HttpRequest) -> Answer:
        """What the server does with a request: begins it, finishes it and stores its event."""
        self.service.refresh()
        begun = self.service.begin(http, "00000000-0000-4000-8000-000000000000")
        answer = begun if isinstance(begun, Answer) else self._finished(begun)
        if answer.event is not None:
            self.store.append_events([answer.event])
        return answer

    def _finished(self, begun: Call) -> Answer:
        try:
            return self.service.finish(begun)
        except NotMadeYet:
            refused = self.service.make_managed_key(begun) or self.service.decide_again(begun)
            if refused is None and begun.operation.prepare is not None:
                refused = self.service.work(begun)
            return refused or self.service.perform(begun)

    def pass_time(self, seconds: float) -> None:
        """Moves the clock, and does what is due then, as the server does every second."""
        self.now += seconds
        while self.service.run_jobs():
            pass

    def events(self) -> list[dict[str, Any]]:
        """The audit records so far, oldest first."""
        with self.store.read() as tx:
            return [json.loads(event.record) for _, event in tx.events(0, 10_000)]


def _text(value: str | bytes) -> str:
    return value if isinstance(value, str) else value.decode()


def statement(effect: str, action: str, resource: str) -> str:
    """A policy of one statement."""
    only = {"Effect": effect, "Action": action, "Resource": resource}
    return json.dumps({"Version": "2012-10-17", "Statement": [only]})


def allow(iam: Any, user: str, action: str, resource: str) -> None:
    """Puts the inline policy `p`."""
    document = statement("Allow", action, resource)
    iam.put_user_policy(UserName=user, PolicyName="p", PolicyDocument=document)
