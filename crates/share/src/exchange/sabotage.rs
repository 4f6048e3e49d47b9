//! Ways to break the machine on purpose, for the test that the simulator notices. Without the feature `sabotage` none
//! can be chosen.

/// What the machine does wrong.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Sabotage {
    /// Delivers what is here already.
    SkipDedup,
    /// Forgets what is held back.
    ForgetHold,
    /// Begins a new series of frames under the number of the old.
    ReuseEpoch,
    /// Goes on with the old epoch when the rules change, and serves its history.
    ServeOldHistory,
    /// Claims frames that are not on disk.
    AdvertiseEarly,
    /// Takes frames that are for others.
    TakeForOthers,
    /// Takes what its label does not name this owner for.
    IgnoreLabels,
    /// Believes that the partner has all of an old epoch, whatever its last word is.
    ForgetLost,
    /// Does not go through the journal again when the rules change.
    SkipRescan,
    /// Never asks for what is missing.
    NeverFetch,
    /// Forgets what is held back when memory is full.
    ForgetSpilled,
    /// Accepts however far the disk is behind.
    AcceptWhenFull,
    /// Goes on with a partner's old key.
    KeepOldKey,
    /// Lets the next rules wait until they are told again.
    RulesLate,
    /// After a start, decides before it is known what the partner has.
    DecideEarly,
    /// Sends coarse forms before they are on disk.
    SendEarly,
    /// Goes on with a partner that is not believed any more.
    BelieveAnyway,
}

#[cfg(feature = "sabotage")]
impl Sabotage {
    /// All of them.
    pub const ALL: [Self; 17] = [
        Self::SkipDedup,
        Self::ForgetHold,
        Self::ReuseEpoch,
        Self::ServeOldHistory,
        Self::AdvertiseEarly,
        Self::TakeForOthers,
        Self::IgnoreLabels,
        Self::ForgetLost,
        Self::SkipRescan,
        Self::NeverFetch,
        Self::ForgetSpilled,
        Self::AcceptWhenFull,
        Self::KeepOldKey,
        Self::RulesLate,
        Self::DecideEarly,
        Self::SendEarly,
        Self::BelieveAnyway,
    ];
}
