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


cases = {
    "step": values(lambda o: lrs.StepLR(o, 30, 0.1), 0.5, 200),
    "milestones": values(lambda o: lrs.MultiStepLR(o, [30, 60, 90], 0.1), 0.1, 200),
    "exponential": values(lambda o: lrs.ExponentialLR(o, 0.97), 0.1, 200),
    "cosine": values(lambda o: lrs.CosineAnnealingLR(o, T_max=199, eta_min=0.002), 0.1, 200),
    "warmup+constant": values(lambda o: lrs.LinearLR(o, start_factor=1 / 50, end_factor=1, total_iters=49), 0.4, 200),
    "warmup+cosine": values(warmup_cosine, 0.05, 200),
}
print(json.dumps({"torch": torch.__version__, "values": cases}, indent=1))
