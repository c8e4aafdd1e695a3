//! The `message` of a webhook: the text that the customer gets, in the customer's language. The
//! words are our own. The vendor's texts can be changed per queue, so a receiver must never parse
//! them.
//!
//! The contents follow the examples: a booking's local start and a short link (webhook page v6),
//! the new label with an arrival window of 15 minutes (v10), the label with a link to a new ticket
//! (v9), and so on.

use std::fmt::Write as _;

use super::people::Locale;

/// The host of the short links. It cannot exist.
const LINK: &str = "https://qr.example.test/";

/// Minutes within which the guest of an activated booking should arrive (webhook page v10).
pub const ARRIVAL_WINDOW: u32 = 15;

/// What a message is about.
#[derive(Clone, Copy, Debug)]
pub enum Text<'a> {
    /// A booking was made. Has its start in local time.
    Booked {
        /// `2031-03-05 10:30`
        start: &'a str,
    },
    /// The slot of a booking has begun.
    Activated,
    /// Staff turned the ticket away.
    Removed,
    /// The guest was called, was not there, and is back in the queue.
    Retry,
    /// It is the guest's turn, at a desk with this label.
    Called {
        /// `C4`
        desk: &'a str,
    },
}

/// Writes the text in this language.
pub fn write(text: Text<'_>, locale: Locale, label: &str, link: &str) -> String {
    use Locale::{Ar, En, Sv};
    let mut out = String::with_capacity(120);
    let window = ARRIVAL_WINDOW;
    // Writing to a String cannot fail.
    let _ = match (text, locale) {
        (Text::Booked { start }, En) => {
            write!(out, "See you on {start}. Your booking: {LINK}{link}")
        }
        (Text::Booked { start }, Sv) => write!(out, "Välkommen {start}. Din bokning: {LINK}{link}"),
        (Text::Booked { start }, Ar) => write!(out, "نراكم في {start}. حجزكم: {LINK}{link}"),
        (Text::Activated, En) => write!(
            out,
            "Your booking is open as {label}. Come within {window} minutes: {LINK}{link}"
        ),
        (Text::Activated, Sv) => {
            write!(out, "Din bokning är öppen som {label}. Kom inom {window} minuter: {LINK}{link}")
        }
        (Text::Activated, Ar) => {
            write!(out, "حجزكم مفتوح برقم {label}. تفضلوا خلال {window} دقيقة: {LINK}{link}")
        }
        (Text::Removed, En) => {
            write!(out, "Ticket {label} is closed. Take a new one here: {LINK}{link}")
        }
        (Text::Removed, Sv) => write!(out, "Biljett {label} är stängd. Ta en ny här: {LINK}{link}"),
        (Text::Removed, Ar) => {
            write!(out, "أُغلقت التذكرة {label}. خذوا تذكرة جديدة من هنا: {LINK}{link}")
        }
        (Text::Retry, En) => {
            write!(out, "We called {label} and did not find you. You will be called again.")
        }
        (Text::Retry, Sv) => {
            write!(out, "Vi ropade upp {label} men hittade dig inte. Du ropas upp igen.")
        }
        (Text::Retry, Ar) => write!(out, "نادينا {label} ولم نجدكم. سنناديكم مرة أخرى."),
        (Text::Called { desk }, En) => write!(out, "{label}, it is your turn at {desk}."),
        (Text::Called { desk }, Sv) => write!(out, "{label}, det är din tur vid {desk}."),
        (Text::Called { desk }, Ar) => write!(out, "{label}، حان دوركم عند {desk}."),
    };
    out
}
