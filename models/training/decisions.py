"""What people decided on findings, as training data: ./field findings export --format training --out DIR.

DIR holds dataset.json, images/, masks/ and weights/; every file is checked against its SHA-256. Weight 0 means "nobody decided here".
"""
import hashlib
import io
import json
import os

import numpy as np
from PIL import Image

FORMAT = "field-decisions-1"


def read(root, sums, name):
    """The bytes of a file below root that the dataset lists, and nothing else."""
    with open(os.path.join(root, name), "rb") as f:
        content = f.read()
    if hashlib.sha256(content).hexdigest() != sums.get(name):
        raise SystemExit(f"{os.path.join(root, name)}: not the file that dataset.json lists; export it again")
    return content


def plane(root, sums, name, mode):
    return np.asarray(Image.open(io.BytesIO(read(root, sums, name))).convert(mode))


def items(root, damage):
    """(RGB uint8, label 0..1, weight 0..1) of every picture in which people decided on the class."""
    with open(os.path.join(root, "dataset.json"), encoding="utf-8") as f:
        dataset = json.load(f)
    if dataset.get("format") != FORMAT:
        raise SystemExit(f"{root}: no {FORMAT}; make it with ./field findings export --format training")
    sums, out = dataset["sha256"], []
    for picture in dataset["images"]:
        for c in picture["classes"]:
            if c["class"] == damage:
                label, weight = (plane(root, sums, c[k], "L").astype(np.float32) / 255 for k in ("mask", "weight"))
                out.append((plane(root, sums, picture["image"], "RGB"), label, weight))
    return out


class Decided:
    """Crops around what people decided on; elsewhere every weight is 0 and nothing would be learnt."""

    def __init__(self, root, damage, labelled, tile):
        self.source = labelled([padded(planes, tile) for planes in items(root, damage)], (0.7, 1.5))
        for i, (planes, pad, _) in enumerate(self.source.items):
            self.source.items[i] = (planes, pad, np.argwhere(planes[2][::4, ::4] > 127) * 4)
        self.count = len(self.source.items)

    def ground(self, rng):
        for _ in range(20):
            image, label, weight = self.source.ground(rng)
            if weight.any():
                break
        return image, label, weight


def padded(planes, tile):
    """At least as large as a tile turned by 45 degrees; what is added has weight 0."""
    least = int(tile * 2.2)
    image, label, weight = planes
    h, w = label.shape
    grow = ((0, max(0, least - h)), (0, max(0, least - w)))
    return np.pad(image, grow + ((0, 0),)), np.pad(label, grow), np.pad(weight, grow)
