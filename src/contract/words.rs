//! The phrases of a Gherkin step: open an account, do something, or expect something.
//!
//! The vendors' own phrases come from their catalogues. All others are the same for every vendor.

mod expectations;

pub use expectations::EXPECTATIONS;

use super::expectation::{Expectation, TokenExpectation};
use crate::model::Catalogue;
use crate::phrase::{Phrase, PhraseError, Values, row};
use crate::scenario::words::{self, Instruction};
use crate::suggest::{misspelt, nearest};
use crate::text::{names, with_article};
use crate::vendors::{Registry, Vendor, sender};

/// A parsed step, independent of Gherkin.
#[derive(Clone)]
pub enum ParsedStep {
    /// Opens an account.
    Account(Account),
    /// Does something.
    Do(Instruction),
    /// Expects something.
    Expect(Expectation),
}

impl ParsedStep {
    /// Whether the step takes a table.
    pub fn takes_table(&self) -> bool {
        match self {
            Self::Account(_) => true,
            Self::Do(_) => false,
            Self::Expect(expectation) => matches!(
                expectation,
                Expectation::Fields { .. } | Expectation::Tokens(TokenExpectation::EveryHas(_))
            ),
        }
    }
}

/// An account that a step opens.
#[derive(Clone)]
pub struct Account {
    /// The vendor.
    pub vendor: &'static dyn Vendor,
    /// The profile, if the step names one.
    pub profile: Option<String>,
    /// Its settings, from the table below the step.
    pub settings: Vec<(String, String)>,
}

/// The phrases for accounts.
pub const ACCOUNTS: &[Phrase<AccountPhrase>] = &[
    Phrase::new(
        "an {vendor} account",
        "opens an account of its own for this scenario; a table below it sets its settings",
        |values| Ok(AccountPhrase::of(values)),
    ),
    Phrase::new("a {vendor} account", "the same", |values| Ok(AccountPhrase::of(values))),
    Phrase::new(
        "an {vendor} account on profile {text}",
        "the same, with this version of the payloads",
        |values| Ok(AccountPhrase::on_profile(values)),
    ),
    Phrase::new("a {vendor} account on profile {text}", "the same", |values| {
        Ok(AccountPhrase::on_profile(values))
    }),
];

/// The account that a phrase names. The vendor is not looked up yet.
pub struct AccountPhrase {
    title: String,
    profile: Option<String>,
    settings: Vec<(String, String)>,
}

impl AccountPhrase {
    fn of(values: &Values<'_>) -> Self {
        Self { title: values.text("vendor"), profile: None, settings: values.settings() }
    }

    fn on_profile(values: &Values<'_>) -> Self {
        Self { profile: Some(values.text("text")), ..Self::of(values) }
    }
}

/// Reads a step with the rows of its table. `catalogue` belongs to the account opened last.
///
/// # Errors
/// If it is not a phrase, or one of its values is invalid.
pub fn read(
    text: &str,
    table: &[(String, String)],
    registry: Registry,
    catalogue: Option<&'static Catalogue>,
) -> Result<ParsedStep, PhraseError> {
    if let Some(account) = row::read_with_table(ACCOUNTS, text, table) {
        return account
            .and_then(|account| open(account, registry))
            .map(ParsedStep::Account)
            .map_err(PhraseError::Value);
    }
    if let Some(expectation) = row::read_with_table(EXPECTATIONS, text, table) {
        return expectation.map(ParsedStep::Expect).map_err(PhraseError::Value);
    }
    let Some(catalogue) = catalogue else {
        // Before an account is opened, the step can only open one, or be the phrase of some vendor.
        let known = registry.vendors().any(|vendor| words::read(text, vendor.catalogue()).is_ok());
        return Err(if known {
            PhraseError::Value(format!("open an account first: {}", account_phrases(registry)))
        } else {
            PhraseError::Unknown(nearest_phrase(text, registry, None))
        });
    };
    words::read(text, catalogue).map(ParsedStep::Do).map_err(|wrong| match wrong {
        PhraseError::Unknown(_) => {
            PhraseError::Unknown(nearest_phrase(text, registry, Some(catalogue)))
        }
        // A misspelt expectation may begin as a fault does: `every webhook is acepted`.
        value => match misspelt(text, EXPECTATIONS.iter().map(|phrase| phrase.pattern)) {
            Some(near) => PhraseError::Unknown(Some(near.to_owned())),
            None => value,
        },
    })
}

fn account_phrases(registry: Registry) -> String {
    let titles: Vec<String> =
        registry.titles().map(|title| format!("Given {} account", with_article(title))).collect();
    names(titles.iter().map(String::as_str))
}

/// The nearest of all phrases: those of this vendor, or of every vendor if none is chosen yet.
fn nearest_phrase(
    text: &str,
    registry: Registry,
    catalogue: Option<&'static Catalogue>,
) -> Option<String> {
    let vendors = registry
        .vendors()
        .map(|vendor| vendor.catalogue())
        .filter(|one| catalogue.is_none_or(|catalogue| catalogue.vendor == one.vendor));
    let actions = vendors.flat_map(|one| one.actions).flat_map(|action| action.phrases).copied();
    let accounts = ACCOUNTS.iter().map(|phrase| phrase.pattern);
    let expectations = EXPECTATIONS.iter().map(|phrase| phrase.pattern);
    let instructions = words::PHRASES.iter().map(|phrase| phrase.pattern);
    let all = actions.chain(accounts).chain(expectations).chain(instructions);
    nearest(text, all).map(str::to_owned)
}

fn open(phrase: AccountPhrase, registry: Registry) -> Result<Account, String> {
    let AccountPhrase { title, profile, settings } = phrase;
    let vendor = registry.titled(&title).ok_or_else(|| {
        let hint = if title == sender::TITLE { " (`check --as` plays a sender)" } else { "" };
        format!("there is no vendor {title}{hint}; there are {}", names(registry.titles()))
    })?;
    Ok(Account { vendor, profile, settings })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vendors::registry::shipped;

    #[test]
    fn a_table_has_each_field_once() {
        let text = "the receiver has Anna's position with:";
        let field = |value: &str| ("status".to_owned(), value.to_owned());
        assert!(matches!(read(text, &[], shipped(), None), Err(PhraseError::Value(_))));
        let twice = [field("a"), field("b")];
        assert!(matches!(read(text, &twice, shipped(), None), Err(PhraseError::Value(_))));
        assert!(read(text, &[field("a")], shipped(), None).is_ok());
    }

    #[test]
    fn a_misspelt_expectation_is_not_taken_for_a_wrong_fault() {
        let catalogue = shipped().vendors().next().map(|vendor| vendor.catalogue());
        for text in ["every webhook is acepted", "every webhok is accepted"] {
            match read(text, &[], shipped(), catalogue) {
                Err(PhraseError::Unknown(Some(near))) => {
                    assert_eq!(near, "every webhook is accepted")
                }
                _ => panic!("{text}"),
            }
        }
        let fault = read("every webhook is lozt", &[], shipped(), catalogue);
        assert!(matches!(fault, Err(PhraseError::Value(_))));
    }

    #[test]
    fn an_account_is_opened_by_the_vendors_title() {
        let opened = |text| match read(text, &[], shipped(), None) {
            Ok(ParsedStep::Account(account)) => Some(account.profile),
            _ => None,
        };
        assert_eq!(opened("an Ombori account"), Some(None));
        let profile = Some("2021-01".to_owned());
        assert_eq!(opened("an Ombori account on profile \"2021-01\""), Some(profile));
        assert!(matches!(
            read("an Acme account", &[], shipped(), None),
            Err(PhraseError::Value(_))
        ));
    }
}
