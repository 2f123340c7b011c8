#!/usr/bin/python3
"""Writes torch.json, the golden values of package op, with PyTorch on the CPU in float64.

    /usr/bin/python3 gen.py > torch.json

Nothing random is stored: inputs, weights and output weights come from fill, a hash of the element's number that
golden_test.go computes too, and that is exact in float32. Everything is in the package's own layout: images (batch, height,
width, channels), filters (height, width, channels, filters), affine weights (features, units).
"""
import json
import sys

import numpy as np
import torch
import torch.nn.functional as F

torch.set_num_threads(2)


def fill(seed, n):
    """n numbers in [-1, 1) that are multiples of 2^-23."""
    h = np.arange(n, dtype=np.uint32) * np.uint32(2654435761) + np.uint32(seed * 2246822519 % 2**32)
    h ^= h >> np.uint32(15)
    h *= np.uint32(2246822507)
    h ^= h >> np.uint32(13)
    h *= np.uint32(3266489909)
    h ^= h >> np.uint32(16)
    return (h >> np.uint32(8)).astype(np.float64) / 2**23 - 1


def signs(seed, n):
    return np.where(fill(seed, n) < 0, -1.0, 1.0)


def tensor(seed, shape, scale=1.0, dtype=torch.float64):
    x = fill(seed, int(np.prod(shape))).reshape(shape) * scale
    return torch.tensor(x, dtype=dtype, requires_grad=True)


def flat(x):
    return [float(v) for v in x.detach().reshape(-1)]


def nchw(x):
    return x.permute(0, 3, 1, 2)


def nhwc(x):
    return x.permute(0, 2, 3, 1)


def conv(x, w, b, stride, pad):
    return nhwc(F.conv2d(nchw(x), w.permute(3, 2, 0, 1), b, stride=stride, padding=pad))


def maxpool(x, size, stride, pad):
    return nhwc(F.max_pool2d(nchw(x), size, stride, pad))


def avgpool(x, size, stride, pad):
    return nhwc(F.avg_pool2d(nchw(x), size, stride, pad))


def batchnorm(x, gamma, beta, mean, var, training):
    return nhwc(F.batch_norm(nchw(x), mean, var, gamma, beta, training, 0.1, 1e-5))


def case(name, op, shapes, f, scale=1.0, **config):
    """One operation: input i is scale times fill(i+1), the cost the sum of y times fill(99)."""
    inputs = [tensor(i + 1, s, scale) for i, s in enumerate(shapes)]
    y = f(*inputs)
    cost = y if y.dim() == 0 else (y * tensor(99, y.shape).detach()).sum()
    cost.backward()
    return dict(name=name, op=op, shapes=shapes, scale=scale, config=config, y=flat(y), grads=[flat(x.grad) for x in inputs])


def cases():
    for name, stride, pad, shapes in [
        ("conv2d", (1, 1), (0, 0), [[2, 5, 4, 2], [3, 2, 2, 3], [3]]),
        ("conv2d strided and padded", (2, 1), (1, 2), [[2, 6, 4, 3], [3, 4, 3, 2], [2]]),
    ]:
        yield case(name, "conv2d", shapes, lambda x, w, b: conv(x, w, b, stride, pad),
                   StrideH=stride[0], StrideW=stride[1], PadH=pad[0], PadW=pad[1])
    for name, size, stride, pad, shape in [
        ("pool", (2, 2), (2, 2), (0, 0), [2, 4, 6, 2]),
        ("pool overlapping and padded", (3, 2), (2, 1), (1, 1), [2, 5, 3, 2]),
    ]:
        config = dict(KH=size[0], KW=size[1], StrideH=stride[0], StrideW=stride[1], PadH=pad[0], PadW=pad[1])
        yield case("max " + name, "maxpool2d", [shape], lambda x: maxpool(x, size, stride, pad), **config)
        yield case("mean " + name, "avgpool2d", [shape], lambda x: avgpool(x, size, stride, pad), **config)

    yield case("global max pool", "globalmaxpool2d", [[2, 4, 3, 3]], lambda x: x.amax((1, 2)))
    yield case("global mean pool", "globalavgpool2d", [[2, 4, 3, 3]], lambda x: x.mean((1, 2)))
    yield case("concat", "concat", [[2, 3, 2, 2], [2, 3, 2, 1], [2, 3, 2, 3]], lambda *x: torch.cat(x, 3))
    yield case("gelu", "gelu", [[5, 7]], F.gelu, scale=6.0)
    yield case("scale", "scale", [[3, 4]], lambda x: x * 0.3, Factor=0.3)

    labels = [3, 0, 2, 4, 4]
    for smoothing in (0.2, 1.0):
        yield case("label smoothing %g" % smoothing, "smoothing", [[5, 5]],
                   lambda x: F.cross_entropy(x, torch.tensor(labels), label_smoothing=smoothing),
                   scale=8.0, Labels=labels, Factor=smoothing)
    yield case("cross-entropy", "crossentropy", [[5, 5]], lambda x: F.cross_entropy(x, torch.tensor(labels)),
               scale=40.0, Labels=labels)
    yield case("mean squared error", "mse", [[4, 3], [4, 3]], F.mse_loss)
    yield case("softmax", "softmax", [[3, 5]], lambda x: F.softmax(x, 1))
    yield case("sigmoid", "sigmoid", [[3, 5]], torch.sigmoid)
    yield case("tanh", "tanh", [[3, 5]], torch.tanh)
    yield case("affine", "affine", [[4, 5], [5, 3], [3]], lambda x, w, b: x @ w + b)

    # Chains that one operation takes over.
    def norm(x, g, b):
        return batchnorm(x, g, b, torch.zeros(3, dtype=x.dtype), torch.ones(3, dtype=x.dtype), True)

    inputs, pool2 = [[3, 4, 6, 3], [3], [3]], dict(KH=2, KW=2, StrideH=2, StrideW=2, PadH=0, PadW=0)
    yield case("batchnorm+gelu", "batchnorm+gelu", inputs, lambda *p: F.gelu(norm(*p)), scale=3.0)
    yield case("batchnorm+relu+maxpool2d", "batchnorm+relu+maxpool2d", inputs,
               lambda *p: maxpool(F.relu(norm(*p)), 2, 2, 0), **pool2)
    yield case("batchnorm+gelu+maxpool2d", "batchnorm+gelu+maxpool2d", inputs,
               lambda *p: maxpool(F.gelu(norm(*p)), 2, 2, 0), scale=3.0, **pool2)

    # Two steps of training on different batches, then evaluation with the running statistics that they left.
    mean, var = torch.zeros(3, dtype=torch.float64), torch.ones(3, dtype=torch.float64)
    for name, shape, training in [
        ("batchnorm, first step", [4, 2, 3, 3], True),
        ("batchnorm, second step", [3, 2, 3, 3], True),
        ("batchnorm, evaluation", [2, 2, 2, 3], False),
    ]:
        c = case(name, "batchnorm", [shape, [3], [3]],
                 lambda x, g, b: batchnorm(x, g, b, mean, var, training), Training=training)
        yield dict(c, mean=flat(mean), var=flat(var))


def scale_for(shape):
    """A power of two near the bound of He's uniform initialisation; biases and such get 1/16."""
    fan_in = int(np.prod(shape[:-1]))
    return 1 / 16 if len(shape) == 1 else float(2.0 ** np.floor(np.log2(np.sqrt(6 / fan_in))))


def mlp(x, p):
    x = F.relu(x @ p[0] + p[1])
    x = F.relu(x @ p[2] + p[3])
    return x @ p[4] + p[5]


def lenet(x, p):
    x = maxpool(F.relu(conv(x, p[0], p[1], 1, 0)), 2, 2, 0)
    x = maxpool(F.relu(conv(x, p[2], p[3], 1, 0)), 2, 2, 0)
    x = F.relu(x.reshape(x.shape[0], -1) @ p[4] + p[5])
    return x @ p[6] + p[7]


def convnorm(x, p):
    for w, gamma, beta in (p[:3], p[3:6]):
        x = conv(x, w, None, 1, 1)
        x = batchnorm(x, gamma, beta, torch.zeros(len(beta), dtype=x.dtype), torch.ones(len(beta), dtype=x.dtype), True)
        x = maxpool(F.gelu(x), 2, 2, 0)
    return x.mean((1, 2)) @ p[6] + p[7]


def gradients(f, batch, shape, params, dtype):
    x = ((tensor(1, [batch] + shape, dtype=dtype) + 1) / 2).detach()
    p = [tensor(10 + i, s, scale_for(s), dtype) for i, s in enumerate(params)]
    loss = F.cross_entropy(f(x, p), torch.arange(batch) * 7 % 10)
    loss.backward()
    return loss.item(), [q.grad.numpy().astype(np.float64).reshape(-1) for q in p]


def model(name, f, batch, shape, params):
    """Each parameter's gradient as its norm and eight products with signs, by which a difference from it can be measured."""
    loss, exact = gradients(f, batch, shape, params, torch.float64)
    loss32, single = gradients(f, batch, shape, params, torch.float32)
    out = []
    for s, g, g32 in zip(params, exact, single):
        norm = float(np.linalg.norm(g))
        out.append(dict(shape=s, scale=scale_for(s), norm=norm, error32=float(np.linalg.norm(g32 - g)) / norm,
                        products=[float(g @ signs(1000 + k, g.size)) for k in range(8)]))
    return dict(name=name, batch=batch, shape=shape, loss=loss, loss32=loss32, params=out)


def models():
    yield model("mlp", mlp, 32, [784], [[784, 512], [512], [512, 512], [512], [512, 10], [10]])
    yield model("lenet", lenet, 16, [28, 28, 1],
                [[5, 5, 1, 20], [20], [5, 5, 20, 50], [50], [800, 500], [500], [500, 10], [10]])
    yield model("convnorm", convnorm, 32, [16, 16, 24],
                [[3, 3, 24, 32], [32], [32], [3, 3, 32, 48], [48], [48], [48, 10], [10]])


if __name__ == "__main__":
    lines = lambda items: ",\n".join(json.dumps(x) for x in items)
    sys.stdout.write('{"torch": "%s",\n"cases": [\n%s\n],\n"models": [\n%s\n]}\n'
                     % (torch.__version__, lines(cases()), lines(models())))
