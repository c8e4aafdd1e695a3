//! The summary as one picture: an SVG file that loads nothing and needs no page around it.
//!
//! The template (`templates/generated.svg`) has all markup and escapes every value. The picture has the
//! place of everything, since text in SVG does not flow.

use askama::Template;

use super::drawings::{Bars, Drawing, drawings};
use super::heading;
use crate::model::summary::Summary;
use crate::report::plot::Plot;
use crate::report::text::one_line;
use crate::text::clean;

/// The width of the picture.
const WIDTH: usize = 1000;
/// How many drawings are side by side.
const COLUMNS: usize = 2;
/// The space between them and around.
const GAP: usize = 16;
/// The height of the heading.
const HEAD: usize = 60;
/// The height of a plot with its labels.
const PLOT: usize = 190;
/// The room for the title of a drawing.
const TITLE: usize = 48;
/// The height of a line of text.
const LINE: usize = 17;
/// The room for the labels beside and below a plot.
const LABELS: (usize, usize) = (48, 30);
/// The height of a bar with its space.
const BAR: usize = 18;
/// The room for the count behind a bar.
const COUNT: usize = 124;
/// About how wide a letter is.
const LETTER: usize = 8;

/// The summary as an SVG document.
pub fn render(summary: &Summary) -> String {
    let mut cards = Vec::new();
    let mut y = HEAD;
    let mut left = drawings(summary).into_iter().peekable();
    while left.peek().is_some() {
        let row: Vec<Drawing> = left.by_ref().take(COLUMNS).collect();
        let height = row.iter().map(height).max().unwrap_or_default();
        cards.extend(row.into_iter().zip(0..).map(|(one, column)| card(one, column, (y, height))));
        y += height + GAP;
    }
    let about = [&summary.account, &summary.profile, &summary.period, &summary.zone];
    let about = about.map(|text| one_line(text)).join(" · ");
    let scenario = summary.scenario.iter().map(|file| format!(" · {}", one_line(file)));
    let picture = Picture {
        width: WIDTH,
        height: y,
        heading: heading(summary),
        about: format!("{about} · seed {}{}", summary.seed, scenario.collect::<String>()),
        cards,
    };
    clean::printable(&picture.render().expect("a template written to memory does not fail")) + "\n"
}

#[derive(Template)]
#[template(path = "generated.svg")]
struct Picture {
    width: usize,
    height: usize,
    heading: String,
    about: String,
    cards: Vec<Card>,
}

/// A drawing at its place.
struct Card {
    x: usize,
    y: usize,
    width: usize,
    height: usize,
    title: &'static str,
    about: String,
    inside: Inside,
}

enum Inside {
    Plot { plot: Plot, field: Field },
    Bars { bars: Bars, field: Field },
}

/// Where the plot or the bars are in a card.
struct Field {
    x: usize,
    y: usize,
    width: usize,
    height: usize,
}

/// How high a drawing is.
fn height(drawing: &Drawing) -> usize {
    TITLE
        + match drawing {
            Drawing::Plot(plot) => LINE * plot.lines.len() + PLOT,
            Drawing::Bars(bars) => BAR * bars.bars.len() + 12,
        }
}

fn card(drawing: Drawing, column: usize, (y, height): (usize, usize)) -> Card {
    let width = (WIDTH - GAP * (COLUMNS + 1)) / COLUMNS;
    let (title, about, inside) = match drawing {
        Drawing::Plot(plot) => {
            let top = TITLE + LINE * plot.lines.len() + 8;
            let (x, below) = LABELS;
            let field = Field { x, y: top, width: width - x - 28, height: height - top - below };
            (plot.title, plot.about.clone(), Inside::Plot { plot, field })
        }
        Drawing::Bars(bars) => {
            let longest = bars.bars.iter().map(|bar| bar.word.chars().count()).max();
            let words = (longest.unwrap_or_default() * LETTER).min(width / 2);
            let x = GAP + words + 8;
            let field = Field { x, y: TITLE, width: width - x - COUNT - GAP, height: BAR };
            (bars.title, bars.about.clone(), Inside::Bars { bars, field })
        }
    };
    Card { x: GAP + column * (width + GAP), y, width, height, title, about, inside }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::generated::sample;

    #[test]
    fn every_drawing_has_a_place_of_its_own_inside() {
        let svg = render(&sample::summary());
        // Three lines of a legend and a plot, then two bars.
        let heights = [TITLE + 3 * LINE + PLOT, TITLE + 2 * BAR + 12];
        let second = HEAD + heights[0] + GAP;
        let whole = format!("viewBox=\"0 0 1000 {}\"", second + heights[1] + GAP);
        let places = [(16, HEAD), (508, HEAD), (16, second), (508, second)];
        let places = places.map(|(x, y)| format!("translate({x} {y})"));
        let told = "told: half within 1.0 min".to_owned();
        for place in places.into_iter().chain([whole, told]) {
            assert!(svg.contains(&place), "{place}");
        }
    }

    #[test]
    fn hostile_text_stays_text() {
        let svg = render(&sample::hostile());
        assert_eq!(svg.matches("<img").count() + svg.matches("</script>").count(), 0);
        assert!(!svg.contains(['\u{1b}', '\u{0}']));
    }
}
