//! Histograms as text: HdrHistogram V2, compressed, in base64.

use std::io::Read as _;
use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use flate2::read::ZlibDecoder;
use hdrhistogram::serialization::{
    Deserializer, Serializer as _, V2DeflateSerializer, V2Serializer,
};
use hdrhistogram::{Counter, Histogram};

use super::results::MOST as MOST_COUNTED;
use super::seconds;
use super::tally::Latency;

/// The bytes before the compressed ones: a cookie, and their number.
const OUTER: usize = 8;
/// The bytes before the counts: a cookie, the number of bytes behind them, and the bounds.
const HEAD: usize = 40;
/// The most bytes of a histogram. One with all counts that it can have takes a quarter of it.
const MOST: u64 = 1024 * 1024;

/// A histogram as text.
pub fn write(latency: &Latency) -> String {
    encoded(latency.histogram())
}

/// The histogram of a second as text.
pub fn write_part(part: &Histogram<u32>) -> String {
    encoded(part)
}

fn encoded<T: Counter>(histogram: &Histogram<T>) -> String {
    let mut bytes = Vec::new();
    // Writing into memory cannot fail.
    let _ = V2DeflateSerializer::new().serialize(histogram, &mut bytes);
    BASE64.encode(bytes)
}

/// Reads what [`write()`] has written, in a bounded amount of memory.
///
/// # Errors
/// If it is something else.
pub fn read(text: &str) -> Result<Latency, &'static str> {
    static HEAD_OF_ALL: LazyLock<Vec<u8>> =
        LazyLock::new(|| usual_head(Latency::default().histogram()));
    let plain = unpacked(text, &HEAD_OF_ALL)?;
    let read: Result<Histogram<u64>, _> = Deserializer::new().deserialize(&mut plain.as_slice());
    let read = read.map_err(|_| "its counts are wrong")?;
    if read.iter_recorded().any(|one| one.count_at_value() > MOST_COUNTED) {
        return Err("it has more than any run");
    }
    Latency::of(read).ok_or("its counts are wrong")
}

/// Reads what [`write_part`] has written, in a bounded amount of memory.
///
/// # Errors
/// If it is something else.
pub fn read_part(text: &str) -> Result<Histogram<u32>, &'static str> {
    static HEAD_OF_A_SECOND: LazyLock<Vec<u8>> =
        LazyLock::new(|| usual_head(&seconds::histogram()));
    let plain = unpacked(text, &HEAD_OF_A_SECOND)?;
    let read = Deserializer::new().deserialize(&mut plain.as_slice());
    read.map_err(|_| "its counts are wrong")
}

/// The plain bytes of a histogram with this head.
fn unpacked(text: &str, usual: &[u8]) -> Result<Vec<u8>, &'static str> {
    let bytes = BASE64.decode(text).map_err(|_| "it is not base64")?;
    let packed = bytes.get(OUTER..).ok_or("it is too short")?;
    static COOKIE: LazyLock<[u8; 4]> = LazyLock::new(outer_cookie);
    if bytes[..4] != *COOKIE {
        return Err("it is not a compressed histogram of the second version");
    }
    let mut plain = Vec::new();
    ZlibDecoder::new(packed)
        .take(MOST)
        .read_to_end(&mut plain)
        .map_err(|_| "it cannot be unpacked")?;
    let (head, counts) = plain.split_at_checked(HEAD).ok_or("it is too short")?;
    let announced = head[4..8].try_into().map(u32::from_be_bytes).unwrap_or_default();
    // The library believes what it is told, and makes room for it.
    if announced as usize != counts.len() {
        return Err("it is cut off");
    }
    if head[..4] != usual[..4] || head[8..] != usual[8..] {
        return Err("it has other bounds than those of `standin load`");
    }
    Ok(plain)
}

fn outer_cookie() -> [u8; 4] {
    let mut bytes = Vec::new();
    let _ = V2DeflateSerializer::new().serialize(Latency::default().histogram(), &mut bytes);
    bytes.first_chunk().copied().unwrap_or_default()
}

/// The head of histograms with the bounds of this one.
fn usual_head<T: Counter>(like: &Histogram<T>) -> Vec<u8> {
    let mut bytes = Vec::new();
    let _ = V2Serializer::new().serialize(like, &mut bytes);
    bytes.truncate(HEAD);
    bytes
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use hdrhistogram::Histogram;

    use super::*;

    fn some() -> Latency {
        let mut latency = Latency::default();
        for milliseconds in [0, 1, 1, 7, 250, 90_000, 99_999_999] {
            latency.record(Duration::from_millis(milliseconds));
        }
        latency
    }

    #[test]
    fn what_was_written_is_read() {
        for latency in [Latency::default(), some()] {
            let read = read(&write(&latency)).expect("it was written here");
            assert_eq!(read.histogram(), latency.histogram());
            assert_eq!((read.longest(), read.count()), (latency.longest(), latency.count()));
        }
    }

    #[test]
    fn whatever_is_cut_off_or_changed_is_an_error_or_another_histogram() {
        let good = BASE64.decode(write(&some())).expect("base64");
        for end in 0..good.len() {
            assert!(read(&BASE64.encode(&good[..end])).is_err(), "{end} bytes");
        }
        for place in 0..good.len() {
            let mut bytes = good.clone();
            bytes[place] ^= 0x55;
            // It must not panic.
            let _ = read(&BASE64.encode(bytes));
        }
    }

    #[test]
    fn neither_other_bounds_nor_a_bomb_take_memory() {
        let wide = Histogram::<u64>::new_with_bounds(1, u64::MAX, 5).expect("possible");
        let mut bytes = Vec::new();
        V2DeflateSerializer::new().serialize(&wide, &mut bytes).expect("memory");
        assert_eq!(
            read(&BASE64.encode(bytes)).expect_err("other bounds"),
            "it has other bounds than those of `standin load`"
        );
        let mut bomb = good_head();
        let zeros = vec![0; 64 * 1024 * 1024];
        let mut packer = flate2::read::ZlibEncoder::new(&zeros[..], flate2::Compression::best());
        packer.read_to_end(&mut bomb).expect("memory");
        assert_eq!(read(&BASE64.encode(bomb)).expect_err("a bomb"), "it is cut off");
        for text in ["", "AAAA", "not base64!", "HISTFAAAA"] {
            assert!(read(text).is_err(), "{text}");
        }
    }

    fn good_head() -> Vec<u8> {
        let good = BASE64.decode(write(&some())).expect("base64");
        good[..OUTER].to_vec()
    }
}
