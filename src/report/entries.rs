//! The entries of a journal as lines for people: when, what, and what of it matters most.

use serde_json::Value as Json;

use super::printable;

/// How many characters of an id are shown.
const ID_CHARACTERS: usize = 12;

/// One line. The time is virtual, in UTC.
pub fn render(entry: &Json) -> String {
    let text = |key: &str| entry[key].as_str().unwrap_or_default();
    let time = text("at").get(..19).unwrap_or_default().replace('T', " ");
    let said = printable(&about(entry)).replace('\n', " ");
    let line = format!("{time}  {:<17}  {said}", text("entry"));
    format!("{}\n", line.trim_end())
}

fn about(entry: &Json) -> String {
    let text = |key: &str| entry[key].as_str().unwrap_or_default();
    match text("entry") {
        "opened" => format!("{} {} ({})", text("vendor"), text("account"), text("profile")),
        "acted" | "armed" => text("said").to_owned(),
        "released" => text("order").to_owned(),
        "asked" => subject(entry),
        "polled" => format!("until {}", text("until")),
        "told-time" => format!("it is {}", text("now")),
        "caused" => {
            let name = entry["name"].as_str().map(|name| format!(" {name}")).unwrap_or_default();
            format!("{}{name} {}", text("trigger"), subject(entry))
        }
        "intended" => format!("{} {}", text("request"), place(entry)),
        "attempted" => {
            let status = entry["status"].as_u64().map(|it| format!("{it} ")).unwrap_or_default();
            let fault = entry["fault"].as_str().map(|it| format!(" [{it}]")).unwrap_or_default();
            let method = entry["method"].as_str().unwrap_or("POST");
            let (request, url, why) = (text("request"), text("url"), text("why"));
            format!("{request} {}: {method} {url}: {status}{why}{fault}", place(entry))
        }
        "ended" => {
            let attempts = entry["attempts"].as_u64().unwrap_or(0);
            format!("{}: {} after {attempts}", place(entry), text("outcome"))
        }
        "note" => format!("{} {}", text("note"), entry["data"]),
        _ => place(entry),
    }
}

fn subject(entry: &Json) -> String {
    let part = |key: &str| entry["subject"][key].as_str().unwrap_or_default();
    let id: String = part("id").chars().take(ID_CHARACTERS).collect();
    format!("{} {id}", part("kind"))
}

/// The delivery and the attempt that an entry belongs to.
fn place(entry: &Json) -> String {
    let number = |key: &str| entry["of"][key].as_u64();
    match (number("delivery"), number("attempt")) {
        (Some(delivery), Some(attempt)) => format!("of delivery {delivery}, attempt {attempt}"),
        (Some(delivery), None) => format!("of delivery {delivery}"),
        _ => String::new(),
    }
}
