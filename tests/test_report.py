"""The report opens with no network, shows every result, and leads from it to what made it."""

from __future__ import annotations

import base64
import html
import platform
import re
from typing import TYPE_CHECKING

import pytest

from tests.browser import CHROMIUM, Page
from tests.conftest import ROOT, report_variable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.slow
in_browser = pytest.mark.skipif(
    not CHROMIUM, reason="needs Chromium, which is not installed (Debian: apt-get install chromium)"
)


def plain(markup: str) -> str:
    return html.unescape(re.sub(r"<[^>]*>", "", markup)).strip()


# --- what is in it ------------------------------------------------------------------------------


def test_every_result_has_a_caption_and_a_name_of_its_own(small_report: Path) -> None:
    results = report_variable(small_report, "results")
    assert [path for path, result in results.items() if len(plain(result["caption"])) < 20] == []
    labels = [str(result["labels"]) for result in results.values()]
    assert len(set(labels)) == len(labels) > 5


def test_every_rule_comes_with_the_script_that_it_ran(small_report: Path) -> None:
    texts = {path.read_text().strip() for path in (ROOT / "workflow" / "scripts").glob("*.py")}
    rules = report_variable(small_report, "rules")
    for result in report_variable(small_report, "results").values():
        listing = rules[result["job_properties"]["rule"]]["code"]
        code = re.search(r'<td class="code">(.*)</td>', listing, re.DOTALL)[1]
        assert plain(code) in texts


def test_the_graph_and_the_run_times_have_every_rule(small_report: Path) -> None:
    rules = set(report_variable(small_report, "rules"))
    graph = report_variable(small_report, "rulegraph_spec")["data"]
    assert {node["rule"] for node in graph[0]["values"]} == rules | {"all"}
    times = report_variable(small_report, "runtimes_spec")["data"]["values"]
    assert {job["rule"] for job in times} == rules
    assert all(job["runtime"] > 0 for job in times)


# --- in headless Chromium, to which no name of a host leads anywhere -----------------------------


@pytest.fixture(scope="module")
def page(small_report: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    with Page(tmp_path_factory.mktemp("chromium")) as opened:
        opened.open(small_report)
        yield opened


def open_category(page: Page, name: str) -> list[str]:
    """Click a category in the menu and return the text of each result that it lists."""
    page.evaluate("app.setView({navbarMode: 'menu'})")
    link = f"[...document.querySelectorAll('#app li a')].find(a => a.innerText == '{name}')"
    page.wait(f"!!{link}")
    page.evaluate(f"{link}.click()")
    return page.wait("[...document.querySelectorAll('#app tbody tr')].map(row => row.innerText)")


def click(page: Page, row: int, button: int) -> None:
    """Click the eye (0) or the letter i (1) of a listed result."""
    row_links = f"document.querySelectorAll('#app tbody tr')[{row}].querySelectorAll('a')"
    page.evaluate(f"{row_links}[{button}].click()")


def shown(page: Page) -> str:
    """Return the title of the page that is shown as a result, or the address of the image."""
    if page.wait("document.querySelector('#app iframe, #app .p-3 > img')?.tagName") == "IFRAME":
        return page.in_frame("document.readyState == 'complete' && document.title")
    page.wait("document.querySelector('#app .p-3 > img').naturalWidth > 0")
    return page.evaluate("document.querySelector('#app .p-3 > img').src")


def listed(report: Path) -> dict[str, list[str]]:
    """Return the paths of the results by category."""
    categories = report_variable(report, "categories")
    return {
        name: [p for part in parts.values() for p in part] for name, parts in categories.items()
    }


@in_browser
def test_every_category_lists_all_of_its_results(page: Page, small_report: Path) -> None:
    categories = listed(small_report)
    assert set(categories) == {"Data", "Figures", "Networks", "Study"}
    for name, paths in categories.items():
        rows = open_category(page, name)
        assert len(set(rows)) == len(rows) == len(paths) > 0


@in_browser
def test_every_listed_result_is_shown(page: Page, small_report: Path) -> None:
    results = report_variable(small_report, "results")
    for name, paths in listed(small_report).items():
        wanted = set()
        for path in paths:
            uri = results[path]["data_uri"]
            if path.endswith(".html"):
                text = base64.b64decode(uri.partition("base64,")[2]).decode("utf-8")
                uri = plain(re.search(r"<title>.*?</title>", text)[0])
            wanted.add(uri)
        found = set()
        for row in range(len(open_category(page, name))):
            click(page, row, 0)
            found.add(shown(page))
        assert found == wanted


@in_browser
def test_a_reader_gets_from_a_result_to_its_caption_its_rule_and_its_script(page: Page) -> None:
    open_category(page, "Figures")
    click(page, 0, 1)
    information = page.wait("document.querySelector('#app ul').innerText")
    assert "Two persons are tied in a year" in information
    assert "SNAKEMAKE RULE\nfigure" in information
    # The last letter i is beside the rule's name; the last list is about the rule.
    page.evaluate("[...document.querySelectorAll('#app li span a')].at(-1).click()")
    rule = page.wait("[...document.querySelectorAll('#app ol')].at(-1).innerText")
    assert "data/raw/southern_women/persons.csv" in rule
    assert "results/southern_women/figures/{figure" in rule
    script = page.wait("document.querySelector('#app ol .source')?.innerText")
    assert "from innercircle.joblog import job_log" in script


@in_browser
def test_the_study_is_there_with_its_configuration_and_software(page: Page) -> None:
    assert [row.strip() for row in open_category(page, "Study")] == ["configuration", "software"]
    click(page, 0, 0)
    configuration = page.in_frame("document.querySelector('pre')?.innerText")
    written = (ROOT / "config" / "southern_women.yaml").read_text(encoding="utf-8")
    assert configuration.strip() == written.strip()
    click(page, 1, 0)
    software = page.in_frame("document.querySelector('tbody')?.innerText")
    assert f"CPython {platform.python_version()}" in software
    assert "snakemake\t" in software


@in_browser
def test_the_graph_of_rules_and_the_run_times_are_drawn(page: Page) -> None:
    for view, drawings in (("rulegraph", 1), ("stats", 2)):
        page.evaluate(f"app.setView({{navbarMode: 'menu', content: '{view}'}})")
        page.wait(f"document.querySelectorAll('#app canvas').length == {drawings}")


@in_browser
def test_nothing_fails_and_nothing_is_asked_of_the_network(page: Page, small_report: Path) -> None:
    open_category(page, "Figures")
    click(page, 0, 0)
    shown(page)
    assert page.errors() == []
    foreign = [url for url in page.requests() if not url.startswith("data:")]
    assert set(foreign) == {small_report.resolve().as_uri()}
