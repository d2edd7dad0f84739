"""What calls on asymmetric and HMAC keys cost: their rate beside Encrypt's, processor time of a signature."""

import base64
import json
import os
import statistics
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256

from bench import workload
from bench.rate import WARMUP, Series, drive
from bench.servers import Server, family, initialise, keystead_serve

TICKS = os.sysconf("SC_CLK_TCK")
RSA = "Sign RSA_2048"
BARE_SIGNATURES = 400
"""A quarter of a second."""

KINDS = {
    "Sign ECC_NIST_P256": ("SIGN_VERIFY", {"SigningAlgorithm": "ECDSA_SHA_256"}),
    "GenerateMac HMAC_256": ("GENERATE_VERIFY_MAC", {"MacAlgorithm": "HMAC_SHA_256"}),
    RSA: ("SIGN_VERIFY", {"SigningAlgorithm": "RSASSA_PKCS1_V1_5_SHA_256"}),
}
"""Operation and key spec: key usage and members of the request."""


def measure(rounds: int, seconds: float) -> dict[str, dict[str, float]]:
    """Runs and prints it; the operations take turns, so that what drifts meets all alike."""
    with (
        tempfile.TemporaryDirectory(prefix="keystead-bench-") as directory,
        keystead_serve(initialise(Path(directory))) as server,
    ):
        caller = workload.set_up(server)
        made = {"Encrypt": workload.calls(server, caller)["Encrypt"]}
        made |= {name: calls(server, caller, name) for name in KINDS}
        return compare(server, caller, made, rounds, seconds)


def calls(server: Server, caller: workload.Caller, name: str) -> list[workload.Call]:
    """Different messages under a new key, whose policy is as that of the caller's key."""
    operation, spec = name.split()
    usage, members = KINDS[name]
    kms = server.client("kms")
    policy = kms.get_key_policy(KeyId=caller.key_arn)["Policy"].replace("kms:Encrypt", f"kms:{operation}")
    key = kms.create_key(KeySpec=spec, KeyUsage=usage, Policy=policy, BypassPolicyLockoutSafetyCheck=True)
    asked = {"KeyId": key["KeyMetadata"]["Arn"], **members}
    messages = (f"the message with the number {n:06}".encode() for n in range(workload.REQUESTS))
    return [
        workload.Call(operation, {}, json.dumps(asked | {"Message": workload.text(one)}).encode(), one)
        for one in messages
    ]


def compare(
    server: Server,
    caller: workload.Caller,
    made: dict[str, list[workload.Call]],
    rounds: int,
    seconds: float,
) -> dict[str, dict[str, float]]:
    """Rates, each as a part of Encrypt's in the same round, and processor microseconds a call."""
    series = {name: Series() for name in made}
    parts: dict[str, list[float]] = {name: [] for name in made}
    spent: dict[str, list[float]] = {name: [] for name in made}
    bare: list[float] = []
    for _ in range(rounds):
        for name, requests in made.items():
            signed = workload.sign(requests, server, caller.credentials)
            before = processor_seconds(server)
            outcome = drive(server, signed, seconds)
            # The calls of the warm-up cost as much as those that are counted.
            whole = (processor_seconds(server) - before) * outcome.elapsed / (outcome.elapsed + WARMUP)
            check(server, caller, requests, outcome.samples)
            series[name].add(outcome)
            spent[name].append(whole / len(outcome.latencies))
            parts[name].append(series[name].rates[-1] / series["Encrypt"].rates[-1])
        bare.append(bare_signature())
    figures = {}
    print(f"{'':<24}{'rate/s':>9}{'part':>8}{'p50 ms':>9}{'p99 ms':>9}{'us a call':>11}")
    for name, one in series.items():
        told = figures[name] = {
            "rate": one.rate,
            "part": statistics.median(parts[name]),
            "p50_ms": one.quantile_ms(0.5),
            "p99_ms": one.quantile_ms(0.99),
            "processor_us": statistics.median(spent[name]) * 1e6,
        }
        print(
            f"{name:<24}{told['rate']:>9.0f}{told['part']:>8.2f}{told['p50_ms']:>9.2f}{told['p99_ms']:>9.2f}"
            f"{told['processor_us']:>11.0f}"
        )
    bare_us = statistics.median(bare) * 1e6
    figures[RSA] |= {"bare_us": bare_us, "bare_ratio": figures[RSA]["processor_us"] / bare_us}
    print(f"{RSA}: the bare library takes {bare_us:.0f} us; ratio {figures[RSA]['bare_ratio']:.2f}")
    return figures


def processor_seconds(server: Server) -> float:
    """Of the server's processes, their own work and the kernel's for them."""
    spent = 0
    for pid in family(server.process.pid):
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        spent += int(fields[11]) + int(fields[12])  # utime and stime, proc(5)
    return spent / TICKS


def bare_signature() -> float:
    """Processor seconds of a signature by the library alone."""
    key = rsa.generate_private_key(65537, 2048)
    key.sign(b"the first is slower", padding.PKCS1v15(), SHA256())
    began = time.process_time()
    for _ in range(BARE_SIGNATURES):
        key.sign(b"the message with the number 000017", padding.PKCS1v15(), SHA256())
    return (time.process_time() - began) / BARE_SIGNATURES


def check(
    server: Server,
    caller: workload.Caller,
    made: Sequence[workload.Call],
    samples: Sequence[tuple[int, bytes]],
) -> None:
    """Ends the bench unless the sampled answers are good: KMSInvalid...Exception ends it too."""
    if made[0].operation == "Encrypt":
        workload.check(server, caller, made, samples)
        return
    kms = server.client("kms")
    for index, answer in samples[:4]:
        asked, told = json.loads(made[index].body), json.loads(answer)
        message = base64.b64decode(asked.pop("Message"))
        if "Mac" in told:
            kms.verify_mac(**asked, Message=message, Mac=base64.b64decode(told["Mac"]))
        else:
            kms.verify(**asked, Message=message, Signature=base64.b64decode(told["Signature"]))
