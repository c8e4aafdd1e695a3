//! Any bytes as a reply. The first byte says how many of the next are the sizes of the pieces.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let Some((count, rest)) = data.split_first() else { return };
    let (sizes, bytes) = rest.split_at(usize::from(count % 16).min(rest.len()));
    standin_wire::fuzz::read(sizes, bytes);
});
