//! Counts what a vendor's figures ask for, webhook by webhook. It keeps counts only, so it needs no more
//! memory however many webhooks there are.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::civil::{DateTime, Weekday};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value as Json;

use crate::clock::after;
use crate::model::figure::{Axis, Figure, Reading, Series, Unit};
use crate::model::summary::{Counted, Counts, Hour, Hours, Values};
use crate::model::{Catalogue, Webhook};

/// The most different words of a figure. Further ones are counted as [`OTHERS`].
const MOST_WORDS: usize = 24;
const OTHERS: &str = "others";

/// The counts so far.
pub struct Tally {
    zone: TimeZone,
    webhooks: u64,
    triggers: Vec<(&'static str, u64)>,
    figures: Vec<(&'static Figure, Counts)>,
    last: Option<Timestamp>,
}

impl Tally {
    /// Nothing is counted yet. The hours of the day are those of this zone.
    pub fn new(catalogue: &Catalogue, figures: &'static [Figure], zone: TimeZone) -> Self {
        Self {
            zone,
            webhooks: 0,
            triggers: catalogue.triggers.iter().map(|trigger| (trigger.name, 0)).collect(),
            figures: figures.iter().map(|figure| (figure, empty(figure))).collect(),
            last: None,
        }
    }

    /// Counts a webhook.
    pub fn add(&mut self, webhook: &Webhook) {
        self.webhooks += 1;
        self.last = Some(webhook.at);
        if let Some(found) = self.triggers.iter_mut().find(|(name, _)| *name == webhook.trigger) {
            found.1 += 1;
        }
        let Self { zone, figures, .. } = self;
        let mut read = Read { webhook, zone, body: None };
        for (figure, counts) in figures {
            for series in figure.series.iter().filter(|one| asks_for(one, webhook)) {
                if read.fits(series) {
                    read.count(series, counts);
                }
            }
        }
    }

    /// How many webhooks were counted.
    pub fn webhooks(&self) -> u64 {
        self.webhooks
    }

    /// The moment of the last webhook.
    pub fn last(&self) -> Option<Timestamp> {
        self.last
    }

    /// How many of each trigger there were.
    pub fn triggers(&self) -> Vec<(&'static str, u64)> {
        self.triggers.iter().copied().filter(|(_, count)| *count > 0).collect()
    }

    /// What was counted between these moments.
    pub fn counted(self, from: Timestamp, until: Timestamp) -> Vec<Counted> {
        let mut lengths = lengths(&self.zone, from, until);
        let counted = self.figures.into_iter().map(|(figure, mut counts)| {
            if let Counts::Hours(hours) = &mut counts {
                for (hour, length) in all(hours).zip(all(&mut lengths)) {
                    hour.hours = length.hours;
                }
            }
            Counted { title: figure.title, about: figure.about, counts }
        });
        counted.collect()
    }
}

fn empty(figure: &Figure) -> Counts {
    match figure.axis {
        Axis::Hours => Counts::Hours(Box::default()),
        Axis::Ranges(unit) => {
            let names = figure.series.iter().map(|series| (series.name, Values::default()));
            Counts::Ranges(unit, names.collect())
        }
        Axis::Words => Counts::Words(BTreeMap::new()),
    }
}

fn all(hours: &mut Hours) -> impl Iterator<Item = &mut Hour> {
    hours.working.iter_mut().chain(&mut hours.saturday).chain(&mut hours.sunday)
}

/// The hour of the day and the kind of day that a moment belongs to.
fn hour_of<'a>(hours: &'a mut Hours, zone: &TimeZone, at: Timestamp) -> &'a mut Hour {
    let local = zone.to_datetime(at);
    let kind = match local.weekday() {
        Weekday::Saturday => &mut hours.saturday,
        Weekday::Sunday => &mut hours.sunday,
        _ => &mut hours.working,
    };
    &mut kind[local.hour().unsigned_abs() as usize]
}

/// How long each hour of the day lasted between two moments.
fn lengths(zone: &TimeZone, from: Timestamp, until: Timestamp) -> Hours {
    const STEP: Duration = Duration::from_secs(15 * 60);
    let mut hours = Hours::default();
    let mut at = from;
    while at < until {
        let end = after(at, STEP).min(until);
        hour_of(&mut hours, zone, at).hours += end.duration_since(at).as_secs_f64() / 3600.0;
        at = end;
    }
    hours
}

/// Whether a series counts this webhook, as far as can be told without its body.
fn asks_for(series: &Series, webhook: &Webhook) -> bool {
    let by = series.actions;
    series.triggers.contains(&webhook.trigger) && (by.is_empty() || by.contains(&webhook.action))
}

/// A webhook whose body is read at most once, and only if a series asks for it.
struct Read<'a> {
    webhook: &'a Webhook,
    zone: &'a TimeZone,
    body: Option<Json>,
}

impl Read<'_> {
    fn at(&mut self, pointer: &str) -> Option<&Json> {
        let read = || serde_json::from_slice(&self.webhook.body).unwrap_or_default();
        self.body.get_or_insert_with(read).pointer(pointer)
    }

    fn fits(&mut self, series: &Series) -> bool {
        let mut conditions = series.only.iter();
        conditions.all(|(pointer, texts)| {
            self.at(pointer).and_then(Json::as_str).is_some_and(|text| texts.contains(&text))
        })
    }

    fn count(&mut self, series: &Series, counts: &mut Counts) {
        match counts {
            Counts::Hours(hours) => hour_of(hours, self.zone, self.webhook.at).count += 1,
            Counts::Words(words) => {
                let Some(word) = self.word(series) else { return };
                let known = words.len() < MOST_WORDS || words.contains_key(&word);
                *words.entry(if known { word } else { OTHERS.to_owned() }).or_default() += 1;
            }
            Counts::Ranges(unit, all) => {
                let value = self.value(series.reading, *unit);
                let values = all.iter_mut().find(|(name, _)| *name == series.name);
                if let (Some(value), Some((_, values))) = (value, values) {
                    values.add(value);
                }
            }
        }
    }

    fn word(&mut self, series: &Series) -> Option<String> {
        match series.reading {
            Reading::Word(pointer) => match self.at(pointer)? {
                Json::String(text) => Some(text.clone()),
                Json::Null | Json::Array(_) | Json::Object(_) => None,
                other => Some(other.to_string()),
            },
            _ => Some(series.name.to_owned()),
        }
    }

    /// A value in whole parts of its unit.
    fn value(&mut self, reading: Reading, unit: Unit) -> Option<u32> {
        let seconds = match reading {
            Reading::Between(from, to) => self.time(to)?.duration_since(self.time(from)?),
            Reading::Since(from) => self.webhook.at.duration_since(self.time(from)?),
            Reading::Seconds(pointer) => SignedDuration::from_secs(self.at(pointer)?.as_i64()?),
            Reading::Number(pointer) => return whole(self.at(pointer)?),
            Reading::Moment | Reading::Name | Reading::Word(_) => return None,
        };
        let part = match unit {
            Unit::Days => 3600,
            Unit::Minutes | Unit::Whole => 1,
        };
        Some(u32::try_from((seconds.as_secs() / part).max(0)).unwrap_or(u32::MAX))
    }

    /// A time in the body; one without a zone is local.
    fn time(&mut self, pointer: &str) -> Option<Timestamp> {
        let text = self.at(pointer)?.as_str()?.to_owned();
        text.parse().ok().or_else(|| {
            let local = text.parse::<DateTime>().ok()?;
            self.zone.to_timestamp(local).ok()
        })
    }
}

/// The whole part of a number, or of a number in a text.
fn whole(value: &Json) -> Option<u32> {
    let number = value.as_f64().or_else(|| value.as_str()?.parse().ok())?;
    (number.is_finite() && number >= 0.0).then_some(number as u32)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::default_start;
    use crate::model::Subject;

    const WORDS: &[Figure] = &[Figure {
        title: "Words",
        about: "",
        axis: Axis::Words,
        series: &[Series::of("words", &["told"], Reading::Word("/word"))],
    }];

    fn words(bodies: impl Iterator<Item = String>) -> BTreeMap<String, u64> {
        let catalogue = crate::vendors::registry::shipped().vendors().next().expect("a vendor");
        let mut tally = Tally::new(catalogue.catalogue(), WORDS, TimeZone::UTC);
        for (seq, body) in (0..).zip(bodies) {
            tally.add(&Webhook {
                seq,
                at: default_start(),
                vendor: "acme",
                account: "demo".into(),
                trigger: "told",
                subject: Subject { kind: "thing", id: "1".to_owned() },
                name: None,
                action: "tell",
                body: body.into(),
            });
        }
        match tally.counted(default_start(), default_start()).remove(0).counts {
            Counts::Words(words) => words,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn words_have_a_limit() {
        let counted = words((0..40).chain(0..40).map(|word| format!("{{\"word\":{word}}}")));
        assert_eq!(counted.len(), MOST_WORDS + 1);
        assert_eq!(counted["0"], 2);
        assert_eq!(counted[OTHERS], 2 * (40 - MOST_WORDS as u64));
    }

    #[test]
    fn a_body_without_the_field_is_not_counted() {
        let bodies = ["{}", "{\"word\":null}", "[", "{\"word\":\"yes\"}"].map(str::to_owned);
        assert_eq!(words(bodies.into_iter()), BTreeMap::from([("yes".to_owned(), 1)]));
    }

    #[test]
    fn a_week_has_five_working_days_in_local_time() {
        let zone = TimeZone::get("Europe/Berlin").expect("a zone");
        let from = default_start();
        let until = after(from, Duration::from_secs(7 * 24 * 3600));
        let hours = lengths(&zone, from, until);
        assert!(hours.working.iter().all(|hour| (hour.hours - 5.0).abs() < 1e-9), "{hours:?}");
        let mut weekend = hours.saturday.iter().chain(&hours.sunday);
        assert!(weekend.all(|hour| (hour.hours - 1.0).abs() < 1e-9), "{hours:?}");
        let short = lengths(&zone, from, after(from, Duration::from_secs(30 * 60)));
        assert_eq!(short.working[9].hours, 0.5, "08:00 UTC is 09:00 there");
    }
}
