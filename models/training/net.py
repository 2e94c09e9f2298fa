"""The networks: residual U-Nets that do most of their work at reduced resolution.

Input  N x 3 x H x W, RGB in 0..1 (the normalisation is inside the network), H and W multiples of `multiple`.
Output N x classes x H x W, probability that the pixel belongs to the class; a pixel may belong to several.
"""
import numpy as np
import torch
from torch import nn
import torch.nn.functional as F

MEAN, STD = 0.45, 0.22  # of all training tiles, one value for the three channels


def unit(inp, out, stride=1):
    return nn.Sequential(nn.Conv2d(inp, out, 3, stride, 1, bias=False), nn.BatchNorm2d(out), nn.ReLU(inplace=True))


class Residual(nn.Module):
    def __init__(self, width, dilation=1):
        super().__init__()
        self.a = unit(width, width)
        self.b = nn.Sequential(nn.Conv2d(width, width, 3, 1, dilation, dilation, bias=False), nn.BatchNorm2d(width))

    def forward(self, x):
        return F.relu(x + self.b(self.a(x)))


class DamageNet(nn.Module):
    """A stem of stride `stride`, four halvings from there, and back up to the stem; then enlarged to the input's size."""

    def __init__(self, classes, widths, stride):
        super().__init__()
        w = widths
        self.stride, self.multiple = stride, 16 * stride
        self.stem = nn.Sequential(*unit(3, w[0], min(stride, 2)), *(unit(w[0], w[0], 2) if stride == 4 else ()))
        self.down = nn.ModuleList(
            nn.Sequential(unit(w[i], w[i + 1], 2), Residual(w[i + 1], 2 if i == 3 else 1)) for i in range(4))
        self.side = nn.ModuleList(nn.Conv2d(w[i + 1], w[i], 1) for i in range(4))
        self.up = nn.ModuleList(unit(w[i], w[i]) for i in range(4))
        self.head = nn.Conv2d(w[0], classes, 1)

    def logits(self, x):
        levels = [self.stem((x - MEAN) / STD)]
        for down in self.down:
            levels.append(down(levels[-1]))
        y = levels[-1]
        for i in (3, 2, 1, 0):
            y = F.interpolate(self.side[i](y), scale_factor=2.0, mode="bilinear", align_corners=False)
            y = self.up[i](y + levels[i])
        y = self.head(y)
        return y if self.stride == 1 else F.interpolate(y, scale_factor=float(self.stride), mode="bilinear", align_corners=False)

    def forward(self, x):
        return torch.sigmoid(self.logits(x))


def crack_net():
    """0.23 M parameters; the stem sees every pixel, because a crack is a few pixels wide."""
    return DamageNet(1, (8, 16, 32, 48, 64), 1)


def area_net(classes, stride):
    """0.46 M parameters; areas need to be seen from further away, and not to the pixel."""
    return DamageNet(classes, (16, 24, 40, 64, 96), stride)


def probability(model, image):
    """Classes x height x width for an RGB uint8 image, padded by reflection to the network's multiple."""
    h, w = image.shape[:2]
    padded = np.pad(image, ((0, -h % model.multiple), (0, -w % model.multiple), (0, 0)), mode="reflect")
    with torch.no_grad():
        return model(torch.from_numpy(padded.transpose(2, 0, 1)[None].astype(np.float32) / 255))[0, :, :h, :w].numpy()
