"""The file that a review leaves: it can be read, compared by lines, edited, and is kept."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from channelscope import review_file
from channelscope.errors import ConfigError, OutputError
from channelscope.review_file import Decision, Finding, Prediction, ReviewFile, Threshold


def _review(**more: object) -> ReviewFile:
    body = {
        "channelscope_review": 1, "period": "2026Q3", "first": date(2026, 7, 1),
        "last": date(2026, 9, 30), "revision": 1, "data_to": date(2026, 9, 30),
        "currency": "CNY", "basis": "paid_net",
        "figures": {"all": {"sales": 0.1 + 0.2}, "kind:a": {"sales:LX-1": 3.0, "depth": 0.07}},
        "findings": (Finding(rule="sales_drop", store="D1", base="aligned", actual=1.0),),
        "decisions": (
            Decision(id="2026Q3-1", store="D1", metric="sales", at_least=5.0, owner='兰 "B"',
                     look_on=date(2026, 12, 31), what="一行\n两行"),
            Decision(id="2026Q3-2", store="D1", metric="depth", at_most=0.1,
                     look_on=date(2026, 12, 31)),
        ),
        "predictions": (Prediction(store="all", metric="sales", first=date(2026, 10, 1),
                                   last=date(2026, 12, 31), low=1, likely=2, high=3, level=0.8),),
        "thresholds": (Threshold(candidate="S2", rule="stop", metric="sales", side="below",
                                 limit=9.5, unit="money", look_on=date(2026, 11, 1)),),
    }  # fmt: skip
    return ReviewFile(**{**body, **more})


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    told = _review()
    path = review_file.write(told, tmp_path, name="Lanxi 兰溪")
    assert path == tmp_path / "reviews" / "2026Q3.toml"
    assert review_file.read_all(tmp_path) == (told,)
    text = path.read_text("utf-8")
    assert text == review_file.as_text(told, name="Lanxi 兰溪")
    # A figure a line, under the name of its store: two reviews can be compared by their lines.
    lines = text.splitlines()
    assert "[figures.all]" in lines and "depth = 0.07" in lines
    assert [path.name for path in path.parent.iterdir()] == ["2026Q3.toml"]


def test_a_review_is_never_overwritten(tmp_path: Path) -> None:
    path = review_file.write(_review(), tmp_path, name="x")
    path.write_text("mine", encoding="utf-8")
    with pytest.raises(OutputError, match="never overwritten") as refused:
        review_file.write(_review(), tmp_path, name="x")
    assert "--amend" in str(refused.value.advice)
    assert path.read_text("utf-8") == "mine"
    assert len([*path.parent.iterdir()]) == 1


def test_the_newest_revision_counts_and_reviews_are_in_order_of_time(tmp_path: Path) -> None:
    old = _review(period="2025Q4", first=date(2025, 10, 1), last=date(2025, 12, 31))
    for told in (_review(), _review(revision=2, currency="USD"), old):
        review_file.write(told, tmp_path, name="x")
    assert (tmp_path / "reviews" / "2026Q3.r2.toml").is_file()
    found = review_file.read_all(tmp_path)
    assert [(each.period, each.revision) for each in found] == [("2025Q4", 1), ("2026Q3", 2)]
    (tmp_path / "reviews" / "copy.toml").write_text(
        (tmp_path / "reviews" / "2026Q3.r2.toml").read_text("utf-8"), encoding="utf-8"
    )
    with pytest.raises(ConfigError, match="revision 2 of 2026Q3") as refused:
        review_file.read_all(tmp_path)
    assert "2026Q3.r2.toml" in str(refused.value.expected)


def test_a_workspace_without_reviews_has_none(tmp_path: Path) -> None:
    assert review_file.read_all(tmp_path) == ()


@pytest.mark.parametrize(
    ("before", "after", "line_of", "said"),
    [
        ("at_most = 0.1", "at_mots = 0.1", "at_mots", "at_most"),
        ('metric = "depth"', 'metric = "dept"', 'metric = "dept"', "depth"),
        ("at_most = 0.1", "at_most = 0.1\nat_least = 0.2", "[[decisions]]", "exactly one"),
        ("look_on = 2026-12-31\n", 'look_on = "soon"\n', 'look_on = "soon"', "date"),
        ("[[predictions]]", "[[prediction]]", "[[prediction]]", "predictions"),
        ('id = "2026Q3-2"', 'id = "2026Q3-1"', None, "id of its own"),
        ("at_most = 0.1", "at_most = inf", "at_most = inf", "finite"),
        (
            'store = "all"\nmetric = "sales"',
            'store = "all"\nmetric = "salse"',
            'metric = "salse"',
            "sales",
        ),
        ('side = "below"', 'side = "under"', 'side = "under"', "below"),
        ("depth = 0.07", "dept = 0.07", "dept =", "depth"),
        ("last = 2026-09-30", "last = 2026-06-30", None, "first day"),
    ],
)
def test_a_slip_is_told_with_its_line(
    tmp_path: Path, before: str, after: str, line_of: str | None, said: str
) -> None:
    path = review_file.write(_review(), tmp_path, name="x")
    at = path.read_text("utf-8").rindex(before)
    text = path.read_text("utf-8")
    text = text[:at] + text[at:].replace(before, after, 1)
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as refused:
        review_file.read_all(tmp_path)
    fault = refused.value
    told = " ".join(map(str, (fault, fault.where, fault.expected, fault.advice)))
    assert said in told, told
    assert "reviews/2026Q3.toml" in told
    if line_of is not None:
        starts = [n for n, line in enumerate(text.splitlines(), 1) if line.startswith(line_of)]
        assert f"2026Q3.toml:{starts[-1]}" in told, told


def test_what_is_no_toml_is_told_with_its_line(tmp_path: Path) -> None:
    path = review_file.write(_review(), tmp_path, name="x")
    path.write_text(path.read_text("utf-8") + "\nowner = \n", encoding="utf-8")
    with pytest.raises(ConfigError, match="line"):
        review_file.read_all(tmp_path)
