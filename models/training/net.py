"""The crack network: a residual U-Net that does most of its work at half resolution.

Input  N x 3 x H x W, RGB in 0..1 (the normalisation is inside the network), H and W multiples of 16.
Output N x 1 x H x W, probability that the pixel belongs to a crack.
"""
import torch
from torch import nn
import torch.nn.functional as F

MEAN, STD = 0.45, 0.22  # of all training tiles, one value for the three channels
MULTIPLE = 16


def unit(inp, out, stride=1):
    return nn.Sequential(nn.Conv2d(inp, out, 3, stride, 1, bias=False), nn.BatchNorm2d(out), nn.ReLU(inplace=True))


class Residual(nn.Module):
    def __init__(self, width, dilation=1):
        super().__init__()
        self.a = unit(width, width)
        self.b = nn.Sequential(nn.Conv2d(width, width, 3, 1, dilation, dilation, bias=False), nn.BatchNorm2d(width))

    def forward(self, x):
        return F.relu(x + self.b(self.a(x)))


class CrackNet(nn.Module):
    """Widths per level: full, 1/2, 1/4, 1/8, 1/16 resolution."""

    def __init__(self, widths=(8, 16, 32, 48, 64)):
        super().__init__()
        w = widths
        self.stem = unit(3, w[0])
        self.down = nn.ModuleList(
            nn.Sequential(unit(w[i], w[i + 1], 2), Residual(w[i + 1], 2 if i == 3 else 1)) for i in range(4))
        self.side = nn.ModuleList(nn.Conv2d(w[i + 1], w[i], 1) for i in range(4))
        self.up = nn.ModuleList(unit(w[i], w[i]) for i in range(4))
        self.head = nn.Conv2d(w[0], 1, 1)

    def logits(self, x):
        levels = [self.stem((x - MEAN) / STD)]
        for down in self.down:
            levels.append(down(levels[-1]))
        y = levels[-1]
        for i in (3, 2, 1, 0):
            y = F.interpolate(self.side[i](y), scale_factor=2.0, mode="bilinear", align_corners=False)
            y = self.up[i](y + levels[i])
        return self.head(y)

    def forward(self, x):
        return torch.sigmoid(self.logits(x))
