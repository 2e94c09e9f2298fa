"""Trains models of several classes whose truth is a mask: tiles, loss, thresholds, card. bridge, levee and road give it their scenes.

A scene is (RGB uint8, yes, known): in the planes `yes` and `known` bit k stands for class k. Where a class is not known
(the mask does not say), the network is neither right nor wrong there.
"""
import argparse
import os
from dataclasses import dataclass

import numpy as np
import torch
from PIL import Image

import area_measure
import card
import data
import export
import fit
import net

NEAREST = (Image.BILINEAR, Image.NEAREST, Image.NEAREST)


@dataclass
class Model:
    """What a trainer says about its model; the functions take the arguments and say which scenes there are."""
    name: str
    classes: tuple
    stride: int          # of the network's stem
    tile: int            # px of a training tile, a multiple of 16 strides
    steps: int
    seed: int
    sources: object      # args -> {name: (source with tile(rng, size), share)}
    validation: object   # args -> iterable of scenes on which thresholds are chosen
    held_out: object     # args -> None; fills the folder args.held_out with images/ and masks/; None where the data need no sorting out
    card: dict           # description, trainingData, split, weaknesses, licence
    positive: float = 0.25
    gap: int = 6         # px over which pieces are one finding; mergeGapPx of the card


def bits(*planes):
    """One plane whose bit k is planes[k]."""
    return sum((np.asarray(p, bool).astype(np.uint8) << k for k, p in enumerate(planes)), np.zeros(np.shape(planes[0]), np.uint8))


def unpack(plane, count):
    return np.stack([(plane >> k & 1).astype(np.float32) for k in range(count)])


def sound(image, count):
    """A scene without any of the classes."""
    plane = image.shape[:2]
    return image, np.zeros(plane, np.uint8), np.full(plane, (1 << count) - 1, np.uint8)


class Scenes:
    """Crops of scenes; first a class is drawn among those there are, then a scene that has it, so that rare classes are seen as often."""

    def __init__(self, scenes, scales, turn=True):
        self.scenes, self.scales, self.turn = list(scenes), scales, turn
        self.by_class = {}
        for i, (_, yes, _) in enumerate(self.scenes):
            for k in range(8):
                places = np.argwhere(yes[::8, ::8] >> k & 1) * 8
                if len(places):
                    self.by_class.setdefault(k, []).append((i, places))

    def tile(self, rng, size):
        if self.by_class and rng.random() < 0.8:
            having = self.by_class[sorted(self.by_class)[rng.integers(len(self.by_class))]]
            i, places = having[rng.integers(len(having))]
        else:
            i, places = rng.integers(len(self.scenes)), ()
        image, yes, known = data.crop(rng, self.scenes[i], 0, places, self.scales, self.turn, NEAREST, size)
        return image.astype(np.float32) / 255, yes, known


class Mixture:
    def __init__(self, sources, tile, count):
        self.sources, shares = zip(*sources.values())
        self.shares = np.array(shares) / sum(shares)
        self.tile, self.count = tile, count

    def sample(self, rng):
        image, yes, known = self.sources[rng.choice(len(self.sources), p=self.shares)].tile(rng, self.tile)
        return data.finish(rng, image), unpack(yes, self.count), unpack(known, self.count)


def loss_of(logits, label, weight, positive):
    """
    Cross entropy and Dice per class, over the batch. Damage covers a hundredth of the pixels: its mean counts beside the mean of the sound
    ones, by `positive`, so that a class is learnt however little of it there is.
    """
    over = (0, 2, 3)
    bce = torch.nn.functional.binary_cross_entropy_with_logits(logits, label, reduction="none")
    yes, no = weight * label, weight * (1 - label)
    mean_yes, mean_no = ((bce * w).sum(over) / (w.sum(over) + 1) for w in (yes, no))
    p = torch.sigmoid(logits) * weight
    dice = 1 - (2 * (p * label).sum(over) + 1) / (p.sum(over) + yes.sum(over) + 1)
    present = (yes.sum(over) > 0).float()
    return (mean_no + positive * mean_yes).sum() / len(mean_no) * 2 + 0.5 * (dice * present).sum() / (present.sum() + 1e-6)


def scored(network, scenes):
    """[(probability planes, truth planes, known planes)], as uint8 and bool to save memory."""
    for image, yes, known in scenes:
        p = net.probability(network, image)
        yield (p * 255).round().astype(np.uint8), unpack(yes, len(p)) > 0, unpack(known, len(p)) > 0


def folder(args):
    """Paths of images/ and masks/ to be filled."""
    paths = [os.path.join(args.held_out, sub) for sub in ("images", "masks")]
    for path in paths:
        os.makedirs(path, exist_ok=True)
    return paths


def main(model):
    parser = fit.arguments(argparse.ArgumentParser(), model.name, model.steps, model.seed)
    parser.add_argument("--start", help="checkpoint whose weights the training begins with")
    if model.held_out:
        parser.add_argument("--held-out", metavar="FOLDER", help="trains nothing: puts the held-out images and masks into a folder for ./field vision eval")
    args = parser.parse_args()
    if model.held_out and args.held_out:
        model.held_out(args)
        return
    fit.prepare(args)
    network = net.area_net(len(model.classes), model.stride)
    path = os.path.join(args.out, args.name + ".onnx")
    if args.start:
        network.load_state_dict(torch.load(args.start)["model"])
    sources = model.sources(args)
    tiles = data.Tiles(Mixture(sources, model.tile, len(model.classes)), args.steps * args.batch, args.seed)
    fit.run(args, network, tiles, args.steps, args.rate, lambda *batch: loss_of(*batch, model.positive), "areas")
    thresholds, figures = area_measure.choose(model.classes, list(scored(network, model.validation(args))), model.gap)
    export.onnx_file(network, args.out, args.name)
    write(args, model, path, thresholds, figures)
    print("wrote", path, thresholds, figures)


def write(args, model, path, thresholds, figures):
    least = min(thresholds.values(), key=lambda t: t["low"])
    card.save(path, dict(
        name=args.name, description=model.card["description"], task="area-segmentation", classes=list(model.classes),
        input=dict(card.INPUT, multiple=16 * model.stride),
        thresholds=dict(low=least["low"], high=least["high"], minAreaPx=least["minAreaPx"], minLengthPx=0, mergeGapPx=model.gap, classes=thresholds),
        trainingData=model.card["trainingData"], split=model.card["split"],
        trainingCommand=f"./field train {args.name.split('-')[0]} --data DIR  (seed {args.seed}, {args.steps} steps of {args.batch} tiles of {model.tile} px, rate {args.rate})",
        validation=dict(figures, note="by the trainer, on scenes kept from training; only to choose the thresholds, so too good by as much"),
        heldOut=[], experimental=True,  # until a person has seen the held-out figures and takes it out
        weaknesses=model.card["weaknesses"], licence=model.card["licence"]))
