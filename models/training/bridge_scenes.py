"""Drawn damage of concrete, each by what makes it: a hollow shaded by one light with aggregate inside, bars with ribs, rust and lime that water
carries down. image is float32 size x size x 3 in 0..1; masks are bool. Down is the direction of +y."""
import numpy as np
from PIL import Image, ImageDraw

import areas
import synth

SHAPES = (synth.joint, synth.grid, synth.paint, synth.step_edge, synth.shadow, synth.cable, synth.pores, synth.pits, synth.leaves)


def polygon(size, points, fill=255):
    img = Image.new("L", (size, size))
    ImageDraw.Draw(img).polygon([tuple(p) for p in points], fill=fill)
    return np.asarray(img, np.float32) / 255


def blob(rng, size, radius):
    """A ragged patch, as broken concrete is: a round outline with noise of every wavelength; up to four times as long as wide."""
    t = np.linspace(0, 2 * np.pi, 90, endpoint=False)
    r = np.ones(90)
    for k in range(2, 24):
        r += rng.normal(0, 0.35 / k) * np.cos(k * t + rng.uniform(0, 6.3))
    flat, turn = rng.uniform(0.25, 1), rng.uniform(0, np.pi)
    x, y = radius * r * np.cos(t), radius * r * np.sin(t) * flat
    centre = rng.uniform(0.1, 0.9, 2) * size
    return polygon(size, centre + np.stack([x * np.cos(turn) - y * np.sin(turn), x * np.sin(turn) + y * np.cos(turn)], 1)) > 0.5


def shade(height, light, strength):
    gy, gx = np.gradient(height)
    return 1 + strength * (gx * light[0] + gy * light[1])


def spalling(rng, image, light, mask):
    """The cover has come off: a rough floor of mortar and aggregate below the surface, one wall in shadow, the other lit."""
    size = image.shape[0]
    soft = mask.astype(np.float32)
    floor = synth.mineral(rng, size) * rng.uniform(0.7, 1.1)
    stones = synth.dots(rng, size, int(size * size * rng.uniform(0.001, 0.006)), (1.5, rng.uniform(3, 9)))
    tint = np.array([1, rng.uniform(0.85, 1), rng.uniform(0.65, 1)]) * rng.uniform(0.6, 1.5)
    floor = floor * (1 - stones[..., None] * 0.6) + stones[..., None] * 0.6 * floor.mean() * tint
    rough = sum((synth.smooth_noise(rng, size, c) - 0.5) * c for c in (3, 7, 18, 50)) * rng.uniform(0.15, 0.6) + stones * 2
    depth = -synth.blur(soft, rng.uniform(1, 4)) * rng.uniform(4, 16)
    lit = np.clip(shade(depth + rough, light, rng.uniform(0.1, 0.35)), 0.15, 1.9)
    cast = np.clip(synth.blur(np.roll(1 - soft, tuple(np.round(-np.array(light[::-1]) * rng.uniform(2, 8)).astype(int)), (0, 1)), 1), 0, 1)
    floor = floor * lit[..., None] * (1 - 0.55 * cast[..., None])
    edge = synth.blur(soft, 0.7)[..., None]
    return np.clip(image * (1 - edge) + floor * edge, 0, 1)


def bars(rng, image, light, hollow):
    """Parallel bars with ribs, rusted, cut off where the hollow ends; returns the image and where bars show."""
    size = image.shape[0]
    y, x = np.mgrid[0:size, 0:size].astype(np.float32)
    ys, xs = np.nonzero(hollow)
    shown = np.zeros((size, size), bool)
    width, spacing, first = rng.uniform(4, 18), rng.uniform(25, 110), rng.uniform(0, np.pi)
    for angle in (first, first + np.pi / 2)[:rng.integers(1, 3)]:
        along, across = x * np.cos(angle) + y * np.sin(angle), y * np.cos(angle) - x * np.sin(angle)
        k = rng.integers(len(xs))
        offset = ys[k] * np.cos(angle) - xs[k] * np.sin(angle)
        for n in range(-2, 3):
            if n and rng.random() < 0.4:
                continue
            bend = rng.uniform(0, 3) * np.sin(along / rng.uniform(60, 200) + rng.uniform(0, 6))
            d = (across - offset - n * spacing - bend) / (width / 2)
            bar = (np.abs(d) < 1) & hollow
            ribs = 1 + rng.uniform(0, 0.35) * np.sign(np.sin(along / (width * rng.uniform(0.08, 0.14)) + d))
            side = -np.sin(angle) * light[0] + np.cos(angle) * light[1]
            body = np.clip((0.55 + 0.45 * np.sqrt(np.clip(1 - d * d, 0, 1)) - 0.3 * side * d) * ribs, 0, 1.6)
            colour = np.array([0.42, 0.26, 0.16]) * rng.uniform(0.35, 1.2) * (1 + 0.5 * (synth.smooth_noise(rng, size, 9)[..., None] - 0.5) * np.array([1.5, 1, 0.5]))
            image = np.where(bar[..., None], colour * body[..., None], image)
            shown |= bar
    return np.clip(image, 0, 1), shown


def runs(rng, size, sources, width, length):
    """Strength 0..1 of what water carried down from the sources (x, y): threads that wander, widen or thin out, and fade."""
    total = np.zeros((size, size), np.float32)
    for sx, sy in sources:
        n = 14
        reach = length * rng.uniform(0.3, 1.3)
        ys = sy + np.linspace(0, reach, n)
        xs = sx + np.cumsum(rng.normal(0, 0.25 * width, n))
        half = width * rng.uniform(0.3, 1.2) * np.linspace(rng.uniform(0.6, 1.4), rng.uniform(0.2, 1.2), n) * np.exp(rng.normal(0, 0.2, n))
        total = np.maximum(total, polygon(size, np.concatenate([np.stack([xs - half, ys], 1), np.stack([xs + half, ys], 1)[::-1]])) * rng.uniform(0.5, 1)
                           * np.clip(1.15 - (np.arange(size)[:, None] - sy) / max(1, reach), 0, 1) ** rng.uniform(0.3, 1))
    worn = np.clip(0.4 + 1.1 * synth.smooth_noise(rng, size, rng.uniform(3, 20)), 0, 1)
    return synth.blur(np.clip(total, 0, 1), rng.uniform(0.6, 2.5)) * worn


def along_crack(rng, size, count):
    points, _ = synth.walk(rng, rng.uniform(0.05, 0.7, 2) * size, rng.normal(0, 0.5), rng.uniform(0.3, 1) * size, 0.3)
    return points, points[rng.integers(len(points), size=count)]


def corrosion(rng, image, sources=None):
    """Rust: brown to orange, darkest where it comes from, glazing over the concrete; also ragged patches of it."""
    size = image.shape[0]
    if sources is None:
        sources = along_crack(rng, size, rng.integers(1, 7))[1] if rng.random() < 0.6 else rng.uniform(0.1, 0.9, (1, 2)) * size
    a = runs(rng, size, sources, rng.uniform(2, 16), rng.uniform(20, 180))
    for sx, sy in sources[:3]:
        spot = np.exp(-((np.mgrid[0:size, 0:size][1] - sx) ** 2 + (np.mgrid[0:size, 0:size][0] - sy) ** 2) / (2 * rng.uniform(3, 18) ** 2))
        a = np.maximum(a, (spot * (0.3 + synth.smooth_noise(rng, size, 7))).astype(np.float32))
    a = np.clip(a * rng.uniform(0.8, 1.3), 0, 0.97)
    rust = np.array([rng.uniform(0.4, 0.75), rng.uniform(0.2, 0.4), rng.uniform(0.05, 0.18)]) * (0.5 + synth.smooth_noise(rng, size, 12)[..., None]) * rng.uniform(0.6, 1.1)
    glaze = image * rust / max(0.3, image.mean())
    return np.clip(image * (1 - a[..., None]) + (0.5 * glaze + 0.5 * rust) * a[..., None], 0, 1), a > 0.3


def efflorescence(rng, image, light):
    """Lime that water brought out of a crack: a crust along it, runs below it, here and there thick like stalactites, damp around."""
    size = image.shape[0]
    points, sources = along_crack(rng, size, rng.integers(1, 9))
    a = runs(rng, size, sources, rng.uniform(2, 14), rng.uniform(15, 200))
    img = Image.new("L", (size, size))
    ImageDraw.Draw(img).line([tuple(p) for p in points], fill=255, width=int(rng.integers(2, 12)))
    crust = synth.blur(np.asarray(img, np.float32) / 255, rng.uniform(0.8, 3)) * np.clip(1.6 * synth.smooth_noise(rng, size, rng.uniform(4, 14)) - 0.2, 0, 1)
    a = np.clip(np.maximum(a, crust) * rng.uniform(0.8, 1.5), 0, 0.97)
    if rng.random() < 0.4:
        damp = synth.blur(np.clip(a * 2, 0, 1), rng.uniform(4, 12))
        image = image * (1 - 0.35 * damp[..., None])
    thick = synth.blur(a, 1.5) * rng.uniform(0, 14)
    lime = rng.uniform(0.72, 1) * np.array([1, rng.uniform(0.95, 1), rng.uniform(0.86, 1)]) * np.clip(shade(thick, light, 0.25), 0.5, 1.25)[..., None]
    image = image * (1 - a[..., None]) + lime * a[..., None]
    if rng.random() < 0.5:
        ImageDraw.Draw(img).rectangle([0, 0, size, size], fill=0)
        ImageDraw.Draw(img).line([tuple(p) for p in points], fill=255, width=int(rng.integers(1, 4)))
        image = image * (1 - 0.6 * synth.blur(np.asarray(img, np.float32) / 255, 0.6)[..., None])
    return np.clip(image, 0, 1), a > 0.3


class Drawn:
    """Damage on a ground: synthetic concrete, or a sound photo by `photos`."""

    def __init__(self, photos=None):
        self.photos = photos

    def tile(self, rng, size):
        image = synth.mineral(rng, size) if self.photos is None or rng.random() < 0.5 else self.photos.tile(rng, size)[0]
        for _ in range(rng.integers(0, 4)):
            image = np.clip(SHAPES[rng.integers(len(SHAPES))](rng, image), 0, 1)
        turn = rng.uniform(0, 2 * np.pi)
        light = (np.cos(turn), np.sin(turn))
        spall, bar, rust, lime = np.zeros((4, size, size), bool)
        for _ in range(rng.integers(0, 3)):
            kind = rng.random()
            if kind < 0.45:
                hollow = blob(rng, size, np.exp(rng.uniform(np.log(12), np.log(150))))
                if not hollow.any():
                    continue
                image, spall = spalling(rng, image, light, hollow), spall | hollow
                if rng.random() < 0.6:
                    image, shown = bars(rng, image, light, hollow)
                    bar |= shown
                    if shown.any() and rng.random() < 0.4:
                        ys, xs = np.nonzero(shown)
                        k = rng.integers(len(xs), size=3)
                        image, stain = corrosion(rng, image, np.stack([xs[k], ys[k]], 1))
                        rust |= stain
            elif kind < 0.7:
                image, stain = corrosion(rng, image)
                rust |= stain
            else:
                image, runs_of = efflorescence(rng, image, light)
                lime |= runs_of
        known = areas.bits(np.ones_like(bar), np.ones_like(bar), ~bar, np.ones_like(bar))  # whether a bar is rusty is not asked
        return image.astype(np.float32), areas.bits(spall, bar, rust & ~bar, lime), known
