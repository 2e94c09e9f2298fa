"""Chooses the thresholds of area classes on validation scenes. The figures on the card come from Field.Vision (./field vision eval).

Per finding: correct when half of its pixels lie in the truth or within REACH_PX of it; a true place is found when half of its pixels lie
in findings or within REACH_PX of one. Pieces within the model's gap count as one, true places below MIN_TRUTH_PX as none.
Per pixel (`pixel2`): as in models/README.md, within 2 px; `iou` is without tolerance.
"""
import itertools

import numpy as np

import measure
import quay

REACH_PX = 4
TOLERANCE_PX = 2
MIN_TRUTH_PX = 40
SHARE = 0.5
LOWS, HIGHS, AREAS = (0.2, 0.3, 0.4, 0.5, 0.7), (0.3, 0.4, 0.45, 0.5, 0.6, 0.7, 0.8, 0.9), (60, 200, 600, 2000, 5000)


def dilate(mask, r):
    return quay.dilate(mask, r) if mask.any() else mask


def places(mask, gap):
    """Label plane and sizes of the places in a mask; pieces over a gap count as one."""
    labels, count = measure.components(dilate(mask, gap // 2))
    labels = np.where(mask, labels, 0)
    return labels, np.bincount(labels.ravel(), minlength=count + 1)[1:]


def findings(p, low, reach, known, gap):
    """Per finding above `low`: label plane, area, peak, share in the truth; what lies where the class is not known is left out."""
    labels, area = places(p >= low * 255, gap)
    flat, n = labels.ravel(), len(area)
    peak = np.zeros(n + 1, np.uint8)
    np.maximum.at(peak, flat[flat > 0], p.ravel()[flat > 0])
    inside = np.bincount(flat, reach.ravel(), n + 1)[1:] / np.maximum(1, area)
    unknown = np.bincount(flat, ~known.ravel(), n + 1)[1:] / np.maximum(1, area) > SHARE
    return labels, np.where(unknown, 0, area), peak[1:] / 255, inside


def tallies(p, truth, known, low, settings, gap):
    """Per (high, minArea): true places, found, findings, correct; true px, found px, predicted px, correct px; exact common px - of one image."""
    truth = truth & known
    reach, near_truth = dilate(truth, REACH_PX), dilate(truth, TOLERANCE_PX)
    place, size = places(truth, gap)
    large = size >= MIN_TRUTH_PX
    labels, area, peak, inside = findings(p, low, reach, known, gap)
    out, seen = [], {}
    for high, least in settings:
        keep = (area >= least) & (peak >= high)
        if (key := keep.tobytes()) not in seen:
            mask = np.concatenate([[False], keep])[labels]
            covered = np.bincount(place.ravel(), dilate(mask, REACH_PX).ravel(), len(size) + 1)[1:] / np.maximum(1, size)
            mask &= known
            seen[key] = [large.sum(), (covered[large] >= SHARE).sum(), keep.sum(), (inside[keep] >= SHARE).sum(),
                         truth.sum(), (truth & dilate(mask, TOLERANCE_PX)).sum(), mask.sum(), (mask & near_truth).sum(), (mask & truth).sum()]
        out.append(seen[key])
    return np.array(out, np.int64)


def f1(truth, found, predicted, correct):
    recall, precision = found / max(1, truth), correct / max(1, predicted)
    return 2 * recall * precision / max(1e-9, recall + precision)


def choose(classes, images, gap):
    """The thresholds of each class with the best mean of F1 per finding and F1 per pixel; and those figures."""
    thresholds, figures = {}, {}
    for k, name in enumerate(classes):
        best = None
        for low in LOWS:
            settings = list(itertools.product([h for h in HIGHS if h >= low], AREAS))
            total = sum(tallies(p[k], truth[k], known[k], low, settings, gap) for p, truth, known in images)
            for (high, least), t in zip(settings, total):
                value = f1(*t[:4]) + f1(*t[4:8])
                if best is None or value > best[0] + 1e-9:
                    best = (value, dict(low=low, high=high, minAreaPx=least),
                            dict(places=int(t[0]), f1=round(float(f1(*t[:4])), 4), pixelF1=round(float(f1(*t[4:8])), 4)))
        thresholds[name], figures[name] = best[1:]
    return thresholds, dict(images=len(images), classes=figures)
