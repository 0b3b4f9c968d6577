"""The trained networks as ONNX files, in eight bits, that need nothing but a runtime."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from recognition.cancela.cropping import CANVAS
from recognition.cancela.reader import PLATE, flattened
from recognition.training.quantising import quantise
from recognition.training.reader.networks import Both

OPSET = 17
ONLY = ("Conv",)  # what takes the time; attention and the last layers stay exact


class Probable(nn.Module):
    """The text network with probabilities instead of logits."""

    def __init__(self, text: nn.Module) -> None:
        super().__init__()
        self.text = text

    def forward(self, plate: Tensor) -> tuple[Tensor, Tensor]:
        characters, presence = self.text(plate)
        return torch.softmax(characters, dim=2), torch.sigmoid(presence)


def write(both: Both, canvases: Sequence[NDArray[np.uint8]], folder: Path) -> Path:
    """Write corners.onnx (canvas → corners) and text.onnx (plate → characters, presence); answers the folder.

    `canvases` (128, 192) show the ranges of numbers that the layers meet.
    """
    both = both.eval()
    plates = _plates(both, canvases)
    text = Probable(both.text).eval()
    _write(both.corners, CANVAS, folder / "corners.onnx", ("canvas", "corners"), canvases)
    _write(text, PLATE, folder / "text.onnx", ("plate", "characters", "presence"), plates)
    return folder


@torch.no_grad()
def _plates(both: Both, canvases: Sequence[NDArray[np.uint8]]) -> list[NDArray[np.uint8]]:
    corners = both.corners(torch.from_numpy(np.stack(canvases)[:, None]).float()).numpy()
    sides = np.array(CANVAS[::-1], np.float32)
    return [flattened(canvas, share * sides) for canvas, share in zip(canvases, corners, strict=True)]


def _write(
    model: nn.Module, size: tuple[int, int], path: Path, names: tuple[str, ...], pictures: Sequence[NDArray[np.uint8]]
) -> None:
    exact = path.with_suffix(".exact")
    given, *answers = names
    torch.onnx.export(
        model,
        (torch.zeros(2, 1, *size),),
        str(exact),
        input_names=[given],
        output_names=answers,
        dynamic_axes={name: {0: "n"} for name in names},
        opset_version=OPSET,
        dynamo=False,
    )
    quantise(exact, path, ({given: picture[None, None].astype(np.float32)} for picture in pictures), only=ONLY)
    exact.unlink()
