#!/usr/bin/python3
"""Writes torch.json: values of PyTorch's learning-rate schedulers, step by step.

Usage:  /usr/bin/python3 gen.py > torch.json     (made with PyTorch 1.13)
"""
import json
import warnings

import torch
from torch.optim import lr_scheduler as lrs

warnings.filterwarnings("ignore")


def values(make, rate, steps):
    opt = torch.optim.SGD([torch.zeros(1, dtype=torch.float64, requires_grad=True)], lr=rate)
    sched = make(opt)
    out = []
    for _ in range(steps):
        out.append(opt.param_groups[0]["lr"])
        opt.step()
        sched.step()
    return out


def warmup_cosine(opt):
    warm = lrs.LinearLR(opt, start_factor=1 / 20, end_factor=1, total_iters=19)
    cos = lrs.CosineAnnealingLR(opt, T_max=180, eta_min=0.001)
    return lrs.SequentialLR(opt, [warm, cos], milestones=[20])


def onecycle(**settings):
    """Rates and momenta of a OneCycleLR of 200 steps."""
    w = torch.zeros(1, dtype=torch.float64, requires_grad=True)
    opt = torch.optim.SGD([w], lr=0.1, momentum=0.9)
    sched = lrs.OneCycleLR(opt, max_lr=0.1, total_steps=200, **settings)
    rates, momenta = [], []
    for i in range(200):
        rates.append(opt.param_groups[0]["lr"])
        momenta.append(opt.param_groups[0]["momentum"])
        opt.step()
        if i < 199:
            sched.step()
    return rates, momenta


def cyclic(mode, **settings):
    return values(lambda o: lrs.CyclicLR(o, 0.01, 0.1, mode=mode, cycle_momentum=False, **settings), 0.01, 200)


def sequence(opt):
    parts = [lrs.ConstantLR(opt, factor=0.5, total_iters=20), lrs.ExponentialLR(opt, 0.95), lrs.StepLR(opt, 10, 0.5)]
    return lrs.SequentialLR(opt, parts, milestones=[50, 110])


def plateau(metrics, **settings):
    """Rates after each metric."""
    opt = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.4)
    sched = lrs.ReduceLROnPlateau(opt, eps=0, **settings)
    out = []
    for m in metrics:
        sched.step(m)
        out.append(opt.param_groups[0]["lr"])
    return {"metrics": metrics, "values": out}


def restart_by_closed_form(first, mult, step):
    """What CosineAnnealingWarmRestarts gives when it is asked for a step."""
    opt = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.1)
    sched = lrs.CosineAnnealingWarmRestarts(opt, first, mult, eta_min=0.001)
    sched.step(step)
    return opt.param_groups[0]["lr"]


torch.manual_seed(1)
losses = [2 / (1 + 0.1 * i) ** 2 + 0.1 * torch.rand(1, dtype=torch.float64).item() for i in range(120)]
accuracies = [1 - x / 3 for x in losses]
restarts = {}  # steps of restarts, where the value has to be the peak 0.1
for first, mult in [(10, 2), (10, 3), (7, 5), (10, 10)]:
    steps = [first * (mult**k - 1) // (mult - 1) for k in range(1, 9)]
    restarts["%d,%d" % (first, mult)] = {"steps": steps, "values": [restart_by_closed_form(first, mult, s) for s in steps]}

one, onelinear = onecycle(), onecycle(anneal_strategy="linear", pct_start=0.45, base_momentum=0.8, div_factor=10)
cases = {
    "step": values(lambda o: lrs.StepLR(o, 30, 0.1), 0.5, 200),
    "milestones": values(lambda o: lrs.MultiStepLR(o, [30, 60, 90], 0.1), 0.1, 200),
    "exponential": values(lambda o: lrs.ExponentialLR(o, 0.97), 0.1, 200),
    "cosine": values(lambda o: lrs.CosineAnnealingLR(o, T_max=199, eta_min=0.002), 0.1, 200),
    "warmup+constant": values(lambda o: lrs.LinearLR(o, start_factor=1 / 50, end_factor=1, total_iters=49), 0.4, 200),
    "warmup+cosine": values(warmup_cosine, 0.05, 200),
    "linear": values(lambda o: lrs.LinearLR(o, start_factor=1, end_factor=0.1, total_iters=150), 0.3, 200),
    "warmupfrom+constant": values(lambda o: lrs.LinearLR(o, start_factor=0.25, end_factor=1, total_iters=70), 0.4, 200),
    "warmupconstant+constant": values(lambda o: lrs.ConstantLR(o, factor=1 / 3, total_iters=60), 0.3, 200),
    "polynomial": values(lambda o: lrs.PolynomialLR(o, total_iters=170, power=2.5), 0.1, 200),
    "inversetime": values(lambda o: lrs.LambdaLR(o, lambda t: 1 / (1 + t / 40)), 0.1, 200),
    "warmup+inversesqrt": values(lambda o: lrs.LambdaLR(o, lambda t: min((t + 1) / 30, (t / 30) ** -0.5 if t else 1)), 0.1, 200),
    "product": values(lambda o: lrs.ChainedScheduler([lrs.LinearLR(o, 0.1, 1, 50), lrs.ExponentialLR(o, 0.99)]), 0.1, 200),
    "cosinerestarts": values(lambda o: lrs.CosineAnnealingWarmRestarts(o, 10, 2, eta_min=0.001), 0.1, 200),
    "cosinerestarts of one length": values(lambda o: lrs.CosineAnnealingWarmRestarts(o, 17, 1), 0.1, 200),
    "onecycle": one[0],
    "onecyclemomentum": one[1],
    "onecyclelinear": onelinear[0],
    "onecyclemomentumlinear": onelinear[1],
    "triangular": cyclic("triangular", step_size_up=15, step_size_down=25),
    "triangular2": cyclic("triangular2", step_size_up=20),
    "exprange": cyclic("exp_range", step_size_up=12, step_size_down=20, gamma=0.99),
    "join": values(sequence, 0.2, 200),
}
plateaus = {
    "low": plateau(losses, factor=0.5, patience=3, threshold=1e-2, cooldown=4),
    "least": plateau(losses, factor=0.3, patience=1, threshold=0, min_lr=0.001),
    "high": plateau(accuracies, mode="max", factor=0.1, patience=5, threshold=1e-4, cooldown=0),
}
print(json.dumps({"torch": torch.__version__, "values": cases, "plateaus": plateaus, "restarts": restarts}, indent=1))
