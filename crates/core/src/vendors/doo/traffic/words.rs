//! What the people around an organization write.

/// Codes of coupons.
pub const COUPONS: [&str; 4] = ["EARLY-10", "FRIENDS-10", "PRESS-DAY", "FRÜH-BUCHER"];
