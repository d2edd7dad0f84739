"""Links lead somewhere, and the site's navigation names every page once."""

import re
from pathlib import Path

import pytest
from pages import ROOT, anchors, links, pages

PAGES = pages()


def name(page: Path) -> str:
    return str(page.relative_to(ROOT))


def test_there_are_pages() -> None:
    assert {"README.md", "ARCHITECTURE.md", "docs/index.md"} <= set(map(name, PAGES))


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_links_resolve(page: Path) -> None:
    broken = []
    for target in links(page):
        if re.match(r"https?://|mailto:", target):
            continue
        path, _, fragment = target.partition("#")
        file = (page.parent / path) if path else page
        there = file.exists() and file.resolve().is_relative_to(ROOT)
        if there and fragment and file.suffix == ".md":
            there = fragment in anchors(file)
        if not there:
            broken.append(target)
    assert broken == []


@pytest.mark.parametrize("page", [p for p in PAGES if p.is_relative_to(ROOT / "docs")], ids=name)
def test_pages_of_the_site_link_only_within_it(page: Path) -> None:
    """MkDocs publishes docs/ alone; what lies outside is named, not linked."""
    outside = [
        t
        for t in links(page)
        if t.startswith("../") and not (page.parent / t).resolve().is_relative_to(ROOT / "docs")
    ]
    assert outside == []


def test_the_navigation_names_every_page_once() -> None:
    nav = (ROOT / "mkdocs.yml").read_text().partition("\nnav:\n")[2]
    named = re.findall(r"^ +- [^:\n]+: (\S+\.md)$", nav, re.M)
    there = sorted(str(page.relative_to(ROOT / "docs")) for page in (ROOT / "docs").rglob("*.md"))
    assert sorted(named) == there


def test_the_first_page_of_the_site_links_to_every_other_page() -> None:
    index = ROOT / "docs" / "index.md"
    there = {page.name for page in index.parent.glob("*.md")} - {index.name}
    assert sorted(link for link in links(index) if link.endswith(".md")) == sorted(there)
