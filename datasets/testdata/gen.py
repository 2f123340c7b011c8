#!/usr/bin/python3
"""Writes augment.json: shifted images and statistics, by PyTorch and NumPy.

An image's pixels are (i * i * 37 + i * 11) mod 251, i the place of the byte in (height, width, channel) order; the test computes
them, too.

    /usr/bin/python3 gen.py > augment.json     (made with PyTorch 1.13 and NumPy 1.24)
"""
import json

import numpy as np
import torch
import torch.nn.functional as F


def image(h, w, c):
    i = np.arange(h * w * c, dtype=np.int64)
    return ((i * i * 37 + i * 11) % 251).astype(np.uint8).reshape(h, w, c)


def torch_shift(x, dy, dx):
    """Pads by reflection as torch does, which allows less than the image's size, and cuts the image's size out."""
    h, w, _ = x.shape
    p = max(abs(dy), abs(dx))
    t = torch.from_numpy(x.transpose(2, 0, 1).astype(np.float64))[None]
    t = F.pad(t, (p, p, p, p), mode="reflect")[0, :, p + dy : p + dy + h, p + dx : p + dx + w]
    return t.numpy().transpose(1, 2, 0).astype(np.uint8)


def numpy_shift(x, dy, dx):
    h, w, _ = x.shape
    p, q = abs(dy), abs(dx)
    x = np.pad(x, ((p, p), (q, q), (0, 0)), mode="reflect")
    return x[p + dy : p + dy + h, q + dx : q + dx + w]


shifts = []
for h, w, c in [(4, 4, 1), (5, 7, 3), (6, 3, 2), (3, 5, 4)]:
    x = image(h, w, c)
    for dy in range(-2, 3):
        for dx in range(-2, 3):
            y = torch_shift(x, dy, dx)
            assert (y == numpy_shift(x, dy, dx)).all()
            shifts.append({"shape": [h, w, c], "dy": dy, "dx": dx, "by": "torch", "want": y.ravel().tolist()})
    for dy, dx in [(-2 * h - 1, 0), (3 * h, -w), (0, w - 1), (h, 5 * w), (1 - h, 2 * w - 2)]:
        y = numpy_shift(x, dy, dx)
        shifts.append({"shape": [h, w, c], "dy": dy, "dx": dx, "by": "numpy", "want": y.ravel().tolist()})

statistics = []
for n, h, w, c in [(9, 4, 4, 1), (300, 5, 7, 3), (20, 3, 5, 4)]:
    x = image(n * h, w, c).reshape(-1, c) / np.float64(255)
    x32 = x.astype(np.float32).astype(np.float64)
    statistics.append({"n": n, "shape": [h, w, c], "mean": x.mean(0).tolist(), "std": x.std(0).tolist(),
                       "mean32": x32.mean(0).tolist(), "std32": x32.std(0).tolist()})

print(json.dumps({"shifts": shifts, "statistics": statistics}, separators=(",", ":")).replace('},{', '},\n{'))
