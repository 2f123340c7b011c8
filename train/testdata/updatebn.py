#!/usr/bin/python3
"""Writes updatebn.json: the running statistics that PyTorch's torch.optim.swa_utils.update_bn gives a network with two batch norms.

The network is 3 - 5 batch norm, ReLU - 4 batch norm, ReLU - 2, on 24 examples: once in batches of 8, once in one batch. Weights, inputs and
statistics are in the file.

Usage: updatebn.py > updatebn.json        made with PyTorch 1.13.1
"""
import json

import torch
from torch.optim.swa_utils import update_bn

torch.manual_seed(3)
torch.set_default_dtype(torch.float64)
net = torch.nn.Sequential(
    torch.nn.Linear(3, 5), torch.nn.BatchNorm1d(5), torch.nn.ReLU(),
    torch.nn.Linear(5, 4), torch.nn.BatchNorm1d(4), torch.nn.ReLU(), torch.nn.Linear(4, 2))
x = (torch.randn(24, 3) * 64).round() / 64
with torch.no_grad():
    for p in net.parameters():
        p.copy_(torch.randn(p.shape))


def statistics(batch):
    for m in net:
        if isinstance(m, torch.nn.BatchNorm1d):
            m.running_mean.fill_(7)  # of other weights
            m.running_var.fill_(9)
    update_bn(x.split(batch), net)
    return [s.tolist() for m in net if isinstance(m, torch.nn.BatchNorm1d) for s in (m.running_mean, m.running_var)]


weights = {}
for i, m in enumerate(m for m in net if isinstance(m, torch.nn.Linear)):
    weights["dense%d.weight" % (i + 1)] = m.weight.T.flatten().tolist()
    weights["dense%d.bias" % (i + 1)] = m.bias.tolist()
for i, m in enumerate(m for m in net if isinstance(m, torch.nn.BatchNorm1d)):
    weights["batchnorm%d.scale" % (i + 1)] = m.weight.tolist()
    weights["batchnorm%d.shift" % (i + 1)] = m.bias.tolist()
print(json.dumps({"weights": weights, "x": x.flatten().tolist(), "in batches of 8": statistics(8), "in one": statistics(24)}))
