//! What the people around an organization write.

/// New titles for events.
pub const NEW_TITLES: [&str; 4] =
    ["Harbour Robotics Day (neu)", "Now with workshops", "Große Bühne", "Two halls, one day"];
/// Titles for events that are over.
pub const LAST_TITLES: [&str; 2] = ["Danke! Die Bilder sind da", "Thank you, the talks are online"];
/// Codes of coupons.
pub const COUPONS: [&str; 4] = ["EARLY-10", "FRIENDS-10", "PRESS-DAY", "FRÜH-BUCHER"];
