#!/usr/bin/python3
"""Writes torch.json: trajectories of torch.optim.SGD in float64, with a learning-rate schedule running.

Two functions: a quadratic 1/2 (w-c)'A(w-c) whose A isn't diagonal, and Rosenbrock's. For every setting 200 steps, the weights
after each. The rate falls by torch.optim.lr_scheduler.CosineAnnealingLR over 250 steps, not to its end.

Usage:  /usr/bin/python3 gen.py > torch.json     (made with PyTorch 1.13)
"""
import json

import torch

torch.set_default_dtype(torch.float64)
STEPS = 200

A = [[2.0, 0.3, 0.0, -0.1], [0.3, 1.0, 0.2, 0.0], [0.0, 0.2, 0.5, 0.05], [-0.1, 0.0, 0.05, 0.1]]
C = [1.0, -2.0, 0.5, 3.0]


def quadratic(w):
    d = w - torch.tensor(C)
    return 0.5 * d @ torch.tensor(A) @ d


def rosenbrock(w):
    x, y = w
    return (1 - x) ** 2 + 100 * (y - x * x) ** 2


FUNCTIONS = {
    "quadratic": (quadratic, [4.0, -3.0, 2.0, 0.5], 0.1),
    "rosenbrock": (rosenbrock, [-1.2, 1.0], 5e-4),
}

SETTINGS = {
    "sgd": {},
    "sgd decay": {"weight_decay": 0.01},
    "heavy ball": {"momentum": 0.9},
    "heavy ball decay": {"momentum": 0.9, "weight_decay": 0.01},
    "dampening": {"momentum": 0.9, "dampening": 0.3},
    "dampening decay": {"momentum": 0.8, "dampening": 0.5, "weight_decay": 0.1},
    "nesterov": {"momentum": 0.9, "nesterov": True},
    "nesterov decay": {"momentum": 0.9, "nesterov": True, "weight_decay": 0.01},
}


def trajectory(f, start, rate, setting):
    w = torch.tensor(start, requires_grad=True)
    opt = torch.optim.SGD([w], lr=rate, **setting)
    sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, T_max=250, eta_min=rate / 10)
    points = []
    for _ in range(STEPS):
        opt.zero_grad()
        f(w).backward()
        opt.step()
        sched.step()
        points.append(w.detach().tolist())
    return points


def main():
    runs = []
    for fname, (f, start, rate) in FUNCTIONS.items():
        for sname, setting in SETTINGS.items():
            runs.append({"function": fname, "setting": sname, "start": start, "rate": rate,
                         "points": trajectory(f, start, rate, setting)})
    doc = {"torch": torch.__version__, "a": A, "c": C, "runs": runs}
    print(json.dumps(doc).replace('{"function"', '\n{"function"'))


main()
