#!/usr/bin/python3
"""Writes gradients.json: the gradients of whole networks, by PyTorch.

Weights, pixels and labels come from a formula that the test computes too, in numbers that float32 holds exactly. Of each
parameter's gradient in float64 on the first batch the file holds the norm and the sums over random signs: the differences of such
sums have the gradients' distance as root mean square, so that a few of them stand for every element. It also holds how far
PyTorch's own float32 gradient is from float64's, relative to its norm, in the median over all batches: in a few of them float32 decides
otherwise on which side of 0 a number is, or which of two is the greater, and the distance is a thousand times as large by bad luck; and
the rounding of a gradient of ten elements is a matter of luck on any one batch.

Usage: gen.py > gradients.json        made with PyTorch 1.13.1
"""
import json

import numpy as np
import torch
import torch.nn as nn

SUMS = 16


def hashes(salt, n):
    """64 random bits for each i < n: splitmix64's finish on a counter."""
    with np.errstate(over="ignore"):
        z = np.arange(1, n + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(salt) * np.uint64(0xD1342543DE82EF95)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return z ^ (z >> np.uint64(31))


def formula(salt, shape, low, high):
    n = int(np.prod(shape))
    return ((hashes(salt, n) >> np.uint64(40)).astype(np.float64) / 2**24 * (high - low) + low).reshape(shape)


class Residual(nn.Module):
    def __init__(self, *m):
        super().__init__()
        self.m = nn.Sequential(*m)

    def forward(self, x):
        return x + self.m(x)


class Add(nn.Module):
    def __init__(self, a, b):
        super().__init__()
        self.a, self.b = a, b

    def forward(self, x):
        return self.a(x) + self.b(x)


class Flatten(nn.Module):
    """Flattens in the order (height, width, channels)."""

    def forward(self, x):
        return x.permute(0, 2, 3, 1).flatten(1)


class Scale(nn.Module):
    def __init__(self, factor):
        super().__init__()
        self.factor = factor

    def forward(self, x):
        return x * self.factor


def conv(i, o, size=3, stride=1):
    return nn.Conv2d(i, o, size, stride=stride, padding=size // 2, bias=False)


def conv_norm(i, o, stride=1):
    return nn.Sequential(conv(i, o, stride=stride), nn.BatchNorm2d(o))


def conv_norm_relu(i, o):
    return nn.Sequential(conv_norm(i, o), nn.ReLU())


def mlp():
    return nn.Sequential(nn.Linear(784, 512), nn.ReLU(), nn.Linear(512, 512), nn.ReLU(), nn.Linear(512, 10))


def lenet():
    return nn.Sequential(
        nn.Conv2d(1, 20, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(20, 50, 5), nn.ReLU(), nn.MaxPool2d(2),
        Flatten(), nn.Linear(800, 500), nn.ReLU(), nn.Linear(500, 10))


def resnet9():
    c = conv_norm_relu
    return nn.Sequential(
        c(3, 64), c(64, 128), nn.MaxPool2d(2), Residual(c(128, 128), c(128, 128)), c(128, 256), nn.MaxPool2d(2),
        c(256, 512), nn.MaxPool2d(2), Residual(c(512, 512), c(512, 512)), nn.AdaptiveMaxPool2d(1), nn.Flatten(), nn.Linear(512, 10))


def resnet20():
    layers, width = [conv_norm(3, 16), nn.ReLU()], 16
    for filters in (16, 32, 64):
        for block in range(3):
            if filters > width:
                shortcut = nn.Sequential(conv(width, filters, 1, 2), nn.BatchNorm2d(filters))
                layers.append(Add(shortcut, nn.Sequential(conv_norm(width, filters, 2), nn.ReLU(), conv_norm(filters, filters))))
            else:
                layers.append(Residual(conv_norm(filters, filters), nn.ReLU(), conv_norm(filters, filters)))
            layers.append(nn.ReLU())
            width = filters
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, 10))


def fastcifar():
    def norm(c):
        n = nn.BatchNorm2d(c, eps=1e-12, momentum=0.4)
        n.weight.requires_grad = False
        return n

    def block(i, o):
        return nn.Sequential(conv(i, o), nn.MaxPool2d(2), norm(o), nn.GELU(), conv(o, o), norm(o), nn.GELU())

    whiten = nn.Conv2d(3, 24, 2)
    whiten.weight.requires_grad = False
    return nn.Sequential(whiten, nn.GELU(), block(24, 64), block(64, 256), block(256, 256), nn.MaxPool2d(3), nn.Flatten(),
                         nn.Linear(256, 10, bias=False), Scale(1 / 9))


def ours(x):
    """A weight in the layout (height, width, in, out)."""
    return x.permute(*range(2, x.dim()), 1, 0) if x.dim() > 1 else x


def fill(model):
    """Parameter i of those that learn has the salt i+1, frozen filters have 999; a norm's scale is about 1 and 1 where it is frozen."""
    scales = {id(m.weight) for m in model.modules() if isinstance(m, nn.BatchNorm2d)}
    salt = 0
    for p in model.parameters():
        salt += p.requires_grad
        if id(p) in scales:
            p.data.copy_(torch.tensor(formula(salt, p.shape, 0.5, 1.5) if p.requires_grad else np.ones(p.shape)))
            continue
        to = ours(p.data)
        a = 0.125 if p.dim() == 1 else 2.0 ** np.floor(np.log2(np.sqrt(6 / np.prod(to.shape[:-1]))))
        to.copy_(torch.tensor(formula(salt if p.requires_grad else 999, to.shape, -a, a)))


# Each network: how it is made, the shape of an example, examples in a batch, batches, label smoothing.
NETWORKS = {
    "mlp": (mlp, (784,), 16, 15, 0),
    "lenet": (lenet, (28, 28, 1), 16, 15, 0),
    "resnet9": (resnet9, (32, 32, 3), 2, 9, 0),
    "resnet20": (resnet20, (32, 32, 3), 2, 9, 0),
    "fastcifar": (fastcifar, (32, 32, 3), 2, 9, 0.2),
}


def gradients(make, shape, rows, smoothing, dtype, batch):
    """The loss on a batch, and the gradient of each parameter that learns."""
    model = make().to(dtype)
    fill(model)
    x = torch.tensor(formula(1000 + batch, (rows, *shape), -1, 1), dtype=dtype)
    if len(shape) == 3:
        x = x.permute(0, 3, 1, 2).contiguous()
    y = torch.tensor([7 * i % 10 for i in range(rows)])
    loss = nn.CrossEntropyLoss(label_smoothing=smoothing)(model(x), y)
    loss.backward()
    return float(loss), [ours(p.grad).contiguous().double().numpy() for p in model.parameters() if p.requires_grad]


def network(make, shape, rows, batches, smoothing):
    params, distances = [], []
    for batch in range(batches):
        loss, exact = gradients(make, shape, rows, smoothing, torch.float64, batch)
        single = gradients(make, shape, rows, smoothing, torch.float32, batch)[1]
        distances.append([np.linalg.norm(s - g) / np.linalg.norm(g) for g, s in zip(exact, single)])
        if batch > 0:
            continue
        first = loss
        for g in exact:
            signs = hashes(2000, g.size)
            sums = [float(np.dot(g.ravel(), np.where(signs >> np.uint64(j) & np.uint64(1) == 0, -1.0, 1.0))) for j in range(SUMS)]
            params.append({"shape": g.shape, "norm": float(np.linalg.norm(g)), "sums": sums})
    for p, d in zip(params, np.median(distances, axis=0)):
        p["float32"] = float(d)
    head = {"shape": shape, "rows": rows, "batches": batches, "smoothing": smoothing, "loss": first}
    return '{%s, "parameters": [\n%s\n]}' % (json.dumps(head)[1:-1], ",\n".join(json.dumps(p) for p in params))


def main():
    torch.set_num_threads(1)
    print("{%s}" % ",\n".join('"%s": %s' % (name, network(*n)) for name, n in NETWORKS.items()))


main()
