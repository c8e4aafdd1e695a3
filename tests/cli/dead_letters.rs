//! A step that sends dead letters again, where there are none.

use super::{folder, receiver, run, text, write};

#[test]
fn a_story_says_that_no_dead_letter_is_sent_again() {
    let (_runtime, receiver) = receiver();
    let folder = folder();
    let steps =
        "  - Anna books a ticket\n  - the dead letters are sent again\n  - Bo books a ticket\n";
    write(folder.path(), "s.yaml", &format!("vendor: doo\nsteps:\n{steps}"));
    let arguments = ["play", "s.yaml", "--instant", "--seed", "1", "--target", &receiver.url];
    let played = run(folder.path(), &arguments);
    assert_eq!(played.status.code(), Some(0), "{}", text(&played.stderr));
    let told = text(&played.stdout);
    let after = told.split("the dead letters are sent again\n").nth(1).expect("the step is shown");
    let note = after.lines().next().map(str::trim);
    assert_eq!(note, Some("no webhook is a dead letter: nothing is sent again"), "{told}");
    assert!(after.contains("Bo books a ticket"), "the story goes on: {told}");
}

#[test]
fn a_dead_letter_that_is_sent_again_counts_by_how_it_ends() {
    let (_runtime, receiver) = receiver();
    let folder = folder();
    let story = ["play", "scenarios/doo/bad-day.yaml", "--instant", "--seed", "1", "--target"];
    let played = run(folder.path(), &[&story[..], &[&receiver.url]].concat());
    let said = text(&played.stderr);
    assert_eq!(played.status.code(), Some(0), "{said}");
    assert!(said.contains("6 webhooks: 6 accepted, 0 refused, 0 failed"), "{said}");
}
