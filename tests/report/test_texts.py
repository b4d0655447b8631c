"""The catalogues say the same things, and everything that is asked of them."""

from __future__ import annotations

import re
import string
from collections.abc import Callable
from pathlib import Path

import pytest

from channelscope import assets, registry
from channelscope.contract import TABLES
from channelscope.domain import Basis, Better, Grade, Kind, Outcome, Rung, TimeGrain
from channelscope.mechanisms import CODES
from channelscope.report.language import Language
from channelscope.report.texts import MissingTextError, Texts, catalogue
from channelscope.report.wording import Wording
from channelscope.verdict_rules import CLAIMS, RULES

OVERLAP = ("shown", "not_shown", "unknown")
ROLES = next(c for t in TABLES if t.name == "stores" for c in t.columns
             if c.name == "declared_role").allowed  # fmt: skip
EN, ZH = catalogue(Language.EN), catalogue(Language.ZH)
SOURCE = Path(__file__).parents[2]
SPOKEN = re.compile(r"""["'](?P<key>(?:off|reason|warning|excluded)\.[a-z_0-9]+)["']""")
TEMPLATE_KEY = re.compile(r"""text\([a-z_.]+, ["'](?P<key>[a-z_0-9.]+)["']\)""")


def _placeholders(form: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(form) if name}


def test_both_catalogues_hold_the_same_keys() -> None:
    assert set(EN.forms) == set(ZH.forms)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_no_key_stands_twice_in_a_catalogue(language: str) -> None:
    text = (assets.catalogues() / f"{language}.po").read_text(encoding="utf-8")
    keys = [line for line in text.splitlines() if line.startswith("msgid ")]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize("key", sorted(EN.forms))
def test_both_languages_use_the_same_placeholders(key: str) -> None:
    needed = {frozenset(_placeholders(form)) for form in (*EN.forms[key], *ZH.forms[key])}
    widest = frozenset().union(*needed)
    assert all(widest - form <= {"n", "m"} for form in needed)
    assert _placeholders(EN.forms[key][-1]) == _placeholders(ZH.forms[key][0])


def test_every_chinese_text_is_chinese_where_english_is_words() -> None:
    same = {key for key in EN.forms if EN.forms[key] == ZH.forms[key]}
    allowed = {
        "platform.shopify",
        "column.sku",
        "figure.other.title",
        "finding.price_not_told.detail",
        "finding.price_clash.so_what",
        "finding.price_clash_wide.so_what",
        "matrix.tip_outcome",
    }
    assert {key for key in same if not key.endswith(".short")} <= allowed


@pytest.mark.parametrize("metric", [metric.id for metric in registry.METRICS])
@pytest.mark.parametrize("language", list(Language))
def test_every_metric_has_names_a_reading_and_a_formula(metric: str, language: Language) -> None:
    texts = Texts(catalogue(language))
    for form in ("", ".short", ".reading", ".formula"):
        assert texts.text(f"metric.{metric}{form}")


@pytest.mark.parametrize("metric", registry.METRICS, ids=lambda metric: metric.id)
def test_english_formulas_are_the_registrys(metric: registry.Metric) -> None:
    assert Texts(catalogue(Language.EN)).text(f"metric.{metric.id}.formula") == metric.formula


@pytest.mark.parametrize(
    "key",
    [
        *(f"kind.{kind}" for kind in Kind),
        *(f"mechanism.{code}" for code in (*CODES, "none", "unexplained", "rest")),
        *(f"rung.{rung}" for rung in Rung),
        *(f"grain.{grain}" for grain in TimeGrain),
        *(f"basis.{basis}" for basis in Basis),
        *(f"outcome.{outcome}" for outcome in Outcome),
        *(f"term.{outcome}" for outcome in Outcome),
        *(rule.when for rule in RULES),
        *(f"verdict.{rule.verdict}" for rule in RULES),
        *(f"verdict.{rule.verdict}.short" for rule in RULES),
        *(f"verdict.{rule.verdict}.reason" for rule in RULES if rule.verdict != "price_clash"),
        *(f"verdict.price_clash.reason.overlap_{known}" for known in OVERLAP),
        *(
            f"heading.pair_verdicts.{verdict}{form}"
            for verdict in CLAIMS
            for form in ("", ".groups")
        ),
        *(f"role.{role}" for role in ROLES),
        *(f"better.{better}" for better in Better),
        *(f"grade.{grade}" for grade in Grade),
        *(f"unit.{unit}" for unit in registry.Unit),
        *(f"dimension.{metric.dimension}" for metric in registry.METRICS),
        *(f"off.no_{table.name}" for table in TABLES),
    ],
)
def test_every_word_of_the_glossary_is_in_the_catalogues(key: str) -> None:
    assert key in EN.forms


def test_every_reason_and_warning_of_the_code_and_the_queries_has_a_text() -> None:
    files = [*SOURCE.glob("src/**/*.py"), *SOURCE.glob("queries/**/*.sql")]
    spoken = {match["key"] for path in files for match in SPOKEN.finditer(path.read_text("utf-8"))}
    assert spoken, "the pattern finds nothing: it no longer fits the code"
    assert spoken - set(EN.forms) == set()


def test_every_warning_check_has_a_name() -> None:
    warned = {
        path.stem
        for path in SOURCE.glob("queries/checks/*.sql")
        if "-- severity: warn" in path.read_text("utf-8")
    }
    assert warned
    assert {f"check.{name}" for name in warned} - set(EN.forms) == set()


def test_every_key_a_template_asks_for_exists() -> None:
    files = assets.templates().rglob("*.j2")
    asked = {
        match["key"] for path in files for match in TEMPLATE_KEY.finditer(path.read_text("utf-8"))
    }
    assert len(asked) > 30
    assert {key for key in asked if not key.endswith("_")} - set(EN.forms) == set()


@pytest.mark.parametrize(
    "template",
    sorted({key.split(".")[1] for key in EN.forms if key.startswith("finding.")}),
)
def test_every_finding_says_what_so_what_and_do_what(template: str) -> None:
    for part in ("title", "detail", "so_what", "do_what"):
        assert f"finding.{template}.{part}" in EN.forms


def test_plurals_follow_the_number() -> None:
    texts = Texts(EN)
    assert texts.text("header.stores", n=1) == "1 store"
    assert texts.text("header.stores", n=2) == "2 stores"
    assert Texts(ZH).text("header.stores", n=2) == "2 家店铺"


def test_a_missing_key_is_an_error() -> None:
    with pytest.raises(MissingTextError, match=r"no text for 'metric\.nothing'"):
        Texts(EN).text("metric.nothing")


def test_a_missing_parameter_is_an_error() -> None:
    with pytest.raises(MissingTextError, match="'n'"):
        Texts(EN).text("header.stores")


def test_free_text_platforms_fall_back_to_their_own_name(
    wording: Callable[[str], Wording],
) -> None:
    words = wording("zh")
    assert words.texts.text_or("platform.tmall", "tmall") == "天猫"
    assert words.texts.text_or("platform.corner-shop", "corner-shop") == "corner-shop"


def test_parameters_are_written_as_their_names_say(wording: Callable[[str], Wording]) -> None:
    raw = {
        "stores": ["D1", "D2"], "store": "D2", "level": 81.9, "lo": 80.2, "hi": 83.6,
        "reference": "F1", "rung": "one_piece",
    }  # fmt: skip
    en, zh = wording("en"), wording("zh")
    title = en.message("finding.price_below.title", raw)
    assert title == "D1 and D2 sell identical products below F1, by up to 18.1%"
    detail = en.message("finding.price_below.detail", raw)
    assert detail == "One-piece price: D2 81.9 [80.2, 83.6]; F1 = 100"
    assert zh.message("finding.price_below.title", raw) == "D1 和 D2 同款商品低于 F1，最多低 18.1%"


def test_names_lose_their_capital_inside_an_english_sentence(
    wording: Callable[[str], Wording],
) -> None:
    raw = {"store": "D2", "reference": "F1", "factor": "visitor_days"}
    assert wording("en").message("finding.sales_gap.title", raw).endswith("is visitor-days")
    assert "on visitor-days first" in wording("en").message("finding.sales_gap.do_what", raw)


def test_openings_and_closings_are_named_with_their_store(
    wording: Callable[[str], Wording],
) -> None:
    # S1 opened inside the year before: no bar may say that it was inside the period.
    en, zh = wording("en"), wording("zh")
    assert en.named("factor", "opened:S1") == "S1 opened 2025-09-01"
    assert zh.named("factor", "opened:S1") == "S1 于 2025-09-01 开店"
    assert en.named("factor", "closed:S1") == "S1 closed"
    assert zh.named("factor", "opened:Z9") == "Z9 开店"
    said = en.message("finding.sales_gap.title", {
        "store": "S1", "reference": "F1", "factor": "opened:S1",
    })  # fmt: skip
    assert said.endswith("is S1 opened 2025-09-01"), "an id keeps its capital"


def test_long_lists_of_openings_are_cut(wording: Callable[[str], Wording]) -> None:
    events = [(f"opened:Z{at}", 1e6) for at in range(4)] + [("closed:S1", -2e5)]
    said = wording("en").message("heading.year_bridge.unsure.events",
                                 {"before": "", "change_gap": 3.8e6, "events": events})  # fmt: skip
    assert "Z0 opened (+¥1.00m), Z1 opened (+¥1.00m), Z2 opened (+¥1.00m) and 2 more" in said


def test_long_lists_of_stores_are_cut(wording: Callable[[str], Wording]) -> None:
    stores = "D3+D2+D1+M2+M1+S1"
    assert wording("en").store_list(stores) == "D3, D2, D1 and 3 more"
    assert wording("zh").store_list(stores) == "D3、D2、D1 和另 3 家"


def test_chinese_has_no_space_between_its_own_signs(wording: Callable[[str], Wording]) -> None:
    raw = {"stores": "D3+D2+D1+M2+M1+S1", "reference": "kind:flagship", "level": 82.1}
    title = wording("zh").message("finding.price_below.title", raw)
    assert title == "D3、D2、D1 和另 3 家同款商品低于旗舰店，最多低 17.9%"


def test_groups_are_called_by_the_words_of_their_group(wording: Callable[[str], Wording]) -> None:
    assert wording("en").store("kind:flagship") == "Flagship"
    assert wording("zh").store("platform:pdd") == "拼多多"
    assert wording("en").store("operator:悦居") == "悦居"


def test_a_step_of_the_walk_through_has_a_name(wording: Callable[[str], Wording]) -> None:
    assert wording("en").metric("walkthrough_search") == "Walk-through: search"
    assert wording("zh").metric("walkthrough_unboxing") == "走查：unboxing"
