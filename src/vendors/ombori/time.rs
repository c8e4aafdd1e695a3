//! Times as Ombori writes them: ISO 8601 in UTC, with milliseconds or with seconds.
//!
//! Written by hand because half of all bytes rendered under load are times: the general printer
//! of the time library costs three times as much here (benches/generate.rs).

use jiff::Timestamp;
use jiff::tz::Offset;

/// `2031-03-04T08:15:02.114Z`
pub fn milliseconds(moment: Timestamp, text: &mut [u8; 24]) -> &str {
    let milliseconds = write_seconds(moment, text);
    text[19] = b'.';
    digits(&mut text[20..23], milliseconds);
    text[23] = b'Z';
    ascii(text)
}

/// `2031-03-04T08:15:02Z`
pub fn seconds(moment: Timestamp, text: &mut [u8; 24]) -> &str {
    write_seconds(moment, text);
    text[19] = b'Z';
    ascii(&text[..20])
}

/// Writes everything up to the seconds and gives back the milliseconds.
fn write_seconds(moment: Timestamp, text: &mut [u8; 24]) -> u32 {
    let civil = Offset::UTC.to_datetime(moment);
    *text = *b"0000-00-00T00:00:00.000Z";
    digits(&mut text[0..4], civil.year().unsigned_abs().into());
    digits(&mut text[5..7], civil.month().unsigned_abs().into());
    digits(&mut text[8..10], civil.day().unsigned_abs().into());
    digits(&mut text[11..13], civil.hour().unsigned_abs().into());
    digits(&mut text[14..16], civil.minute().unsigned_abs().into());
    digits(&mut text[17..19], civil.second().unsigned_abs().into());
    civil.millisecond().unsigned_abs().into()
}

fn digits(place: &mut [u8], mut number: u32) {
    for digit in place.iter_mut().rev() {
        *digit = b'0' + (number % 10) as u8;
        number /= 10;
    }
}

fn ascii(text: &[u8]) -> &str {
    std::str::from_utf8(text).unwrap_or_else(|_| panic!("digits are ASCII"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_look_as_in_the_documents() {
        let moment: Timestamp = "2031-03-04T08:05:02.014Z".parse().expect("a time");
        let mut text = [0; 24];
        assert_eq!(milliseconds(moment, &mut text), "2031-03-04T08:05:02.014Z");
        assert_eq!(seconds(moment, &mut text), "2031-03-04T08:05:02Z");
    }
}
