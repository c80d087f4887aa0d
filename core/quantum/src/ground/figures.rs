//! Figures as a reader wants them, the same in the core's words and on the page.

/// A space that is thin and does not break.
pub const THIN: char = '\u{202f}';

/// A whole number with thin spaces between its thousands: `13 824`, `−1 811`.
#[must_use]
pub fn thousands(n: f64) -> String {
    let digits = format!("{:.0}", n.abs());
    let mut out = String::new();
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(THIN);
        }
        out.push(c);
    }
    if n < -0.5 { format!("−{out}") } else { out }
}
