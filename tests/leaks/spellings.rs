//! The ways in which a receiver may write a secret.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};

/// A way to write a text, and how many bytes it takes for each byte of the text at most.
pub struct Spelling {
    pub name: &'static str,
    pub write: fn(&str) -> String,
    pub longest: usize,
}

/// Every byte, written by itself.
fn each(text: &str, separator: &str, one: impl Fn(u8) -> String) -> String {
    text.bytes().map(one).collect::<Vec<_>>().join(separator)
}

/// What is not alphanumeric, written by itself.
fn signs(text: &str, one: impl Fn(u8) -> String) -> String {
    let letter = |byte: u8| char::from(byte).to_string();
    each(text, "", |byte| if byte.is_ascii_alphanumeric() { letter(byte) } else { one(byte) })
}

/// Every second byte, written by itself.
fn half(text: &str, one: impl Fn(u8) -> String) -> String {
    let letter = |byte: u8| char::from(byte).to_string();
    let bytes = text.bytes().enumerate();
    bytes.map(|(at, byte)| if at % 2 == 0 { letter(byte) } else { one(byte) }).collect()
}

fn hex(text: &str) -> String {
    each(text, "", |byte| format!("{byte:02x}"))
}

fn base64(text: &str) -> String {
    STANDARD.encode(text)
}

/// Broken into lines of so many characters.
fn wrapped(text: &str, width: usize, end: &str) -> String {
    let bytes: Vec<char> = text.chars().collect();
    let lines = bytes.chunks(width).map(|line| line.iter().collect::<String>());
    lines.collect::<Vec<_>>().join(end)
}

fn named(byte: u8) -> String {
    match byte {
        b'/' => "&sol;".to_owned(),
        b'+' => "&plus;".to_owned(),
        b'=' => "&equals;".to_owned(),
        b'&' => "&amp;".to_owned(),
        b'"' => "&quot;".to_owned(),
        b'<' => "&lt;".to_owned(),
        other => format!("&#{other};"),
    }
}

fn utf_16(text: &str, little: usize, mark: bool) -> Vec<u8> {
    let mark = mark.then_some(0xfeff);
    let units = mark.into_iter().chain(text.encode_utf16());
    units.flat_map(|one| if little == 1 { one.to_le_bytes() } else { one.to_be_bytes() }).collect()
}

macro_rules! spellings {
    ($($name:literal, $longest:literal: $write:expr;)*) => {
        &[$(Spelling { name: $name, write: $write, longest: $longest }),*]
    };
}

/// All of them.
pub const ALL: &[Spelling] = spellings! {
    "plain", 1: |s| s.to_owned();
    "in a longer word", 1: |s| format!("xx{s}yy");
    "in upper case", 1: |s| s.to_uppercase();
    "in lower case", 1: |s| s.to_lowercase();
    "percent, signs, upper", 3: |s| signs(s, |b| format!("%{b:02X}"));
    "percent, signs, lower", 3: |s| signs(s, |b| format!("%{b:02x}"));
    "percent, all, upper", 3: |s| each(s, "", |b| format!("%{b:02X}"));
    "percent, all, lower", 3: |s| each(s, "", |b| format!("%{b:02x}"));
    "percent, half", 3: |s| half(s, |b| format!("%{b:02x}"));
    "percent, twice", 5: |s| each(s, "", |b| format!("%25{b:02X}"));
    "percent, signs twice", 5: |s| signs(s, |b| format!("%25{b:02x}"));
    "percent, thrice", 7: |s| signs(s, |b| format!("%2525{b:02x}"));
    "percent and u", 6: |s| each(s, "", |b| format!("%u{b:04x}"));
    "percent and u, signs, upper", 6: |s| signs(s, |b| format!("%u{b:04X}"));
    "JSON", 2: |s| serde_json::to_string(s).expect("JSON");
    "JSON with \\/", 2: |s| serde_json::to_string(s).expect("JSON").replace('/', "\\/");
    "JSON in JSON", 4: |s| {
        let json = serde_json::to_string(s).expect("JSON");
        serde_json::to_string(&json).expect("JSON")
    };
    "\\u, lower", 6: |s| each(s, "", |b| format!("\\u{b:04x}"));
    "\\u, upper", 6: |s| each(s, "", |b| format!("\\u{b:04X}"));
    "\\u, half", 6: |s| half(s, |b| format!("\\u{b:04x}"));
    "\\u, signs", 6: |s| signs(s, |b| format!("\\u{b:04x}"));
    "\\u in JSON", 7: |s| each(s, "", |b| format!("\\\\u{b:04x}"));
    "\\x", 4: |s| each(s, "", |b| format!("\\x{b:02x}"));
    "\\x, signs", 4: |s| signs(s, |b| format!("\\x{b:02X}"));
    "octal", 4: |s| each(s, "", |b| format!("\\{b:03o}"));
    "\\u{}", 6: |s| each(s, "", |b| format!("\\u{{{b:x}}}"));
    "HTML, named", 8: |s| signs(s, named);
    "HTML, decimal", 6: |s| each(s, "", |b| format!("&#{b};"));
    "HTML, hex", 6: |s| each(s, "", |b| format!("&#x{b:x};"));
    "HTML, hex, upper", 6: |s| each(s, "", |b| format!("&#X{b:X};"));
    "HTML, with zeros", 8: |s| each(s, "", |b| format!("&#{b:05};"));
    "HTML, no semicolon", 6: |s| each(s, "", |b| format!("&#{b}"));
    "HTML, hex, no semicolon", 6: |s| each(s, "", |b| format!("&#x{b:x}"));
    "HTML, half", 6: |s| half(s, |b| format!("&#{b};"));
    "HTML twice", 10: |s| each(s, "", |b| format!("&amp;#{b};"));
    "HTML, named twice", 12: |s| signs(s, named).replace('&', "&amp;");
    "base64", 2: |s| base64(s);
    "base64, no padding", 2: |s| STANDARD_NO_PAD.encode(s);
    "base64, URL", 2: |s| URL_SAFE.encode(s);
    "base64, URL, no padding", 2: |s| URL_SAFE_NO_PAD.encode(s);
    "base64, one byte on", 2: |s| base64(&format!("a{s}bc"));
    "base64, two bytes on", 2: |s| base64(&format!("ab{s}c"));
    "base64, three bytes on", 2: |s| base64(&format!("abc{s}"));
    "base64, lines of 76", 2: |s| wrapped(&base64(&format!("{}{s}{s}", "-".repeat(50))), 76, "\r\n");
    "base64, lines of 8", 2: |s| wrapped(&base64(s), 8, "\n");
    "base64, lines in JSON", 2: |s| wrapped(&base64(s), 8, "\\n");
    "base64, percent", 6: |s| signs(&base64(s), |b| format!("%{b:02X}"));
    "base64 with \\/", 3: |s| base64(s).replace('/', "\\/");
    "base64 twice", 2: |s| base64(&base64(s));
    "base64 of percent", 6: |s| base64(&signs(s, |b| format!("%{b:02x}")));
    "base64 of JSON", 3: |s| base64(&serde_json::to_string(s).expect("JSON"));
    "base64 of \\u", 9: |s| base64(&each(s, "", |b| format!("\\u{b:04x}")));
    "base64 of hex", 4: |s| base64(&hex(s));
    "base64 of a login", 2: |s| format!("Basic {}", base64(&format!("anna:{s}")));
    "base64 in a token", 2: |s| format!("eyJhIjoxfQ.{}.x", URL_SAFE_NO_PAD.encode(format!("{{\"k\":\"{s}\"}}")));
    "hex, lower", 2: |s| hex(s);
    "hex, upper", 2: |s| hex(s).to_uppercase();
    "hex, 0x", 2: |s| format!("0x{}", hex(s));
    "hex, 0x each", 6: |s| each(s, ", ", |b| format!("0x{b:02x}"));
    "hex, colons", 3: |s| each(s, ":", |b| format!("{b:02x}"));
    "hex, colons, upper", 3: |s| each(s, ":", |b| format!("{b:02X}"));
    "hex, spaces", 3: |s| each(s, " ", |b| format!("{b:02x}"));
    "hex, dashes", 3: |s| each(s, "-", |b| format!("{b:02X}"));
    "hex, lines", 3: |s| wrapped(&hex(s), 16, "\n");
    "hex of percent", 6: |s| hex(&signs(s, |b| format!("%{b:02x}")));
    "hex of base64", 4: |s| hex(&base64(s));
    "hex twice", 4: |s| hex(&hex(s));
    "hex in Python", 4: |s| format!("b'{}'", each(s, "", |b| format!("\\x{b:02x}")));
    "bytes", 5: |s| format!("[{}]", each(s, ", ", |b| b.to_string()));
    "bytes, tight", 4: |s| each(s, ",", |b| b.to_string());
    "bytes, lines", 6: |s| format!("[\n  {}\n]", each(s, ",\n  ", |b| b.to_string()));
    "bytes, spaces", 4: |s| each(s, " ", |b| b.to_string());
    "bytes with zeros", 4: |s| each(s, " ", |b| format!("{b:03}"));
    "hex, each quoted", 8: |s| each(s, ", ", |b| format!("\"{b:02x}\""));
    "UTF-16, escaped", 7: |s| each(s, "", |b| format!("{}\\u0000", char::from(b)));
    "UTF-16 LE", 2: |s| String::from_utf8_lossy(&utf_16(s, 1, false)).into_owned();
    "UTF-16 BE", 2: |s| String::from_utf8_lossy(&utf_16(s, 0, false)).into_owned();
    "UTF-16 LE with a mark", 3: |s| String::from_utf8_lossy(&utf_16(s, 1, true)).into_owned();
    "UTF-16 LE in base64", 3: |s| STANDARD.encode(utf_16(s, 1, true));
    "UTF-16 BE in base64", 3: |s| STANDARD.encode(utf_16(s, 0, true));
    "UTF-16 LE in hex", 4: |s| utf_16(s, 1, false).iter().map(|b| format!("{b:02x}")).collect();
    "quoted-printable, signs", 3: |s| signs(s, |b| format!("={b:02X}"));
    "quoted-printable, all", 3: |s| each(s, "", |b| format!("={b:02X}"));
    "quoted-printable, lines", 3: |s| wrapped(s, 5, "=\r\n");
    "percent and \\u mixed", 6: |s| half(s, |b| format!("%{b:02x}")).replacen(&s[..1], &format!("\\u{:04x}", s.as_bytes()[0]), 1);
    "\\u and HTML mixed", 6: |s| half(s, |b| if b % 2 == 0 { format!("\\u{b:04x}") } else { format!("&#{b};") });
    "a literal of PHP", 2: |s| format!("'{}'", s.replace('/', "\\/"));
    "after text", 1: |s| format!("the key is {s}, is it not?");
    "as a value of a form", 3: |s| format!("key={}&x=1", signs(s, |b| format!("%{b:02X}")));
};
