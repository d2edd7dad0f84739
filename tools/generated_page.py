"""The command line of a tool that writes one page of the documentation."""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

DOCS = Path(__file__).parent.parent / "docs"


def command(tool: str, description: str | None, page: Path, text: Callable[[], str]) -> int:
    """Write the page, or check it; the exit status is 1 if and only if `--check` found a difference.

    `tool` is the path of the tool that a difference asks to run, `description` what it says of itself, `page`
    the file that it writes unless `--output` names another, and `text` makes what that holds.
    """
    parser = argparse.ArgumentParser(
        description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--check", action="store_true", help="write nothing, fail if the page differs")
    parser.add_argument("--output", type=Path, default=page, help="the file to write, or to compare")
    arguments = parser.parse_args()
    if not arguments.check:
        arguments.output.write_text(text(), encoding="utf-8")
        return 0
    if arguments.output.exists() and arguments.output.read_text(encoding="utf-8") == text():
        return 0
    print(f"{arguments.output} differs: run {tool}", file=sys.stderr)
    return 1
