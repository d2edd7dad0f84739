"""The page of key states is what its tool writes today."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
TOOL = ROOT / "tools" / "generate_key_states.py"


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(TOOL), *arguments], capture_output=True, text=True, check=False
    )


def test_the_committed_page_is_what_the_tool_writes() -> None:
    checked = run("--check")
    assert checked.returncode == 0, checked.stderr


def test_check_fails_when_the_page_differs_and_writes_nothing(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    assert run("--check", "--output", str(page)).returncode == 1
    assert not page.exists()
    page.write_text((ROOT / "docs" / "key-states.md").read_text("utf-8") + "\n", "utf-8")
    checked = run("--check", "--output", str(page))
    assert checked.returncode == 1
    assert "run tools/generate_key_states.py" in checked.stderr
