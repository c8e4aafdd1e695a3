//! The text of a feature file, and places in it.

use std::collections::BTreeSet;

use crate::model::Problem;
use crate::scenario::rehearse::Mistake;
use crate::text::numbered::Numbered;
use crate::text::shell;

/// A feature file.
#[derive(Clone, Debug)]
pub struct Source {
    /// The file as the user knows it.
    pub file: String,
    /// Its text.
    pub text: Numbered,
    /// Only the scenarios on these lines, if any are given.
    pub lines: BTreeSet<usize>,
    /// Where it comes from.
    pub origin: Origin,
}

/// Where a feature file comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// It is part of the shipped contract.
    Shipped,
    /// It is the user's own.
    Own,
}

/// A place in a feature file.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// Length in characters.
    pub length: usize,
}

impl Source {
    /// The command that explains a rule of this file.
    pub fn explain(&self, rule: &str) -> String {
        match self.origin {
            Origin::Shipped => format!("standin explain {rule}"),
            Origin::Own => format!("standin explain {rule} {}", shell::word(&self.file)),
        }
    }

    /// A mistake at a place in this file.
    pub fn problem(&self, at: Place, mistake: Mistake) -> Problem {
        Problem {
            file: self.file.clone(),
            source: self.text.shared(),
            line: at.line,
            column: at.column,
            length: at.length,
            title: mistake.title,
            label: mistake.label.to_owned(),
            help: mistake.help,
        }
    }

    /// The place of a step's text, after its keyword.
    pub fn place_of_step(&self, line: usize, keyword: &str, text: &str) -> Place {
        let source = self.text.line(line);
        let blanks = |from: usize| {
            source.chars().skip(from).take_while(|letter| letter.is_whitespace()).count()
        };
        let indent = blanks(0);
        let behind_keyword = indent + keyword.trim_end().chars().count();
        let column = behind_keyword + blanks(behind_keyword) + 1;
        Place { line, column, length: text.chars().count() }
    }
}
