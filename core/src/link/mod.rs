//! Floor 1, light: what is sent, what the air and an eavesdropper do to it, what is detected.
