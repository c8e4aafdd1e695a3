//! An id for everything that an account has from the start.

use std::collections::BTreeMap;

use standin::model::{IdKind, SET_IDS, SettingKind, Settings};
use standin::vendors::Vendor;

/// Ids for everything of every kind that accounts of this vendor have with the default settings.
pub fn all_ids(vendor: &dyn Vendor) -> BTreeMap<String, BTreeMap<String, String>> {
    let declared = vendor.catalogue().settings;
    let kinds = declared.iter().find_map(|setting| match setting.kind {
        SettingKind::Ids(kinds) if setting.name == SET_IDS => Some(kinds),
        _ => None,
    });
    let usual = Settings::check(declared, []).expect("defaults are right");
    let kinds = kinds.expect("its ids can be set").iter().zip(1..);
    let of_kind = |(kind, number): (&IdKind, usize)| {
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
