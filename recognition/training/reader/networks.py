"""Two small networks and the differentiable warp between them.

canvas (n, 1, 128, 192) → `CornerNetwork` → four corners → warp → plate (n, 1, 48, 192) → `TextNetwork` → characters.
The warp lets the loss of the text teach the corners too: pictures whose text is known and whose corners nobody
marked still teach where a plate begins (spatial transformers: Jaderberg and others, 2015).
"""

import torch
from torch import Tensor, nn
from torch.nn import functional

from recognition.cancela.decoding import BLANK, SLOTS
from recognition.cancela.reader import MARGIN, PLATE

CLASSES = BLANK + 1
LINES = 2
WINDOW = 0.4  # of a character, within which of a slot's middle it looks


def block(inputs: int, outputs: int, stride: int | tuple[int, int] = 1) -> nn.Sequential:
    """Convolution 3 × 3, batch norm, ReLU."""
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU(inplace=True)
    )


def stem(inputs: int, outputs: int, side: int, stride: int) -> nn.Sequential:
    """The first convolution, wide enough to shrink at once."""
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, side, stride, side // 2, bias=False), nn.BatchNorm2d(outputs), nn.ReLU(inplace=True)
    )


class Residual(nn.Module):
    """Two 3 × 3 convolutions beside the identity."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.first = block(width, width)
        self.second = nn.Sequential(nn.Conv2d(width, width, 3, 1, 1, bias=False), nn.BatchNorm2d(width))

    def forward(self, x: Tensor) -> Tensor:
        return functional.relu(x + self.second(self.first(x)))


def standardised(x: Tensor) -> Tensor:
    """Grey levels 0..255 as mean 0 and deviation 1 within each picture; flat pictures stay near 0."""
    mean = x.mean(dim=(1, 2, 3), keepdim=True)
    variance = (x - mean).square().mean(dim=(1, 2, 3), keepdim=True)
    return (x - mean) / (variance + 36.0).sqrt()  # never 0, where the root has no gradient


class CornerNetwork(nn.Module):
    """Canvas (n, 1, 128, 192), grey 0..255 → corners (n, 4, 2): x, y in parts of it, clockwise from top left."""

    def __init__(self) -> None:
        super().__init__()
        self.body = nn.Sequential(
            *(stem(1, 32, 5, 4), block(32, 48, 2), block(48, 64, 2), block(64, 64), block(64, 96, 2), block(96, 96))
        )
        self.head = nn.Sequential(nn.Flatten(), nn.Linear(96 * 4 * 6, 128), nn.ReLU(inplace=True), nn.Linear(128, 8))
        with torch.no_grad():
            self.head[-1].weight.mul_(0.1)
            self.head[-1].bias.copy_(torch.tensor([0.2, 0.25, 0.8, 0.25, 0.8, 0.75, 0.2, 0.75]))

    def forward(self, canvas: Tensor) -> Tensor:
        return self.head(self.body(standardised(canvas))).view(-1, 4, 2)


class TextNetwork(nn.Module):
    """Plate (n, 1, 48, 192), grey 0..255 → logits of the slots (n, 10, 37) and of presence (n,).

    A slot is a character's number in reading order, so characters are counted: at every place of the picture the
    network says how much of a character lies there, on the first line or on the second. Summed along the lines this
    makes one for each character, and slot k looks where the sum passes from k to k + 1 (continuous integrate-and-fire:
    L. Dong, B. Xu, 2020). Gaps, emblems and other spacings than those of training move no character to another slot.
    What a slot sees is classified by weights that all slots share.
    """

    def __init__(self, width: int = 48, deep: int = 64, seen: int = 128, mixed: int = 32) -> None:
        super().__init__()
        self.body = nn.Sequential(
            stem(1, 24, 3, 2), block(24, width, 2), Residual(width), block(width, deep, (2, 1)), Residual(deep)
        )
        rows, columns = PLATE[0] // 8, PLATE[1] // 4
        self.place = nn.Parameter(torch.zeros(1, mixed, rows, columns))
        self.narrow = nn.Conv2d(deep, mixed, 1)
        self.mix = nn.Sequential(
            nn.Conv2d(mixed, mixed, (3, 11), 1, (1, 5), bias=False),
            nn.BatchNorm2d(mixed),
            nn.ReLU(inplace=True),
            nn.Conv2d(mixed, mixed, (3, 11), 1, (1, 5), bias=False),
            nn.BatchNorm2d(mixed),
            nn.ReLU(inplace=True),
        )
        self.density = nn.Conv2d(mixed, LINES, 1)
        self.layout = nn.Sequential(nn.Linear(deep + mixed, 24), nn.ReLU(inplace=True), nn.Linear(24, LINES * rows))
        self.value = nn.Conv2d(deep, seen, 1)
        self.classify = nn.Sequential(nn.ReLU(), nn.Dropout(0.1), nn.Linear(seen, CLASSES))
        self.kind = nn.Sequential(nn.Linear(deep + mixed, 24), nn.ReLU(inplace=True), nn.Linear(24, SLOTS))
        self.ending = nn.Parameter(torch.tensor(3.0))
        self.presence = nn.Linear(deep + mixed, 1)
        self.register_buffer("middles", torch.arange(SLOTS)[None, :, None] + 0.5, persistent=False)
        self.register_buffer("letters", _signs(), persistent=False)
        nn.init.normal_(self.place, std=0.1)
        nn.init.constant_(self.density.bias, -4.0)  # about one text in all at the start

    def forward(self, plate: Tensor) -> tuple[Tensor, Tensor]:
        characters, presence, _ = self.counted(plate)
        return characters, presence

    def counted(self, plate: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """As `forward`, and how many characters were counted (n,)."""
        seen, maps, whole, total = self._look(plate)
        values = self.value(seen).flatten(2)
        over = (self.middles[:, :, 0] - total[:, None]).clamp(-2, 2)
        kinds = self.kind(whole)[:, :, None] * self.letters
        ends = functional.one_hot(torch.tensor(BLANK), CLASSES) * self.ending * over[:, :, None]
        characters = self.classify(maps @ values.transpose(1, 2)) + kinds + ends
        return characters, self.presence(whole)[:, 0], total

    def centres(self, plate: Tensor) -> Tensor:
        """Where along the picture (0..1) each slot looks (n, 10)."""
        seen, maps, _, _ = self._look(plate)
        columns = (torch.arange(seen.shape[3]) + 0.5) / seen.shape[3]
        along = maps.unflatten(2, (seen.shape[2], seen.shape[3])).sum(dim=2)
        return (along * columns).sum(dim=2) / (along.sum(dim=2) + 1e-6)

    def _look(self, plate: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Features (n, c, 6, 48), where the slots look (n, 10, 288), the picture as one vector, the count (n,)."""
        seen = self.body(standardised(plate))
        mixed = self.mix(self.narrow(seen) + self.place)
        whole = torch.cat([seen.mean(dim=(2, 3)), mixed.mean(dim=(2, 3))], dim=1)
        density = torch.sigmoid(self.density(mixed) + self.layout(whole).view(-1, LINES, mixed.shape[2], 1))
        along = density.sum(dim=2).flatten(1)
        if not self.training:
            along = along * whole_number(along.sum(dim=1, keepdim=True))
        summed = along.cumsum(dim=1)
        near = torch.exp(-(((summed - along / 2)[:, None] - self.middles) / WINDOW).square())
        maps = near.view(-1, SLOTS, LINES, 1, mixed.shape[3]) * density[:, None]
        maps = maps.sum(dim=2).flatten(2)
        return seen, maps / (maps.sum(dim=2, keepdim=True) + 0.05), whole, summed[:, -1]


def whole_number(count: Tensor) -> Tensor:
    """The factor that makes a count a whole number: a plate has no half characters, so what is over is spread."""
    return count.round().clamp(min=1) / count.clamp(min=0.3)


def _signs() -> Tensor:
    """Over the classes: half for a letter, half against a digit, nothing for the blank (37,)."""
    return torch.tensor([-0.5] * 10 + [0.5] * 26 + [0.0])


class Both(nn.Module):
    """The two networks as one module."""

    def __init__(self) -> None:
        super().__init__()
        self.corners = CornerNetwork()
        self.text = TextNetwork()


def homographies(corners: Tensor) -> Tensor:
    """The maps (n, 3, 3) from the unit square to quadrilaterals (n, 4, 2) (Heckbert, 1989, section 2.2.3)."""
    (x0, y0), (x1, y1), (x2, y2), (x3, y3) = (corners[:, i].unbind(1) for i in range(4))
    dx1, dx2, sx = x1 - x2, x3 - x2, x0 - x1 + x2 - x3
    dy1, dy2, sy = y1 - y2, y3 - y2, y0 - y1 + y2 - y3
    area = dx1 * dy2 - dx2 * dy1
    area = torch.where(area.abs() < 1e-4, torch.full_like(area, 1e-4), area)
    g, h = (sx * dy2 - dx2 * sy) / area, (dx1 * sy - sx * dy1) / area
    rows = [x1 - x0 + g * x1, x3 - x0 + h * x3, x0, y1 - y0 + g * y1, y3 - y0 + h * y3, y0, g, h, torch.ones_like(g)]
    return torch.stack(rows, dim=1).view(-1, 3, 3)


def _grid() -> Tensor:
    rows, columns = PLATE
    v = (torch.arange(rows) + 0.5 - MARGIN[0]) / (rows - 2 * MARGIN[0])
    u = (torch.arange(columns) + 0.5 - MARGIN[1]) / (columns - 2 * MARGIN[1])
    across, down = u[None, :].expand(rows, -1), v[:, None].expand(-1, columns)
    return torch.stack([across, down, torch.ones_like(across)]).view(3, -1)


GRID = _grid()


def rectify(canvas: Tensor, corners: Tensor) -> Tensor:
    """Plates (n, 1, 48, 192) out of canvases by their corners; differentiable in both."""
    points = homographies(corners) @ GRID
    depth = points[:, 2:].clamp(min=0.05)
    flat = (points[:, :2] / depth) * 2 - 1
    grid = flat.transpose(1, 2).reshape(-1, *PLATE, 2)
    return functional.grid_sample(canvas, grid, mode="bilinear", padding_mode="border", align_corners=False)
