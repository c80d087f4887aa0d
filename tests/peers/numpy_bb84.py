"""How fast numpy simulates the photon level of BB84 with one intensity, for BENCHMARKS.md.

    OMP_NUM_THREADS=1 venv/bin/python tests/peers/numpy_bb84.py

Two honest ways to write it, both whole: bases and bits of both ends, sifting, errors counted.

* `per_pulse`: a Poisson number of photons for each pulse, binomial survivors, a dark count for each gate.
* `thinned`: Poisson photons thinned by a channel are Poisson again, so a gate clicks with probability
  Q = 1 - (1 - Y0) e^(-mu eta). One 16-bit draw is held against a threshold for each pulse, refined by a second where it
  ties; only what clicked gets bases and bits.

Time is this process's own CPU time, the best of five.
"""

import json
import math
import sys
import time

import numpy as np

MU, ETA, Y0, E_D = 0.5, 0.05, 1e-5, 0.01
PULSES, CHUNK, REPEATS = 20_000_000, 1 << 18, 5


def sift(rng, n, from_light):
    """Sifted bits and errors among `n` clicks; what no photon made errs in half of the cases."""
    alice, bob = rng.integers(0, 4, n, dtype=np.uint8), rng.integers(0, 2, n, dtype=np.uint8)
    kept = (alice >> 1) == bob
    wrong = rng.random(n, dtype=np.float32) < np.where(from_light, E_D, 0.5)
    return int(kept.sum()), int((kept & wrong).sum())


def per_pulse(rng, n):
    photons = rng.poisson(MU, n)
    arrived = rng.binomial(photons, ETA) > 0
    clicked = arrived | (rng.random(n) < Y0)
    return sift(rng, int(clicked.sum()), arrived[clicked])


def thinned(rng, n):
    gain = 1 - (1 - Y0) * math.exp(-MU * ETA)
    whole, rest = divmod(gain * 65536, 1)
    draw = rng.integers(0, 65536, n, dtype=np.uint16)
    ties = int((draw == int(whole)).sum())
    clicks = int((draw < int(whole)).sum()) + int((rng.random(ties) < rest).sum())
    return sift(rng, clicks, rng.random(clicks, dtype=np.float32) >= Y0 * math.exp(-MU * ETA) / gain)


def measure(kernel):
    best = None
    for seed in range(REPEATS):
        rng = np.random.Generator(np.random.SFC64(seed))
        sifted = errors = 0
        start = time.process_time()
        for _ in range(PULSES // CHUNK):
            s, e = kernel(rng, CHUNK)
            sifted, errors = sifted + s, errors + e
        cpu_s = time.process_time() - start
        pulses = PULSES // CHUNK * CHUNK
        run = {"pulses_per_cpu_s": round(pulses / cpu_s), "gain": 2 * sifted / pulses, "qber": errors / sifted}
        if best is None or run["pulses_per_cpu_s"] > best["pulses_per_cpu_s"]:
            best = run
    return best


gain = 1 - (1 - Y0) * math.exp(-MU * ETA)
json.dump(
    {
        "numpy": np.__version__,
        "python": sys.version.split()[0],
        "expected": {"gain": gain, "qber": (Y0 * math.exp(-MU * ETA) / 2 + E_D * (1 - math.exp(-MU * ETA))) / gain},
        "per_pulse": measure(per_pulse),
        "thinned": measure(thinned),
    },
    sys.stdout,
    indent=1,
)
print()
