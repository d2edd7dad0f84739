"""The page of the Python API names what is exported, all of it and nothing else."""

import re
import subprocess
import sys

import pytest
from pages import ROOT

from keystead import policy
from keystead.policy import simulate

PAGE = (ROOT / "docs" / "policy-api.md").read_text("utf-8")
TABLES = PAGE.partition("## Every name\n")[2].partition("What `keystead.policy.simulate` exports.")


@pytest.mark.parametrize(
    ("table", "exported"),
    [(TABLES[0], policy.__all__), (TABLES[2], simulate.__all__)],
    ids=["policy", "simulate"],
)
def test_the_page_lists_every_exported_name_once(table: str, exported: list[str]) -> None:
    rows = re.findall(r"^\| (`[^|]*) \|", table, re.M)
    named = [name for row in rows for name in re.findall(r"`(\w+)`", row)]
    assert sorted(named) == sorted(exported)


@pytest.mark.parametrize("module", [policy, simulate])
def test_every_exported_name_is_there_and_says_what_it_is(module: object) -> None:
    for name in module.__all__:  # type: ignore[attr-defined]  # both modules have it
        value = getattr(module, name)
        if callable(value) and hasattr(value, "__module__") and value.__module__.startswith("keystead."):
            assert value.__doc__, name


def test_the_library_imports_nothing_but_itself_and_the_standard_library() -> None:
    program = "import sys; before = set(sys.modules); import keystead.policy, keystead.policy.simulate; "
    program += "print(*sorted(set(sys.modules) - before))"
    printed = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    ).stdout
    for name in printed.split():
        top, _, rest = name.partition(".")
        if top == "keystead":
            assert rest in ("", "names", "policy") or rest.startswith("policy.")
        else:
            assert top in sys.stdlib_module_names
