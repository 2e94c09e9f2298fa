"""Synthetic cracks with exact masks, things that look like cracks but are not, and plain grounds to put them on.

All images are float32 H x W x 3 in 0..1; masks are coverage 0..1.
"""
import numpy as np
from PIL import Image, ImageDraw, ImageFilter

SUPERSAMPLE = 3


def blur(plane, sigma):
    """Gaussian blur of a 2-D float plane in 0..1 through an 8-bit image (fast, exact enough for textures)."""
    img = Image.fromarray((np.clip(plane, 0, 1) * 255).astype(np.uint8))
    return np.asarray(img.filter(ImageFilter.GaussianBlur(sigma)), np.float32) / 255


def smooth_noise(rng, size, cell):
    """Noise in 0..1 with features of about `cell` pixels."""
    n = max(2, int(np.ceil(size / cell)) + 1)
    img = Image.fromarray((rng.random((n, n)) * 255).astype(np.uint8))
    return np.asarray(img.resize((size, size), Image.BICUBIC), np.float32) / 255


# ---------------------------------------------------------------- grounds

def mineral(rng, size):
    """Concrete or asphalt: octaves of noise, grain, pores and pebbles."""
    asphalt = rng.random() < 0.4
    base = rng.uniform(0.2, 0.45) if asphalt else rng.uniform(0.4, 0.8)
    plane = np.full((size, size), base, np.float32)
    for cell in (96, 40, 16, 6):
        plane += (smooth_noise(rng, size, cell) - 0.5) * rng.uniform(0, 0.12)
    grain = rng.normal(0, 1, (size, size)).astype(np.float32)
    plane += (blur(grain * 0.15 + 0.5, rng.uniform(0.3, 1.2)) - 0.5) * rng.uniform(0.2, 1.0)
    plane += grain * rng.uniform(0, 0.06 if asphalt else 0.03)
    if rng.random() < 0.5:
        plane += dots(rng, size, rng.integers(20, 300), (0.6, 2.5)) * rng.uniform(-0.35, 0.15)
    tint = 1 + rng.normal(0, 0.04, 3).astype(np.float32)
    return np.clip(plane[..., None] * tint, 0, 1)


def dots(rng, size, count, radius):
    img = Image.new("L", (size * 2, size * 2))
    draw = ImageDraw.Draw(img)
    for _ in range(count):
        x, y = rng.random(2) * size * 2
        r = rng.uniform(*radius) * 2
        draw.ellipse([x - r, y - r * rng.uniform(0.5, 1), x + r, y + r], fill=255)
    return np.asarray(img.resize((size, size), Image.BOX), np.float32) / 255


def grass(rng, size):
    """Blades of many greens, browns and shadows."""
    ground = (np.array([0.25, 0.3, 0.15]) * rng.uniform(0.5, 1.6) * 255).astype(int)
    img = Image.new("RGB", (size, size), tuple(int(v) for v in np.clip(ground, 0, 255)))
    draw = ImageDraw.Draw(img)
    length = rng.uniform(2, 18)
    hue = np.array([rng.uniform(0.25, 0.6), rng.uniform(0.35, 0.6), rng.uniform(0.1, 0.3)])
    for _ in range(int(size * size / (length * 2))):
        x, y = rng.random(2) * size
        a = rng.normal(-np.pi / 2, 0.9)
        c = np.clip(hue * rng.uniform(0.25, 1.5), 0, 1) * 255
        draw.line([x, y, x + np.cos(a) * length, y + np.sin(a) * length], fill=tuple(int(v) for v in c),
                  width=int(rng.integers(1, 3)))
    out = np.asarray(img, np.float32) / 255
    return np.clip(out * (0.7 + 0.6 * smooth_noise(rng, size, rng.uniform(20, 80))[..., None]), 0, 1)


# ---------------------------------------------------------------- cracks

def walk(rng, start, heading, length, wiggle, step=3.0):
    """A random walk whose heading wanders but keeps a memory of where it was going."""
    count = max(3, int(length / step))
    drift = np.cumsum(rng.normal(0, wiggle * 0.25, count))
    jitter = rng.normal(0, wiggle, count)
    angle = heading + np.clip(drift, -1.2, 1.2) + jitter
    steps = np.stack([np.cos(angle), np.sin(angle)], 1) * step
    return np.vstack([start, start + np.cumsum(steps, 0)]), angle


def fractal(rng, start, heading, length, rough, step=3.0):
    """A jagged path: the chord's middle is pushed aside, then the middle of each half by less, and so on."""
    count = max(3, int(length / step))
    levels = int(np.ceil(np.log2(count)))
    aside, size = np.zeros(2), rough * length
    for _ in range(levels):
        middle = (aside[:-1] + aside[1:]) / 2 + rng.normal(0, size, len(aside) - 1)
        aside = np.stack([aside, np.append(middle, 0)], 1).ravel()[:-1]
        size *= 0.58
    along = np.linspace(0, length, len(aside))
    c, s = np.cos(heading), np.sin(heading)
    points = np.stack([start[0] + along * c - aside * s, start[1] + along * s + aside * c], 1)
    points = points[np.linspace(0, len(points) - 1, count + 1).astype(int)]
    return points, np.arctan2(*np.diff(points, axis=0).T[::-1])


def widths(rng, count, mean):
    """A width that varies smoothly along the crack and tapers to its tips."""
    noise = np.interp(np.arange(count), np.linspace(0, count - 1, max(2, count // 5)),
                      rng.normal(0, 0.3, max(2, count // 5)))
    w = mean * np.exp(noise)
    tip = max(1, count // 8)
    w[-tip:] *= np.linspace(1, 0.3, tip)
    return np.maximum(w, 0.8)


def draw_path(draw, points, width, scale):
    for (x0, y0), (x1, y1), w in zip(points[:-1], points[1:], width):
        r = w * scale / 2
        draw.line([x0 * scale, y0 * scale, x1 * scale, y1 * scale], fill=255, width=max(1, int(round(2 * r))))
        draw.ellipse([x1 * scale - r, y1 * scale - r, x1 * scale + r, y1 * scale + r], fill=255)


def crack_mask(rng, size):
    """Coverage 0..1 of one crack with branches; mean width log-uniform in 1.6..20 px, seldom above 12."""
    img = Image.new("L", (size * SUPERSAMPLE, size * SUPERSAMPLE))
    draw = ImageDraw.Draw(img)
    mean = float(np.exp(rng.uniform(np.log(1.6), np.log(12 if rng.random() < 0.9 else 20))))
    path, wiggle = (walk, rng.uniform(0.12, 0.6)) if rng.random() < 0.5 else (fractal, rng.uniform(0.03, 0.1))
    centre = rng.uniform(0.15, 0.85, 2) * size
    heading = rng.uniform(0, 2 * np.pi)
    length = max(rng.uniform(0.4, 2.0) * size, 10 * mean)
    start = centre - np.array([np.cos(heading), np.sin(heading)]) * length * rng.uniform(0.2, 0.6)
    queue = [(start, heading, length, mean, 0)]
    while queue:
        s, h, l, w, depth = queue.pop()
        points, angle = path(rng, s, h, l, wiggle)
        draw_path(draw, points, widths(rng, len(points), w), SUPERSAMPLE)
        if depth < 2:
            for _ in range(rng.poisson(0.7 if depth == 0 else 0.3)):
                k = rng.integers(1, len(points) - 1)
                turn = rng.choice([-1, 1]) * rng.uniform(0.4, 1.4)
                queue.append((points[k], angle[k - 1] + turn, l * rng.uniform(0.2, 0.6), w * rng.uniform(0.4, 0.9), depth + 1))
    return np.asarray(img.resize((size, size), Image.BOX), np.float32) / 255


def add_crack(rng, image, min_depth=0.35):
    """Darkens a crack into the image; returns the image and the crack's coverage."""
    size = image.shape[0]
    mask = crack_mask(rng, size)
    soft = np.clip(blur(mask, rng.uniform(0.2, 1.0)), 0, 1)
    alpha = soft * rng.uniform(min_depth, 0.98)
    if rng.random() < 0.4:  # debris and dirt fill parts of it
        alpha = alpha * np.clip(0.4 + 1.2 * smooth_noise(rng, size, rng.uniform(4, 25)), 0, 1)
    if rng.random() < 0.25:  # a lit or spalled edge
        shift = rng.integers(-3, 4, 2)
        edge = np.clip(np.roll(soft, shift, (0, 1)) - soft, 0, 1)
        image = image + edge[..., None] * rng.uniform(0.05, 0.3)
    floor = image.mean() * rng.uniform(0.0, 0.45) * (1 + rng.normal(0, 0.06, 3))
    floor = np.clip(floor + rng.normal(0, 0.03, image.shape), 0, 1)
    return np.clip(image * (1 - alpha[..., None]) + floor * alpha[..., None], 0, 1), mask


# ---------------------------------------------------------------- not cracks

def line_mask(rng, size, width, offset=None, angle=None):
    """A perfectly straight band across the tile."""
    angle = rng.uniform(0, np.pi) if angle is None else angle
    offset = rng.uniform(-0.4, 0.4) * size if offset is None else offset
    y, x = np.mgrid[0:size, 0:size] - size / 2
    d = np.abs(x * np.sin(angle) - y * np.cos(angle) - offset)
    return np.clip(width / 2 + 0.5 - d, 0, 1).astype(np.float32)


def worn(rng, mask):
    """Sometimes a line is interrupted by dirt."""
    return mask * np.clip(0.4 + smooth_noise(rng, mask.shape[0], 8), 0, 1) if rng.random() < 0.3 else mask


def joint(rng, image):
    m = worn(rng, line_mask(rng, image.shape[0], np.exp(rng.uniform(np.log(1), np.log(26)))))
    return image * (1 - m[..., None] * rng.uniform(0.2, 0.95))


def grid(rng, image):
    """Saw cuts, formwork seams, slab joints or the shadow of a railing: straight lines of one width, parallel or crossing."""
    size = image.shape[0]
    width, spacing, angle = np.exp(rng.uniform(np.log(1), np.log(10))), rng.uniform(18, 120), rng.uniform(0, np.pi)
    m = np.zeros((size, size), np.float32)
    for turn in (0, np.pi / 2 if rng.random() < 0.8 else rng.uniform(0.5, 2.6))[:rng.integers(1, 3)]:
        for offset in np.arange(rng.uniform(-0.5, -0.3) * size, size * 0.5, max(spacing, 3 * width))[:8]:
            m = np.maximum(m, line_mask(rng, size, width, offset, angle + turn))
    m = worn(rng, blur(m, rng.uniform(0.2, 1.5)))
    return image * (1 - m[..., None] * rng.uniform(0.2, 0.95))


def step_edge(rng, image):
    """A border with another brightness or another ground beyond it: paint, shadow, kerb, wall foot, gravel, verge."""
    size = image.shape[0]
    a, straight = rng.uniform(0, np.pi), rng.random() < 0.5
    y, x = np.mgrid[0:size, 0:size] - size / 2
    d = x * np.sin(a) - y * np.cos(a) - rng.uniform(-0.4, 0.4) * size
    if not straight:
        d = d + (smooth_noise(rng, size, rng.uniform(3, 40)) - 0.5) * rng.uniform(2, 30)
    m = blur(np.clip(d + 0.5, 0, 1).astype(np.float32), rng.uniform(0.2, 2))[..., None]
    kind = rng.random()
    if kind < 0.35:
        beyond = image * rng.uniform(0.25, 0.85)
    elif kind < 0.65:
        beyond = image * rng.uniform(0, 0.6) + rng.uniform(0.2, 1) * (1 + rng.normal(0, 0.05, 3))
    else:
        other = grass(rng, size) if rng.random() < 0.3 else mineral(rng, size)
        pebbles = dots(rng, size, int(rng.integers(200, 1500)), (0.8, 3.5)) * rng.uniform(-0.4, 0.4)
        beyond = other + pebbles[..., None]
    return image * (1 - m) + np.clip(beyond, 0, 1) * m


def paint(rng, image):
    m = line_mask(rng, image.shape[0], rng.uniform(4, 70))
    if rng.random() < 0.5:
        m = m * np.clip(2.5 * smooth_noise(rng, image.shape[0], rng.uniform(2, 8)) - rng.uniform(0, 0.6), 0, 1)
    colour = np.array([[0.92, 0.92, 0.9], [0.85, 0.7, 0.15], [0.85, 0.5, 0.15]][rng.integers(3)], np.float32) * rng.uniform(0.7, 1.05)
    return image * (1 - m[..., None]) + colour * m[..., None]


def shadow(rng, image):
    size = image.shape[0]
    img = Image.new("L", (size, size))
    points = [tuple(v) for v in (rng.uniform(-0.4, 1.4, (int(rng.integers(3, 7)), 2)) * size)]
    ImageDraw.Draw(img).polygon(points, fill=255)
    m = blur(np.asarray(img, np.float32) / 255, rng.uniform(0.3, 5))
    return image * (1 - m[..., None] * rng.uniform(0.2, 0.75))


def cable(rng, image):
    """A smooth curve of even width with a highlight: cable, rope, root, kerb edge."""
    size = image.shape[0]
    img = Image.new("L", (size * 2, size * 2))
    t = np.linspace(0, 1, 60)
    p = rng.uniform(-0.3, 1.3, (4, 2)) * size * 2
    b = np.stack([(1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t ** 3], 1) @ p
    ImageDraw.Draw(img).line([tuple(v) for v in b], fill=255, width=int(rng.integers(3, 16)), joint="curve")
    m = np.asarray(img.resize((size, size), Image.BOX), np.float32) / 255
    body = rng.uniform(0.05, 0.9)
    lit = np.clip(m - np.roll(m, rng.integers(-2, 3, 2), (0, 1)), 0, 1)
    return np.clip(image * (1 - m[..., None]) + body * m[..., None] + lit[..., None] * 0.4, 0, 1)


def stain(rng, image):
    size = image.shape[0]
    m = np.clip((smooth_noise(rng, size, rng.uniform(12, 70)) - rng.uniform(0.35, 0.6)) * rng.uniform(2, 9), 0, 1)
    tint = np.clip(rng.normal(0.55, 0.2, 3), 0.1, 1.2)
    return np.clip(image * (1 - m[..., None] * (1 - tint)), 0, 1)


def pores(rng, image):
    m = dots(rng, image.shape[0], int(rng.integers(3, 120)), (0.8, 5))
    return image * (1 - m[..., None] * rng.uniform(0.2, 0.9))


def pits(rng, image):
    """Air holes, chips and pebbles of every small size, round to three times as long as wide, some joined, some with a lit rim."""
    size = image.shape[0]
    img = Image.new("L", (size * 2, size * 2))
    draw = ImageDraw.Draw(img)
    for _ in range(int(np.exp(rng.uniform(0, 4)))):
        centre, turn = rng.random(2) * size * 2, rng.uniform(0, 2 * np.pi)
        r, flat = 2 * np.exp(rng.uniform(np.log(1), np.log(9))), rng.uniform(0.34, 1)
        t = np.linspace(0, 2 * np.pi, 14, endpoint=False)
        reach = r * (1 + rng.normal(0, 0.2, 14))
        x, y = reach * np.cos(t), reach * np.sin(t) * flat
        draw.polygon([tuple(v) for v in centre + np.stack([x * np.cos(turn) - y * np.sin(turn), x * np.sin(turn) + y * np.cos(turn)], 1)], fill=255)
    m = blur(np.asarray(img.resize((size, size), Image.BOX), np.float32) / 255, rng.uniform(0.2, 1.2))
    if rng.random() < 0.3:
        image = image + np.clip(np.roll(m, rng.integers(-3, 4, 2), (0, 1)) - m, 0, 1)[..., None] * rng.uniform(0.05, 0.4)
    return image * (1 - m[..., None] * rng.uniform(0.25, 0.95))


def light_line(rng, image):
    m = crack_mask(rng, image.shape[0])
    return np.clip(image + m[..., None] * rng.uniform(0.1, 0.5), 0, 1)


def leaves(rng, image):
    """Grass or twigs lying on the ground: many short separate strokes."""
    size = image.shape[0]
    img = Image.new("L", (size * 2, size * 2))
    draw = ImageDraw.Draw(img)
    for _ in range(int(rng.integers(2, 40))):
        x, y = rng.random(2) * size * 2
        a, l = rng.uniform(0, 2 * np.pi), rng.uniform(4, 30)
        draw.line([x, y, x + np.cos(a) * l, y + np.sin(a) * l], fill=255, width=int(rng.integers(1, 5)))
    m = np.asarray(img.resize((size, size), Image.BOX), np.float32)[..., None] / 255
    return image * (1 - m) + m * np.array([0.4, 0.45, 0.2], np.float32) * rng.uniform(0.3, 1.6)


def leaf(rng, image):
    """A leaf with a middle vein and side veins at even distances."""
    size = image.shape[0]
    scale, turn, centre = rng.uniform(15, 90), rng.uniform(0, 2 * np.pi), rng.random(2) * size
    c, s = np.cos(turn), np.sin(turn)

    def place(along, across):
        return [tuple(2 * (centre + scale * np.array([a * c - b * s, a * s + b * c]))) for a, b in zip(along, across)]

    blade, veins = Image.new("L", (size * 2, size * 2)), Image.new("L", (size * 2, size * 2))
    t = np.linspace(-1, 1, 24)
    half = rng.uniform(0.25, 0.6) * (1 - t * t)
    ImageDraw.Draw(blade).polygon(place(np.append(t, t[::-1]), np.append(half, -half[::-1])), fill=255)
    draw = ImageDraw.Draw(veins)
    draw.line(place([-1, 1], [0, 0]), fill=255, width=int(rng.integers(2, 7)))
    for a in np.arange(-0.8, 0.8, rng.uniform(0.12, 0.35)):
        for side in (-1, 1):
            draw.line(place([a, a + 0.25], [0, side * 0.5 * (1 - a * a)]), fill=255, width=int(rng.integers(1, 4)))
    b, v = [np.asarray(i.resize((size, size), Image.BOX), np.float32)[..., None] / 255 for i in (blade, veins)]
    colour = np.array([0.35, 0.45, 0.18]) * rng.uniform(0.4, 1.8) * (1 + rng.normal(0, 0.15, 3))
    body = np.clip(colour * (1 + rng.uniform(-0.7, 0.7) * v), 0, 1)
    return image * (1 - b) + body * b


DISTRACTORS = (joint, grid, grid, paint, step_edge, step_edge, shadow, cable, stain, pores, pits, pits, light_line, leaves, leaf)


def add_distractors(rng, image):
    for _ in range(rng.integers(1, 4)):
        image = DISTRACTORS[rng.integers(len(DISTRACTORS))](rng, image)
    return np.clip(image, 0, 1).astype(np.float32)
