"""A candidate's toml: the template reads back, and every fault is told with its place."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from channelscope import candidate_file
from channelscope.candidate import Candidate, Guess
from channelscope.errors import ConfigError, UsageError
from tests.decision.candidates import BASE, values


def _told(tmp_path: Path, text: str) -> str:
    path = tmp_path / "p.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        candidate_file.read(path)
    return str(caught.value)


def _edited(*changes: tuple[str, str]) -> str:
    text = candidate_file.template()
    for before, after in changes:
        assert before in text, before
        text = text.replace(before, after, 1)
    return text


def test_the_template_is_a_candidate_with_every_key(tmp_path: Path) -> None:
    path = tmp_path / "p.toml"
    path.write_text(candidate_file.template(), encoding="utf-8")
    found = candidate_file.read(path)
    assert found.store_id == "P1" and found.demand.visitors.word == "as_nearest"
    assert found.losses.at_full_overlap.low < found.losses.at_full_overlap.high
    assert found.platform_fees.source and found.platform_fees.as_of
    lines = candidate_file.template().splitlines()
    keys = {line.lstrip("# ").partition(" =")[0] for line in lines}
    sections = (field.annotation for field in Candidate.model_fields.values())
    for model in (Candidate, *(one for one in sections if one is not Guess)):
        for name in getattr(model, "model_fields", {}):
            assert name in keys or f"[{name}]" in "".join(lines) or f"[{name}." in "".join(lines)


def test_what_is_missing_is_named_with_what_it_means(tmp_path: Path) -> None:
    said = _told(tmp_path, _edited(("commission = 0.05", "# commission = 0.05"),
                                   ("deposit = 50000", "# deposit = 50000")))  # fmt: skip
    assert "has 2 faults" in said
    assert "platform_fees.commission: lacks 'commission'" in said
    assert "expected: part of sales" in said and "given back at the end" in said


def test_contradicting_ranges_wrong_words_and_misspelt_keys_are_told_at_once(
    tmp_path: Path,
) -> None:
    said = _told(tmp_path, _edited(
        ("low = 0.4, likely = 0.7, high = 1.0", "low = 0.8, likely = 0.7, high = 1.0"),
        ('conversion = "as_nearest"', 'conversion = "as_neerest"'),
        ("content = 3000", "contnt = 3000"),
        ("fulfilment = 9.5", "fulfilment = -9.5"),
    ))  # fmt: skip
    assert "low at most likely, likely at most high, not 0.8, 0.7, 1" in said
    assert "'as_neerest' is not allowed" in said and "or as_nearest" in said
    assert "unknown key 'contnt'" in said and "did you mean 'content'?" in said
    assert "lacks 'content'" in said and "from 0 on" in said
    assert all(f"p.toml:{line}" in said for line in _lines_of(said))


def _lines_of(said: str) -> list[str]:
    import re  # noqa: PLC0415

    return re.findall(r"p\.toml:(\d+)", said)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"goods": {"skus": ["a"], "category_shares": {"x": 1.0}, "exclusive_share": 0}},
         "exactly one of skus and category_shares"),
        ({"goods": {}}, "exactly one of skus and category_shares"),
        ({"goods": {"category_shares": {"x": 0.5, "y": 0.4}, "exclusive_share": 0}}, "add up to 1"),
        ({"goods": {"category_shares": {"x": 1.0}}}, "exclusive_share beside category_shares"),
        ({"goods": {"skus": ["a", "a"]}}, "every product once"),
        ({"goods": {"skus": ["a"], "exclusive_share": 0.1}}, "no exclusive_share beside skus"),
        ({"price": {}}, "exactly one of level and prices"),
        ({"price.level": True}, "low, likely and high"),
        ({"price.level": 0}, "from 1e-09 on"),
        ({"demand.price_elasticity": 0.5}, "to 0"),
        ({"policy": {"open_probability": 0.4, "pilot_probability": 0.6}}, "at most open"),
        ({"promotions": [{"mechanism": "nothing", "benefit_kind": "rate", "benefit": 0.1}]},
         "one of markdown"),
        ({"promotions": [{"mechanism": "markdown", "benefit_kind": "rate", "benefit": 10}]},
         "a rate is the part taken off"),
        ({"promotions": [{"mechanism": "coupon_shop", "benefit_kind": "amount", "benefit": 10,
                          "threshold_kind": "amount"}]}, "a threshold of the kind 'amount'"),
    ],
)  # fmt: skip
def test_a_candidate_does_not_contradict_itself(changes: dict[str, Any], expected: str) -> None:
    from pydantic import ValidationError  # noqa: PLC0415

    with pytest.raises(ValidationError, match=expected):
        Candidate.model_validate(values(changes))


def test_a_number_a_value_with_its_source_and_a_range_are_the_same_kind_of_thing() -> None:
    def staff(value: Any) -> Any:
        return Candidate.model_validate(values({"costs.staff": value})).costs.staff

    assert staff(5).low == staff(5).high == staff({"value": 5, "source": "offer"}).likely == 5
    assert staff({"value": 5, "source": "offer", "owner": "Ann"}).owner == "Ann"
    assert staff(BASE["costs"]["staff"]).high == 8000


def test_a_file_that_is_not_there_or_no_toml_is_said(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there is no such file") as caught:
        candidate_file.read(tmp_path / "no.toml")
    assert "init --candidate" in str(caught.value)
    assert "is not toml" in _told(tmp_path, "store_id =")
    (tmp_path / "p.toml").write_bytes(b"name = '\xff\xfe'")
    with pytest.raises(ConfigError, match="is not utf-8"):
        candidate_file.read(tmp_path / "p.toml")


def test_the_shipped_template_is_the_file_of_the_repository() -> None:
    assert tomllib.loads(candidate_file.template())["platform_fees"]["as_of"]
