"""The finder's network: a plain convolutional body, a feature pyramid, heads at strides 8 and 16."""

import torch
from torch import Tensor, nn
from torch.nn import functional

from recognition.cancela.finder import STRIDES

WIDTHS = (16, 32, 48, 80, 112)  # channels at strides 2 to 32: multiples of 16 fill the vector registers
HEAD = 5  # score, centre (2), size (2): see recognition.cancela.finder.decode


def convolution(given: int, made: int, stride: int = 1, kernel: int = 3) -> nn.Sequential:
    """Convolution, batch normalisation, ReLU: the three that a runtime folds into one."""
    layer = nn.Conv2d(given, made, kernel, stride, kernel // 2, bias=False)
    return nn.Sequential(layer, nn.BatchNorm2d(made), nn.ReLU(inplace=True))


class Residual(nn.Module):
    """Two convolutions through half the channels, added to what came in."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.body = nn.Sequential(convolution(channels, channels // 2), convolution(channels // 2, channels))

    def forward(self, x: Tensor) -> Tensor:
        return x + self.body(x)  # type: ignore[no-any-return]


class FinderNetwork(nn.Module):
    """A picture (n × 3 × height × width, BGR, 0..1, sides multiples of 32) to one map for each of `STRIDES`."""

    def __init__(self) -> None:
        super().__init__()
        half, quarter, eighth, sixteenth, last = WIDTHS
        self.stem = nn.Sequential(convolution(3, half, 2), convolution(half, quarter, 2))
        self.fine = nn.Sequential(convolution(quarter, eighth, 2), Residual(eighth))
        self.middle = nn.Sequential(convolution(eighth, sixteenth, 2), Residual(sixteenth))
        self.coarse = nn.Sequential(convolution(sixteenth, last, 2), Residual(last), Residual(last))
        self.coarse_across = convolution(last, 64, kernel=1)
        self.middle_across = convolution(sixteenth, 64, kernel=1)
        self.middle_down = convolution(64, 48, kernel=1)
        self.fine_across = convolution(eighth, 48, kernel=1)
        self.middle_merge = convolution(64, 64)
        self.fine_merge = convolution(48, 48)
        self.small = nn.Sequential(convolution(48, 32), nn.Conv2d(32, HEAD, 1))
        self.large = nn.Sequential(convolution(64, 64), nn.Conv2d(64, HEAD, 1))
        self._start()

    def _start(self) -> None:
        """Every cell begins by saying "no plate", so that the first steps are not spent on learning that."""
        for head in (self.small, self.large):
            bias = head[-1].bias
            assert isinstance(bias, Tensor)
            nn.init.zeros_(bias)
            nn.init.constant_(bias[:1], -4.6)

    def forward(self, picture: Tensor) -> tuple[Tensor, Tensor]:
        fine = self.fine(self.stem(picture))
        middle = self.middle(fine)
        coarse = self.coarse_across(self.coarse(middle))
        middle = self.middle_merge(self.middle_across(middle) + _doubled(coarse))
        fine = self.fine_merge(self.fine_across(fine) + _doubled(self.middle_down(middle)))
        return self.small(fine), self.large(middle)


def _doubled(maps: Tensor) -> Tensor:
    return functional.interpolate(maps, scale_factor=2.0, mode="nearest")


def parameters_of(network: nn.Module) -> int:
    return sum(values.numel() for values in network.parameters())


def cells(height: int, width: int) -> list[tuple[int, int]]:
    """Rows and columns of each map for a picture of this size."""
    return [(height // stride, width // stride) for stride in STRIDES]


def as_input(pictures: Tensor) -> Tensor:
    """Bytes n × height × width × 3 as what the network takes."""
    moved = pictures.permute(0, 3, 1, 2).to(torch.float32) / 255
    return moved.contiguous(memory_format=torch.channels_last)
