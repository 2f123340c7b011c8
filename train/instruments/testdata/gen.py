#!/usr/bin/python3
"""Writes hessian.json: the eigenvalues of the Hessian of a small network's loss, by PyTorch's second derivatives and numpy's eigvalsh.

The network is 3 - 4 tanh - 3 with softmax cross-entropy, over 40 examples. Weights, inputs and labels are in the file, in numbers that
float32 holds exactly. With small weights the greatest eigenvalue is the one of the greatest magnitude; at some of the points of
large weights a negative one is.

Usage: gen.py > hessian.json        made with PyTorch 1.13.1
"""
import json

import numpy as np
import torch

SIZES = [(3, 4), (4,), (4, 3), (3,)]
COUNT = sum(int(np.prod(s)) for s in SIZES)


def loss(w, x, y):
    parts, at = [], 0
    for s in SIZES:
        n = int(np.prod(s))
        parts.append(w[at:at + n].reshape(s))
        at += n
    hidden = torch.tanh(x @ parts[0] + parts[1])
    return torch.nn.functional.cross_entropy(hidden @ parts[2] + parts[3], y)


def short(a):
    """a in numbers with few digits in binary."""
    return np.round(a * 4096) / 4096


def main():
    points = []
    for seed, size in [(1, 0.3), (2, 1.0), (3, 3.0), (4, 3.0), (5, 4.0), (6, 4.0), (7, 5.0)]:
        r = np.random.RandomState(seed)
        x, y = short(r.randn(40, 3)), r.randint(0, 3, 40)
        w = short(size * r.randn(COUNT))
        tx, ty = torch.tensor(x), torch.tensor(y)
        h = torch.autograd.functional.hessian(lambda v: loss(v, tx, ty), torch.tensor(w)).numpy()
        values = np.linalg.eigvalsh((h + h.T) / 2)
        points.append({"x": x.ravel().tolist(), "labels": y.tolist(), "weights": w.tolist(), "least": values[0], "second": values[-2], "greatest": values[-1]})
    print(json.dumps({"points": points}, indent=1))


main()
