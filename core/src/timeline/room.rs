//! Room for a long run, made in a few big pieces.

use alloc::vec::Vec;

/// Below this much, growth is cheap everywhere.
const FREE: u64 = 24 << 20;
/// No more than this is asked for at once.
const MOST: u64 = 128 << 20;

/// How much memory there was made room for.
///
/// The memory of WebAssembly grows by what one allocation lacks, and engines may collect all garbage each time: past some
/// 64 MB that takes longer than the steps themselves. So, now and then, as much again as is taken is asked for and given
/// back at once; the allocator keeps it for what comes. Where memory is only reserved until it is touched, this costs nothing.
#[derive(Debug)]
pub(super) struct Room(u64);

impl Room {
    pub(super) const fn new() -> Self {
        Self(FREE)
    }

    /// Makes room ahead, where so many bytes are about to use up what there is.
    pub(super) fn make(&mut self, taken: u64) {
        if taken < self.0 {
            return;
        }
        let more = (2 * taken).min(MOST);
        self.0 = taken + more;
        let mut block = Vec::<u8>::new();
        // Where there is no more memory, the run goes on with what there is.
        if usize::try_from(more).is_ok_and(|more| block.try_reserve_exact(more).is_ok()) {
            core::hint::black_box(&block);
        }
    }
}
