"""The words that titles use for sizes, packs, colours and materials, in Chinese and in English."""

from __future__ import annotations

import re
from collections.abc import Mapping

UNITS: Mapping[str, tuple[str, float]] = {
    **dict.fromkeys(("ml", "毫升", "cc"), ("ml", 1.0)),
    **dict.fromkeys(("l", "升", "公升", "liter", "liters", "litre", "litres"), ("ml", 1000.0)),
    "cl": ("ml", 10.0),
    **dict.fromkeys(("fl oz", "fl. oz", "floz"), ("ml", 29.5735)),
    **dict.fromkeys(("g", "克", "gram", "grams"), ("g", 1.0)),
    **dict.fromkeys(("kg", "千克", "公斤"), ("g", 1000.0)),
    "斤": ("g", 500.0),
    "mg": ("g", 0.001),
    **dict.fromkeys(("lb", "lbs", "磅"), ("g", 453.592)),
    **dict.fromkeys(("oz", "盎司"), ("oz", 1.0)),
    **dict.fromkeys(("cm", "厘米", "公分"), ("cm", 1.0)),
    **dict.fromkeys(("mm", "毫米"), ("cm", 0.1)),
    **dict.fromkeys(("m", "米"), ("cm", 100.0)),
    **dict.fromkeys(("inch", "inches", "英寸", "寸", '"'), ("inch", 1.0)),
    **dict.fromkeys(("w", "瓦"), ("w", 1.0)),
    "mah": ("mah", 1.0),
    "gb": ("gb", 1.0),
    "tb": ("gb", 1000.0),
    "码": ("shoe", 1.0),
    **dict.fromkeys(
        ("件套", "pcs", "pc", "piece", "pieces", "-piece", "-pc", "pc set", "piece set"),
        ("set", 1.0),
    ),
}
"""Unit as printed → dimension and how much of it one is. `set`: parts of one product."""

LETTERS: Mapping[str, str] = {
    **{size: size for size in ("xs", "s", "m", "l", "xl", "xxl", "xxxl")},
    "2xl": "xxl", "3xl": "xxxl", "small": "s", "medium": "m", "large": "l",
    "小号": "s", "中号": "m", "大号": "l",
}  # fmt: skip

NUMERALS: Mapping[str, str] = {
    "一": "1", "二": "2", "两": "2", "三": "3", "四": "4", "五": "5", "六": "6", "七": "7",
    "八": "8", "九": "9", "十": "10",
}  # fmt: skip

COUNTED = "只个件瓶盒袋罐桶包支条双块卷片把套组听枚张"
"""Measure words of what a pack holds."""

HUES: Mapping[str, str] = {
    "红": "red", "橙": "orange", "黄": "yellow", "绿": "green", "青": "cyan", "蓝": "blue",
    "紫": "purple", "粉": "pink", "黑": "black", "白": "white", "灰": "grey", "棕": "brown",
    "褐": "brown", "咖": "brown", "咖啡": "brown", "金": "gold", "银": "silver", "米": "beige",
    "杏": "apricot", "驼": "camel", "卡其": "khaki", "香槟": "champagne", "透明": "clear",
    "原木": "natural",
}  # fmt: skip

SHADES: Mapping[str, str] = {
    "深": "dark ", "浅": "light ", "淡": "light ", "暗": "dark ",
    **{shade: shade for shade in (
        "亮", "米", "奶", "乳", "象牙", "酒", "玫瑰", "玫", "藏", "宝", "天", "天空", "墨", "草",
        "军", "樱花", "雾霾", "香槟", "珍珠", "哑光", "磨砂", "石墨", "薄荷", "牛油果", "湖",
        "孔雀", "砖", "豆沙", "姜", "柠檬", "燕麦", "太空", "月光", "曜石", "橄榄", "海军",
    )},
}  # fmt: skip

ENGLISH_COLOURS: Mapping[str, str] = {
    **{c: c for c in ("red", "orange", "yellow", "green", "cyan", "blue", "purple", "pink", "black",
                      "white", "grey", "brown", "gold", "silver", "beige", "apricot", "camel",
                      "khaki", "champagne", "navy", "ivory", "cream", "charcoal", "teal",
                      "turquoise", "multi", "burgundy", "olive", "mint")},
    "gray": "grey", "golden": "gold",
}  # fmt: skip

MATERIALS: Mapping[str, str] = {
    "铸铁": "cast iron", "cast-iron": "cast iron", "cast iron": "cast iron",
    "不锈钢": "stainless steel", "stainless steel": "stainless steel",
    "stainless": "stainless steel",
    "碳钢": "carbon steel", "carbon steel": "carbon steel", "熟铁": "iron", "精铁": "iron",
    "铝合金": "aluminium", "aluminium": "aluminium", "aluminum": "aluminium",
    "钛": "titanium", "titanium": "titanium", "黄铜": "brass", "brass": "brass",
    "紫铜": "copper", "copper": "copper", "合金": "alloy", "alloy": "alloy",
    "骨瓷": "bone china", "bone china": "bone china", "陶瓷": "ceramic", "ceramic": "ceramic",
    "紫砂": "purple clay", "搪瓷": "enamel", "珐琅": "enamel", "enamel": "enamel",
    "高硼硅玻璃": "glass", "高硼硅": "glass", "玻璃": "glass", "glass": "glass",
    "水晶": "crystal", "crystal": "crystal", "麦饭石": "granite", "granite": "granite",
    "竹纤维": "bamboo fibre", "竹": "bamboo", "bamboo": "bamboo",
    "实木": "wood", "木质": "wood", "榉木": "beech", "胡桃木": "walnut", "橡木": "oak",
    "wooden": "wood", "wood": "wood", "walnut": "walnut", "oak": "oak",
    "塑料": "plastic", "plastic": "plastic", "硅胶": "silicone", "silicone": "silicone",
    "纯棉": "cotton", "全棉": "cotton", "cotton": "cotton", "亚麻": "linen", "linen": "linen",
    "羊毛": "wool", "wool": "wool", "羊绒": "cashmere", "cashmere": "cashmere",
    "真丝": "silk", "桑蚕丝": "silk", "silk": "silk", "涤纶": "polyester",
    "聚酯纤维": "polyester", "polyester": "polyester", "羽绒": "down", "天丝": "lyocell",
    "真皮": "leather", "牛皮": "leather", "leather": "leather", "大理石": "marble",
    "marble": "marble",
}  # fmt: skip

STOP = frozenset({
    "of", "with", "the", "and", "for", "by", "an", "in", "to", "on", "at", "or", "new",
    "包邮", "正品", "新款", "官方", "旗舰店",
})  # fmt: skip
"""Words that name no product."""


def either(words: Mapping[str, object]) -> str:
    """A pattern of all the words, longest first; those in letters only stand alone."""
    ordered = sorted(words, key=lambda word: (-len(word), word))
    return "|".join(
        rf"(?<![a-z]){re.escape(word)}(?![a-z])" if word.isascii() else re.escape(word)
        for word in ordered
    )
