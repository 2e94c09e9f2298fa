"""Writes NAME.json. The heldOut figures of crack-v1 are filled in by Field.Vision (./field vision eval), the production path, not here."""
import hashlib
import json
import os

INPUT = dict(scale=1 / 255, mean=[0, 0, 0], std=[1, 1, 1], tilePx=768, overlapPx=96)

# What is one crack, and what is none; see models/README.md for how they were chosen. `straight` was chosen with the first crack-v1: on the photos of
# k1 it loses nothing by the line rule.
THRESHOLDS = dict(
    low=0.5, high=0.8, minAreaPx=40, minLengthPx=48, mergeGapPx=12, minElongation=4,
    straight=dict(minLengthPx=120, maxRmsPx=0.6, maxRmsShare=0.001, maxWidthSpread=0.3),
    lines=dict(minBranchPx=16, maxTurnDeg=30, minPiecePx=8, maxGapPx=120, maxGapShare=0.5, maxRmsShare=0.045))

SETS = {
    "crack_quay": dict(
        name="Crack images of Japanese harbour quay walls by drone", source="omu-geolab/CrackImageDatasetForDeepLearning @ 9e9d93a",
        licence="CC BY-SA 4.0", attribution="omu-geolab"),
    "damage/concrete_masks": dict(
        name="MDMCS concrete damage masks", source="doi 10.17632/6x4dzzrs2h.2, through atlan-antillia/TensorFlow-FlexUNet-Image-Segmentation-High-Resolution-Concrete-Damage @ 9b37a09",
        licence="CC BY 4.0", attribution="Guo, Bao (2025)",
        used="three of every four images; crack polygons reduced to their dark part; other damage as not crack, at half weight"),
    "damage/road_brazil": dict(
        name="Cracks and Potholes in Road Images", source="biankatpas/Cracks-and-Potholes-in-Road-Images-Dataset @ 1f20054",
        licence="MIT", attribution="biankatpas and contributors",
        used="five of seven road sections; masks are dotted, so doubtful places count little; lane markings, grass and shadows as not crack"),
    "damage/concrete_salt/healthy": dict(
        name="SaltSpot, healthy walls", source="JaGuzmanT/SaltSpot @ bc79061", licence="MIT", attribution="JaGuzmanT",
        used="as ground without cracks; joints of bricks as not crack"),
    "drone": dict(
        name="Drone photos without cracks: Brighton Beach and Seneca",
        source="pierotofy/drone_dataset_brighton_beach @ 9506a9b; OpenDroneMap/odm_data_seneca @ 9220acf",
        licence="BSD 2-Clause; CC0 1.0", attribution="pierotofy; OpenDroneMap",
        used="as ground without cracks: grass, trees, roofs, roads; photos DJI_0030, IMG_0549 kept to see how training went"),
    "synthetic": dict(
        name="Synthetic cracks, and joints, edges, paint, shadows, pits, cables, stains, grass and leaves", source="models/training/synth.py", licence="same as Field",
        attribution="none needed", used="drawn over real and synthetic grounds, exact masks"),
}


def write(args, path, validation, prefixes, missing):
    other = "h1" if args.site == "k1" else "k1"
    sets = [dict(v) for k, v in SETS.items() if k not in missing]
    sets[0]["used"] = f"site {args.site} only, boxes turned into weak labels; photos {', '.join(prefixes)} kept to see how training went"
    content = dict(
        name=args.name,
        description="Suspected cracks, dark lines of about 2 to 14 px, on concrete and asphalt in photos by drone or hand.",
        task="line-segmentation", classes=["crack"],
        input=dict(INPUT, multiple=16),
        thresholds=THRESHOLDS,
        trainingData=sets,
        split=f"By site: trained on quay {args.site}; quay {other} was never opened by the training. Thresholds and the rules of what "
              f"is one crack were chosen on quay k1, on its photos as they are and crossed (train_crack.py --crossed), on drawn networks, "
              f"and with the findings on kept grounds without cracks counted.",
        trainingCommand=f"./field train crack --data DIR  (seed {args.seed}, {args.first} + {args.steps} steps of {args.batch} tiles, "
                        f"rate {args.rate}, site {args.site})",
        validation=dict(validation, note="by the trainer, on the training site's kept photos and grounds without cracks, without the rules for lines; whether training went well"),
        heldOut=[],
        weaknesses=[
            "Two quay sites are all the box data there is: figures of one held-out site say little about a third one. Try it on your own photos with ./field vision eval.",
            "Cracks wider than about 16 px are often missed; halve the photo for those.",
            "Trees, grass and roofs still give false findings in real drone photos without cracks: 4.1 per megapixel on the two kept photos, 2.8 on all twelve "
            "(ten were trained on).",
            "Cracks thinner than about 2 px, or no darker than the grain of the surface, are missed or broken into pieces.",
            "Ragged, short (below 120 px) or bent joints, roots, tar lines and the rims of spalling may be reported as cracks.",
            "A crack that runs straight within a pixel over 120 px and keeps its width is taken for a joint and left out (thresholds.straight).",
            "Filled or bright cracks (efflorescence) are not covered: only dark lines were trained.",
            "Findings shorter than 48 px are dropped, so short cracks, short branches and loose pieces of crazing are not reported.",
            "Where one crack ends and the next begins is a matter of taste: on the held-out site there are 163 findings for 160 boxes, 95 % of them on a "
            "crack, but a quarter fits no drawn box (box30). The rules of what is one crack were chosen on single cracks laid over each other (crossing.py).",
            "Width is measured on the mask; below 3 px it is uncertain by about a pixel.",
            "Held-out labels are boxes drawn by hand; fine branches without a box count as false findings.",
            "No levee imagery could be had: cracks in bare or grassy earth were not trained."],
        licence="CC BY-SA 4.0 (follows the quay data)")
    save(path, content)


def save(path, content):
    """Writes the card beside the model at `path`."""
    with open(path, "rb") as model:
        content = dict(content, sha256=hashlib.sha256(model.read()).hexdigest())
    with open(card_path(path), "w", encoding="utf-8") as out:
        json.dump(content, out, ensure_ascii=False, indent=2)
        out.write("\n")


def card_path(path):
    return os.path.splitext(path)[0] + ".json"


def load(path):
    with open(card_path(path), encoding="utf-8") as source:
        return json.load(source)
