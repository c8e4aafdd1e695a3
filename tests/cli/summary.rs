//! `generate --summary`: what it shows is held against the lines that the same command prints without it.

use jiff::tz::TimeZone;
use jiff::{Timestamp, civil::Weekday};
use serde_json::Value as Json;
use standin::model::figure::Axis;
use standin::vendors::registry;

use super::{folder, run, text, write};

const LENGTHS: [(&str, &str); 3] = [("ombori", "9d"), ("waitwhile", "3d"), ("doo", "90d")];

/// The webhooks of a vendor, and their summary as text and as a page.
fn generated(vendor: &str, length: &str) -> (Vec<Json>, String, String) {
    let folder = folder();
    let arguments = ["generate", "--vendor", vendor, "--seed", "3", "--for", length];
    let printed = |more: &[&str]| {
        let output = run(folder.path(), &[&arguments[..], more].concat());
        assert!(output.status.success(), "{}", text(&output.stderr));
        text(&output.stdout)
    };
    let lines = printed(&[]);
    let lines = lines.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    (lines, printed(&["--summary", "text"]), printed(&["--summary", "html"]))
}

/// A number as the summary has it.
fn grouped(number: usize) -> String {
    match number {
        0..1_000 => number.to_string(),
        _ => format!("{},{:03}", number / 1_000, number % 1_000),
    }
}

fn time(value: &Json) -> Timestamp {
    value.as_str().and_then(|text| text.parse().ok()).unwrap_or_else(|| panic!("a time: {value}"))
}

#[test]
fn a_summary_counts_every_webhook_by_its_trigger() {
    for (vendor, length) in LENGTHS {
        let (lines, as_text, page) = generated(vendor, length);
        assert!(lines.len() > 500, "{vendor}: {}", lines.len());
        let all = format!(": {} webhooks", grouped(lines.len()));
        assert!(as_text.lines().next().is_some_and(|line| line.ends_with(&all)), "{as_text}");
        assert!(page.contains(&format!("{all}</h1>")), "{vendor}");
        let by_trigger = as_text.split("\nWebhooks: by trigger").nth(1).expect("the triggers");
        let known = registry::shipped().find(vendor).expect("a vendor").catalogue().triggers;
        let mut shown = 0;
        for trigger in known {
            let count = lines.iter().filter(|line| line["trigger"] == trigger.name).count();
            let row = by_trigger.lines().map(|line| line.split_whitespace().collect::<Vec<_>>());
            let row = row.into_iter().find(|row| row.first() == Some(&trigger.name));
            let found = row.map(|row| row[1].to_owned());
            assert_eq!(found, (count > 0).then(|| grouped(count)), "{vendor}: {}", trigger.name);
            shown += usize::from(count > 0);
        }
        assert!(shown > 3, "{vendor} has {shown} triggers");
    }
}

#[test]
fn arrivals_and_lengths_are_those_of_the_bodies() {
    let (lines, as_text, page) = generated("ombori", "9d");
    let of = |trigger: &'static str| lines.iter().filter(move |line| line["trigger"] == trigger);
    // The hours of the traffic, and of the summary, are those of the account.
    let zone = TimeZone::get("Europe/Stockholm").expect("a zone");
    let on = |days: &[Weekday]| {
        let at = of("positionCreated").map(|line| zone.to_datetime(time(&line["at"])).weekday());
        at.filter(|day| days.contains(day)).count()
    };
    let (saturday, sunday) = (on(&[Weekday::Saturday]), on(&[Weekday::Sunday]));
    let working = of("positionCreated").count() - saturday - sunday;
    assert!(sunday > 100 && saturday > sunday && working > saturday, "{working}");
    for (name, count) in [("Monday to Friday", working), ("Saturday", saturday), ("Sunday", sunday)]
    {
        let wanted = format!("{name} ({})", grouped(count));
        assert!(as_text.contains(&wanted) && page.contains(&wanted), "{wanted}: {as_text}");
    }
    let mut served: Vec<i64> = of("positionCompleted")
        .map(|line| &line["body"]["data"]["position"])
        .map(|one| time(&one["completedAt"]).duration_since(time(&one["fulfilledAt"])).as_secs())
        .collect();
    served.sort_unstable();
    let at = |share: usize| served[(served.len() * share).div_ceil(100) - 1] as f64 / 60.0;
    let minutes =
        |value: f64| if value < 9.95 { format!("{value:.1}") } else { format!("{value:.0}") };
    let (half, most) = (minutes(at(50)), minutes(at(90)));
    let count = grouped(served.len());
    let wanted = format!("served: half within {half} min, 90 % within {most} min ({count})");
    assert!(as_text.contains(&wanted) && page.contains(&wanted), "{wanted}: {as_text}");
}

#[test]
fn what_a_guest_is_told_and_what_an_order_costs_are_those_of_the_bodies() {
    let (lines, as_text, _) = generated("waitwhile", "3d");
    let served = lines
        .iter()
        .map(|line| &line["body"])
        .filter(|body| body["before"]["state"] == "WAITING" && body["after"]["state"] == "SERVING");
    let mut told: Vec<i64> =
        served.filter_map(|body| body["after"]["originalEstWaitDuration"].as_i64()).collect();
    told.sort_unstable();
    let half = told[told.len().div_ceil(2) - 1] as f64 / 60.0;
    let wanted = format!("told: half within {half:.1} min, 90 % within ");
    assert!(as_text.contains(&wanted), "{wanted}: {as_text}");
    assert!(as_text.contains(&format!(" min ({})\n", grouped(told.len()))), "{as_text}");

    let (lines, as_text, _) = generated("doo", "90d");
    let orders = lines.iter().filter(|line| line["trigger"] == "order_created");
    let payments = orders.map(|line| &line["body"]["order_details"]["payment"]);
    let mut prices: Vec<u64> = payments
        .filter(|payment| payment["method"] != "free")
        .map(|payment| {
            payment["amount"].as_str().expect("a text").parse::<f64>().expect("a number")
        })
        .map(|amount| amount as u64)
        .collect();
    prices.sort_unstable();
    let at = |share: usize| prices[(prices.len() * share).div_ceil(100) - 1];
    let count = grouped(prices.len());
    let wanted = format!("orders: half up to {}, 90 % up to {} ({count})", at(50), at(90));
    assert!(as_text.contains(&wanted), "{wanted}: {as_text}");
}

/// A field that a body does not have would leave its figure empty.
#[test]
fn every_figure_of_every_vendor_is_drawn() {
    for (vendor, length) in LENGTHS {
        let (_, as_text, page) = generated(vendor, length);
        let figures = registry::shipped().find(vendor).expect("a vendor").figures();
        assert_eq!(page.matches("<figure>").count(), figures.len() + 1, "{vendor}");
        for figure in figures {
            let title = format!("\n{}: ", figure.title);
            let (_, part) =
                as_text.split_once(&title).unwrap_or_else(|| panic!("{title}{as_text}"));
            let part = part.split("\n\n").next().unwrap_or_default();
            if let Axis::Ranges(_) = figure.axis {
                for series in figure.series {
                    assert!(
                        part.contains(&format!("\n  {}: half", series.name)),
                        "{vendor}: {part}"
                    );
                }
            }
        }
    }
}

#[test]
fn the_same_seed_gives_the_same_summary_in_every_form() {
    let folder = folder();
    let summary = |seed: &str, form: &str| {
        let arguments = ["generate", "--vendor", "doo", "--seed", seed, "--summary", form];
        run(folder.path(), &arguments).stdout
    };
    for form in ["html", "svg", "text"] {
        assert_eq!(summary("1", form), summary("1", form), "{form}");
        assert_ne!(summary("1", form), summary("2", form), "{form}");
    }
    let other = run(folder.path(), &["generate", "--vendor", "doo", "--summary", "pie"]);
    assert_eq!(other.status.code(), Some(2));
}

#[test]
fn a_story_and_a_count_are_summarised_too() {
    let folder = folder();
    write(
        folder.path(),
        "<b>.yaml",
        "vendor: ombori\naccount: { organization: '<i>' }\nsteps: [Anna takes a walk-in ticket]\n",
    );
    let summary = |more: &[&str]| {
        let arguments = ["generate", "--vendor", "ombori", "--seed", "1", "--summary", "html"];
        let output = run(folder.path(), &[&arguments[..], more].concat());
        (output.status.code(), text(&output.stdout))
    };
    let (code, story) = summary(&["<b>.yaml"]);
    assert!(code == Some(0) && story.contains("<h1>Ombori: 1 webhook</h1>"), "{story}");
    assert!(story.contains("&#60;b&#62;.yaml") && !story.contains("<b>.yaml"), "{story}");
    let (code, counted) = summary(&["--count", "40"]);
    assert!(code == Some(0) && counted.contains("<h1>Ombori: 40 webhooks</h1>"), "{counted}");
    // What there was is shown all the same.
    let (code, short) = summary(&["--count", "5", "<b>.yaml"]);
    assert!(code == Some(2) && short.contains("<h1>Ombori: 1 webhook</h1>"), "{short}");
}
