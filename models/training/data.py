"""Where training tiles come from, and how a tile is put together.

A source gives grounds: (RGB float 0..1, label 0..1, weight 0..1), each TILE x TILE. Weight 0 means "do not learn here".
"""
import glob
import io
import os

import numpy as np
import torch
from PIL import Image

import quay
import synth

TILE = 160


def affine_crop(rng, planes, centre, scale, angle, resample, size=TILE):
    """Square crops of the planes around centre (x, y); scale > 1 enlarges."""
    c, s, h = np.cos(angle) / scale, np.sin(angle) / scale, size / 2
    flip = rng.choice([-1.0, 1.0])
    m = (c * flip, -s, centre[0] - c * flip * h + s * h, s * flip, c, centre[1] - s * flip * h - c * h)
    return [np.asarray(Image.fromarray(p).transform((size, size), Image.AFFINE, m, r)) for p, r in zip(planes, resample)]


def photos(root, sub):
    return sorted(p for p in glob.glob(os.path.join(root, sub, "**", "*"), recursive=True) if p.lower().endswith((".jpg", ".jpeg")))


class Labelled:
    """Images with a label and a weight plane; crops are turned, scaled and mirrored."""

    def __init__(self, items, scales, pad=0, turn=True):
        self.items, self.scales, self.turn = [], scales, turn
        for image, label, weight in items:
            planes = [image, (label * 255).astype(np.uint8), (weight * 255).astype(np.uint8)]
            if pad:
                planes = [np.pad(p, ((pad, pad), (pad, pad)) + ((0, 0),) * (p.ndim - 2), mode="reflect") for p in planes]
            self.items.append((planes, pad, np.argwhere(label[::4, ::4] > 0.5) * 4))

    def ground(self, rng):
        planes, pad, cracked = self.items[rng.integers(len(self.items))]
        image, label, weight = crop(rng, planes, pad, cracked, self.scales, self.turn, (Image.BILINEAR, Image.BILINEAR, Image.NEAREST))
        return image.astype(np.float32) / 255, label.astype(np.float32) / 255, weight.astype(np.float32) / 255


def crop(rng, planes, pad, wanted, scales, turn, resample, size=TILE):
    """A turned (by any angle, or only a little), scaled, mirrored square; seven of ten times near one of the wanted places (y, x), which are before padding."""
    h, w = planes[0].shape[:2]
    scale = float(np.exp(rng.uniform(*np.log(scales))))
    reach = size / 2 / scale * 1.42 + 1
    if len(wanted) and rng.random() < 0.7:
        y, x = wanted[rng.integers(len(wanted))] + pad + rng.uniform(-0.375, 0.375, 2) * size / scale
    else:
        x, y = rng.uniform(pad, w - pad), rng.uniform(pad, h - pad)
    x = np.clip(x, min(reach, w / 2), max(w - reach, w / 2))
    y = np.clip(y, min(reach, h / 2), max(h - reach, h / 2))
    left, top = max(0, int(x - reach - 2)), max(0, int(y - reach - 2))
    planes = [np.ascontiguousarray(p[top:int(y + reach + 2), left:int(x + reach + 2)]) for p in planes]
    angle = rng.uniform(0, 2 * np.pi) if turn else rng.normal(0, 0.15)
    return affine_crop(rng, planes, (x - left, y - top), scale, angle, resample, size)


class Synthetic:
    def ground(self, rng):
        image = synth.grass(rng, TILE) if rng.random() < 0.15 else synth.mineral(rng, TILE)
        return image.astype(np.float32), np.zeros((TILE, TILE), np.float32), np.ones((TILE, TILE), np.float32)


# ---------------------------------------------------------------- the sets under --data

def quay_items(folder, prefixes=None, strength=None):
    """prefixes: keep only images whose name starts with one of them. strength: image -> 0..1 map; default the ridge filter."""
    items = []
    for name, image, boxes in quay.load_site(folder):
        if prefixes is None or name.startswith(tuple(prefixes)):
            s = strength(image) if strength else quay.ridge(image.astype(np.float32).mean(2) / 255)
            items.append((image, *quay.weak_label(image, boxes, s)))
    return items


def concrete_items(root, validation):
    """damage/concrete_masks: red is crack; other damage counts as no crack but half, because its rims are broken edges."""
    items = []
    for i, path in enumerate(sorted(glob.glob(os.path.join(root, "images", "*.jpg")))):
        if (i % 4 == 3) != validation:
            continue
        image = np.asarray(Image.open(path).convert("RGB"))
        mask = np.asarray(Image.open(path.replace("images", "masks").replace(".jpg", ".png")).convert("RGB")).astype(int)
        crack = (mask[..., 0] == 255) & (mask[..., 1] == 0) & (mask[..., 2] == 0)
        other = (mask.sum(2) > 0) & ~crack
        # hand-drawn polygons are wider than the crack: inside them only the dark part is certain
        grey = image.astype(np.float32).mean(2)
        ridge = quay.ridge(grey / 255) if crack.any() else np.zeros_like(grey)
        sure = crack & (quay.dilate(ridge > 0.5, 1) | (grey < np.percentile(grey, 8)))
        weight = np.where(other, 0.5, 1.0)
        weight[quay.dilate(crack, 4) & ~sure] = 0
        items.append((image, sure.astype(np.float32), weight.astype(np.float32)))
    return items


ROAD_VALIDATION = ("RS_290_290RS070691", "RS_386_386RS169832")


def road_items(root, validation):
    """damage/road_brazil: split by road section. The masks are dotted and miss fine cracks, so doubtful places do not count."""
    items = []
    for path in sorted(glob.glob(os.path.join(root, "images", "*.jpg")))[::2]:  # neighbouring frames are alike
        name = os.path.basename(path)[:-4]
        if any(r in name for r in ROAD_VALIDATION) != validation:
            continue
        crack = np.asarray(Image.open(os.path.join(root, "masks", name + "_CRACK.png"))) > 0
        hole = np.asarray(Image.open(os.path.join(root, "masks", name + "_POTHOLE.png"))) > 0
        image = np.asarray(Image.open(path).convert("RGB"))
        weight = np.full(crack.shape, 0.6, np.float32)
        if crack.any():
            ridge = quay.ridge(image.astype(np.float32).mean(2) / 255, (1.5,))
            around = quay.dilate(crack, 20) & ~crack
            weight[around] = np.where(ridge[around] > 0.7, 0, 0.15)
            weight[quay.dilate(crack, 3) & ~crack] = 0
            weight[crack & (ridge < 0.4)] = 0
        weight[hole & ~crack] = 0.3
        items.append((image, crack.astype(np.float32), weight))
    return items


def plain_items(paths, longest):
    """Photos without cracks."""
    items = []
    for path in paths:
        image = Image.open(path)
        image.draft("RGB", (longest, longest))
        image = image.convert("RGB")
        image.thumbnail((longest, longest))
        image = np.asarray(image)
        plane = image.shape[:2]
        items.append((image, np.zeros(plane, np.float32), np.ones(plane, np.float32)))
    return items


class Mixture:
    """Sources by name: (source, chance of a synthetic crack on top, chance of distractors), drawn by share."""

    def __init__(self, grounds, shares):
        self.parts = [g for g in grounds.values() if g[0] is not None]
        share = np.array([shares[n] for n, g in grounds.items() if g[0] is not None])
        self.share = share / share.sum()

    def sample(self, rng):
        source, crack, distract = self.parts[rng.choice(len(self.parts), p=self.share)]
        image, label, weight = source.ground(rng)
        if rng.random() < distract and label.max() < 0.5:
            image = synth.add_distractors(rng, image)
        if rng.random() < crack:
            image, mask = synth.add_crack(rng, image)
            label, weight = np.maximum(label, mask), np.where(mask > 0.05, 1.0, weight)
        return finish(rng, other_camera(rng, image)), label.astype(np.float32), weight.astype(np.float32)


def other_camera(rng, image):
    """
    What differs from one camera and its settings to the next, before light, focus and file of one photo: uneven light, focus far off, grain that
    the camera has smoothed into blotches, and edges that it has sharpened. A model that has seen one camera only is upset by the grain of another.
    """
    size = image.shape[0]
    if rng.random() < 0.5:
        image = image * (1 + rng.uniform(0.1, 0.7) * (synth.smooth_noise(rng, size, rng.uniform(50, 200))[..., None] - 0.5))
    if rng.random() < 0.2:
        image = blurred(image, rng.uniform(1, 2.2))
    if rng.random() < 0.5:
        grain = rng.normal(0, 1, image.shape if rng.random() < 0.3 else (size, size, 1))
        if rng.random() < 0.6:
            width = rng.uniform(0.5, 1.4)
            grain = np.stack([synth.blur(0.5 + grain[..., c] / 12, width) - 0.5 for c in range(grain.shape[2])], 2) * 12 * 2 * np.sqrt(np.pi) * width
        image = image + grain * np.exp(rng.uniform(np.log(0.005), np.log(0.07)))
    if rng.random() < 0.4:
        image = image + rng.uniform(0.3, 2) * (image - blurred(image, rng.uniform(0.7, 2)))
    return image


def blurred(image, sigma):
    return np.stack([synth.blur(image[..., c], sigma) for c in range(image.shape[2])], 2)


def finish(rng, image):
    """What the camera and the file do: light, colour, focus, noise, JPEG."""
    image = np.clip(image, 0, 1) ** np.exp(rng.normal(0, 0.25))
    image = (image - 0.5) * np.exp(rng.normal(0, 0.2)) + 0.5 + rng.normal(0, 0.08)
    image = image * (1 + rng.normal(0, 0.06, 3))
    if rng.random() < 0.15:
        image = np.repeat(image.mean(2, keepdims=True), 3, 2)
    if rng.random() < 0.4:
        image = blurred(image, rng.uniform(0.3, 1.3))
    if rng.random() < 0.4:
        image = image + rng.normal(0, rng.uniform(0.005, 0.05), image.shape)
    out = (np.clip(image, 0, 1) * 255).astype(np.uint8)
    if rng.random() < 0.6:
        buffer = io.BytesIO()
        Image.fromarray(out).save(buffer, "JPEG", quality=int(rng.integers(35, 96)))
        out = np.asarray(Image.open(buffer))
    return out


class Tiles(torch.utils.data.Dataset):
    """Tile i is a function of (seed, i) alone, so runs repeat whatever the number of workers."""

    def __init__(self, mixture, count, seed):
        self.mixture, self.count, self.seed = mixture, count, seed

    def __len__(self):
        return self.count

    def __getitem__(self, i):
        image, label, weight = self.mixture.sample(np.random.default_rng((self.seed, i)))
        planes = (torch.from_numpy(p if p.ndim == 3 else p[None]) for p in (label, weight))
        return torch.from_numpy(image.transpose(2, 0, 1).astype(np.float32) / 255), *planes
