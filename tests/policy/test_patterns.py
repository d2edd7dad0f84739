"""Wildcards: the compiled matcher against the obvious one."""

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keystead.policy.language import patterns
from keystead.policy.language.patterns import ArnForm, compile_arn, compile_glob
from keystead.policy.language.statement import compile_resources
from keystead.policy.language.variables import Template, Variable, fixed, parse_template, resolve


def matches(pattern: str, text: str) -> bool:
    pieces = fixed(parse_template(pattern, variables=False, wildcards=True))
    assert pieces is not None
    return compile_glob(pieces)(text)


def obviously(pattern: str, text: str) -> bool:
    """A regular expression over UTF-16 units, written as one character each."""

    def units(value: str) -> str:
        raw = value.encode("utf-16-le")
        return "".join(chr(0xE000 + raw[i] + raw[i + 1] % 16 * 256) for i in range(0, len(raw), 2))

    parts = [{"*": ".*", "?": "."}.get(one, re.escape(units(one))) for one in pattern]
    return re.fullmatch("".join(parts), units(text), re.DOTALL) is not None


LETTERS = st.sampled_from(["a", "b", ":", "\n", "\U00010400"])
TEXTS = st.lists(LETTERS, max_size=8).map("".join)
PATTERNS = st.lists(LETTERS | st.sampled_from("*?"), max_size=7).map("".join)


@settings(max_examples=400, deadline=None)
@given(PATTERNS, TEXTS)
def test_globs_match_as_the_obvious_ones(pattern: str, text: str) -> None:
    assert matches(pattern, text) is obviously(pattern, text)


LONG = st.lists(st.sampled_from("ab??"), min_size=65, max_size=90).map("".join)


@settings(max_examples=150, deadline=None)
@given(LONG, st.lists(st.sampled_from("ab"), max_size=40).map("".join), st.integers(0, 2), st.booleans())
def test_long_segments_with_holes_match_as_the_obvious_ones(
    segment: str, around: str, rounds: int, broken: bool
) -> None:
    text = around + segment.replace("?", "a") * rounds + around
    if broken:
        text = text.replace("a", "c", 1)
    pattern = f"*{segment}*b*"
    assert matches(pattern, text) is obviously(pattern, text)


SEGMENTS = st.lists(LETTERS | st.just("?"), max_size=5).map("".join)


@settings(max_examples=150, deadline=None)
@given(st.lists(SEGMENTS, min_size=2, max_size=3), st.text("ab:", min_size=1, max_size=8), TEXTS)
def test_long_texts_match_as_short_ones(segments: list[str], again: str, around: str) -> None:
    text = around + again * (600 // len(again)) + around
    for pattern in (
        "*".join(segments),
        "*" + segments[0] + "*" + segments[1],
    ):  # more `*` take the other long
        assert matches(pattern, text) is obviously(pattern, text)


def test_the_steps_of_a_search_are_those_of_the_pattern_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    steps, real = list[str](), patterns._Places._standing
    monkeypatch.setattr(
        patterns._Places, "_standing", lambda places, unit: (steps.append(unit), real(places, unit))[1]
    )
    for segment in ("a" * 30 + "?" * 30 + "b", "a" * 62 + "?b", "a" * 200 + "?" * 200 + "b", "aab", "a?b"):
        pattern = f"*{segment}" * 5 + "*"
        assert not matches(pattern, "a" * 8_000)
        assert matches(pattern, segment.replace("?", "c") * 10 + "a" * 8_000)
        assert 0 < len(steps) < 2 * len(pattern)
        steps.clear()


def test_many_holes_against_a_long_text() -> None:
    """Regression: found by an attacker in November 2026. The search took time by length times holes."""
    assert not matches("*" + "?" * 8_000 + "b*", "a" * 16_000)
    assert matches("*" + "?" * 8_000 + "b*", "a" * 8_000 + "b" + "a" * 8_000)


@settings(max_examples=150, deadline=None)
@given(PATTERNS, TEXTS)
def test_arns_match_part_by_part(pattern: str, text: str) -> None:
    pieces = fixed(parse_template(f"arn:{pattern}", variables=False, wildcards=True))
    assert pieces is not None
    compiled = compile_arn(pieces)
    wanted, given_parts = f"arn:{pattern}".split(":", 5), f"arn:{text}".split(":", 5)
    if len(wanted) < 6:
        assert compiled is ArnForm.NOT_AN_ARN
    else:
        assert not isinstance(compiled, ArnForm)
        expected = len(given_parts) == 6 and all(map(obviously, wanted, given_parts))
        assert compiled(f"arn:{text}") is expected


def test_hostile_patterns_take_no_back_tracking() -> None:
    text = "a" * 8000
    assert not matches("*a" * 2000 + "b", text)
    assert not matches("*a?" * 1000 + "b", text)
    assert matches("*a?" * 1000 + "*", text)


def pieces_of(text: str) -> Template:
    return parse_template(text, variables=True, wildcards=True)


def test_variables() -> None:
    context = {"aws:username": "a*b", "aws:tagkeys": ("x",), "empty:key": ""}
    assert resolve(pieces_of("${aws:UserName}"), context) == ("a*b",)
    assert resolve(pieces_of("${no:key}"), context) is None
    assert resolve(pieces_of("${no:key, 'd'}"), context) == ("d",)
    assert resolve(pieces_of("${ no:key ,'d' }"), context) == ("d",)
    assert resolve(pieces_of("${empty:key, 'd'}"), context) == ("",)
    assert resolve(pieces_of("${aws:TagKeys, 'd'}"), context) is None
    assert resolve(pieces_of("${*}${?}${$}"), context) == ("*?$",)
    assert resolve(pieces_of("${aws:PrincipalTag/cost centre}"), {"aws:principaltag/cost centre": "7"}) == (
        "7",
    )


def test_what_begins_no_variable_is_literal() -> None:
    for text in ("${", "${}", "${a, b}", "$a", "${a", "${a, 'b}"):
        assert pieces_of(text) == (text,)


def test_the_older_language_has_no_variables() -> None:
    assert parse_template("${aws:username}", variables=False, wildcards=True) == ("${aws:username}",)
    assert not any(
        isinstance(piece, Variable) for piece in parse_template("${*}", variables=False, wildcards=True)
    )


def test_a_text_of_dollars_is_read_in_linear_time() -> None:
    assert pieces_of("${a   " * 20_000) == ("${a   " * 20_000,)


def test_a_value_brought_in_many_times_takes_no_time() -> None:
    """Regression: found by the fuzzer. 300 variables of 8,192 characters made a pattern of 2.4 million."""
    many, value = "${aws:username}" * 300, "1" * 8_192
    matcher = compile_resources((f"arn:aws:kms:*:*:{many}*",), excluded=False, variables=True)
    start = time.process_time()
    assert not matcher.matches("arn:aws:kms:us-east-1:111111111111:key/k", {"aws:username": value})
    assert matcher.matches("arn:aws:kms:us-east-1:111111111111:" + "k" * 300, {"aws:username": "k"})
    assert time.process_time() - start < 0.05
