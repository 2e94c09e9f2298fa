"""Drawn levee slopes from above, 1 to 4 cm per pixel: grass by season, crest road, path, revetment, ruts, shadows; and five kinds of damage, each
by what makes it. While a scene is drawn the slope falls towards +y; then it is turned. image is float32 size x size x 3 in 0..1; masks are bool.

Settings are (dark grass, light grass, bare soil, sun): `TRAINED` and what lies between and around them (`around`) are used for training and
thresholds, `UNSEEN` only for held-out scenes.
"""
import numpy as np
from PIL import Image, ImageDraw

import areas
import bridge_scenes
import synth

# colours in 0..1; sun: (strength of shading, darkness of shadows, colour of the light)
TRAINED = (
    ((0.16, 0.26, 0.08), (0.42, 0.55, 0.20), (0.50, 0.38, 0.26), (1.0, 0.55, (1.02, 1.0, 0.95))),   # summer, high sun
    ((0.22, 0.30, 0.10), (0.58, 0.62, 0.30), (0.46, 0.34, 0.22), (0.5, 0.30, (0.98, 1.0, 1.03))),   # early summer, thin cloud
    ((0.32, 0.28, 0.14), (0.66, 0.58, 0.34), (0.42, 0.32, 0.24), (1.2, 0.65, (1.06, 1.0, 0.88))),   # autumn, low sun
    ((0.20, 0.28, 0.12), (0.44, 0.48, 0.24), (0.36, 0.28, 0.20), (0.25, 0.15, (0.97, 1.0, 1.04))),  # rain, after a flood
)
UNSEEN = (
    ((0.40, 0.36, 0.26), (0.74, 0.70, 0.56), (0.56, 0.46, 0.36), (1.5, 0.75, (1.08, 0.98, 0.84))),  # winter, bleached grass, evening sun
    ((0.24, 0.32, 0.08), (0.72, 0.68, 0.38), (0.32, 0.24, 0.20), (0.8, 0.45, (0.94, 0.99, 1.08))),  # early spring, green through old grass, clear north sky
)


def around(rng, settings):
    """A setting between two, paler or stronger, so that no colour becomes the mark of anything."""
    (dark, light, soil, (shading, shadow, sun)), other = (settings[rng.integers(len(settings))] for _ in range(2))
    t, pale, tone = rng.uniform(0, 0.7), rng.uniform(0.4, 1.25), np.exp(rng.normal(0, 0.15, 3))

    def colour(a, b):
        c = np.array(a) * (1 - t) + np.array(b) * t
        return np.clip((c.mean() + (c - c.mean()) * pale) * tone, 0.02, 0.95)

    return colour(dark, other[0]), colour(light, other[1]), colour(soil, other[2]), (shading * rng.uniform(0.5, 1.4), shadow * rng.uniform(0.6, 1.3), sun)


def noise(rng, size, cells):
    return sum((synth.smooth_noise(rng, size, c) for c in cells), np.zeros((size, size), np.float32)) / len(cells)


def mix(a, b, t):
    return a * (1 - t[..., None]) + b * t[..., None]


def grass(rng, size, season):
    dark, light = (np.array(c) * np.exp(rng.normal(0, 0.12, 3)) for c in season[:2])
    blades = rng.random((size, size)).astype(np.float32)
    blades = synth.blur(blades, rng.uniform(0.4, 1.1))
    t = np.clip((noise(rng, size, (3, 7, 20)) - 0.5) * 1.6 + (noise(rng, size, (60, 140)) - 0.5) * 1.2 + (blades - 0.5) * rng.uniform(1, 2.5) + 0.45, 0, 1)
    image = mix(dark, light, t)
    if rng.random() < 0.35:  # mown in stripes
        y, x = np.mgrid[0:size, 0:size]
        a, period = rng.uniform(0, np.pi), rng.uniform(40, 130)
        image = image * (1 + rng.uniform(0.03, 0.14) * np.sign(np.sin((x * np.cos(a) + y * np.sin(a)) * 2 * np.pi / period)))[..., None]
    return image


def soil(rng, size, season):
    clods = synth.dots(rng, size, int(size * size * rng.uniform(0.0003, 0.004)), (0.8, 4))
    t = noise(rng, size, (2, 5, 14)) + (noise(rng, size, (40, 100)) - 0.5)
    colour = np.array(season[2]) * np.exp(rng.normal(0, 0.15, 3))
    return np.clip(colour * (0.5 + t)[..., None] * (1 + (clods * rng.uniform(-0.5, 0.4))[..., None]), 0, 1)


def band(rng, size, width):
    y, x = np.mgrid[0:size, 0:size] - size / 2
    a = rng.normal(0, 0.25) + (np.pi / 2 if rng.random() < 0.2 else 0)
    return (y * np.cos(a) - x * np.sin(a) - rng.uniform(-0.6, 0.6) * size) / (width / 2), x * np.cos(a) + y * np.sin(a)


def works(rng, image, season):
    """What people built: crest road (dry, wet or patched), gravel or dirt path, ruts, revetment blocks."""
    size, kind = image.shape[0], rng.random()
    if kind < 0.45:
        d, along = band(rng, size, rng.uniform(120, 380))
        body = synth.mineral(rng, size) * rng.uniform(0.6, 1)
        if rng.random() < 0.4:  # wet here and there
            wet = np.clip((noise(rng, size, (30, 90)) - rng.uniform(0.35, 0.6)) * 8, 0, 1)
            body = body * (1 - 0.55 * wet[..., None])
        on = np.abs(d) < 1
        image = np.where(on[..., None], body, image)
        if rng.random() < 0.4:
            image = np.where((on & (np.abs(np.abs(d) - 0.85) < 0.03))[..., None], 0.85, image)
    elif kind < 0.65:
        d, _ = band(rng, size, rng.uniform(30, 120))
        worn = np.clip((1.1 - np.abs(d)) * 4 + (noise(rng, size, (6, 20)) - 0.5) * 3, 0, 1)
        image = mix(image, soil(rng, size, season) * rng.uniform(1, 1.5), worn)
    elif kind < 0.8:
        d, _ = band(rng, size, rng.uniform(70, 160))
        rut = np.clip(1.2 - np.abs(np.abs(d) - 1) * rng.uniform(4, 9) + (noise(rng, size, (8, 25)) - 0.5) * 2, 0, 1)
        image = mix(image, soil(rng, size, season) * rng.uniform(0.6, 1.1), rut)
    else:
        y, x = np.mgrid[0:size, 0:size]
        block = rng.uniform(20, 60)
        d, along = band(rng, size, rng.uniform(200, 500))
        joint = (np.abs((along / block) % 1 - 0.5) > 0.46) | (np.abs((d * 3 + (np.floor(along / block) % 2) * 0.5) % 1 - 0.5) > 0.46)
        stone = synth.mineral(rng, size) * rng.uniform(0.8, 1.1)
        image = np.where((np.abs(d) < 1)[..., None], np.where(joint[..., None], stone * rng.uniform(0.3, 0.7), stone), image)
    return np.clip(image, 0, 1)


def blotch(rng, image, season):
    """Not damage: shadow of a tree, molehills, heaps of cut grass, a burnt patch, a bush, tufts of another green."""
    size, kind = image.shape[0], rng.random()
    if kind < 0.45:
        crown = np.clip((noise(rng, size, (9, 25, 80, 80)) - rng.uniform(0.42, 0.58)) * 9, 0, 1)
        return image * (1 - season[3][1] * crown[..., None])
    if kind < 0.6:
        return mix(image, soil(rng, size, season), synth.blur(synth.dots(rng, size, int(rng.integers(1, 8)), (4, 11)), 1.5))
    patch = synth.blur(bridge_scenes.blob(rng, size, rng.uniform(10, 70)).astype(np.float32), rng.uniform(2, 6))
    colour = np.array(((0.75, 0.68, 0.42), (0.10, 0.09, 0.08), (0.10, 0.18, 0.06), (0.5, 0.62, 0.2))[rng.integers(4)]) * rng.uniform(0.7, 1.2)
    return mix(image, colour * (0.5 + noise(rng, size, (3, 8)))[..., None], patch * rng.uniform(0.5, 1))


def stroke(size, points, widths):
    img = Image.new("L", (size * 2, size * 2))
    synth.draw_path(ImageDraw.Draw(img), points, widths, 2)
    return np.asarray(img.resize((size, size), Image.BOX), np.float32) / 255


def crack(rng, image, season, points=None, mean=None):
    """The ground has parted: dark, ragged, with a lit or dropped edge, half hidden by grass here and there."""
    size = image.shape[0]
    mean = mean or np.exp(rng.uniform(np.log(2.5), np.log(11)))
    if points is None:
        start = rng.uniform(0, 0.6, 2) * size
        points, _ = synth.walk(rng, start, rng.normal(0, 0.4), rng.uniform(0.4, 1.2) * size, rng.uniform(0.15, 0.5))
    mask = stroke(size, points, synth.widths(rng, len(points), mean))
    hidden = np.clip(0.45 + 1.3 * synth.smooth_noise(rng, size, rng.uniform(5, 25)), 0, 1)
    lip = np.clip(np.roll(mask, int(rng.integers(1, 4)), 0) - mask, 0, 1)[..., None] * rng.uniform(0, 0.6)
    image = image * (1 - lip) + soil(rng, size, season) * 1.2 * lip
    depth = (synth.blur(mask, 0.7) * hidden * rng.uniform(0.6, 0.97))[..., None]
    return np.clip(image * (1 - depth) + image.mean() * 0.15 * depth, 0, 1), mask > 0.3


def slump(rng, image, season):
    """A piece of the slope has slid: a bare scarp in an arc at its head, below it sods moved and turned, a bulging foot, cracks around the head."""
    size = image.shape[0]
    w, h = np.exp(rng.uniform(np.log(30), np.log(170), 2)) * (1, rng.uniform(0.7, 1.6))
    cx, cy = rng.uniform(0.1, 0.9, 2) * size
    t = np.linspace(0, 2 * np.pi, 80, endpoint=False)
    r = 1 + sum(rng.normal(0, 0.22 / k) * np.cos(k * t + rng.uniform(0, 6.3)) for k in range(2, 14))
    head = np.sin(t) < 0
    points = np.stack([cx + w * r * np.cos(t) * np.where(head, 1, rng.uniform(0.7, 1.1)), cy + h * r * np.sin(t)], 1)
    mask = bridge_scenes.polygon(size, points) > 0.5
    y = (np.mgrid[0:size, 0:size][0] - (cy - h)) / (2 * h)
    bare = np.clip((rng.uniform(0.15, 1.2) - y + (noise(rng, size, (8, 25, 60)) - 0.5) * 1.2) * 6, 0, 1)
    sods = np.roll(image, tuple(rng.integers(-40, 40, 2)), (0, 1)) * rng.uniform(0.75, 1.05)
    earth = soil(rng, size, season) * (1 + rng.uniform(0, 0.25) * np.sin(np.mgrid[0:size, 0:size][1] / rng.uniform(2, 6) + 4 * noise(rng, size, (20,))))[..., None]
    body = mix(sods, earth, bare)
    soft = synth.blur(mask.astype(np.float32), rng.uniform(2, 6))
    relief = (noise(rng, size, (10, 30)) * rng.uniform(4, 20) + np.clip(y, 0, 1) ** 2 * h * 0.3) * soft - soft * 8
    body = body * np.clip(bridge_scenes.shade(relief, (rng.normal(0, 0.6), rng.choice((-1, 1))), 0.22 * season[3][0]), 0.3, 1.7)[..., None]
    scarp = stroke(size, points[head], np.full(head.sum(), rng.uniform(3, 14))) * mask
    body = body * (1 - scarp[..., None] * rng.uniform(0.2, 0.6))
    image = mix(image, body, synth.blur(mask.astype(np.float32), 0.8))
    cracks = np.zeros_like(mask)
    if rng.random() < 0.35:
        arc = points[head] * rng.uniform(1.05, 1.2) + np.array([cx, cy]) * (1 - 1.1)
        image, cracks = crack(rng, image, season, arc[4:-4] + rng.normal(0, 1.2, (head.sum() - 8, 2)), rng.uniform(2.5, 6))
    return np.clip(image, 0, 1), mask, cracks & ~mask


def erosion(rng, image, season):
    """Running water has taken the turf: rills that join and widen downwards, or a scoured patch with gravel and frayed edges."""
    size = image.shape[0]
    if rng.random() < 0.6:
        plane = np.zeros((size, size), np.float32)
        x0, foot = rng.uniform(0.1, 0.9) * size, rng.uniform(0.5, 1.1) * size
        for _ in range(rng.integers(1, 6)):
            top = np.array([x0 + rng.normal(0, 0.2) * size, foot - rng.uniform(0.3, 0.9) * size])
            n = 24
            s = np.linspace(0, 1, n)
            xs = top[0] + (x0 - top[0]) * s ** 1.5 + np.cumsum(rng.normal(0, 2.2, n))
            plane = np.maximum(plane, stroke(size, np.stack([xs, top[1] + (foot - top[1]) * s], 1), rng.uniform(4, 26) * (0.25 + 0.9 * s) * np.exp(rng.normal(0, 0.2, n))))
        mask = plane > 0.5
    else:
        ragged = bridge_scenes.blob(rng, size, np.exp(rng.uniform(np.log(20), np.log(120))))
        mask = (synth.blur(ragged.astype(np.float32), 5) + (noise(rng, size, (5, 12)) - 0.5) * 0.7) > 0.5
    floor = soil(rng, size, season)
    stones = synth.dots(rng, size, int(size * size * rng.uniform(0, 0.01)), (1, 3.5))
    floor = mix(floor, np.array([0.6, 0.58, 0.55]) * rng.uniform(0.7, 1.2), stones)
    soft = synth.blur(mask.astype(np.float32), rng.uniform(1, 3))
    lit = np.clip(bridge_scenes.shade(-soft * rng.uniform(4, 14) + noise(rng, size, (4, 12)) * 4, (rng.choice((-1, 1)), rng.normal(0, 0.4)), 0.2 * season[3][0]), 0.3, 1.7)
    return np.clip(mix(image, floor * lit[..., None], synth.blur(mask.astype(np.float32), 0.8)), 0, 1), mask


def ellipse(rng, size, least, most):
    y, x = np.mgrid[0:size, 0:size].astype(np.float32)
    a, flat = rng.uniform(0, np.pi), rng.uniform(0.45, 1)
    dx, dy = x - rng.uniform(0.15, 0.85) * size, y - rng.uniform(0.15, 0.85) * size
    r = np.exp(rng.uniform(np.log(least), np.log(most)))
    return np.sqrt(((dx * np.cos(a) + dy * np.sin(a)) / r) ** 2 + ((dy * np.cos(a) - dx * np.sin(a)) / (r * flat)) ** 2) + (noise(rng, size, (30, 70)) - 0.5) * 0.4, r


def subsidence(rng, image, season):
    """The surface has sunk: a dish whose side towards the sun is dark and the other bright, often a puddle in it and rings of cracks."""
    size = image.shape[0]
    d, r = ellipse(rng, size, 25, 140)
    sun = rng.uniform(0, 2 * np.pi)
    dish = -np.exp(-(d / 0.75) ** 2) * r * rng.uniform(0.5, 1.3)
    image = image * np.clip(bridge_scenes.shade(dish, (np.cos(sun), np.sin(sun)), (0.25 + 0.25 * season[3][0])), 0.25, 1.7)[..., None]
    if rng.random() < 0.45:
        sky = np.array([0.5, 0.55, 0.62]) * rng.uniform(0.35, 1.3) * (0.9 + 0.2 * synth.smooth_noise(rng, size, 60)[..., None])
        image = mix(image, sky, np.clip((rng.uniform(0.3, 0.7) - d) * 12, 0, 1) * rng.uniform(0.6, 0.95))
    if rng.random() < 0.5:
        ring = np.clip(1 - np.abs(d - rng.uniform(0.85, 1)) * r / rng.uniform(1.5, 3), 0, 1) * (synth.smooth_noise(rng, size, 25) > 0.45)
        image = image * (1 - 0.7 * ring[..., None])
    return np.clip(image, 0, 1), d < 1


def seepage(rng, image, season):
    """Water comes out of the slope: a wet dark fan below a spring, lusher and muddy, with glints; grain by grain the same ground, only wet."""
    size = image.shape[0]
    x, y = rng.uniform(0.15, 0.85) * size, rng.uniform(0, 0.6) * size
    length, spread = rng.uniform(50, 300), rng.uniform(0.15, 0.8)
    gy, gx = np.mgrid[0:size, 0:size].astype(np.float32)
    down = (gy - y) / length
    half = rng.uniform(6, 30) + np.clip(gy - y, 0, None) * spread
    reach = np.abs(gx - x - 30 * (synth.smooth_noise(rng, size, 60) - 0.5)) / half + np.clip(-down * length / 12, 0, None) + np.clip(down - 0.5, 0, None) * 1.6
    wet = np.clip((1 - reach + (noise(rng, size, (10, 30)) - 0.5) * 0.8) * rng.uniform(3, 9), 0, 1)
    tint = np.array(((0.42, 0.52, 0.32), (0.5, 0.48, 0.42), (0.36, 0.36, 0.36))[rng.integers(3)]) * rng.uniform(0.85, 1.5)
    image = image * (1 - wet[..., None] * (1 - tint))
    if rng.random() < 0.7:
        water = np.clip((wet * noise(rng, size, (4, 12, 30)) - rng.uniform(0.45, 0.6)) * 10, 0, 1)
        image = mix(image, np.array([0.62, 0.66, 0.72]) * rng.uniform(0.5, 1.4), water * rng.uniform(0.4, 0.9))
    return np.clip(image, 0, 1), wet > 0.4


class Drawn:
    def __init__(self, settings=TRAINED, exact=False):
        self.settings, self.exact = settings, exact

    def tile(self, rng, size):
        season = self.settings[rng.integers(len(self.settings))] if self.exact else around(rng, self.settings)
        image = grass(rng, size, season)
        for _ in range(rng.integers(0, 3)):
            image = works(rng, image, season)
        if rng.random() < 0.4:
            image = blotch(rng, image, season)
        masks = np.zeros((5, size, size), bool)
        for _ in range(rng.integers(0, 3)):
            kind = rng.integers(5)
            if kind == 1:
                image, masks[1], cracks = self.on(masks[1], slump(rng, image, season))
                masks[0] |= cracks
            else:
                image, masks[kind] = self.on(masks[kind], (crack, None, erosion, subsidence, seepage)[kind](rng, image, season))
        if rng.random() < 0.4:
            image = blotch(rng, image, season)
        image = np.clip(image * np.array(season[3][2]), 0, 1).astype(np.float32)
        yes, turn, flip = areas.bits(*masks), rng.integers(4), rng.choice((-1, 1))
        return np.rot90(image, turn)[:, ::flip], np.rot90(yes, turn)[:, ::flip], np.full((size, size), 31, np.uint8)

    @staticmethod
    def on(before, drawn):
        return drawn[0], before | drawn[1], *drawn[2:]
