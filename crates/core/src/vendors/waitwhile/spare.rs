//! Buffers of rendered objects that are not needed any more. What is rendered is often more than a
//! kilobyte and lives shortly: allocating it anew each time would be a good part of all the work.

/// The most buffers that are kept.
const MOST: usize = 64;

/// Empty buffers.
#[derive(Debug, Default)]
pub struct Spare(Vec<Vec<u8>>);

impl Spare {
    /// An empty buffer.
    pub fn take(&mut self) -> Vec<u8> {
        self.0.pop().unwrap_or_default()
    }

    /// Keeps a buffer for later.
    pub fn put(&mut self, mut buffer: Vec<u8>) {
        if self.0.len() < MOST && buffer.capacity() > 0 {
            buffer.clear();
            self.0.push(buffer);
        }
    }
}
