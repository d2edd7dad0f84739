"""Any text as a policy gives a tree or findings, any request a decision, each within 50 ms of CPU time.

Five seconds for each of two seeds; `make fuzz` takes an hour and other seeds (`KEYSTEAD_FUZZ_SECONDS`,
`KEYSTEAD_SEED`).
"""

import os

import fuzz
import pytest

from keystead.policy import Malformed, PolicyKind, parse_policy

SECONDS = float(os.environ.get("KEYSTEAD_FUZZ_SECONDS", "5"))
FIRST_SEED = int(os.environ.get("KEYSTEAD_SEED", "0"))


@pytest.mark.parametrize("seed", range(FIRST_SEED, FIRST_SEED + 2))
def test_any_text_is_answered_in_time(seed: int, capsys: pytest.CaptureFixture[str]) -> None:
    def tell(text: str) -> None:
        with capsys.disabled():
            print(f"\nfuzz, seed {seed}: {text}", end="", flush=True)

    tally = fuzz.run(SECONDS, seed, tell)
    tell(str(tally))
    assert tally.policies > 0
    assert set(tally.decisions) == {"allow", "deny"}


def test_what_should_not_be_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fuzz, "parse_policy", lambda text, kind: Malformed(()))
    with pytest.raises(fuzz.Found, match="seed 0, round 0: 0 findings"):
        fuzz.run(1, 0)


def test_more_ink_than_a_policy_can_have_is_refused_and_white_space_is_not() -> None:
    statement = '{"Effect":"Allow","Action":"*","Resource":"*"}'
    blank = '{"Statement":' + " \n" * 60_000 + statement + "}"
    assert not isinstance(parse_policy(blank, PolicyKind.IDENTITY), Malformed)
    for text in ('{"Statement":[' + ",".join([statement] * 800) + "]}", " " * 140_000):
        assert isinstance(parse_policy(text, PolicyKind.IDENTITY), Malformed)
