//! The pictures of the vendors' traffic, each made anew by the command that its vendor's page shows.

use std::process::Command;
use std::sync::LazyLock;

use regex::Regex;
use standin::vendors::registry;

use super::{hold, text};

#[test]
fn the_picture_of_each_vendor_is_what_its_command_makes() {
    static MADE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"`standin (generate [^`]*--summary svg) > (docs/[^`]+)`").expect("a pattern")
    });
    for vendor in registry::shipped().names() {
        let page = format!("docs/vendors/{vendor}.md");
        let document = text(&page);
        let found = MADE.captures(&document).unwrap_or_else(|| panic!("{page} has no picture"));
        let path = format!("docs/pictures/{vendor}.svg");
        assert_eq!(found[2], path, "{page}");
        assert!(document.contains(&format!("](../pictures/{vendor}.svg)")), "{page} shows it");
        let arguments: Vec<&str> = found[1].split(' ').collect();
        assert!(arguments.windows(2).any(|pair| pair == ["--vendor", vendor]), "{page}");
        let output = Command::new(env!("CARGO_BIN_EXE_standin")).args(arguments).output();
        let output = output.expect("the program starts");
        assert!(output.status.success(), "{page}: {}", output.status);
        hold(&path, &String::from_utf8(output.stdout).expect("UTF-8"));
    }
}
