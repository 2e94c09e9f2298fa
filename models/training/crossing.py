"""Lays the cracks of photos over other photos of the site: single cracks, which is what a site may show, become networks of real cracks."""
import os

import numpy as np
from PIL import Image

import data
import quay
import synth


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
        with open(path + ".txt", "w", encoding="utf-8") as out:
            out.writelines(f"0 {(x0 + x1) / 2 / size:.6f} {(y0 + y1) / 2 / size:.6f} {(x1 - x0) / size:.6f} {(y1 - y0) / size:.6f}\n" for x0, y0, x1, y1 in boxes)
    print(f"wrote {len(site)} photos to {folder}")
