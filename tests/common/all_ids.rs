//! The built-in settings with an id set for everything that an account has from the start.

use std::collections::BTreeMap;

use standin::cli::settings::BUILT_IN;
use standin::model::{SET_IDS, SettingKind, Settings};
use standin::vendors::{Vendor, registry};

/// Ids for everything of every kind that accounts of this vendor have with the default settings.
pub fn all_ids(vendor: &dyn Vendor) -> BTreeMap<String, BTreeMap<String, String>> {
    let declared = vendor.catalogue().settings;
    let kinds = declared.iter().find_map(|setting| match setting.kind {
        SettingKind::Ids(kinds) if setting.name == SET_IDS => Some(kinds),
        _ => None,
    });
    let usual = Settings::check(declared, []).expect("defaults are right");
    let kinds = kinds.expect("its ids can be set").iter().zip(1..);
    let of_kind = |(kind, number): (&standin::model::IdKind, usize)| {
        let things = vendor.names(kind.kind, &usual).into_iter().zip(1..);
        let id = |place: usize| {
            let forms = [
                format!("0{number}{place:06}-0000-4000-8000-000000000000"),
                format!("Set{number:02}x{place:014}"),
                format!("{}", 100 * number + place),
            ];
            forms.into_iter().find(|id| kind.form.has(id)).expect("a form")
        };
        let named = things.map(|(names, place)| (names[0].clone(), id(place)));
        (kind.kind.to_owned(), named.collect())
    };
    kinds.map(of_kind).collect()
}

/// The built-in settings with all ids of all vendors set.
pub fn with_all_ids() -> String {
    let mut text = BUILT_IN.to_owned();
    for vendor in registry::shipped().vendors() {
        let begin = format!("\n  {}:\n", vendor.catalogue().vendor);
        let ids = serde_json::to_string(&all_ids(vendor)).expect("JSON");
        let (before, after) = text.split_once(&begin).expect("the vendor's section");
        text = format!("{before}{begin}    ids: {ids}\n{after}");
    }
    text
}
