//! The telephone numbers that the authorities of several countries keep for fiction.

/// Whether a number is one of them. The ranges are those of PTS, Ofcom, ARCEP, BNetzA and NANPA.
pub fn is_reserved(number: &str) -> bool {
    const WITH_TWO: [&str; 7] = [
        "+467017406",
        "+463139006",
        "+464062804",
        "+468465004",
        "+469803192",
        "+4917139200",
        "+49176040690",
    ];
    const WITH_THREE: [&str; 6] =
        ["+447700900", "+493023125", "+494066969", "+492214710", "+498999998", "+496990009"];
    let rest = |before: &&str, digits: usize| {
        let rest = number.strip_prefix(*before).unwrap_or_default();
        rest.len() == digits && rest.bytes().all(|byte| byte.is_ascii_digit())
    };
    // The Swedish mobile numbers begin with 05.
    let swedish = !number.starts_with("+467017406") || number >= "+46701740605";
    let american = number.strip_prefix("+1").is_some_and(|rest| {
        rest.len() == 10 && &rest[3..8] == "55501" && rest.bytes().all(|byte| byte.is_ascii_digit())
    });
    american
        || rest(&"+3363998", 4)
        || WITH_THREE.iter().any(|before| rest(before, 3))
        || (swedish && WITH_TWO.iter().any(|before| rest(before, 2)))
}
