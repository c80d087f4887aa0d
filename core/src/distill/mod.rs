//! Floor 2, keys out of light: sifting, estimation, reconciliation, verification, amplification, authentication.
