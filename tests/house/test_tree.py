"""What is in the tree: no machine's paths, no registry's hosts, and only names that say something."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOCAL = re.compile(
    # Written in pieces, so that this file does not hold what it looks for.
    "|".join(["/" + "work/", "/" + "farm/", "/" + "root/", "/" + r"home/\w", "pypi" + r"\.org"])
    + "|"
    + "|".join(["python" + "hosted", r"registry\." + "npmjs", r"deb\." + "debian", r"/opt/" + "wheels"])
)
VAGUE = {"utils", "util", "helpers", "helper", "manager", "common", "misc"}


def tracked() -> list[Path]:
    """The files git knows or would add; in an unpacked source archive, all that lie there."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    if listing.returncode == 0:
        paths = [ROOT / name for name in listing.stdout.decode().split("\0") if name]
    else:
        paths = [
            p for p in ROOT.rglob("*") if not any(part.startswith(".") for part in p.relative_to(ROOT).parts)
        ]
    return [path for path in paths if path.is_file()]


FILES = tracked()


def test_there_are_files_to_look_at() -> None:
    assert len(FILES) > 50


def test_no_file_names_a_path_of_a_machine_or_a_registry() -> None:
    found = []
    for path in FILES:
        text = path.read_bytes().decode(errors="replace")
        found += [f"{path.relative_to(ROOT)}: {match.group()}" for match in LOCAL.finditer(text)]
    assert found == []


@pytest.mark.parametrize("room", ["src", "tests", "tools", "bench"])
def test_modules_are_called_what_they_hold(room: str) -> None:
    names = {path.stem for path in FILES if path.is_relative_to(ROOT / room) and path.suffix == ".py"}
    assert names
    assert names & VAGUE == set()


def test_no_stray_large_files() -> None:
    large = [str(path.relative_to(ROOT)) for path in FILES if path.stat().st_size > 2 << 20]
    assert large == []
