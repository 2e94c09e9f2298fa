"""Reads an export of decisions and trains a few steps on it alone: /usr/bin/python3 models/training/check_decisions.py DIR

Prints what it read; ends with an error when the weights do not keep what nobody decided on out of the loss.
"""
import sys

import numpy as np
import torch

import data
import decisions
import net
import train_crack

STEPS = 3


def main(root):
    torch.manual_seed(1)
    torch.set_num_threads(1)
    decided = decisions.Decided(root, "crack", data.Labelled, data.TILE)
    known = sum(int((w > 0).sum()) for _, _, w in decisions.items(root, "crack"))
    cracked = sum(int((m > 0).sum()) for _, m, _ in decisions.items(root, "crack"))
    tiles = data.Tiles(data.Mixture({"decisions": (decided, 0.0, 0.0)}, {"decisions": 1.0}), STEPS, 1)
    model = net.crack_net()
    optimiser = torch.optim.SGD(model.parameters(), 0.01)
    losses = []
    for image, label, weight in (tuple(t[None] for t in tiles[i]) for i in range(STEPS)):
        assert 0 < float(weight.sum()) < weight.numel(), "a tile holds places that are decided on and places that are not"
        logits = model.logits(image)
        loss = train_crack.loss_of(logits, label, weight, 1.0)
        wrong = torch.where(weight > 0, label, 1 - label)  # other labels where nobody decided
        assert torch.allclose(loss, train_crack.loss_of(logits, wrong, weight, 1.0)), "the loss looks at what nobody decided on"
        other = torch.where(weight > 0, 1 - label, label)
        assert not torch.allclose(loss, train_crack.loss_of(logits, other, weight, 1.0)), "the loss does not look at what people decided"
        gradient, = torch.autograd.grad(loss, logits, retain_graph=True)
        assert float(gradient[weight == 0].abs().max()) == 0, "a gradient where nobody decided"
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(float(loss))
    assert np.isfinite(losses).all()
    print(f"pictures {decided.count} known {known} cracked {cracked} steps {len(losses)}")


if __name__ == "__main__":
    main(sys.argv[1])
