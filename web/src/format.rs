//! Numbers as a reader wants them: units after each, thin spaces in thousands, "02:24.6" for time. Units
//! are the same in any language and stay here; words are in `text`.

pub use keyway_core::ground::figures::thousands;

use keyway_core::ground::figures::THIN;

/// Bits a second: `14.2 kbit/s`, `640 bit/s`.
pub fn rate(bps: f64) -> String {
    let (value, unit) = rate_parts(bps);
    format!("{value}{THIN}{unit}")
}

/// The same as figure and unit.
pub fn rate_parts(bps: f64) -> (String, &'static str) {
    // Of less than half a bit nothing is left, its sign neither.
    let bps = if bps.abs() < 0.5 { 0.0 } else { bps };
    match bps.abs() {
        r if !r.is_finite() => ("–".into(), ""),
        r if r >= 999_950.0 => (format!("{:.2}", bps / 1e6), "Mbit/s"),
        r if r >= 99_950.0 => (format!("{:.0}", bps / 1e3), "kbit/s"),
        r if r >= 9_995.0 => (format!("{:.1}", bps / 1e3), "kbit/s"),
        r if r >= 1_000.0 => (format!("{:.2}", bps / 1e3), "kbit/s"),
        _ => (format!("{bps:.0}"), "bit/s"),
    }
}

/// Bits: `13.8 kbit`.
pub fn bits(n: f64) -> String {
    match n.abs() {
        b if b >= 1e6 => format!("{:.2}{THIN}Mbit", n / 1e6),
        b if b >= 1e4 => format!("{:.1}{THIN}kbit", n / 1e3),
        _ => format!("{}{THIN}bit", thousands(n)),
    }
}

/// A count of detections a second: `12.4 k/s`.
pub fn per_second(hz: f64) -> String {
    match hz.abs() {
        r if r >= 1e6 => format!("{:.2}{THIN}M/s", hz / 1e6),
        r if r >= 1e3 => format!("{:.1}{THIN}k/s", hz / 1e3),
        _ => format!("{hz:.0}{THIN}/s"),
    }
}

/// A fraction as `1.9 %`; a dash where it is not a number.
pub fn percent(fraction: f64, decimals: usize) -> String {
    if fraction.is_finite() { format!("{:.decimals$}{THIN}%", fraction * 100.0) } else { "–".into() }
}

/// Decibels, `18.2 dB`; a dash where there is no light at all.
pub fn decibels(db: f64) -> String {
    if db.is_finite() { format!("{db:.1}{THIN}dB") } else { "–".into() }
}

/// A figure far from 1: `1.2×10⁻¹⁴`; nearer ones as they are, `0.012`.
pub fn scientific(x: f64) -> String {
    if x == 0.0 || !x.is_finite() {
        return if x == 0.0 { "0".into() } else { "–".into() };
    }
    let mut power = libm::floor(libm::log10(x.abs())) as i32;
    let mut figure = x / libm::pow(10.0, f64::from(power));
    // 9.96 is 10, of the next power.
    if figure.abs() >= 9.95 {
        (power, figure) = (power + 1, figure / 10.0);
    }
    if (-3..4).contains(&power) {
        let decimals = usize::try_from(1 - power).unwrap_or(0);
        return format!("{x:.decimals$}");
    }
    let raised: String = power.to_string().chars().map(superscript).collect();
    format!("{figure:.1}×10{raised}")
}

fn superscript(c: char) -> char {
    let digits = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    c.to_digit(10).and_then(|d| digits.get(d as usize).copied()).unwrap_or('⁻')
}

/// Rain: `2.5 mm/h`.
pub fn rain(mm_h: f64) -> String {
    let decimals = usize::from(mm_h < 9.95);
    format!("{mm_h:.decimals$}{THIN}mm/h")
}

/// Wind: `13 m/s`.
pub fn speed_mps(mps: f64) -> String {
    format!("{mps:.0}{THIN}m/s")
}

/// `25.0 °C`.
pub fn celsius(degrees: f64) -> String {
    if degrees.is_finite() { format!("{degrees:.1}{THIN}°C").replace('-', "−") } else { "–".into() }
}

/// An hour of the day: `21:30 UTC`.
pub fn hour(hours: f64) -> String {
    let minutes = libm::floor(hours.rem_euclid(24.0) * 60.0 + 1e-6) as u32;
    format!("{:02}:{:02}{THIN}UTC", minutes / 60, minutes % 60)
}

/// `1 203 m`.
pub fn metres(m: f64) -> String {
    format!("{}{THIN}m", thousands(m))
}

/// Kilometres of visibility, `0.35 km`, `20 km`.
pub fn kilometres(km: f64) -> String {
    let decimals = if km < 1.0 { 2 } else { usize::from(km < 9.95) };
    format!("{km:.decimals$}{THIN}km")
}

/// `02:24.6`.
pub fn clock(t_s: f64) -> String {
    let tenths = (t_s.max(0.0) * 10.0 + 1e-6) as u64;
    format!("{:02}:{:02}.{}", tenths / 600, tenths / 10 % 60, tenths % 10)
}

/// `03:52`.
pub fn clock_short(t_s: f64) -> String {
    let s = t_s.max(0.0) as u64;
    format!("{:02}:{:02}", s / 60, s % 60)
}

/// Reads what a visitor types for a time, in seconds: `205`, `3:25`, `3:25.4`, `1:02:03`.
pub fn read_clock(typed: &str) -> Option<f64> {
    let parts: Vec<&str> = typed.trim().split(':').collect();
    let (last, before) = parts.split_last()?;
    let plain = |part: &str, more: &str| {
        part.starts_with(|c: char| c.is_ascii_digit())
            && part.chars().all(|c| c.is_ascii_digit() || more.contains(c))
    };
    if before.len() > 2 || !plain(last, ".,") || !before.iter().all(|p| plain(p, "")) {
        return None;
    }
    let seconds: f64 = last.replace(',', ".").parse().ok()?;
    let mut minutes = 0.0;
    for (i, part) in before.iter().enumerate() {
        let value: f64 = part.parse().ok()?;
        if i > 0 && value >= 60.0 {
            return None;
        }
        minutes = minutes * 60.0 + value;
    }
    (before.is_empty() || seconds < 60.0).then_some(minutes * 60.0 + seconds)
}

/// Seconds for a sentence: `41 s`, `3 min`, `2 h`.
pub fn span(s: f64) -> String {
    match s {
        s if s < 120.0 => format!("{s:.0}{THIN}s"),
        s if s < 7200.0 => format!("{:.0}{THIN}min", s / 60.0),
        _ => format!("{:.0}{THIN}h", s / 3600.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_read_as_it_is_typed_and_as_it_is_shown() {
        for (typed, t_s) in
            [("205", 205.0), ("3:25", 205.0), (" 03:25.0 ", 205.0), ("1:02:03", 3723.0), ("0,5", 0.5)]
        {
            assert_eq!(read_clock(typed), Some(t_s), "{typed}");
        }
        for t_s in [0.0, 59.9, 61.2, 3599.5] {
            assert_eq!(read_clock(&clock(t_s)), Some(t_s));
        }
        for wrong in
            ["", "x", "-3", "3:", ":25", "3:60", "1:60:00", "1:2:3:4", "1e3", "inf", "1.2.3", "2.5:00"]
        {
            assert_eq!(read_clock(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn numbers_read_well() {
        assert_eq!(thousands(13_824.0), "13\u{202f}824");
        assert_eq!(thousands(-1_811.0), "−1\u{202f}811");
        assert_eq!(clock(144.6), "02:24.6");
        assert_eq!(clock(59.96), "00:59.9");
        assert_eq!(rate(640.0), "640\u{202f}bit/s");
        assert_eq!(rate(-0.0), "0\u{202f}bit/s");
        assert_eq!(rate(14_200.0), "14.2\u{202f}kbit/s");
        assert_eq!(rate(221_160.0), "221\u{202f}kbit/s");
        assert_eq!(percent(f64::NAN, 1), "–");
        let figures = [1.23e-14, 9.97e-7, 0.0123, 1.0, 250.0, 2.5e6, 0.0].map(scientific);
        assert_eq!(figures, ["1.2×10⁻¹⁴", "1.0×10⁻⁶", "0.012", "1.0", "250", "2.5×10⁶", "0"]);
        assert_eq!(
            [hour(21.5), hour(24.0), hour(0.0)],
            ["21:30\u{202f}UTC", "00:00\u{202f}UTC", "00:00\u{202f}UTC"]
        );
        assert_eq!((rain(2.5), celsius(-3.04)), ("2.5\u{202f}mm/h".into(), "−3.0\u{202f}°C".into()));
    }
}
