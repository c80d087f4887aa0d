//! What crosses rooms: see `tests/`.
