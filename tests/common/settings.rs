//! Settings for an account: the declared defaults, or any that the declaration allows.

use standin::chance::Chance;
use standin::model::{IdForm, Setting, SettingKind, Settings};

/// Numbers further above their lower bound only take time and test nothing new.
const MOST_ABOVE_LEAST: u64 = 12;

/// The default settings.
pub fn defaults(declared: &'static [Setting]) -> Settings {
    Settings::check(declared, []).expect("defaults are right")
}

/// Any values that the declaration allows; about half of them are the defaults.
pub fn any(declared: &'static [Setting], chance: &mut Chance) -> Settings {
    let given: Vec<(&str, String)> = declared
        .iter()
        .filter_map(|setting| {
            let value = if setting.name == "host" {
                "north-42.example.test".to_owned()
            } else {
                value(setting.kind, chance)
            };
            chance.happens(0.5).then_some((setting.name, value))
        })
        .collect();
    let given = given.iter().map(|(name, text)| (*name, text.as_str()));
    Settings::check(declared, given).expect("these are within the declaration")
}

fn value(kind: SettingKind, chance: &mut Chance) -> String {
    match kind {
        SettingKind::Text => (*chance.pick(&["Åre norra", "north-42", "فرع الشمال"])).to_owned(),
        SettingKind::List => (*chance.pick(&["one", "one, two", "a, b, c, d, e"])).to_owned(),
        SettingKind::Choices(choices) => {
            let mut some = choices.to_vec();
            chance.shuffle(&mut some);
            some.truncate(chance.between(1, some.len() as u64) as usize);
            some.join(", ")
        }
        SettingKind::Choice(choices) => (*chance.pick(choices)).to_owned(),
        SettingKind::Integer(least, most) => {
            let room = (most - least).unsigned_abs().min(MOST_ABOVE_LEAST);
            (least + chance.between(0, room) as i64).to_string()
        }
        SettingKind::Share => format!("{}%", chance.between(0, 100)),
        SettingKind::Duration => {
            (*chance.pick(&["off", "0s", "90s", "10m", "45m", "3h"])).to_owned()
        }
        SettingKind::DurationFrom(least) => {
            format!("{}s", u64::from(least) + chance.between(0, 3600))
        }
        SettingKind::Length => (*chance.pick(&["0s", "90s", "10m", "45m", "3h"])).to_owned(),
        SettingKind::Minutes(least, most) => {
            format!("{}m", chance.between(least.into(), most.into()))
        }
        SettingKind::TimeZone => {
            (*chance.pick(&["UTC", "Asia/Kathmandu", "America/St_Johns"])).to_owned()
        }
        SettingKind::Ids(kinds) => {
            let kind = chance.pick(kinds);
            let id = example(kind.form);
            format!(r#"{{"{}":{{"one":"{id}"}}}}"#, kind.kind)
        }
        SettingKind::Hours => vec![chance.between(1, 50).to_string(); 24].join(","),
    }
}

fn example(form: IdForm) -> String {
    match form {
        IdForm::Uuid => "3f0a4c1e-8f7b-4a52-9d7e-1b2c3d4e5f60".to_owned(),
        IdForm::Alphanumeric(length) => "x".repeat(length),
        IdForm::Number => "17".to_owned(),
    }
}
