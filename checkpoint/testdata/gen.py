"""Writes the two golden files with nothing but struct and json: an independent reading of the format's description,
https://github.com/huggingface/safetensors#format. Names, text and values are repeated in golden_test.go.

    python3 gen.py

foreign.safetensors  a file as others may write it: spaces in the JSON, escapes, data in another order than the header's
ours.safetensors     the bytes that Write must produce: compact JSON, wide elements first
"""

import json
import os
import struct

HERE = os.path.dirname(os.path.abspath(__file__))
CODES = {"F32": "f", "F64": "d", "I64": "q"}


def write(name, meta, arrays, order, **style):
    data = b""
    infos = {}
    for key in order:
        dtype, shape, values = arrays[key]
        part = struct.pack("<%d%s" % (len(values), CODES[dtype]), *values)
        infos[key] = {"dtype": dtype, "shape": shape, "data_offsets": [len(data), len(data) + len(part)]}
        data += part
    header = {"__metadata__": meta}
    header.update((key, infos[key]) for key in arrays)
    head = json.dumps(header, **style).encode()
    head += b" " * (-len(head) % 8)
    with open(os.path.join(HERE, name), "wb") as f:
        f.write(struct.pack("<Q", len(head)) + head + data)


foreign = {
    "dense.w": ("F32", [2, 3], [0.0, -0.0, 1.5, -2.25, float("inf"), 1e-45]),
    "dense.b": ("F64", [3], [1 / 3, -1e308, 5e-324]),
    "step": ("I64", [], [-(2**63)]),
    "empty": ("F32", [0, 4], []),
    'gr\u00f6\u00dfe "\u03b7"': ("F32", [1], [float("nan")]),
}
write("foreign.safetensors", {"made by": "gen.py", "\u03b7": "0.1 < 0.2 & \"so\" on\n"}, foreign, reversed(foreign))

ours = {
    "w": ("F32", [3], [1.0, 2.0, -3.5]),
    "seed": ("I64", [2], [1, -1]),
    "m\u00b5": ("F64", [1, 2], [0.1, 1e300]),
    "rate": ("F32", [], [0.05]),
}
write("ours.safetensors", {"a": "1", "b": "\u03b7"}, ours, ["seed", "m\u00b5", "w", "rate"], separators=(",", ":"), ensure_ascii=False)
