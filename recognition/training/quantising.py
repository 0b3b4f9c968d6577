"""Networks in whole numbers of eight bits: a quarter of the size, and on processors about half of the time."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from onnxruntime.quantization import CalibrationDataReader, CalibrationMethod, QuantFormat, QuantType, quantize_static
from onnxruntime.quantization.shape_inference import quant_pre_process

Feed = dict[str, NDArray[np.float32]]


class Feeds(CalibrationDataReader):  # type: ignore[misc]
    """What the network is shown, to see which range of numbers each layer needs."""

    def __init__(self, feeds: Iterable[Feed]) -> None:
        self._rest: Iterator[Feed] = iter(feeds)

    def get_next(self) -> Feed | None:
        return next(self._rest, None)


def quantise(
    exact: Path, small: Path, feeds: Iterable[Feed], *, only: tuple[str, ...] = (), but: tuple[str, ...] = ()
) -> None:
    """Write `small` from `exact`, a scale for each channel: `only` these kinds of nodes, `but` not those so named."""
    prepared = small.with_suffix(".prepared")
    quant_pre_process(str(exact), str(prepared), skip_symbolic_shape=True)
    quantize_static(
        str(prepared),
        str(small),
        Feeds(feeds),
        quant_format=QuantFormat.QDQ,
        per_channel=True,
        activation_type=QuantType.QUInt8,
        weight_type=QuantType.QInt8,
        calibrate_method=CalibrationMethod.MinMax,
        op_types_to_quantize=list(only) or None,
        nodes_to_exclude=list(but),
    )
    prepared.unlink()
