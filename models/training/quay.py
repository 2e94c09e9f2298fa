"""Weak labels for a YOLO-boxed site: outside every box is sound; inside, the darkest path that crosses the box is crack.

A box in this data is drawn tight around one crack, so the crack runs from one short side of the box to the other.
The path of least cost between those sides, by dynamic programming over a dark-ridge map, is therefore its centre line.
"""
import glob
import os

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image


def gaussian_kernels(sigma):
    r = int(np.ceil(3 * sigma))
    x = torch.arange(-r, r + 1, dtype=torch.float32)
    g = torch.exp(-x * x / (2 * sigma * sigma))
    g = g / g.sum()
    return g, -x / sigma ** 2 * g, (x * x / sigma ** 4 - 1 / sigma ** 2) * g


def separable(plane, ky, kx):
    r = len(kx) // 2
    p = F.pad(plane, (r, r, r, r), mode="reflect")
    return F.conv2d(F.conv2d(p, kx.view(1, 1, 1, -1)), ky.view(1, 1, -1, 1))


def ridge(grey, sigmas=(1.2, 2.0, 3.2)):
    """Dark-ridge strength, scale-normalised largest Hessian eigenvalue, divided by its own spread over the image."""
    p = torch.from_numpy(grey)[None, None]
    best = torch.zeros_like(p)
    for s in sigmas:
        g, g1, g2 = gaussian_kernels(s)
        xx, yy, xy = separable(p, g, g2), separable(p, g2, g), separable(p, g1, g1)
        root = torch.sqrt((xx - yy) ** 2 / 4 + xy ** 2)
        best = torch.maximum(best, ((xx + yy) / 2 + root) * s * s)
    out = best[0, 0].numpy()
    return np.clip(out / (np.percentile(out, 90) + 1e-6), 0, 3) / 3


def best_path(cost):
    """Row index per column of the cheapest left-to-right path; a step may climb two rows (paying for the length)."""
    h, w = cost.shape
    total, back = cost[:, 0].copy(), np.zeros((h, w), np.int8)
    for x in range(1, w):
        options = np.full((5, h), np.inf, np.float32)
        for k, dy in enumerate((-2, -1, 0, 1, 2)):
            src = np.full(h, np.inf, np.float32)
            lo, hi = max(0, -dy), min(h, h - dy)
            src[lo:hi] = total[lo + dy:hi + dy]
            options[k] = src + cost[:, x] * (1 + 0.3 * abs(dy))
        back[:, x] = options.argmin(0) - 2
        total = options.min(0)
    rows = np.empty(w, int)
    rows[-1] = total.argmin()
    for x in range(w - 1, 0, -1):
        rows[x - 1] = rows[x] + back[rows[x], x]
    return rows


def dilate(mask, r):
    t = torch.from_numpy(mask.astype(np.float32))[None, None]
    wide = F.max_pool2d(t, (1, 2 * r + 1), 1, (0, r))
    return F.max_pool2d(wide, (2 * r + 1, 1), 1, (r, 0))[0, 0].numpy() > 0.5


def read_boxes(path, w, h):
    boxes = []
    for line in open(path):
        if line.strip():
            _, cx, cy, bw, bh = map(float, line.split()[:5])
            boxes.append(((cx - bw / 2) * w, (cy - bh / 2) * h, (cx + bw / 2) * w, (cy + bh / 2) * h))
    return boxes


def weak_label(image, boxes, strength):
    """(label, weight) for an RGB uint8 image; `strength` 0..1 is the ridge map or a network's probability."""
    h, w = strength.shape
    label, weight = np.zeros((h, w), np.float32), np.ones((h, w), np.float32)
    grey = image.astype(np.float32).mean(2)
    for x0, y0, x1, y1 in boxes:
        x0, y0, x1, y1 = max(0, int(x0)), max(0, int(y0)), min(w, int(np.ceil(x1))), min(h, int(np.ceil(y1)))
        if x1 - x0 < 4 or y1 - y0 < 4:
            continue
        inside = strength[y0:y1, x0:x1]
        turned = inside.T if y1 - y0 > x1 - x0 else inside
        rows = best_path(np.exp(-4 * turned).astype(np.float32))
        line = np.zeros_like(turned, bool)
        for x in range(len(rows)):
            a, b = sorted((rows[max(0, x - 1)], rows[x]))
            line[a:b + 1, x] = True
        line = line.T if y1 - y0 > x1 - x0 else line
        g = grey[y0:y1, x0:x1]
        dark = g < (g[line].mean() + np.median(g)) / 2
        near, band = dilate(line, 3), dilate(line, 6)
        crack = line | (near & dark & (inside > 0.15))
        box_weight = np.where(band & ~crack, 0.0, np.where(inside > 0.6, 0.0, 0.5))
        weight[y0:y1, x0:x1] = np.minimum(weight[y0:y1, x0:x1], np.where(crack, 1.0, box_weight))
        label[y0:y1, x0:x1] = np.maximum(label[y0:y1, x0:x1], crack)
    weight[label > 0.5] = 1
    return label, weight


def load_site(folder):
    """[(name, uint8 image, boxes)] of one site, sorted by name so that runs repeat."""
    out = []
    for path in sorted(glob.glob(os.path.join(folder, "**", "*"), recursive=True)):
        stem, ext = os.path.splitext(path)
        if ext.lower() in (".jpg", ".jpeg", ".png") and os.path.exists(stem + ".txt"):
            image = np.asarray(Image.open(path).convert("RGB"))
            out.append((os.path.basename(stem), image, read_boxes(stem + ".txt", image.shape[1], image.shape[0])))
    return out
