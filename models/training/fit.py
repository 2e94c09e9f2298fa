"""The training loop of all models: AdamW, one cycle, a checkpoint every 250 steps from which a run goes on as if it had not stopped."""
import os
import time

import torch

CHECKPOINT_STEPS = 250


def arguments(parser, name, steps, seed):
    """The options every trainer has."""
    parser.add_argument("--data", required=True)
    parser.add_argument("--out", default="models")
    parser.add_argument("--name", default=name)
    parser.add_argument("--steps", type=int, default=steps)
    parser.add_argument("--batch", type=int, default=8)
    parser.add_argument("--rate", type=float, default=2.5e-3)
    parser.add_argument("--seed", type=int, default=seed)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--workers", type=int, default=1, help="processes that prepare tiles; 0 prepares them between steps")
    parser.add_argument("--work", default=".field/train", help="checkpoints")
    parser.add_argument("--resume", action="store_true", help="go on from the checkpoint")
    return parser


def prepare(args):
    torch.manual_seed(args.seed)
    torch.use_deterministic_algorithms(True)
    torch.set_num_threads(args.threads)
    os.makedirs(args.work, exist_ok=True)


def run(args, model, tiles, steps, rate, loss_of, tag):
    """tiles: a data set whose item i depends on i alone. loss_of(logits, label, weight) -> scalar."""
    path = os.path.join(args.work, f"{args.name}-{tag}.pt")
    optimiser = torch.optim.AdamW(model.parameters(), rate, weight_decay=1e-4)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, rate, steps, pct_start=0.15)
    done = 0
    if args.resume and os.path.exists(path):
        state = torch.load(path)
        done = state["step"]
        model.load_state_dict(state["model"])
        optimiser.load_state_dict(state["optimiser"])
        schedule.load_state_dict(state["schedule"])
    rest = torch.utils.data.Subset(tiles, range(done * args.batch, steps * args.batch))
    loader = torch.utils.data.DataLoader(rest, args.batch, num_workers=args.workers, prefetch_factor=8 if args.workers else 2)
    model.train()
    start, mean = time.monotonic(), None
    for step, (image, label, weight) in enumerate(loader, done + 1):
        loss = loss_of(model.logits(image), label, weight)
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        schedule.step()
        mean = loss.item() if mean is None else 0.98 * mean + 0.02 * loss.item()
        if step % 50 == 0:
            print(f"{tag} step {step}/{steps} loss {mean:.4f} {(step - done) * args.batch / (time.monotonic() - start):.1f} tiles/s", flush=True)
        if step % CHECKPOINT_STEPS == 0 or step == steps:
            torch.save(dict(step=step, model=model.state_dict(), optimiser=optimiser.state_dict(), schedule=schedule.state_dict()), path)
    model.eval()
