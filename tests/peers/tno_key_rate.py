"""BB84 key rates of TNO's program, recorded for the tests of `core/quantum/src/distill/asymptotic.rs`.

    python3 -m venv venv && venv/bin/pip install tno.quantum.communication.qkd_key_rate==2.0.4
    venv/bin/python tests/peers/tno_key_rate.py > tests/data/tno_key_rate.json

The program (Apache-2.0) follows Attema, Bosman and Neumann, Quantum Inf. Process. 20, 154 (2021),
doi:10.1007/s11128-021-03078-0. What it computes, read from its source:

* Two threshold detectors, dark count probability p each per window (dark counts per second x length of the window),
  efficiency eta = efficiency_party x 10^(-dB/10), drift theta of the polarisation. Double clicks get a random bit.
  Gain Q = 1 - (1-p)^2 e^(-mu eta),
  Q E = [1 + (1-p)(e^(-mu eta cos^2 theta) - e^(-mu eta sin^2 theta)) - (1-p)^2 e^(-mu eta)] / 2.
* Decoys, infinitely many: R = Y0 e^-mu + Y1 mu e^-mu (1 - h(e1)) - Q h(E); no basis sifting (q = 1), f = 1.
  Y1 = 1 - (1-p)^2 (1-eta), e1 Y1 = [Y1 - (1-p) eta cos(2 theta)] / 2.
  Its optimum of mu is sought in [0.1, 0.9] by scipy's trust-constr.
* Three intensities: the same with Y0 p0 + Y1 p1 (1 - h(e1)) and e1 bounded by linear programs over photon numbers.
* Single photons: R = mu Y1 (1 - 2 h(e1)), with mu the probability of a photon.

Dead time, jitter, detection_window and error_detector of the detector enter none of these.
"""

import json
import sys
from importlib.metadata import version

from tno.quantum.communication.qkd_key_rate.quantum import standard_detector
from tno.quantum.communication.qkd_key_rate.quantum.bb84 import (
    BB84AsymptoticKeyRateEstimate,
    BB84FullyAsymptoticKeyRateEstimate,
    compute_gain_and_error_rate,
)
from tno.quantum.communication.qkd_key_rate.quantum.bb84_single_photon import BB84SingleAsymptoticKeyRateEstimate

LOSSES_DB = [2.5 * i for i in range(13)]
MU, INTENSITIES = 0.5, [0.5, 0.1, 0.0]


def row(loss_db: float) -> dict:
    """All rates of one channel; null where the program gives no positive rate."""
    decoy = BB84FullyAsymptoticKeyRateEstimate(detector=standard_detector)
    three = BB84AsymptoticKeyRateEstimate(detector=standard_detector, number_of_decoy=2)
    single = BB84SingleAsymptoticKeyRateEstimate(detector=standard_detector)
    gain, error = compute_gain_and_error_rate(standard_detector, [MU], loss_db)
    try:
        x, best = decoy.optimize_rate(attenuation=loss_db)
        best_mu = float(x["mu"][0])
    except ValueError:
        best_mu = best = None
    return {
        "loss_db": loss_db,
        "decoy_best_mu": best_mu,
        "decoy_best_rate": best,
        "decoy_rate_mu_0.5": decoy.compute_rate(mu=MU, attenuation=loss_db),
        "gain_mu_0.5": float(gain[0]),
        "error_mu_0.5": float(error[0]),
        "three_intensities_rate": three.compute_rate(mu=INTENSITIES, attenuation=loss_db),
        "single_photon_rate": single.compute_rate(mu=1.0, attenuation=loss_db),
    }


json.dump(
    {
        "about": "BB84 key rates in bits per pulse; null where the optimum is not positive. "
        "Formulas in tests/peers/tno_key_rate.py, which wrote this file.",
        "program": "tno.quantum.communication.qkd_key_rate",
        "version": version("tno.quantum.communication.qkd_key_rate"),
        "detector": {k: float(v) if k != "name" else v for k, v in standard_detector.get_parameters().items()},
        "intensities": INTENSITIES,
        "rows": [row(loss_db) for loss_db in LOSSES_DB],
    },
    sys.stdout,
    indent=1,
)
print()
