"""Trains the crack model and writes NAME.onnx and NAME.json.

  /usr/bin/python3 models/training/train_crack.py --data DIR --out models

DIR holds crack_quay/{k1,h1} (required) and, when present, damage/concrete_masks, damage/road_brazil,
damage/concrete_salt and drone (photos without cracks). The held-out site is never opened here.
--decisions DIR2 adds what people decided on findings (./field findings export --format training --out DIR2).
--crossed F writes the photos of the training site with cracks of its other photos laid over them: networks whose cracks have boxes, on which the
thresholds and the rules of what is one crack are chosen with ./field vision eval --data F.
--networks F draws networks of cracks as perfect masks there, for ./field vision eval --masks --data F.
"""
import argparse
import os

import numpy as np
import torch
from PIL import Image

import card
import crossing
import data
import decisions
import export
import fit
import measure
import net
import quay
import synth

# Kept from training, to see that it went well.
DRONE_VALIDATION = ("DJI_0030", "IMG_0549")  # photos without cracks, of the folder drone
VALIDATION = {"k1": ("MAX_1638", "MAX_1647"), "h1": ("MAX_0006", "MAX_0008", "MAX_0021")}

# Two passes: labels of the site by the ridge filter, then by the network of the first pass, with more of what fooled it.
# Per source: share of tiles. "positive" is the extra weight of crack pixels.
PASSES = {
    "ridge": dict(positive=2.0, shares=dict(site=0.28, concrete=0.16, road=0.12, walls=0.06, drone=0.13, synthetic=0.25, decisions=0.15)),
    "self": dict(positive=0.5, shares=dict(site=0.26, concrete=0.16, road=0.12, walls=0.06, drone=0.16, synthetic=0.24, decisions=0.25)),
}


def arguments():
    p = fit.arguments(argparse.ArgumentParser(), "crack-v1", 1500, 20)
    p.add_argument("--decisions", help="folder of decisions, used beside --data")
    p.add_argument("--crossed", help="a folder: only writes the crossed photos of the training site there")
    p.add_argument("--networks", help="a folder: only draws networks of cracks there")
    p.add_argument("--site", default="k1", choices=sorted(VALIDATION), help="training site; the other one is held out")
    p.add_argument("--first", type=int, default=5000, help="steps on labels by the ridge filter; --steps follow on labels by the network itself")
    return p.parse_args()


def site_source(args, strength=None):
    folder = os.path.join(args.data, "crack_quay", args.site)
    held_back = VALIDATION[args.site]
    names = sorted({n.rsplit("_", 2)[0] for n, _, _ in quay.load_site(folder)})
    keep = [n for n in names if not n.startswith(held_back)]
    return data.Labelled(data.quay_items(folder, keep, strength), (0.45, 1.8), pad=96)


def sources(args):
    """name: (source, chance of a synthetic crack on top, chance of distractors); and the folders that are not there"""
    missing = []

    def optional(folder, build):
        path = os.path.join(args.data, folder)
        if os.path.isdir(path):
            return build(path)
        missing.append(folder)
        print(f"not there, trained without it: {folder}", flush=True)
        return None

    def cracked(items, scales, turn=True):
        return lambda path: data.Labelled(items(path, False), scales, turn=turn)

    def plain(longest, scales, pad=0):
        return lambda path: data.Labelled(data.plain_items([p for p in data.photos(path, ".") if not os.path.basename(p).startswith(DRONE_VALIDATION)], longest), scales, pad=pad)

    grounds = {
        "site": (site_source(args), 0.15, 0.2),
        "concrete": (optional("damage/concrete_masks", cracked(data.concrete_items, (0.4, 1.6))), 0.45, 0.35),
        "road": (optional("damage/road_brazil", cracked(data.road_items, (0.5, 1.4), turn=False)), 0.35, 0.1),
        "walls": (optional("damage/concrete_salt/healthy", plain(224, (0.9, 2.0), pad=64)), 0.4, 0.5),
        "drone": (optional("drone", plain(4000, (0.3, 1.2))), 0.12, 0.1),
        "synthetic": (data.Synthetic(), 0.5, 0.7),
    }
    if args.decisions:
        decided = decisions.Decided(args.decisions, "crack", data.Labelled, data.TILE)
        print(f"decisions: {decided.count} pictures", flush=True)
        grounds["decisions"] = (decided if decided.count else None, 0.0, 0.0)
    return grounds, missing


def loss_of(logits, label, weight, positive):
    bce = torch.nn.functional.binary_cross_entropy_with_logits(logits, label, reduction="none")
    bce = (bce * weight * (1 + positive * label)).sum() / weight.sum().clamp(min=1)  # a batch in which nothing is known
    p = torch.sigmoid(logits) * weight
    dice = 1 - (2 * (p * label).sum() + 1) / (p.sum() + (label * weight).sum() + 1)
    return bce + 0.5 * dice


def train(args, model, grounds, steps, rate, seed, tag):
    settings = PASSES[tag]
    tiles = data.Tiles(data.Mixture(grounds, settings["shares"]), steps * args.batch, seed)
    fit.run(args, model, tiles, steps, rate, lambda logits, label, weight: loss_of(logits, label, weight, settings["positive"]), tag)


def validation(args):
    """The kept photos of the training site, and grounds on which everything found is false: plain ones and pieces of kept drone photos."""
    site = quay.load_site(os.path.join(args.data, "crack_quay", args.site))
    rng = np.random.default_rng(args.seed)
    plain = [synth.grass(rng, 768) if i % 4 == 3 else synth.mineral(rng, 768) for i in range(8)]
    plain = [(p * 255).astype(np.uint8) for p in plain]
    for path in data.photos(args.data, "drone"):
        if os.path.basename(path).startswith(DRONE_VALIDATION):
            image = np.asarray(Image.open(path).convert("RGB"))
            plain += [image[y:y + 768, x:x + 768] for y in (300, 1300) for x in (400, 2200)]
    return [(i, b) for n, i, b in site if n.startswith(VALIDATION[args.site])] + [(p, []) for p in plain]


def main():
    args = arguments()
    if args.crossed:
        crossing.write(quay.load_site(os.path.join(args.data, "crack_quay", args.site)), args.crossed, args.seed)
    if args.networks:
        crossing.draw(args.networks, args.seed)
    if args.crossed or args.networks:
        return
    fit.prepare(args)
    model = net.crack_net()
    grounds, missing = sources(args)
    train(args, model, grounds, args.first, args.rate, args.seed, "ridge")

    def strength(image):
        return np.maximum(net.probability(model, image)[0], 0.5 * quay.ridge(image.astype(np.float32).mean(2) / 255))

    grounds["site"] = (site_source(args, strength), *grounds["site"][1:])
    train(args, model, grounds, args.steps, args.rate * 0.7, args.seed + 1, "self")
    figures = measure.figures([(boxes, net.probability(model, image)[0]) for image, boxes in validation(args)], card.THRESHOLDS)
    path = export.onnx_file(model, args.out, args.name)
    card.write(args, path, figures, VALIDATION[args.site], missing)
    print("wrote", path, figures)


if __name__ == "__main__":
    main()
