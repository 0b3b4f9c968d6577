"""The trained window network as an ONNX file, and the curves of its training as a picture."""

from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor, nn

from recognition.training.window.network import WindowNetwork
from recognition.window.geometry import CUT

_OPSET = 17
_LEAST_HALVED = 256  # numbers in a tensor that is worth halving


class _Presence(nn.Module):
    """Pictures of any size → the probability of a plate at every place of the window."""

    def __init__(self, network: WindowNetwork) -> None:
        super().__init__()
        self.network = network

    def forward(self, cut: Tensor) -> Tensor:
        return torch.sigmoid(self.network.presence(cut))


class _Characters(nn.Module):
    """Cuts → the probabilities of the characters."""

    def __init__(self, network: WindowNetwork) -> None:
        super().__init__()
        self.network = network

    def forward(self, cut: Tensor) -> Tensor:
        return torch.softmax(self.network.characters(cut), dim=2)


def write(network: WindowNetwork, folder: Path) -> Path:
    """Write presence.onnx (picture (1, 1, rows, columns) → (1, down, across)) and characters.onnx (cuts (n, 1, 80, 144)
    → (n, 7, 36)), their weights in 16 bits, which the runtime widens when it loads them. Answers the folder."""
    presence = {"cut": {2: "rows", 3: "columns"}, "presence": {1: "down", 2: "across"}}
    _write(_Presence(network), 1, folder / "presence.onnx", presence)
    _write(_Characters(network), 2, folder / "characters.onnx", {"cut": {0: "n"}, "characters": {0: "n"}})
    return folder


def _write(module: nn.Module, count: int, path: Path, free: dict[str, dict[int, str]]) -> None:
    given, answer = free
    cuts = torch.zeros(count, 1, *CUT)
    names = {"input_names": [given], "output_names": [answer], "dynamic_axes": free}
    torch.onnx.export(module.eval(), (cuts,), str(path), **names, opset_version=_OPSET, dynamo=False)
    model = onnx.load(str(path))
    _halve(model.graph)
    onnx.save(model, str(path))


def _halve(graph: onnx.GraphProto) -> None:
    """Store large weights in 16 bits, each with a node that widens it again."""
    for tensor in list(graph.initializer):
        values = numpy_helper.to_array(tensor)
        if tensor.data_type == TensorProto.FLOAT and values.size >= _LEAST_HALVED:
            name = tensor.name
            tensor.CopyFrom(numpy_helper.from_array(values.astype(np.float16), f"{name}_half"))
            graph.node.insert(0, helper.make_node("Cast", [f"{name}_half"], [name], to=TensorProto.FLOAT))


def draw_curves(curve: list[dict[str, float]], path: Path) -> None:
    """The losses, and what was measured on photographs that were kept back."""
    figure, axes = plt.subplots(1, 2, figsize=(11, 4))
    for axis, names in zip(axes, (("presence_loss", "character_loss"), ("exact", "seen", "invented")), strict=True):
        for name in names:
            axis.plot([point["step"] for point in curve], [point[name] for point in curve], label=name)
        axis.set_xlabel("step")
        axis.grid(alpha=0.3)
        axis.legend()
    axes[0].set_yscale("log")
    figure.tight_layout()
    figure.savefig(str(path), dpi=110)
    plt.close(figure)
