//! Buffers that the kernel picks from and fills, in a ring that it shares with us (`IORING_REGISTER_PBUF_RING`).
//!
//! A buffer is the kernel's from the moment it is published until a completion names it, and ours from then
//! until it is given back and published again.

use std::alloc::{Layout, alloc_zeroed, dealloc};
use std::io;
use std::ptr::NonNull;
use std::sync::atomic::{AtomicU16, Ordering};

/// An entry of the ring as the kernel defines it (`struct io_uring_buf`).
#[repr(C)]
struct Entry {
    address: u64,
    length: u32,
    id: u16,
    /// In the first entry, this is the tail of the ring.
    tail: u16,
}

/// The kernel wants the ring at the beginning of a page.
const PAGE: usize = 4096;

#[derive(Debug)]
pub(crate) struct Buffers {
    entries: NonNull<Entry>,
    entries_layout: Layout,
    storage: NonNull<u8>,
    storage_layout: Layout,
    count: u16,
    size: usize,
    /// The tail that the kernel will see at the next publication.
    tail: u16,
}

impl Buffers {
    /// `count` buffers of `size` bytes, all ours. `count` is a power of two.
    pub(crate) fn new(count: usize, size: usize) -> io::Result<Self> {
        let invalid = || io::Error::from(io::ErrorKind::InvalidInput);
        if !count.is_power_of_two() || count > 1 << 15 || size == 0 {
            return Err(invalid());
        }
        let bytes = count.checked_mul(size).ok_or_else(invalid)?;
        let length = count * size_of::<Entry>();
        let entries_layout = Layout::from_size_align(length, PAGE).map_err(|_| invalid())?;
        let storage_layout = Layout::from_size_align(bytes, PAGE).map_err(|_| invalid())?;
        // SAFETY: neither layout has the size zero: `count` is a power of two, and `size` was checked.
        let entries = unsafe { alloc_zeroed(entries_layout) };
        let Some(entries) = NonNull::new(entries.cast::<Entry>()) else {
            return Err(io::ErrorKind::OutOfMemory.into());
        };
        // SAFETY: as above.
        let storage = unsafe { alloc_zeroed(storage_layout) };
        let Some(storage) = NonNull::new(storage) else {
            // SAFETY: `entries` was allocated above with this layout, and nobody else has it.
            unsafe { dealloc(entries.as_ptr().cast(), entries_layout) };
            return Err(io::ErrorKind::OutOfMemory.into());
        };
        let count = u16::try_from(count).map_err(|_| invalid())?;
        let mut buffers =
            Buffers { entries, entries_layout, storage, storage_layout, count, size, tail: 0 };
        for id in 0..count {
            buffers.give_back(id);
        }
        buffers.publish();
        Ok(buffers)
    }

    /// Where the ring is.
    pub(crate) fn address(&self) -> u64 {
        self.entries.as_ptr().expose_provenance() as u64
    }

    pub(crate) fn count(&self) -> u16 {
        self.count
    }

    /// Puts a buffer at the end of the ring. The kernel sees it after [`Buffers::publish`].
    pub(crate) fn give_back(&mut self, id: u16) {
        if id >= self.count {
            return;
        }
        let index = usize::from(self.tail & (self.count - 1));
        let begin = self.storage.as_ptr().wrapping_add(usize::from(id) * self.size);
        let address = begin.expose_provenance() as u64;
        let length = u32::try_from(self.size).unwrap_or(u32::MAX);
        // SAFETY: `index` is below `count`, so the entry is within the allocation.
        let entry = unsafe { self.entries.as_ptr().add(index) };
        // SAFETY: the entry is ours until it is published: there are as many entries as buffers, and this one's
        // buffer has come back. No reference to it exists. The field `tail` is not touched.
        unsafe { (&raw mut (*entry).address).write(address) };
        // SAFETY: as above.
        unsafe { (&raw mut (*entry).length).write(length) };
        // SAFETY: as above.
        unsafe { (&raw mut (*entry).id).write(id) };
        self.tail = self.tail.wrapping_add(1);
    }

    /// Shows the kernel what was given back.
    pub(crate) fn publish(&mut self) {
        // SAFETY: the ring has at least one entry; this only computes the address of a field of it.
        let tail = unsafe { &raw mut (*self.entries.as_ptr()).tail };
        // SAFETY: the address is valid and aligned as long as `self` lives, and is accessed only here and by the
        // kernel, which reads it atomically.
        let tail = unsafe { AtomicU16::from_ptr(tail) };
        // The entries must be there before the kernel sees the tail.
        tail.store(self.tail, Ordering::Release);
    }

    /// The first bytes of a buffer.
    ///
    /// # Safety
    ///
    /// A completion has named the buffer, and it was not given back since.
    pub(crate) unsafe fn bytes(&self, id: u16, length: usize) -> Option<&[u8]> {
        if id >= self.count || length > self.size {
            return None;
        }
        // SAFETY: `id` is below `count`, so the buffer is within the allocation.
        let begin = unsafe { self.storage.as_ptr().add(usize::from(id) * self.size) };
        // SAFETY: `length` bytes are within the buffer and were zeroed when it was allocated. The caller says that
        // the kernel does not write to it; giving it back needs `&mut self`, so it ends this borrow.
        Some(unsafe { std::slice::from_raw_parts(begin, length) })
    }
}

impl Drop for Buffers {
    /// Who has shown the ring to the kernel drops it only when the kernel has let go of it.
    fn drop(&mut self) {
        // SAFETY: allocated in `new` with this layout, and not used after this.
        unsafe { dealloc(self.storage.as_ptr(), self.storage_layout) };
        // SAFETY: as above.
        unsafe { dealloc(self.entries.as_ptr().cast(), self.entries_layout) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tail(buffers: &Buffers) -> u16 {
        // SAFETY: the first entry is there, and nobody writes to it meanwhile.
        unsafe { (&raw const (*buffers.entries.as_ptr()).tail).read() }
    }

    #[test]
    fn all_buffers_are_published_once() {
        let buffers = Buffers::new(8, 16).unwrap();
        assert_eq!(tail(&buffers), 8);
        let mut ids = Vec::new();
        for index in 0..8 {
            // SAFETY: the entry is within the ring, and nobody writes to it meanwhile.
            let entry = unsafe { buffers.entries.as_ptr().add(index).read() };
            assert_eq!(entry.length, 16);
            let begin = buffers.storage.as_ptr().expose_provenance() as u64;
            assert_eq!(entry.address, begin + u64::from(entry.id) * 16);
            ids.push(entry.id);
        }
        assert_eq!(ids, (0..8).collect::<Vec<_>>());
    }

    #[test]
    fn a_buffer_that_comes_back_is_seen_after_publication() {
        let mut buffers = Buffers::new(4, 16).unwrap();
        for round in 0..40_000_u32 {
            buffers.give_back(u16::try_from(round % 4).unwrap());
            let before = tail(&buffers);
            buffers.publish();
            assert_eq!(tail(&buffers), before.wrapping_add(1));
            if cfg!(miri) && round > 40 {
                return;
            }
        }
    }

    #[test]
    fn nothing_outside_a_buffer_can_be_read() {
        let buffers = Buffers::new(4, 16).unwrap();
        // SAFETY: no kernel has ever seen these buffers.
        unsafe {
            assert_eq!(buffers.bytes(0, 16), Some(&[0; 16][..]));
            assert_eq!(buffers.bytes(3, 16).map(<[u8]>::len), Some(16));
            assert_eq!(buffers.bytes(4, 1), None);
            assert_eq!(buffers.bytes(0, 17), None);
        }
    }

    #[test]
    fn sizes_that_the_kernel_refuses_are_refused() {
        assert!(Buffers::new(3, 16).is_err());
        assert!(Buffers::new(4, 0).is_err());
        assert!(Buffers::new(1 << 16, 16).is_err());
    }
}
