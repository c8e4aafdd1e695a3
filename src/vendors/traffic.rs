//! Traffic: people who keep an account busy.

use jiff::Timestamp;

use super::scene::Scene;

/// A population that keeps an account busy.
pub trait Traffic: Send {
    /// When it acts next. `None` once it has ended.
    fn next(&self) -> Option<Timestamp>;

    /// Acts in the scene, which is at this moment.
    fn act(&mut self, scene: &mut Scene<'_>);
}
