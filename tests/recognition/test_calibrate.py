"""Probabilities that mean what they say."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recognition.cancela.calibration import FEATURES, Calibration, features, tempered
from recognition.cancela.decoding import decoder
from recognition.reads import certain, text_score
from tests.recognition.test_decode_text import slots_of, with_mass

TEXT = "ABC1D23"


def test_the_shipped_calibration_was_fitted_and_believes_what_is_surer_more() -> None:
    shipped = Calibration.read()
    assert float(shipped.high.max()) < 100  # one that was never fitted holds nothing back
    sure = shipped.probability(features(decoder().decode(slots_of(TEXT, 0.999)), 0.999, 0.6, 120.0))
    torn = decoder().decode(with_mass(slots_of(TEXT, 0.999), 1, "D", 0.48))
    unsure = shipped.probability(features(torn, 0.999, 0.6, 120.0))
    assert 1 > sure > 0.9 > unsure > 0


def test_coefficients_survive_a_file(tmp_path: Path) -> None:
    written = Calibration.unfitted()
    written.write(tmp_path / "calibration.json")
    read = Calibration.read(tmp_path / "calibration.json")
    np.testing.assert_array_equal(read.weights, written.weights)
    np.testing.assert_array_equal(read.low, written.low)
    assert read.bias == written.bias


def test_coefficients_of_other_features_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "calibration.json"
    Calibration.unfitted().write(path)
    kept = json.loads(path.read_text())
    path.write_text(json.dumps(kept | {"features": ["mood"]}))
    with pytest.raises(ValueError, match="of another version: it knows mood"):
        Calibration.read(path)


def test_what_was_never_seen_counts_as_the_furthest_that_was() -> None:
    ones = np.ones(len(FEATURES))
    calibration = Calibration(ones, 0.0, -0.1 * ones, 0.1 * ones)
    assert calibration.probability(50 * ones) == calibration.probability(0.1 * ones)
    assert calibration.probability(-50 * ones) == calibration.probability(-0.1 * ones)


@settings(deadline=None)
@given(st.lists(st.floats(0.3, 0.995), min_size=7, max_size=7), st.floats(0.02, 0.995))
def test_tempered_characters_multiply_to_the_probability(confidences: list[float], probability: float) -> None:
    rows = tempered(TEXT, certain(TEXT, confidences), probability)
    np.testing.assert_allclose(rows.sum(axis=1), 1.0, atol=1e-4)
    assert text_score(TEXT, rows) ** len(TEXT) == pytest.approx(probability, rel=0.05, abs=0.005)


def test_tempering_keeps_the_order_of_the_characters() -> None:
    rows = certain(TEXT, [0.9] * 7)
    rows[2] = 0.5 * rows[2] + 0.5 * certain("G", [0.9])[0]
    changed = tempered(TEXT, rows, 0.3)
    order = np.argsort(rows[2], kind="stable")[-3:]
    np.testing.assert_array_equal(np.argsort(changed[2], kind="stable")[-2:], order[-2:])
