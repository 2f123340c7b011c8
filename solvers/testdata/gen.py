#!/usr/bin/python3
"""Writes torch.json: trajectories of torch.optim in float64, with a learning-rate schedule running.

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

SGD, ADAGRAD, RMSPROP = torch.optim.SGD, torch.optim.Adagrad, torch.optim.RMSprop
ADAM, ADAMW = torch.optim.Adam, torch.optim.AdamW

# The factor of the rate: steps of the adaptive methods are about as long as the rate.
SETTINGS = {
    "sgd": (SGD, 1, {}),
    "sgd decay": (SGD, 1, {"weight_decay": 0.01}),
    "heavy ball": (SGD, 1, {"momentum": 0.9}),
    "heavy ball decay": (SGD, 1, {"momentum": 0.9, "weight_decay": 0.01}),
    "dampening": (SGD, 1, {"momentum": 0.9, "dampening": 0.3}),
    "dampening decay": (SGD, 1, {"momentum": 0.8, "dampening": 0.5, "weight_decay": 0.1}),
    "nesterov": (SGD, 1, {"momentum": 0.9, "nesterov": True}),
    "nesterov decay": (SGD, 1, {"momentum": 0.9, "nesterov": True, "weight_decay": 0.01}),
    "adagrad": (ADAGRAD, 5, {}),
    "adagrad initial": (ADAGRAD, 5, {"initial_accumulator_value": 0.1, "eps": 1e-5}),
    "rmsprop": (RMSPROP, 0.5, {}),
    "rmsprop centered": (RMSPROP, 0.2, {"alpha": 0.9, "centered": True, "eps": 1e-2}),
    "rmsprop momentum": (RMSPROP, 0.05, {"alpha": 0.95, "momentum": 0.9}),
    "rmsprop centered momentum decay": (RMSPROP, 0.05, {"centered": True, "momentum": 0.8, "weight_decay": 0.01}),
    "adam": (ADAM, 1, {}),
    "adam decay": (ADAM, 1, {"betas": (0.8, 0.95), "eps": 1e-3, "weight_decay": 0.01}),
    "adamw": (ADAMW, 1, {}),
    "adamw fast": (ADAMW, 1, {"betas": (0.8, 0.95), "eps": 1e-3, "weight_decay": 0.3}),
    "amsgrad": (ADAM, 1, {"betas": (0.9, 0.95), "amsgrad": True}),
    "lookahead": (SGD, 1, {"lookahead": (5, 0.5)}),
    "lookahead nesterov decay": (SGD, 1, {"lookahead": (6, 0.8), "momentum": 0.9, "nesterov": True, "weight_decay": 0.01}),
    "lookahead adam": (ADAM, 1, {"lookahead": (7, 0.3)}),
}


def trajectory(f, start, method, rate, setting):
    w = torch.tensor(start, requires_grad=True)
    setting = dict(setting)
    k, alpha = setting.pop("lookahead", (0, 0))  # Zhang et al. 2019, algorithm 1: w is theta, slow is phi
    slow = w.detach().clone()
    opt = method([w], lr=rate, **setting)
    sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, T_max=250, eta_min=rate / 10)
    points = []
    for t in range(1, STEPS + 1):
        opt.zero_grad()
        f(w).backward()
        opt.step()
        sched.step()
        if k and t % k == 0:
            with torch.no_grad():
                slow.lerp_(w, alpha)
                w.copy_(slow)
        points.append(w.detach().tolist())
    return points


def main():
    runs = []
    for fname, (f, start, rate) in FUNCTIONS.items():
        for sname, (method, factor, setting) in SETTINGS.items():
            runs.append({"function": fname, "setting": sname, "start": start, "rate": rate * factor,
                         "points": trajectory(f, start, method, rate * factor, setting)})
    doc = {"torch": torch.__version__, "a": A, "c": C, "runs": runs}
    print(json.dumps(doc).replace('{"function"', '\n{"function"'))


main()
