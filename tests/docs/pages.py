"""The pages of the documentation: Markdown files, their links, headings and fenced blocks."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]

_FENCE = re.compile(
    r"^(?P<indent> *)(?P<ticks>```+)(?P<language>[\w-]*)[^\n]*\n(?P<text>.*?)^(?P=indent)(?P=ticks) *$",
    re.M | re.S,
)
_HEADING = re.compile(r"^#{1,6} +(.+?) *#*$", re.M)
_LINK = re.compile(r"(?<!!)\[[^\]\n]*\]\((?P<target>[^)\s]+)(?: \"[^\"]*\")?\)")


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block: its language tag, its text, and the line it starts on."""

    language: str
    text: str
    line: int


def pages() -> list[Path]:
    """Every page that people read: at the root, in docs/, and the READMEs of other folders."""
    found = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]
    for folder in ("bench", "vectors", "tests", "tools"):
        found += ROOT.glob(f"{folder}/**/*.md")
    return sorted(found)


def blocks(page: Path) -> Iterator[Block]:
    """The fenced blocks of a page, in order."""
    text = page.read_text()
    for fence in _FENCE.finditer(text):
        indent = len(fence["indent"])
        body = "".join(line[indent:] or "\n" for line in fence["text"].splitlines(keepends=True))
        yield Block(fence["language"], body, text.count("\n", 0, fence.start()) + 1)


def links(page: Path) -> list[str]:
    """The targets of a page's links, those in code excepted."""
    prose = re.sub(r"`[^`\n]*`", "", _FENCE.sub("", page.read_text()))
    return [link["target"] for link in _LINK.finditer(prose)]


def anchors(page: Path) -> set[str]:
    """The fragments that a link to the page may have."""
    return {anchor(heading) for heading in _HEADING.findall(_FENCE.sub("", page.read_text()))}


def anchor(heading: str) -> str:
    """The fragment of a heading, as GitHub and MkDocs both make it for plain words."""
    kept = re.sub(r"[^\w\s-]", "", heading.lower())
    return re.sub(r"[\s]+", "-", kept.strip())
