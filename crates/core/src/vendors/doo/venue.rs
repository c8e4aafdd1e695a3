//! Where events take place: three invented venues, in turn.

/// A venue.
#[derive(Debug)]
pub struct Venue {
    /// The name of the hall, if it has one.
    pub hall: Option<&'static str>,
    /// Street and number. `None` for a place that is known by its name.
    pub street: Option<(&'static str, &'static str, &'static str)>,
    /// The postcode.
    pub postcode: Option<&'static str>,
    pub city: &'static str,
    pub country: &'static str,
    pub place_id: &'static str,
    pub latitude: &'static str,
    pub longitude: &'static str,
    /// The state, and the district in it.
    pub areas: (&'static str, &'static str),
    /// The areas below the district, down to the block. `None` if they are not given.
    pub quarter: Option<&'static Quarter>,
    /// The whole address in one line.
    pub formatted: &'static str,
}

/// The smaller areas that a venue lies in, from the largest to the smallest.
#[derive(Debug)]
pub struct Quarter {
    /// Levels 3 to 5 of the administrative areas.
    pub areas: [&'static str; 3],
    /// Levels 1 to 5 of the sublocalities.
    pub sublocalities: [&'static str; 5],
}

/// The venues.
pub static VENUES: [Venue; 3] = [
    Venue {
        hall: Some("Halle 3"),
        street: Some(("Kaistraße 7b", "7b", "Kaistraße")),
        postcode: Some("23552"),
        city: "Lübeck",
        country: "Germany",
        place_id: "PLC-harbour",
        latitude: "53.8654",
        longitude: "10.6865",
        areas: ("Schleswig-Holstein", "Lübeck"),
        quarter: None,
        formatted: "Kaistraße 7b, 23552 Lübeck, Germany",
    },
    Venue {
        hall: Some("Kleiner Saal"),
        street: Some(("Am Speicher 12a", "12a", "Am Speicher")),
        postcode: Some("20457"),
        city: "Hamburg",
        country: "Germany",
        place_id: "PLC-speicher",
        latitude: "53.5436",
        longitude: "9.9885",
        areas: ("Hamburg", "Hamburg-Mitte"),
        quarter: Some(&Quarter {
            areas: ["Region Mitte", "Bezirk 1", "Ortsteil 104"],
            sublocalities: ["HafenCity", "Am Sandtor", "Block 4", "Speicher D", "Aufgang 2"],
        }),
        formatted: "Am Speicher 12a, 20457 Hamburg, Germany",
    },
    Venue {
        hall: None,
        street: None,
        postcode: None,
        city: "Zürich",
        country: "Switzerland",
        place_id: "PLC-pier",
        latitude: "47.3542",
        longitude: "8.5511",
        areas: ("Zürich", "Bezirk Zürich"),
        quarter: None,
        formatted: "Pier 4, Zürich, Switzerland",
    },
];
