"""Figures on the kept photos of the training site, by the line rule of models/README.md, without the rules for lines: whether a training went well.

The card's other figures come from Field.Vision, the production path.
"""
import numpy as np

REACH = 8          # px by which a box is enlarged before anything is compared with it
INSIDE = 0.5       # share of a component's area that must lie in enlarged boxes to be correct
SPAN = 0.5         # share of a box's longer side that must be covered for it to be found


def components(mask):
    """Label plane (0 is background) of the 8-connected components, and their number."""
    labels, parent = np.zeros(mask.shape, int), [0]

    def find(a):
        while parent[a] != a:
            parent[a] = parent[parent[a]]
            a = parent[a]
        return a

    previous = []
    for y in range(mask.shape[0]):
        edges = np.flatnonzero(np.diff(np.concatenate([[0], mask[y].astype(np.int8), [0]])))
        runs = []
        for a, b in zip(edges[::2], edges[1::2]):
            touching = {find(n) for s, e, n in previous if s <= b and e >= a}
            n = min(touching) if touching else len(parent)
            if not touching:
                parent.append(n)
            for t in touching:
                parent[t] = n
            labels[y, a:b] = n
            runs.append((a, b, n))
        previous = runs
    roots = np.array([find(a) for a in range(len(parent))])
    keep, compact = np.unique(roots, return_inverse=True)
    return compact[labels], len(keep) - 1


def found(probability, low, high, min_area, min_length):
    """Components above `low` that reach `high` somewhere: list of (ys, xs)."""
    labels, count = components(probability > low)
    out = []
    order = np.argsort(labels, axis=None, kind="stable")
    starts = np.searchsorted(labels.ravel()[order], np.arange(1, count + 2))
    for a, b in zip(starts[:-1], starts[1:]):
        ys, xs = np.divmod(order[a:b], labels.shape[1])
        long = max(np.ptp(xs), np.ptp(ys)) + 1
        if b - a >= min_area and long >= min_length and probability[ys, xs].max() > high:
            out.append((ys, xs))
    return out


def count(parts, boxes):
    """(found boxes, boxes, correct components, components)"""
    inside = [[(xs >= x0 - REACH) & (xs < x1 + REACH) & (ys >= y0 - REACH) & (ys < y1 + REACH) for x0, y0, x1, y1 in boxes] for ys, xs in parts]
    hit = 0
    for k, (x0, y0, x1, y1) in enumerate(boxes):
        along = 1 if x1 - x0 >= y1 - y0 else 0
        cells = [p[along][m[k]] for p, m in zip(parts, inside) if len(boxes)]
        cells = np.unique(np.concatenate(cells)) if cells else np.empty(0)
        lo, hi = (x0, x1) if along else (y0, y1)
        cells = cells[(cells >= np.floor(lo)) & (cells < np.ceil(hi))]
        hit += len(cells) >= SPAN * (hi - lo)
    good = sum(np.any(m, axis=0).mean() >= INSIDE for m in inside if len(m)) if len(boxes) else 0
    return np.array([hit, len(boxes), good, len(parts)])


def figures(images, thresholds):
    """Of [(boxes, probability)], by the thresholds of a card."""
    hit, boxes, good, parts = sum(count(found(p, *(thresholds[k] for k in ("low", "high", "minAreaPx", "minLengthPx"))), b) for b, p in images)
    recall, precision = hit / max(1, boxes), good / max(1, parts)
    f1 = 2 * recall * precision / max(1e-9, recall + precision)
    return dict(images=len(images), boxes=int(boxes), recall=round(float(recall), 4), precision=round(float(precision), 4), f1=round(float(f1), 4))
