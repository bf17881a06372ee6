"""Pages about a ruleset say everything and show any text as text; what is generated is fresh."""

from __future__ import annotations

import html
import re
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from syrupy.assertion import SnapshotAssertion

from tests.builders import ruleset
from tests.ruleset.small import MAIN, folder
from vsoko_rules.generated import documentation
from vsoko_rules.ruleset.docs import code, fenced, link, number, pages
from vsoko_rules.ruleset.load import load_folder
from vsoko_rules.ruleset.requirements import Wording
from vsoko_rules.templates import markdown

DOCS = Path(__file__).parents[2] / "docs"
GENERATED = ("schema", "rulesets")
PAGES = pages(ruleset())
RENDER = MarkdownIt("commonmark").enable("table")


def test_what_is_generated_is_fresh(snapshot: SnapshotAssertion) -> None:
    """`docs/schema` and `docs/rulesets` hold what the rulesets give now; `--snapshot-update` writes them anew."""
    wanted = documentation()
    if snapshot.session.update_snapshots:
        for old in found():
            (DOCS / old).unlink()
        for path, text in wanted.items():
            (DOCS / path).parent.mkdir(parents=True, exist_ok=True)
            (DOCS / path).write_text(text, encoding="utf-8", newline="\n")
    assert found() == sorted(wanted)
    stale = [path for path, text in wanted.items() if (DOCS / path).read_bytes() != text.encode()]
    assert not stale, "run: pytest tests/ruleset/test_docs.py --snapshot-update"


def found() -> list[str]:
    files = (p for folder_ in GENERATED for p in (DOCS / folder_).rglob("*") if p.is_file())
    return sorted(p.relative_to(DOCS).as_posix() for p in files)


def test_pages_do_not_change_from_run_to_run() -> None:
    assert pages(ruleset()) == PAGES


def test_there_is_a_page_for_each_block_and_links_lead_to_pages() -> None:
    assert set(PAGES) == {
        "index.md",
        "requirements.md",
        "rules.md",
        "advice.md",
        "cues.md",
        "origins.md",
        *(f"blocks/{block}.md" for block in ruleset().blocks),
    }
    for path, text in PAGES.items():
        for target in re.findall(r"\]\(([^<)#]+)", text):
            joined = (Path(path).parent / target).as_posix()
            assert str(Path(joined)).replace("blocks/../", "") in PAGES, (path, target)


def shown(text: str) -> str:
    """The text that a page shows, spaces alike."""
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", RENDER.render(text))).split())


def plain(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("block", list(ruleset().blocks))
def test_a_block_page_tells_all_of_its_elements(block: str) -> None:
    page = shown(PAGES[f"blocks/{block}.md"])
    for e in ruleset().elements.values():
        if e.block == block:
            told = [f"{e.id}. {e.title}", e.kind, e.example, e.note, *e.data_sources, *e.sources]
            told += [ruleset().addressees[a].dative for a in e.addressees]
            told += [ruleset().requirements[q].title for q in e.requires]
            told += [text for v in e.variants for text in (v.title, v.note)]
            for text in told:
                assert text is None or plain(text) in page, (e.id, text)
    for (home, _), advice in ruleset().advice.items():
        if home == block:
            assert plain(advice.signs) in page
            assert plain(advice.cites) in page


def test_examples_are_never_shown_as_norms() -> None:
    page = PAGES["blocks/B1.md"]
    elements = [e for e in ruleset().elements.values() if e.block == "B1"]
    examples = [text for e in elements for text in (e.example, *(v.example for v in e.variants)) if text]
    assert page.count("**Пример** (не норма): ") == len(examples)


def texts_of(wording: Wording | None) -> tuple[str, ...]:
    if wording is None:
        return ()
    return (wording.fault, wording.why, wording.example, *wording.mend.steps, *filter(None, [wording.note]))


def test_the_pages_tell_every_rule_every_advice_and_every_source() -> None:
    rules, requirements = shown(PAGES["rules.md"]), shown(PAGES["requirements.md"])
    advice, index = shown(PAGES["advice.md"]), shown(PAGES["index.md"])
    for rule in ruleset().rules.values():
        for text in (rule.id, rule.name, *texts_of(ruleset().wordings.get(rule.id))):
            assert plain(text) in rules, (rule.id, text)
    for requirement in ruleset().requirements.values():
        for text in (*texts_of(requirement), *texts_of(requirement.open_addressee)):
            assert plain(text) in requirements, (requirement.id, text)
    for a in ruleset().advice.values():
        for text in filter(None, [a.no_document, a.requirements, a.not_based, a.dated_before, a.sample]):
            assert plain(text) in advice, (a.block, a.stage)
    for source in ruleset().sources.values():
        assert plain(source.title) in index
        if source.address is not None:
            linked = f"(<{source.address}>)" if source.address.startswith("http") else f"({source.address})"
            assert linked in PAGES["index.md"]


def test_the_index_says_how_the_level_is_found_and_that_it_is_proposed() -> None:
    index = shown(PAGES["index.md"])
    scoring = ruleset().content.cycle
    assert scoring is not None
    for value in (scoring.complete, scoring.remarked, scoring.broken, scoring.scattered):
        assert number(value) in index
    for level in ruleset().levels:
        assert level.title in index
    assert "предложено" in index


def test_the_settled_contradiction_stands_where_it_applies() -> None:
    for block in ("B3", "B4", "B5", "B6"):
        assert "противоречие" in PAGES[f"blocks/{block}.md"]


def test_numbers_have_a_decimal_comma() -> None:
    assert [number(Decimal(n)) for n in ("0.25", "3", "100", "1.50", "1E+2")] == ["0,25", "3", "100", "1,5", "100"]


SPECIAL = "\\`*_{}[]()#+-.!|<>&~=:\"' 12"


@given(st.text(st.sampled_from(SPECIAL + "абв\n") | st.characters(categories=["L", "N", "P", "S"]), min_size=1))
def test_any_text_is_shown_as_it_is(text: str) -> None:
    made = markdown(text).strip(" ")
    line = re.sub(r"\s+", " ", text).strip(" ")
    for around in ("{}", "- {}", "1. {}", "Слово {}"):
        page = RENDER.render(around.format(made))
        if line:
            assert not re.search(r"<(?!/?(p|ul|ol|li)\b)", page), page
            assert shown(around.format(made)).removeprefix("Слово ") == plain(line)


@given(st.text(st.sampled_from(SPECIAL + "абв"), min_size=1))
def test_any_text_stays_in_its_cell(text: str) -> None:
    page = RENDER.render(f"| a | b |\n|---|---|\n| {markdown(text)} | {code('x')} |\n")
    assert page.count("<td>") == 2
    assert not re.search(r"<(?!/?(table|thead|tbody|tr|th|td|code)\b)", page)


@given(st.text(st.sampled_from("`абв <>&|"), min_size=1).filter(str.strip))
def test_any_text_stays_in_its_code_span(text: str) -> None:
    page = RENDER.render(code(text))
    assert page.count("<code>") == 1
    assert plain(text) == plain(html.unescape(re.sub(r"</?(p|code)>", "", page)))


def test_a_fence_is_longer_than_any_inside() -> None:
    assert RENDER.render(fenced("a\n```\nb\n````", "text")).count("<pre>") == 1


@pytest.mark.parametrize("address", ["javascript:alert(1)", "http://a b", "https://x>y", "ftp://x", "", None])
def test_only_web_addresses_become_links(address: str | None) -> None:
    assert link("Текст [x]", address) == "Текст \\[x\\]"


def test_a_web_address_becomes_a_link() -> None:
    page = RENDER.render(link("Текст", "https://school.example/путь_(1)?a=1&b=2"))
    assert page.startswith('<p><a href="https://school.example/')
    assert page.count("<a ") == 1


def test_hostile_text_of_a_ruleset_stays_text(tmp_path: Path) -> None:
    hostile = "'<script>alert(1)</script> | [x](javascript:1) ``` {{ 7*7 }}'"
    text = MAIN.replace("title: Приказ\n", f"title: {hostile}\n").replace("name: Документ заполнен", f"name: {hostile}")
    for path, page in pages(load_folder(folder(tmp_path, ruleset=text))).items():
        made = RENDER.render(page)
        assert "<script" not in made, path
        assert "javascript" not in "".join(re.findall(r'href="[^"]*"', made))
        assert "49" not in made
