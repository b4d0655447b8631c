"""What is read out of a title: the same size in any spelling, packs, sets, colours, words."""

from __future__ import annotations

import pytest

from channelscope.importers.titles import HAN, LATIN, Said, line_markers, said

NONE: dict[str, str] = {}


def _sizes(text: str, variant: str | None = None) -> dict[str, list[float]]:
    found = said(text, variant, markers=NONE).sizes
    return {dimension: sorted(values) for dimension, values in found.items()}


@pytest.mark.parametrize(
    ("text", "sizes"),
    [
        ("杯 500ml", {"ml": [500]}),
        ("杯０.５L", {"ml": [500]}),
        ("杯 .5 L", {"ml": [500]}),
        ("杯500毫升", {"ml": [500]}),
        ("jug 1.2 litres", {"ml": [1200]}),
        ("bottle 12 fl oz", {"ml": [354.882]}),
        ("bottle 12 oz", {"oz": [12]}),  # of weight or of volume: not said
        ("米桶 1.2kg", {"g": [1200]}),
        ("米桶 10斤", {"g": [5000]}),
        ("锅 24cm", {"cm": [24]}),
        ("锅 240mm", {"cm": [24]}),
        ("盘 8寸", {"inch": [8]}),
        ("桌布 30*40cm", {"cm": [30, 40]}),
        ("桌布 30cm×40cm", {"cm": [30, 40]}),
        ("盒 10x20x30 cm", {"cm": [10, 20, 30]}),
        ("刀具 5件套", {"set": [5]}),
        ("刀具 五件套", {"set": [5]}),
        ("knives 5-piece", {"set": [5]}),
        ("knives set of 5", {"set": [5]}),
        ("马克杯对杯 320ml", {"ml": [320], "set": [2]}),
        ("杯 350ml/500ml", {"ml": [350, 500]}),
        ("iPhone 5s 壳", {}),
        ("mask m50", {}),
        ("No. 5", {}),
    ],
)
def test_sizes(text: str, sizes: dict[str, list[float]]) -> None:
    assert _sizes(text) == sizes


def test_variant_chooses_among_the_sizes_of_the_title() -> None:
    assert _sizes("杯 350ml/500ml 6件套", "颜色分类:米白;容量:500ml") == {"ml": [500], "set": [6]}


@pytest.mark.parametrize(
    ("text", "packs"),
    [
        ("杯 2只装", {2}), ("杯两只装", {2}), ("杯 500ml*2", {2}), ("杯 500mlx2", {2}),
        ("杯 500ml × 2瓶", {2}), ("2*500ml 杯", {2}), ("cups 2-pack", {2}), ("cups pack of 2", {2}),
        ("筷 10双装", {10}), ("杯 单只装", {1}), ("毛巾3入", {3}), ("杯 2只装 *3", {2, 3}),
        ("桌布 30*40cm", set()), ("box 16 pcs", set()), ("杯 2只", set()), ("4x4 吸盘", {4}),
    ],
)  # fmt: skip
def test_packs(text: str, packs: set[int]) -> None:
    assert said(text, markers=NONE).packs == packs


def test_variant_may_count_without_saying_pack() -> None:
    assert said("杯", "规格:2只", markers=NONE).packs == {2}
    assert said("杯 2只装", "1只", markers=NONE).packs == {1}


@pytest.mark.parametrize(
    ("text", "variant", "colours"),
    [
        ("杯 米白色", None, {HAN: {"米white"}}),
        ("杯 米白", None, {HAN: {"米white"}}),
        ("杯", "颜色:红", {HAN: {"red"}}),
        ("杯 深灰色", "浅灰", {HAN: {"light grey"}}),
        ("cup, dark green", None, {LATIN: {"dark green"}}),
        ("红酒杯 银鱼", None, {}),
        ("barred cup", None, {}),
    ],
)
def test_colours(text: str, variant: str | None, colours: dict[str, set[str]]) -> None:
    assert said(text, variant, markers=NONE).colours == colours


def test_words_are_what_is_left() -> None:
    found = said(
        "【新款】青岚不粘平底锅 24cm 2026新款 米白色 · Qinglan Non-stick frying pans, 24 cm (No.7)",
        markers={"青岚": "Q", "qinglan": "Q"},
    )
    assert found.lines == {"Q"}
    assert found.han == "不粘平底锅"
    assert found.latin == "non stick frying pan no"
    assert found.numbers == {"7"}
    assert found.tokens(LATIN) == {"non", "stick", "frying", "pan", "no"}
    assert {"平底", "底锅", "锅"} < found.tokens(HAN)


def test_variant_adds_what_only_it_says() -> None:
    found = said("保温杯", "款式:青岚;型号:ES-30;尺码:XL", markers={"青岚": "Q"})
    assert found.lines == {"Q"}
    assert found.numbers == {"30"}
    assert found.letters == {"xl"}


@pytest.mark.parametrize(
    "text", ["ES-20 scale", "ES20 scale", "scale es 20", "2026新款 ES20 scale"]
)
def test_numbers_of_a_model_in_any_spelling(text: str) -> None:
    found = said(text, markers=NONE)
    assert found.numbers == {"20"}
    assert found.tokens(LATIN) == {"es", "scale"}


def test_a_year_is_a_number_unless_it_says_how_new() -> None:
    assert said("日历 2026", markers=NONE).numbers == {"2026"}
    assert said("杯 2026新款", markers=NONE).numbers == set()


def test_letters_are_sizes_only_alone() -> None:
    assert said("Women's Shorts, S", markers=NONE).letters == {"s"}
    assert said("T恤 加厚", "XL码", markers=NONE).letters == {"xl"}
    assert said("Smart lamp for 5s", markers=NONE).letters == set()


def test_materials_in_either_language() -> None:
    assert said("铸铁锅", markers=NONE).materials == {"cast iron"}
    assert said("Cast-iron wok", markers=NONE).materials == {"cast iron"}
    assert said("304不锈钢 陶瓷", markers=NONE).materials == {"stainless steel", "ceramic"}


def test_signs_that_moved_are_covered_and_those_that_changed_are_not() -> None:
    product = Said(han="骨瓷餐具礼盒")
    assert "".join(product.covered(Said(han="礼盒 骨瓷餐具"))) == "骨瓷餐具礼盒"
    assert "".join(Said(han="深口汤盘").covered(Said(han="浅口汤盘"))) == "口汤盘"
    assert "".join(Said(han="铸铁炒锅").covered(Said(han="铸铁煎锅"))) == "铸铁"


def test_markers_tell_lines_apart() -> None:
    titles = {
        "Pro 专业": ["专业锅 Pro", "专业铲 Pro", "专业盘 Pro"],
        "Kitchen": ["锅 1", "铲 2", "盘 3"],  # its name stands in no title
        "": ["刷 Kitchen"],
    }
    assert line_markers(titles) == {"pro": "Pro 专业", "专业": "Pro 专业"}
    shared = {"Pro": ["Pro pan", "Pro pot"], "Home": ["Home Pro pan", "Home pot"]}
    assert line_markers(shared) == {"home": "Home"}
    assert line_markers({"Pro": ["Pro pan"]}) == {}
