"""Networks of cracks whose boxes are known, on which what is one crack can be chosen without a held-out site.

Cracks of photos are laid over other photos of the site: single cracks, which is what a site may show, become networks of real cracks. And
networks are drawn, as perfect masks of cracks that end at each other, to see what the rules do when the network errs nowhere.
"""
import os

import numpy as np
from PIL import Image, ImageDraw

import data
import quay
import synth

SIZE = 256         # of a drawn network
SUPERSAMPLE = 4
MARGIN = 3         # px that people leave around a crack, in the median
SHORTEST = 48      # px; a shorter crack is not drawn
ENDS_THERE = 0.8   # chance that a crack that meets another ends there


def laid_over(image, over, cracked):
    """The image, as much darker along the cracks of `over` as those are than what lies around them; and how far each pixel was changed, 0..1."""
    reach = np.clip(2 * synth.blur(quay.dilate(cracked > 0.5, 3).astype(np.float32), 1.5), 0, 1)
    ratio = np.clip(over / np.maximum(0.02, data.blurred(over, 12)), 0.05, 1)
    return image * (1 - reach[..., None] * (1 - ratio)), reach


def turned(image, label, boxes, quarters, flip):
    """By quarters of a turn to the left, and mirrored; boxes are (x0, y0, x1, y1) of a square image."""
    size = label.shape[0]
    for _ in range(quarters):
        boxes = [(y0, size - x1, y1, size - x0) for x0, y0, x1, y1 in boxes]
    image, label = np.rot90(image, quarters), np.rot90(label, quarters)
    if flip:
        image, label, boxes = image[:, ::-1], label[:, ::-1], [(size - x1, y0, size - x0, y1) for x0, y0, x1, y1 in boxes]
    return image, label, boxes


def write(site, folder, seed):
    """
    Each square photo of a site with the cracks of up to three others, made smaller by up to 0.6, as from further away; NAME.jpg with its boxes in
    NAME.txt. A box is drawn around one crack, so the boxes of the parts are those of the network.
    """
    site = [(n, i, b) for n, i, b in site if i.shape[0] == i.shape[1]]
    labels = [quay.weak_label(i, b, quay.ridge(i.astype(np.float32).mean(2) / 255))[0] for _, i, b in site]
    os.makedirs(folder, exist_ok=True)
    rng = np.random.default_rng(seed)
    for name, image, boxes in site:
        size, scene, boxes = image.shape[0], image.astype(np.float32) / 255, list(boxes)
        for k in rng.integers(len(site), size=rng.integers(4)):
            over, cracked, more = turned(site[k][1], labels[k], site[k][2], rng.integers(4), rng.random() < 0.5)
            if over.shape == image.shape:
                scene, _ = laid_over(scene, over.astype(np.float32) / 255, cracked)
                boxes += more
        side = round(size * float(np.exp(rng.uniform(np.log(0.6), 0))))
        path = os.path.join(folder, name)
        Image.fromarray((scene * 255).astype(np.uint8)).resize((side, side), Image.LANCZOS).save(path + ".jpg", quality=92)
        write_boxes(path, boxes, size)
    print(f"wrote {len(site)} photos to {folder}")


def write_boxes(path, boxes, size):
    with open(path + ".txt", "w", encoding="utf-8") as out:
        out.writelines(f"0 {(x0 + x1) / 2 / size:.6f} {(y0 + y1) / 2 / size:.6f} {(x1 - x0) / size:.6f} {(y1 - y0) / size:.6f}\n" for x0, y0, x1, y1 in boxes)


def start_of(rng, cracks):
    """Where a crack begins, which way it goes, and how far away another one may not stop it: on another crack, at the rim or anywhere."""
    if cracks and rng.random() < 0.6:
        stem = cracks[rng.integers(len(cracks))]
        at = rng.integers(3, len(stem) - 3)
        aside = stem[at + 2] - stem[at - 2]
        return stem[at], np.arctan2(aside[1], aside[0]) + rng.choice([-1, 1]) * rng.uniform(0.8, 1.6), 8
    start = rng.uniform(0, SIZE, 2) if rng.random() < 0.5 else np.array([rng.uniform(0, SIZE), 0.0])[::rng.choice([-1, 1])]
    return start, rng.uniform(0, 2 * np.pi), 0


def grown(rng, cracks, taken):
    """A crack inside the picture, which mostly ends where it meets another; None when it is too short to count."""
    start, heading, free = start_of(rng, cracks)
    length = rng.uniform(60, 300)
    if rng.random() < 0.5:
        path, _ = synth.walk(rng, start, heading, length, rng.uniform(0.12, 0.4))
    else:
        path, _ = synth.fractal(rng, start, heading, length, rng.uniform(0.03, 0.1))
    inside = []
    for x, y in path:
        if not (0 <= x < SIZE and 0 <= y < SIZE):
            if inside:
                break
            continue
        inside.append((x, y))
        met = taken[max(0, int(y) - 2):int(y) + 3, max(0, int(x) - 2):int(x) + 3].any()
        if met and np.hypot(x - start[0], y - start[1]) > free and rng.random() < ENDS_THERE:
            break
    inside = np.array(inside)
    return inside if len(inside) >= 7 and np.ptp(inside, axis=0).max() >= SHORTEST else None


def draw(folder, seed, count=150):
    """Networks of up to six cracks of 2 to 6 px: NAME.png, white where the cracks are, with their boxes in NAME.txt."""
    os.makedirs(folder, exist_ok=True)
    rng = np.random.default_rng(seed)
    for n in range(count):
        cracks, boxes = [], []
        taken = Image.new("1", (SIZE, SIZE))
        image = Image.new("L", (SIZE * SUPERSAMPLE, SIZE * SUPERSAMPLE))
        for _ in range(rng.integers(2, 7)):
            width = float(np.exp(rng.uniform(np.log(2), np.log(6))))
            crack = grown(rng, cracks, np.asarray(taken))
            if crack is None:
                continue
            cracks.append(crack)
            ImageDraw.Draw(taken).line([tuple(p) for p in crack], fill=1)
            ImageDraw.Draw(image).line([tuple(p) for p in crack * SUPERSAMPLE], fill=255, width=round(width * SUPERSAMPLE), joint="curve")
            low, high = crack.min(0) - width / 2 - MARGIN, crack.max(0) + width / 2 + MARGIN
            boxes.append((*np.clip(low, 0, SIZE), *np.clip(high, 0, SIZE)))
        path = os.path.join(folder, f"{n:03d}")
        image.resize((SIZE, SIZE), Image.BOX).save(path + ".png")
        write_boxes(path, boxes, SIZE)
    print(f"drew {count} networks in {folder}")
