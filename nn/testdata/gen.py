#!/usr/bin/python3
"""Writes gradients.json: the gradients of two whole networks, by PyTorch.

Weights, pixels and labels come from a formula that the test computes too, in numbers that float32 holds exactly. Of each
parameter's gradient in float64 on the first batch the file holds the norm and the sums over random signs: the differences of such
sums have the gradients' distance as root mean square, so that a few of them stand for every element. It also holds how far
PyTorch's own float32 gradient is from float64's, relative to its norm, as root mean square over all batches: on one batch the
rounding of a gradient of ten elements is a matter of luck.

Usage: gen.py > gradients.json        made with PyTorch 1.13.1
"""
import json

import numpy as np
import torch
import torch.nn as nn

BATCH, BATCHES, SUMS = 16, 16, 32


def bits(salt, n):
    """24 random bits for each i < n: splitmix64's finish on a counter."""
    with np.errstate(over="ignore"):
        z = np.arange(1, n + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(salt) * np.uint64(0xD1342543DE82EF95)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z ^= z >> np.uint64(31)
    return (z >> np.uint64(40)).astype(np.float64)


def formula(salt, shape, low, high):
    n = int(np.prod(shape))
    return (bits(salt, n) / 2**24 * (high - low) + low).reshape(shape)


def dense(units_in, units, dtype, w, b):
    layer = nn.Linear(units_in, units, dtype=dtype)
    layer.weight.data = torch.tensor(w.T.copy(), dtype=dtype)
    layer.bias.data = torch.tensor(b, dtype=dtype)
    return layer


def conv(c, k, size, dtype, w, b):
    layer = nn.Conv2d(c, k, size, dtype=dtype)
    layer.weight.data = torch.tensor(w.transpose(3, 2, 0, 1).copy(), dtype=dtype)
    layer.bias.data = torch.tensor(b, dtype=dtype)
    return layer


class Flatten(nn.Module):
    """Flattens in the order (height, width, channels)."""

    def forward(self, x):
        return x.permute(0, 2, 3, 1).flatten(1)


# Each network: shape of an example, and its layers; the weights of layer i have the salts 2i+1 and 2i+2.
NETWORKS = {
    "mlp": ((784,), [("dense", 784, 512), ("relu",), ("dense", 512, 512), ("relu",), ("dense", 512, 10)]),
    "lenet": ((28, 28, 1), [("conv2d", 1, 20, 5), ("relu",), ("pool",), ("conv2d", 20, 50, 5), ("relu",), ("pool",), ("flatten",),
                            ("dense", 800, 500), ("relu",), ("dense", 500, 10)]),
}


def gradients(name, dtype, batch):
    """The loss on a batch, and the gradient of each parameter in the layout (..., in, out)."""
    shape, layers = NETWORKS[name]
    modules, params, numbers = [], [], {"dense": 0, "conv2d": 0}
    for i, (kind, *size) in enumerate(layers):
        if kind in numbers:
            numbers[kind] += 1
            scale = 0.5 if kind == "conv2d" and size[0] == 1 else 0.125
            wshape = (size[2], size[2], size[0], size[1]) if kind == "conv2d" else (size[0], size[1])
            w, b = formula(2 * i + 1, wshape, -scale, scale), formula(2 * i + 2, (size[1],), -0.125, 0.125)
            if kind == "conv2d":
                module = conv(*size, dtype, w, b)
            else:
                module = dense(*size, dtype, w, b)
            params.append((f"{kind}{numbers[kind]}", kind, module))
        else:
            module = {"relu": nn.ReLU, "pool": lambda: nn.MaxPool2d(2), "flatten": Flatten}[kind]()
        modules.append(module)
    x = torch.tensor(formula(1000 + batch, (BATCH, *shape), 0, 1), dtype=dtype)
    if len(shape) == 3:
        x = x.permute(0, 3, 1, 2).contiguous()
    y = torch.tensor([7 * i % 10 for i in range(BATCH)])
    loss = nn.CrossEntropyLoss()(nn.Sequential(*modules)(x), y)
    loss.backward()
    out = []
    for label, kind, module in params:
        w = module.weight.grad
        w = w.permute(2, 3, 1, 0) if kind == "conv2d" else w.T
        out.append((label + ".weight", w.contiguous().double().numpy().ravel()))
        out.append((label + ".bias", module.bias.grad.double().numpy()))
    return float(loss), out


def main():
    torch.set_num_threads(1)
    result = {}
    for name in NETWORKS:
        params, distances = {}, {}
        for batch in range(BATCHES):
            loss, exact = gradients(name, torch.float64, batch)
            single = gradients(name, torch.float32, batch)[1]
            for (label, g), (_, s) in zip(exact, single):
                norm = float(np.linalg.norm(g))
                distances.setdefault(label, []).append(float(np.linalg.norm(s - g)) / norm)
                if batch == 0:
                    sums = [float(np.dot(g, np.where(bits(2000 + j, g.size) < 2**23, -1.0, 1.0))) for j in range(SUMS)]
                    params[label] = {"norm": norm, "sums": sums}
            if batch == 0:
                result[name] = {"loss": loss, "parameters": params}
        for label, d in distances.items():
            params[label]["float32"] = float(np.sqrt(np.mean(np.square(d))))
    print(json.dumps(result, indent=1))


main()
