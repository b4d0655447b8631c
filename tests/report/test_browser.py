"""The report in a real browser: accessible, inside its frame, silent, and printable."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unicodedata import normalize

import pytest

playwright_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
axe = pytest.importorskip("axe_playwright_python.base", reason="axe is not installed")
pypdf = pytest.importorskip("pypdf", reason="pypdf is not installed")

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

OPEN_AND_SHORT = """() => {
  document.querySelectorAll('details').forEach(x => x.open = true)
  // rows of a table are all made alike: three of them are as good as a hundred
  document.querySelectorAll('.table tbody tr:nth-child(n+4)').forEach(x => x.remove())
  document.querySelectorAll('details.sql:nth-of-type(n+4)').forEach(x => x.remove())
}"""
TOO_WIDE = """width => [...document.querySelectorAll('main *')]
  .filter(x => !x.closest('.scroll, pre, [hidden], .vh, svg') && x.checkVisibility())
  .filter(x => x.getBoundingClientRect().right > width + 1)
  .map(x => x.outerHTML.slice(0, 80)).slice(0, 5)"""
SIDES = """selector => [...document.querySelectorAll(selector + ' :is(th, td)')]
  .map(x => [getComputedStyle(x).textAlign, x.textContent.trim()])"""
# A line is taller than the ink of its letters, and in some fonts by more: a quarter of it is free.
CUT_LABELS = """() => [...document.querySelectorAll('figure > svg')]
  .filter(svg => svg.checkVisibility())
  .flatMap(svg => { const box = svg.getBoundingClientRect()
    return [...svg.querySelectorAll('text')].filter(text => {
      const own = text.getBoundingClientRect()
      return own.left < box.left - 1 || own.right > box.right + 1
        || own.top < box.top - 3 || own.bottom > box.bottom + 3
    }).map(text => svg.ariaLabel.slice(0, 20) + ': ' + text.textContent) })"""

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"no browser at {CHROMIUM}"),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with playwright_api.sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def path(both: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("report") / "report.html"
    file.write_text(both, encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def decided_path(decision: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("decision") / "report.html"
    file.write_text(decision, encoding="utf-8")
    return file


class _Visit:
    """One fresh page, with everything it tried to load and everything it complained about."""

    def __init__(self, browser: Any, path: Path, *, width: int, lang: str, **options: Any) -> None:
        size = {"width": width, "height": 900}
        self.context = browser.new_context(viewport=size, **options)
        self.page = self.context.new_page()
        self.requests: list[str] = []
        self.errors: list[str] = []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("console", lambda said: self.errors.append(said.text))
        self.page.goto(f"{path.as_uri()}#{lang}-main")

    def __enter__(self) -> Any:
        return self

    def __exit__(self, *_: object) -> None:
        self.context.close()

    @property
    def outside(self) -> list[str]:
        """Everything asked for but the file itself."""
        return [url for url in self.requests if not url.startswith("file://")]


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (1280, "dark"), (390, "light")])
def test_axe_finds_nothing(browser: Any, path: Path, lang: str, width: int, scheme: str) -> None:
    with _Visit(browser, path, width=width, lang=lang, color_scheme=scheme) as visit:
        page = visit.page
        page.evaluate(OPEN_AND_SHORT)
        page.evaluate(axe.AXE_SCRIPT)
        options = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]}
        found = page.evaluate("options => axe.run(document, options)", options)
    told = [
        (rule["id"], [node["target"] for node in rule["nodes"][:3]]) for rule in found["violations"]
    ]
    assert told == []
    assert len(found["passes"]) > 30


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_nothing_runs_out_of_the_frame_and_no_label_is_cut(
    browser: Any, path: Path, lang: str
) -> None:
    with _Visit(browser, path, width=320, lang=lang) as visit:
        page = visit.page
        for width in (320, 390, 760, 761, 1080, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            assert page.evaluate(TOO_WIDE, width) == []
            assert page.evaluate(CUT_LABELS) == []


def test_the_console_is_silent_and_nothing_is_loaded(browser: Any, path: Path) -> None:
    with _Visit(browser, path, width=1280, lang="en") as visit:
        page = visit.page
        page.click("#theme")
        page.click("button[data-set=zh]")
        page.click("#zh-matrix th.sort button")
        page.hover("#zh-matrix td[data-tip]")
        page.wait_for_timeout(200)
        assert visit.errors == []
        assert visit.outside == []


def test_the_language_switch_shows_one_language(browser: Any, path: Path) -> None:
    with _Visit(browser, path, width=1280, lang="en") as visit:
        page = visit.page
        assert page.get_attribute("html", "lang") == "en"
        assert page.locator("h1:visible").count() == 1
        page.click("button[data-set=zh]")
        assert page.get_attribute("html", "lang") == "zh-CN"
        assert page.locator("h1:visible").count() == 1
        assert page.get_attribute("button[data-set=zh]", "aria-pressed") == "true"


def test_a_link_opens_the_query_in_its_language(browser: Any, path: Path) -> None:
    with _Visit(browser, path, width=1280, lang="zh") as visit:
        page = visit.page
        assert page.locator("#zh-main").is_visible() and not page.locator("#en-main").is_visible()
        page.click("#zh-F2\\.1 .source a")
        # The script opens it when the address has changed, a moment after the click.
        page.wait_for_selector("#zh-query-F2\\.1[open]", timeout=5000)
        assert page.locator("#zh-query-F2\\.1").get_attribute("open") is not None


def test_the_matrix_sorts_with_unknown_values_last(browser: Any, path: Path) -> None:
    first, last = "tbody tr:first-child th", "tbody tr:last-child th"
    with _Visit(browser, path, width=1280, lang="en") as visit:
        matrix = visit.page.locator("#en-matrix")
        head = matrix.locator("th.sort").nth(6)
        head.locator("button").click()
        assert head.get_attribute("aria-sort") == "descending"
        assert "F1" in matrix.locator(first).inner_text()
        assert "X1" in matrix.locator(last).inner_text()
        head.locator("button").click()
        assert head.get_attribute("aria-sort") == "ascending"
        assert "D3" in matrix.locator(first).inner_text()
        assert "X1" in matrix.locator(last).inner_text()


def test_columns_of_numbers_stand_to_the_right_and_words_to_the_left(
    browser: Any, path: Path
) -> None:
    with _Visit(browser, path, width=1280, lang="en") as visit:
        sides = visit.page.evaluate(SIDES, "#en-F2\\.1 .table")
    assert {side for side, _ in sides} == {"left", "right"}
    assert {text for side, text in sides if side == "left"} >= {"Store", "F1"}
    assert {text for side, text in sides if side == "right"} >= {"Value", "100.0"}


def test_a_tip_shows_its_text_and_escape_hides_it(browser: Any, path: Path) -> None:
    with _Visit(browser, path, width=1280, lang="en") as visit:
        page = visit.page
        mark = page.locator("#en-F2\\.1 svg.w [data-tip]").first
        mark.scroll_into_view_if_needed()
        mark.hover()
        assert page.locator("#tip").inner_text() == mark.get_attribute("data-tip")
        page.keyboard.press("Escape")
        assert not page.locator("#tip").is_visible()


def test_everything_can_be_read_without_scripts(browser: Any, path: Path) -> None:
    with _Visit(browser, path, width=1280, lang="en", java_script_enabled=False) as visit:
        page = visit.page
        assert page.locator("#en-main").is_visible() and page.locator("#zh-main").is_visible()
        assert page.locator("#en-F2\\.1 svg.w").is_visible()
        assert not page.locator(".tools").is_visible()


def test_the_page_stays_small_enough_for_a_browser(browser: Any, path: Path) -> None:
    with _Visit(browser, path, width=1280, lang="en") as visit:
        # Every metric of the registry has a row for each of nine stores here.
        assert visit.page.evaluate("document.querySelectorAll('.doc[lang=en] *').length") < 12_000


@pytest.mark.parametrize(("lang", "heading"), [("en", "Fivedimensions"), ("zh", "五个维度")])
def test_a4_print_has_the_summary_alone_on_its_first_page(
    path: Path, tmp_path: Path, lang: str, heading: str
) -> None:
    target = tmp_path / "report.pdf"
    subprocess.run(
        [CHROMIUM, "--headless", *FLAGS, f"--user-data-dir={tmp_path / 'profile'}",
         "--no-pdf-header-footer", f"--print-to-pdf={target}", f"{path.as_uri()}#{lang}-main"],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    pages = pypdf.PdfReader(target).pages
    texts = ["".join(normalize("NFKC", page.extract_text()).split()) for page in pages]
    last_row = {"en": "Writeintothecampaigncalendar", "zh": "活动日历中写明"}[lang]
    assert last_row in texts[0]
    assert heading not in texts[0] and heading in texts[1]
    width, height = float(pages[0].mediabox.width), float(pages[0].mediabox.height)
    assert (round(width), round(height)) in {(595, 842), (596, 842)}
    assert len(pages) <= 24


@pytest.mark.parametrize(("lang", "scheme"), [("en", "light"), ("zh", "dark")])
def test_a_decision_is_accessible_and_stays_inside_its_frame(
    browser: Any, decided_path: Path, lang: str, scheme: str
) -> None:
    with _Visit(browser, decided_path, width=390, lang=lang, color_scheme=scheme) as visit:
        page = visit.page
        for width in (320, 390, 760, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            assert page.evaluate(TOO_WIDE, width) == []
            assert page.evaluate(CUT_LABELS) == []
        page.evaluate(OPEN_AND_SHORT)
        page.evaluate(axe.AXE_SCRIPT)
        options = {"runOnly": TAGS}
        found = page.evaluate("options => axe.run(document, options)", options)
        assert [one["id"] for one in found["violations"]] == []
        assert visit.errors == [] and visit.outside == []
