//! A summary with everything in it, for tests.

use std::collections::BTreeMap;

use crate::model::figure::Unit;
use crate::model::summary::{Counted, Counts, Hour, Hours, Summary, Values};

/// Text that means harm.
const HOSTILE: &str = "</script><img src=x onerror=alert(1)> \" ]]>&amp; \u{1b}[31m\u{0}";

pub fn summary() -> Summary {
    let mut hours = Hours::default();
    hours.working = [Hour { count: 2, hours: 1.0 }; 24];
    hours.sunday[9] = Hour { count: 3, hours: 2.0 };
    let mut told = Values::default();
    told.add(60);
    told.add(120);
    let counts = [
        Counts::Hours(Box::new(hours)),
        Counts::Ranges(Unit::Minutes, vec![("told", told), ("real", Values::default())]),
        Counts::Words(BTreeMap::from([("5".to_owned(), 2), ("10".to_owned(), 1)])),
    ];
    let counted = |counts| Counted { title: "A figure", about: "what it shows", counts };
    Summary {
        version: "0.1.0".to_owned(),
        vendor: "Acme".to_owned(),
        profile: "2030".to_owned(),
        account: "demo".to_owned(),
        scenario: None,
        seed: 1,
        period: "2031-03-04 to 2031-03-05".to_owned(),
        zone: "Europe/Berlin".to_owned(),
        webhooks: 1234,
        triggers: vec![("thing.created", 1230), ("thing.removed", 4)],
        figures: counts.map(counted).into(),
    }
}

/// Figures for which nothing was counted.
pub fn nothing() -> Vec<Counted> {
    let counts = [
        Counts::Hours(Box::default()),
        Counts::Ranges(Unit::Days, vec![("told", Values::default())]),
        Counts::Words(BTreeMap::new()),
    ];
    counts.map(|counts| Counted { title: "A figure", about: "", counts }).into()
}

pub fn hostile() -> Summary {
    let words = Counts::Words(BTreeMap::from([(HOSTILE.to_owned(), 2)]));
    Summary {
        version: HOSTILE.to_owned(),
        account: HOSTILE.to_owned(),
        scenario: Some(HOSTILE.to_owned()),
        zone: HOSTILE.to_owned(),
        figures: vec![Counted { title: "A figure", about: "", counts: words }],
        ..summary()
    }
}
