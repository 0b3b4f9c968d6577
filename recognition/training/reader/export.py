"""The trained networks as ONNX files that need nothing but a runtime."""

from pathlib import Path

import torch
from torch import Tensor, nn

from recognition.training.reader.networks import CANVAS, PLATE, Both

OPSET = 17


class Probable(nn.Module):
    """The text network with probabilities instead of logits."""

    def __init__(self, text: nn.Module) -> None:
        super().__init__()
        self.text = text

    def forward(self, plate: Tensor) -> tuple[Tensor, Tensor]:
        characters, presence = self.text(plate)
        return torch.softmax(characters, dim=2), torch.sigmoid(presence)


def write(both: Both, folder: Path) -> Path:
    """Write corners.onnx (canvas → corners) and text.onnx (plate → characters, presence); answers the folder."""
    both = both.eval()
    _write(both.corners, torch.zeros(2, 1, *CANVAS), folder / "corners.onnx", "canvas", ["corners"])
    _write(
        Probable(both.text).eval(), torch.zeros(2, 1, *PLATE), folder / "text.onnx", "plate", ["characters", "presence"]
    )
    return folder


def _write(model: nn.Module, example: Tensor, path: Path, given: str, answers: list[str]) -> None:
    free = {name: {0: "n"} for name in (given, *answers)}
    torch.onnx.export(
        model,
        (example,),
        str(path),
        input_names=[given],
        output_names=answers,
        dynamic_axes=free,
        opset_version=OPSET,
        dynamo=False,
    )
