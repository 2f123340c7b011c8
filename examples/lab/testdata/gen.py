"""Writes intervals.json: confidence intervals, slopes and rank correlations from scipy, which interval_test.go compares with.

    python3 testdata/gen.py > testdata/intervals.json
"""

import json

import numpy as np
from scipy import stats

rng = np.random.default_rng(1)
out = {"t": [], "wilson": [], "slope": [], "ranks": []}
for n in (2, 3, 5, 8, 30):
    x = rng.normal(2, 3, n)
    low, high = stats.t.interval(0.95, n - 1, loc=x.mean(), scale=stats.sem(x))
    out["t"].append({"x": x.tolist(), "mean": x.mean(), "low": low, "high": high})
for hits, n in ((0, 10), (3, 10), (10, 10), (17, 200)):
    p, z = hits / n, stats.norm.ppf(0.975)
    # Wilson's interval: the p0 for which |p - p0| = z sqrt(p0 (1 - p0) / n)
    roots = np.sort(np.roots([1 + z * z / n, -(2 * p + z * z / n), p * p]).real)
    out["wilson"].append({"hits": hits, "n": n, "low": roots[0], "high": roots[1]})
for _ in range(3):
    x = np.exp(rng.normal(size=12))
    y = np.exp(rng.normal(size=12)) * x**-1.5
    out["slope"].append({"x": x.tolist(), "y": y.tolist(), "slope": stats.linregress(np.log(x), np.log(y)).slope})
    a, b = rng.integers(0, 6, 12).astype(float), rng.normal(size=12)
    out["ranks"].append({"x": a.tolist(), "y": b.tolist(), "rho": stats.spearmanr(a, b).correlation})
print(json.dumps(out, indent=1))
