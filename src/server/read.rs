//! Reads the journal without blocking other requests.

use super::problem::{Problem, ProblemType};
use super::state::Server;
use crate::journal::sqlite::{Reader, StoreError};

/// Reads something from the journal, on a thread that may block.
///
/// # Errors
/// If the journal cannot be read.
pub async fn read<T: Send + 'static>(
    server: &Server,
    query: impl FnOnce(&Reader) -> Result<T, StoreError> + Send + 'static,
) -> Result<T, Problem> {
    let store = server.store.clone();
    let answer = tokio::task::spawn_blocking(move || query(&store.reader()?)).await;
    let unavailable = |why: String| Problem::new(ProblemType::Unavailable, why);
    answer
        .map_err(|error| unavailable(error.to_string()))?
        .map_err(|error| unavailable(error.to_string()))
}
