"""From trained weights to the file that the engine loads: ONNX, in whole numbers of eight bits where that is faster."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import onnx
import onnx.numpy_helper
import torch
from numpy.typing import NDArray

from recognition.cancela.finder import blocks, fitted
from recognition.training.finder.network import FinderNetwork
from recognition.training.finder.pictures import Picture
from recognition.training.quantising import Feed, quantise

OPSET = 17
NAMES = ["small", "large"]
CALIBRATION = 160  # pictures
HEADS = ("/small/small.1/Conv", "/large/large.1/Conv")  # the last layer of each stays exact


def export(network: FinderNetwork, pictures: list[Picture], work: Path) -> Path:
    """Write `work`/finder-float.onnx and, quantised, `work`/finder.onnx; answer the latter."""
    exact, small = work / "finder-float.onnx", work / "finder.onnx"
    export_exact(network, exact)
    quantise(exact, small, _feeds(pictures), but=HEADS)
    take_bytes(small)
    return small


def export_exact(network: FinderNetwork, path: Path) -> None:
    """In single precision, numbers 0..1 for pixels in `blocks`, for any height and width that are multiples of 32."""
    network.eval()
    free = {2: "height", 3: "width"}
    torch.onnx.export(
        network,
        (torch.zeros(1, 3, 320, 416),),
        str(path),
        input_names=["picture"],
        output_names=NAMES,
        dynamic_axes={"picture": free, **{name: {2: f"{name}_rows", 3: f"{name}_columns"} for name in NAMES}},
        opset_version=OPSET,
        dynamo=False,
    )
    fold_stem(path)


def _feeds(pictures: list[Picture]) -> Iterator[Feed]:
    """Training pictures as the engine will prepare them, evenly out of all sets."""
    for index in np.random.default_rng(0).permutation(len(pictures))[:CALIBRATION]:
        yield {"picture": blocks(fitted(pictures[index].levels[0])[0]).astype(np.float32) / np.float32(255)}


def fold_stem(path: Path) -> None:
    """Rewrite the first convolution (3 × 3 at stride 2) as the same sum over `blocks`: 2 × 2 at stride 1, 12 channels.

    A convolution of eight bits over three channels spends its time on gathering three bytes at a time; over blocks it
    takes half as long, and the result is the same.
    """
    model = onnx.load(path)
    graph = model.graph
    first = next(node for node in graph.node if "picture" in node.input)
    kernel = next(value for value in graph.initializer if value.name == first.input[1])
    folded = folded_kernel(onnx.numpy_helper.to_array(kernel))
    kernel.CopyFrom(onnx.numpy_helper.from_array(folded, kernel.name))
    changed = {"kernel_shape": [2, 2], "strides": [1, 1], "pads": [1, 1, 0, 0]}
    for attribute in first.attribute:
        if attribute.name in changed:
            attribute.ints[:] = changed[attribute.name]
    graph.input[0].type.tensor_type.shape.dim[1].dim_value = folded.shape[1]
    onnx.checker.check_model(model)
    onnx.save(model, path)


def folded_kernel(kernel: NDArray[np.float32]) -> NDArray[np.float32]:
    """made × 3 × 3 × 3 as made × 12 × 2 × 2; see `blocks` for the order of the channels."""
    folded = np.zeros((kernel.shape[0], 12, 2, 2), np.float32)
    for row, column in np.ndindex(3, 3):
        (above, down), (before, across) = divmod(row - 1, 2), divmod(column - 1, 2)
        channel = (down * 2 + across) * 3
        folded[:, channel : channel + 3, above + 1, before + 1] = kernel[:, :, row, column]
    return folded


def take_bytes(path: Path) -> None:
    """Let a quantised network take bytes 0..255 as they are, instead of numbers 0..1 that it would turn into them.

    Raises `ValueError` where the calibration pictures did not reach from black to white.
    """
    model = onnx.load(path)
    graph = model.graph
    first = next(node for node in graph.node if node.op_type == "QuantizeLinear" and node.input[0] == "picture")
    constants = {value.name: onnx.numpy_helper.to_array(value) for value in graph.initializer}
    if not np.isclose(constants[first.input[1]], 1 / 255) or constants[first.input[2]] != 0:
        raise ValueError("The calibration pictures do not use all brightnesses from 0 to 255.")
    for node in graph.node:
        node.input[:] = ["picture" if name == first.output[0] else name for name in node.input]
    graph.node.remove(first)
    graph.input[0].type.tensor_type.elem_type = onnx.TensorProto.UINT8
    onnx.checker.check_model(model)
    onnx.save(model, path)
