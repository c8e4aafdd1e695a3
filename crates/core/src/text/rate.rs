//! Rates as people write them.

/// The highest rate, in times a second.
const FASTEST: f64 = 10_000_000.0;

/// Reads a rate, in times a second: `2000/s`, `90/min`, `5000/h`, or a number alone.
///
/// # Errors
/// If the text is not a rate.
pub fn rate(text: &str) -> Result<f64, String> {
    let wrong = || format!("`{text}` is not a rate; it is written like 2000/s, 90/min or 5000/h");
    let (number, per) = text.trim().split_once('/').unwrap_or((text.trim(), "s"));
    let number: f64 = number.trim().parse().map_err(|_| wrong())?;
    let seconds = match per.trim() {
        "s" | "sec" | "second" => 1.0,
        "min" | "m" | "minute" => 60.0,
        "h" | "hour" => 3600.0,
        _ => return Err(wrong()),
    };
    let rate = number / seconds;
    match (0.0..=FASTEST).contains(&rate) {
        true => Ok(rate),
        false => Err(format!("a rate is from 0 to {FASTEST} a second, not {text}")),
    }
}
