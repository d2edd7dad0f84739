"""A page that a tool writes is what the tool writes today."""

import subprocess
import sys
from pathlib import Path

import pytest
from pages import ROOT

TOOLS = {"generate_condition_keys.py": "condition-keys.md", "generate_key_states.py": "key-states.md"}

each = pytest.mark.parametrize("tool", TOOLS)


def run(tool: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "tools" / tool), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@each
def test_the_committed_page_is_what_the_tool_writes(tool: str) -> None:
    checked = run(tool, "--check")
    assert checked.returncode == 0, checked.stderr


@each
def test_check_fails_when_the_page_differs_and_writes_nothing(tool: str, tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    assert run(tool, "--check", "--output", str(page)).returncode == 1
    assert not page.exists()
    changed = (ROOT / "docs" / TOOLS[tool]).read_text("utf-8") + "\n"
    page.write_text(changed, "utf-8")
    checked = run(tool, "--check", "--output", str(page))
    assert checked.returncode == 1
    assert f"run tools/{tool}" in checked.stderr
    assert page.read_text("utf-8") == changed


@each
def test_the_tool_writes_the_page_anew(tool: str, tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    assert run(tool, "--output", str(page)).returncode == 0
    assert page.read_text("utf-8") == (ROOT / "docs" / TOOLS[tool]).read_text("utf-8")


def test_every_page_that_names_its_tool_is_checked_here() -> None:
    written = {page.name for page in ROOT.glob("docs/*.md") if "is written by" in page.read_text("utf-8")}
    assert written == set(TOOLS.values())
