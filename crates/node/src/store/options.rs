//! How much memory and disk the store may use.

/// Limits of a store; each is explicit, so that the memory of a node is bounded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoreOptions {
    /// Whether a folder that does not exist is made.
    pub create: bool,
    /// What was read lately and is kept in memory, octets.
    pub cache_octets: u64,
    /// What each of the five tables may hold in memory before it is written to its place, octets. Together with what is
    /// being written, the store holds at most ten of these.
    pub buffer_octets: u64,
    /// Free space of the disk below which nothing is appended any more: what the store itself needs to put in order
    /// what it has taken, and what the other programs of the machine need to live.
    pub reserve_octets: u64,
}

impl Default for StoreOptions {
    fn default() -> Self {
        Self {
            create: true,
            cache_octets: 32 << 20,
            buffer_octets: 16 << 20,
            reserve_octets: 512 << 20,
        }
    }
}
