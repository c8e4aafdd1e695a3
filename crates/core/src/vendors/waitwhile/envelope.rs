//! The envelopes of webhooks: their ids, and the bytes around the objects.
//!
//! The first eight characters of an envelope's id are the milliseconds of its `created` in base 62.
//! In four of the five examples (seed 002) this holds to the millisecond. Within a millisecond
//! three more characters count, so that the ids are in the order of the webhooks.

use jiff::Timestamp;

use super::triggers::Trigger;
use crate::chance::Chance;
use crate::clock;

const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// The time from a change to the creation of its webhook, in milliseconds: 285 to 400 in the
/// examples.
const LAG: (u64, u64) = (285, 400);

/// The key of the object in a webhook about something new or gone.
pub const DATA: &[u8] = br#","data":"#;
/// The keys of the two objects in a webhook about a change.
pub const BEFORE: &[u8] = br#","before":"#;
/// See [`BEFORE`].
pub const AFTER: &[u8] = br#","after":"#;

/// Makes the envelopes of an account.
pub struct Envelopes {
    account: String,
    chance: Chance,
    /// The stream for ids, if they have one of their own.
    ids: Option<Chance>,
    created: Timestamp,
    /// How many envelopes were made in the millisecond of `created`.
    count: u64,
}

impl Envelopes {
    /// The envelopes of the account with this id, which has 20 characters.
    pub fn new(account: String, chance: Chance) -> Self {
        Self { account, chance, ids: None, created: Timestamp::MIN, count: 0 }
    }

    /// Draws ids from this stream.
    pub fn with_ids(self, ids: Option<Chance>) -> Self {
        Self { ids, ..self }
    }

    /// Starts the webhooks of an action at this moment. They are created a little later.
    pub fn begin(&mut self, now: Timestamp) {
        let lag = std::time::Duration::from_millis(self.chance.between(LAG.0, LAG.1));
        let created = clock::after(now, lag);
        if created > self.created {
            self.created = created;
            self.count = 0;
        }
    }

    /// Writes a webhook up to its first object, which stands behind this key.
    ///
    /// It is written by hand: nothing in it needs to be escaped, and the objects inside are
    /// rendered already. Tests check the result against the schemas of the envelope types.
    pub fn open(&mut self, trigger: Trigger, key: &[u8], into: &mut Vec<u8>) {
        let id = self.id();
        let mut text = [0; 24];
        let created = clock::milliseconds(self.created, &mut text);
        for part in [
            br#"{"id":""#.as_slice(),
            &id,
            br#"","created":""#,
            created.as_bytes(),
            br#"","accountId":""#,
            self.account.as_bytes(),
            br#"","type":""#,
            trigger.name().as_bytes(),
            b"\"",
            key,
        ] {
            into.extend_from_slice(part);
        }
    }

    fn id(&mut self) -> [u8; 20] {
        let mut id = [0; 20];
        base62(&mut id[..8], self.created.as_millisecond().unsigned_abs());
        base62(&mut id[8..11], self.count);
        // Nine characters take a little less than 54 of the 64 bits.
        let drawn = self.chance.bits();
        base62(&mut id[11..], self.ids.as_mut().map_or(drawn, Chance::bits));
        self.count += 1;
        id
    }
}

fn base62(place: &mut [u8], mut number: u64) {
    for digit in place.iter_mut().rev() {
        *digit = DIGITS[(number % 62) as usize];
        number /= 62;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_begin_with_the_time_as_in_the_examples() {
        // Seed 002 has id and created of four examples.
        for (id, created) in [
            ("0T6HyBrXIZuDl73ViyRp", "2022-05-19T14:06:11.923Z"),
            ("0T6HwEtZs8ASfL52phLj", "2022-05-19T13:58:26.925Z"),
            ("0T6I0pmzZ4IKBbzdQuRn", "2022-05-19T14:16:42.057Z"),
            ("0T6229ytZ6Ud3AS2OCsE", "2022-05-16T20:41:36.627Z"),
        ] {
            let created: Timestamp = created.parse().expect("a time");
            let mut begin = [0; 8];
            base62(&mut begin, created.as_millisecond().unsigned_abs());
            assert_eq!(begin, id.as_bytes()[..8], "{id}");
        }
    }

    #[test]
    fn ids_are_in_the_order_of_their_webhooks() {
        let mut envelopes = Envelopes::new("a".repeat(20), Chance::from_seed(1));
        let mut last = [0; 20];
        for moment in 0..50 {
            envelopes
                .begin(Timestamp::from_millisecond(2_000_000_000_000 + moment).expect("a time"));
            for _ in 0..70 {
                let id = envelopes.id();
                assert!(last < id && id.iter().all(u8::is_ascii_alphanumeric));
                last = id;
            }
        }
    }
}
