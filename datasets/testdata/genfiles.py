#!/usr/bin/python3
"""Writes files.json: texts with what scikit-learn and Python read in them, columns normalised by scikit-learn, and pictures scaled by Pillow.

A picture's bytes are (i * i * 37 + i * 11) mod 251, i the place of the byte in (height, width, channel) order; the test computes them, too.

    /usr/bin/python3 genfiles.py > files.json     (made with scikit-learn 1.2.1, NumPy 1.24 and Pillow 9.4)
"""
import csv
import io
import json
import locale

import numpy as np
import scipy.sparse as sp
from PIL import Image
from sklearn.datasets import dump_svmlight_file, load_svmlight_file
from sklearn.preprocessing import StandardScaler

rng = np.random.default_rng(1)


def libsvm(text, zero_based):
    x, y = load_svmlight_file(io.BytesIO(text.encode()), dtype=np.float64, zero_based=zero_based)
    return {"text": text, "zeroBased": zero_based, "x": x.toarray().ravel().tolist(), "cols": x.shape[1], "y": y.tolist()}


def dumped(n, cols, zero_based, whole, **more):
    x = sp.random(n, cols, density=0.4, random_state=7, data_rvs=lambda k: rng.normal(size=k) * 10.0 ** rng.integers(-20, 20, k)).tolil()
    x[0, cols - 1] = 1.5
    x[1, 0] = -2.5
    y = rng.integers(-3, 4, n) if whole else rng.normal(size=n)
    out = io.BytesIO()
    dump_svmlight_file(x.tocsr(), y, out, zero_based=zero_based, **more)
    return libsvm(out.getvalue().decode(), zero_based)


texts = [
    dumped(20, 7, True, True),
    dumped(20, 7, False, True),
    dumped(20, 9, True, False, comment="made by scikit-learn"),
    dumped(12, 5, False, True, query_id=np.arange(12) // 3),
    libsvm("+1 1:0.5 3:-2e1 # a comment 4:7\n\n-1\t2:1 \r\n+1.0 3:+.5\n", False),
    libsvm("3 qid:7 1:1 2:0\n0.0 qid:8 3:1e-30\n", False),
    libsvm("  1 1:1   2:2\n2e0 2:5.\n", False),
]


def number(text, decimal, thousands):
    locale._override_localeconv = {"decimal_point": decimal, "thousands_sep": thousands, "grouping": [3, 0]}
    return locale.atof(text)


numbers = []
for decimal, thousands in [(".", ","), (",", "."), (".", "'"), (",", "\u202f"), (".", "")]:
    values = [0.0, -1.5, 1234.5, -1234567.25, 999.0, 1000.0, 0.125, 123456.0]
    for v in values:
        text = f"{v:,}".replace(",", "T").replace(".", decimal).replace("T", thousands)
        numbers.append({"text": text, "decimal": decimal, "thousands": thousands, "value": number(text, decimal, thousands)})

tables = []
for dialect in [{"delimiter": ","}, {"delimiter": ";", "quoting": csv.QUOTE_ALL}, {"delimiter": "\t"}, {"delimiter": "|", "lineterminator": "\r", "quoting": csv.QUOTE_ALL}]:
    rows = [[f"{v!r}" for v in rng.normal(size=3)] + [name] for name in ["a b", 'say "x"', "c,d;e", "ü", "a\nz", "a b"]]
    out = io.StringIO()
    csv.writer(out, **{"lineterminator": "\r\n", **dialect}).writerows([["x", "y", "z", "label"]] + rows)
    tables.append({"text": out.getvalue(), "comma": dialect["delimiter"], "x": [float(v) for r in rows for v in r[:3]], "labels": [r[3] for r in rows]})

scaled = []
for n in [1, 2, 50]:
    x = (rng.normal(size=(n, 4)) * [1, 1e3, 1e-3, 0] + [0, 1e4, 1, 0.1]).astype(np.float32)
    s = StandardScaler().fit(x.astype(np.float64))
    scaled.append({"n": n, "x": x.astype(float).ravel().tolist(), "mean": s.mean_.tolist(), "std": np.sqrt(s.var_).tolist(), "scale": s.scale_.tolist(),
                   "want": s.transform(x.astype(np.float64)).ravel().tolist()})


def picture(h, w, c):
    i = np.arange(h * w * c, dtype=np.int64)
    return ((i * i * 37 + i * 11) % 251).astype(np.uint8).reshape(h, w, c)


sizes = []
for (h, w, c), (to_h, to_w) in [((9, 7, 3), (4, 5)), ((5, 4, 3), (11, 13)), ((40, 30, 1), (28, 28)), ((3, 64, 3), (6, 8)), ((16, 16, 1), (1, 1))]:
    x = picture(h, w, c)
    m = Image.fromarray(x if c == 3 else x[:, :, 0]).resize((to_w, to_h), Image.BILINEAR)
    sizes.append({"shape": [h, w, c], "height": to_h, "width": to_w, "want": np.asarray(m).ravel().tolist()})

print(json.dumps({"libsvm": texts, "numbers": numbers, "tables": tables, "scaled": scaled, "sizes": sizes}, separators=(",", ":")).replace("},{", "},\n{"))
