"""Holm and Benjamini-Hochberg on published and on brute-force figures."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from channelscope.stats.adjustment import benjamini_hochberg, holm

# Benjamini and Hochberg (1995), table 1: fifteen p-values of a thrombolysis study.
THROMBOLYSIS = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240,
                0.4262, 0.5719, 0.6528, 0.7590, 1.0000]  # fmt: skip


def test_the_published_example_rejects_four_by_bh_and_three_by_holm():
    assert (benjamini_hochberg(THROMBOLYSIS) <= 0.05).sum() == 4
    assert (holm(THROMBOLYSIS) <= 0.05).sum() == 3
    assert benjamini_hochberg(THROMBOLYSIS)[:4] == pytest.approx([0.0015, 0.003, 0.0095, 0.035625])
    assert holm(THROMBOLYSIS)[:4] == pytest.approx([0.0015, 0.0056, 0.0247, 0.114])


families = st.lists(st.floats(0, 1), min_size=1, max_size=12)


@given(families)
def test_adjusted_values_keep_the_order_and_are_no_smaller(values):
    p = np.array(values)
    for adjusted in (holm(p), benjamini_hochberg(p)):
        assert (adjusted >= p - 1e-15).all() and (adjusted <= 1).all()
        order = np.argsort(p, kind="stable")
        assert (np.diff(adjusted[order]) >= -1e-12).all()
    assert (holm(p) >= benjamini_hochberg(p) - 1e-12).all()


@given(families)
def test_each_value_is_what_its_definition_says(values):
    p = sorted(values)
    n = len(p)
    by_holm = [min(1.0, max((n - j) * p[j] for j in range(i + 1))) for i in range(n)]
    by_bh = [min(1.0, *(n * p[j] / (j + 1) for j in range(i, n))) for i in range(n)]
    assert holm(p) == pytest.approx(by_holm)
    assert benjamini_hochberg(p) == pytest.approx(by_bh)


def test_what_is_not_tested_is_not_counted_and_rows_stand_alone():
    table = [[0.02, np.nan, 0.03], [0.5, 0.01, 0.04]]
    assert holm(table)[0] == pytest.approx([0.04, np.nan, 0.04], nan_ok=True)
    assert holm(table)[1] == pytest.approx([0.5, 0.03, 0.08])
    assert np.isnan(benjamini_hochberg([np.nan])).all()


@pytest.mark.parametrize("adjust", [holm, benjamini_hochberg])
def test_no_probability_is_an_error(adjust):
    for wrong in (0.5, [0.2, 1.1], [-0.1]):
        with pytest.raises(ValueError, match="p_values"):
            adjust(wrong)
