"""The network of the window: a fully convolutional presence, and seven characters that share their weights.

The early system ended in one dense layer of 2048 units for the window and 7 × 36 outputs that shared nothing: most of
its weights, and a hunger for pictures to match. Here each of the seven looks at the window through an attention map of
its own, and what they see is classified alike.
"""

import torch
from torch import Tensor, nn

from recognition.reads import ALPHABET
from recognition.training.reader.networks import block
from recognition.window.geometry import CUT, LENGTH, STRIDE, WINDOW

_FINE, _DEEP, _MAPS = 48, 64, 32


class WindowNetwork(nn.Module):
    """A cut (n, 1, 80, 144), grey 0..255 → logits of presence (n, 3, 3), of characters (n, 7, 36), and looks.

    Presence is that of windows at the nine places, 8 pixels apart, that a cut has room for; larger pictures have more
    places, and no characters.
    """

    def __init__(self) -> None:
        super().__init__()
        rows, columns = WINDOW[0] // STRIDE, WINDOW[1] // STRIDE
        self.body = nn.Sequential(
            nn.Conv2d(1, 32, 7, 4, 3, bias=False), nn.BatchNorm2d(32), nn.ReLU(inplace=True), block(32, _FINE)
        )
        self.present = nn.Sequential(
            block(_FINE, _FINE, 2),
            nn.Conv2d(_FINE, _MAPS, 1),
            nn.ReLU(inplace=True),
            nn.Conv2d(_MAPS, _MAPS, (rows, 1)),
            nn.ReLU(inplace=True),
            nn.Conv2d(_MAPS, _MAPS, (1, columns)),
            nn.ReLU(inplace=True),
            nn.Conv2d(_MAPS, 1, 1),
        )
        self.deep = nn.Sequential(block(_FINE, _DEEP, (2, 1)), block(_DEEP, _DEEP))
        self.place = nn.Parameter(torch.randn(1, _DEEP, CUT[0] // 8, CUT[1] // 4) * 0.1)
        self.order = nn.Sequential(
            nn.Conv2d(_DEEP, _MAPS, 1, bias=False),
            nn.BatchNorm2d(_MAPS),
            nn.ReLU(inplace=True),
            nn.Conv2d(_MAPS, _MAPS, (1, 15), 1, (0, 7)),
            nn.ReLU(inplace=True),
            nn.Conv2d(_MAPS, LENGTH, 3, 1, 1),
        )
        self.register_buffer("positions", _positions())
        self.classify = nn.Sequential(nn.Linear(_DEEP, 96), nn.ReLU(inplace=True), nn.Linear(96, len(ALPHABET)))

    def forward(self, cut: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Presence, characters, and where each of the seven looked: (n, 7, 2), x and y in parts of the cut."""
        fine = self.body(_scaled(cut))
        maps, logits = self._written(fine)
        return self.present(fine)[:, 0], logits, maps @ self.positions

    def presence(self, cut: Tensor) -> Tensor:
        """The logits of presence alone; a picture of any size has (rows - 56) / 8 by (columns - 120) / 8 places."""
        logits: Tensor = self.present(self.body(_scaled(cut)))[:, 0]
        return logits

    def characters(self, cut: Tensor) -> Tensor:
        """The logits of the characters alone."""
        return self._written(self.body(_scaled(cut)))[1]

    def _written(self, fine: Tensor) -> tuple[Tensor, Tensor]:
        deep = self.deep(fine)
        maps = torch.softmax(self.order(deep + self.place).flatten(2), dim=2)
        return maps, self.classify(maps @ deep.flatten(2).transpose(1, 2))


def _scaled(cut: Tensor) -> Tensor:
    return cut / 64 - 2


def _positions() -> Tensor:
    """The centres (rows × columns, 2) of the cells of an attention map, x and y in parts of the cut."""
    rows, columns = CUT[0] // 8, CUT[1] // 4
    y, x = torch.meshgrid((torch.arange(rows) + 0.5) / rows, (torch.arange(columns) + 0.5) / columns, indexing="ij")
    return torch.stack([x.flatten(), y.flatten()], dim=1)
