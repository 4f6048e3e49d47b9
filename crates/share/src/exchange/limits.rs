//! How much of everything there may be. What is beyond is refused, asked for later, or read from the disk again.

/// Time between two [`super::Input::Tick`]s, at most.
pub const TICK_S: f64 = 0.01;

/// How far ahead of this node's clock a partner's may be; what is dated later waits until its time has come.
///
/// Twice the ±5 s that clocks may be off, and the time of the way.
pub const SKEW_S_MAX: f64 = 12.0;

/// Octets of the longest message on a lane: a page of the log and its last frame, and as much again.
pub const PARCEL_OCTETS_MAX: usize = 256 * 1024;
/// Parts of one message.
pub const PARCEL_PARTS_MAX: usize = 256;
/// Octets of the longest note of another part of the node.
pub const NOTE_OCTETS_MAX: usize = 128 * 1024;

/// Octets a partner may send in a second, all lanes together; more is not looked at.
pub const BUDGET_OCTETS_PER_S: f64 = 16e6;
/// Seals of a partner that are verified in a second (about 50 µs each); more are not looked at.
pub const BUDGET_SEALS_PER_S: f64 = 4_000.0;
/// For how long a partner may save up what it did not use.
pub const BUDGET_SAVED_S: f64 = 2.0;
/// Entries of the audit, and alarms beside them, that one partner can cause in a second; more are counted only.
pub const AUDIT_PER_S: f64 = 10.0;
/// For how long they may be saved up.
pub const AUDIT_SAVED_S: f64 = 2.0;

/// Batches that are written and not yet on disk; then nothing more is accepted.
pub const BATCHES_UNSYNCED_MAX: u64 = 4_096;

/// Frames beyond a gap that are kept while what is missing is asked for: what is of now comes in meanwhile, for eight
/// seconds at the thousand frames a second that a partner may send one by one.
pub const WINDOW_FRAMES: u64 = 8_192;
/// Frames in one page of the log.
pub const PAGE_FRAMES_MAX: usize = 64;
/// Octets of one page of the log, but for its last frame.
pub const PAGE_OCTETS_MAX: usize = 128 * 1024;
/// Time between two pages of the log to one partner.
pub const PAGE_PACE_S: f64 = 0.002;
/// Time after which a gap is asked for: reordering closes most by itself.
pub const GAP_PATIENCE_S: f64 = 0.02;
/// Time after which a request is repeated.
pub const REQUEST_RETRY_S: f64 = 1.0;
/// Time between heads while a partner has not everything.
pub const HEADS_S: f64 = 1.0;
/// Time between heads when it has.
pub const HEADS_QUIET_S: f64 = 10.0;
/// Time between receipts of one epoch.
pub const RECEIPT_S: f64 = 0.05;
/// Earlier epochs that one heads names.
pub const EPOCHS_NAMED_MAX: usize = 64;
/// Last words on earlier epochs that are kept for a partner; its oldest are forgotten first, which costs it only that
/// items are sent again, in the form that rules give them by then.
pub const FINALS_MAX: usize = 4_096;
/// Frames that are asked back after a crash, at most.
pub const RETURNED_FRAMES_MAX: u64 = 65_536;
/// How often lost frames are asked back before they are given up.
pub const RETURN_TRIES_MAX: u32 = 20;

/// Frames of which the hash is kept in memory until a receipt names them.
pub const HASHES_MAX: usize = 65_536;
/// Held-back items of a partner in memory; of the others it is known from which place in the journal they are.
pub const HELD_MAX: usize = 262_144;
/// Due times are rounded up to this, so that many items are read at once.
pub const HOLD_GRID_S: f64 = 0.05;
/// How long what is for a partner that cannot be reached waits for its frame to be full, at most: it is fetched later,
/// and one seal for many items is verified sooner than one for each.
pub const ABSENT_FRAME_S: f64 = 0.25;
/// Items of a partner that wait to be read again from the journal; of the others, from which place they are.
pub const DUE_MAX: usize = 65_536;
/// Entries of the journal in one page.
pub const JOURNAL_PAGE: usize = 256;
/// Octets of one page of the journal, but for its last entry.
pub const JOURNAL_PAGE_OCTETS: usize = 1024 * 1024;
/// Records of given items in one page.
pub const GIVEN_PAGE: usize = 4_096;
/// Frames that a partner has not acknowledged while the journal is gone through again for it.
pub const SCAN_FRAMES_AHEAD: u64 = 256;
/// Entries of the journal, from its end, that are gone through again when the rules change: one bit each in memory.
pub const RESCAN_MAX: u64 = 1 << 26;

/// Names of items in memory, for items that were here before; older ones are looked up on disk.
pub const SEEN_MAX: usize = 1 << 20;
/// Frames of one partner, or batches of own items, that wait for such a look.
pub const LOOKUPS_MAX: usize = 64;

/// The bounds that a simulation draws tighter, to see what is beyond them; a node has those of [`Limits::default`].
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// [`BATCHES_UNSYNCED_MAX`].
    pub batches_unsynced_max: u64,
    /// [`WINDOW_FRAMES`].
    pub window_frames: u64,
    /// [`SCAN_FRAMES_AHEAD`].
    pub scan_frames_ahead: u64,
    /// [`HELD_MAX`].
    pub held_max: usize,
    /// [`DUE_MAX`], at least 1.
    pub due_max: usize,
    /// [`HASHES_MAX`].
    pub hashes_max: usize,
    /// [`FINALS_MAX`].
    pub finals_max: usize,
    /// [`SEEN_MAX`].
    pub seen_max: usize,
    /// [`LOOKUPS_MAX`].
    pub lookups_max: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            batches_unsynced_max: BATCHES_UNSYNCED_MAX,
            window_frames: WINDOW_FRAMES,
            scan_frames_ahead: SCAN_FRAMES_AHEAD,
            held_max: HELD_MAX,
            due_max: DUE_MAX,
            hashes_max: HASHES_MAX,
            finals_max: FINALS_MAX,
            seen_max: SEEN_MAX,
            lookups_max: LOOKUPS_MAX,
        }
    }
}
