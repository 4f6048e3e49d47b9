//! Whose clock is believed, as plots arrive: one sensor alone moves neither the horizon nor the order of the others.
//!
//! A sensor whose stated times leave those of the others by more than [`LEAP_S`], all at once, is set aside. If it
//! keeps the same distance while the others go on, its clock jumped: what it said since is refused. If it does not (a
//! block of plots that was delivered late, a gap in the recording that all sensors have), its plots stay as they are.

use geo::Time;

/// Times that are farther than this from those of the others are looked into.
const LEAP_S: f64 = 600.0;
/// The others agree when they are within this.
const TOGETHER_S: f64 = 120.0;
/// A jump is one when the others have gone on for so long,
const WATCHED_S: f64 = 20.0;
/// and the distance stayed the same to this.
const SAME_S: f64 = 10.0;
/// A sensor that says nothing while another goes on for so long holds the horizon no more,
const SILENT_S: f64 = 60.0;
/// or, where that other is far ahead of it, for so long.
const SILENT_AHEAD_S: f64 = 600.0;
/// One plot moves the count of what goes on by this at most.
const STEP_MAX_S: f64 = 60.0;
/// A sensor that is far off, and alone for so long, is what there is.
const ALONE_S: f64 = 120.0;
/// A jumped clock that nothing can be compared with is believed again after this.
const FORGOTTEN_S: f64 = 1_800.0;

/// What a plot's time says of its sensor's clock.
#[derive(Copy, Clone, Debug, PartialEq)]
pub(crate) enum Verdict {
    /// Nothing.
    Believed,
    /// It is far off; whether the clock jumped is not known yet.
    Aside,
    /// The clock jumped just now by so much: what was set aside is to be refused, and this too.
    Jumped(f64),
    /// It is still as far off.
    Refused,
    /// What was set aside is as it should be.
    Released,
    /// The clock is right again, after it had jumped by so much.
    Back(f64),
}

/// A run of plots that are far off.
#[derive(Copy, Clone, Debug)]
struct Run {
    offset_s: f64,
    /// What the others had gone on by when it began.
    begun_s: f64,
    /// Its first plot, and what the others had gone on by then.
    from: (Time, f64),
    /// Its last plot.
    last: Time,
    is_jump: bool,
}

/// One sensor.
#[derive(Clone, Debug, Default)]
struct Clock {
    newest: Option<Time>,
    /// Its last plot that was not far off.
    latest: Option<Time>,
    /// What all together had gone on by at its last plot.
    heard_s: f64,
    run: Option<Run>,
}

/// The clocks of all sensors.
#[derive(Clone, Debug)]
pub(crate) struct Clocks {
    list: Vec<Clock>,
    /// The newest time of all.
    lead: Option<Time>,
    /// How far all together have gone on.
    gone_s: f64,
    agreed: Option<Time>,
}

impl Clocks {
    pub fn new(sensors: usize) -> Self {
        Self {
            list: vec![Clock::default(); sensors],
            lead: None,
            gone_s: 0.0,
            agreed: None,
        }
    }

    /// Makes room for a sensor at a place of the list.
    pub fn admit(&mut self, at: usize) {
        self.list.insert(at, Clock::default());
    }

    /// The newest time that is not one sensor's alone.
    pub fn agreed(&self) -> Option<Time> {
        self.agreed
    }

    /// By how much a sensor's clock has jumped, where it has.
    pub fn jump_s(&self, sensor: usize) -> Option<f64> {
        let run = self.list[sensor].run.filter(|run| run.is_jump)?;
        Some(run.offset_s)
    }

    /// Takes the time of a plot in the order of arrival.
    pub fn heard(&mut self, sensor: usize, time: Time) -> Verdict {
        let verdict = self.judge(sensor, time);
        let clock = &mut self.list[sensor];
        clock.heard_s = self.gone_s;
        if !matches!(verdict, Verdict::Jumped(_) | Verdict::Refused | Verdict::Aside) {
            let step_s = clock.latest.map_or(0.0, |latest| time - latest);
            clock.latest = Some(time);
            let is_newer = clock.newest.is_none_or(|newest| time > newest);
            if is_newer {
                clock.newest = Some(time);
                // The one that leads counts for all.
                self.lead = self.lead.max(Some(time));
                if self.lead == Some(time) {
                    self.gone_s += step_s.clamp(0.0, STEP_MAX_S);
                    self.list[sensor].heard_s = self.gone_s;
                }
                self.agree();
            }
        }
        verdict
    }

    fn judge(&mut self, sensor: usize, time: Time) -> Verdict {
        let run = self.list[sensor].run;
        let near = run.is_none() && self.agreed.is_some_and(|agreed| (time - agreed).abs() < 0.5 * LEAP_S);
        if near {
            return Verdict::Believed;
        }
        let others = self.others(sensor);
        let offset_s = others
            .map(|others| time - others)
            .filter(|offset_s| offset_s.abs() > LEAP_S);
        let gone_s = self.gone_s;
        let clock = &mut self.list[sensor];
        if let Some(own) = &mut clock.run {
            own.last = time;
        }
        match (run, offset_s) {
            // Nobody to compare it with: it goes on as it was.
            (Some(run), None)
                if run.is_jump
                    && others.is_none()
                    && (time - run.last).abs() < 0.5 * LEAP_S
                    && time - run.from.0 < FORGOTTEN_S =>
            {
                Verdict::Refused
            }
            (None, None) => Verdict::Believed,
            (None, Some(offset_s)) => {
                clock.run = Some(Run {
                    offset_s,
                    begun_s: gone_s,
                    from: (time, gone_s),
                    last: time,
                    is_jump: false,
                });
                Verdict::Aside
            }
            (Some(run), None) => {
                clock.run = None;
                match run.is_jump {
                    true => Verdict::Back(run.offset_s),
                    false => Verdict::Released,
                }
            }
            (Some(run), Some(_)) if run.is_jump => Verdict::Refused,
            (Some(Run { from, .. }), Some(_)) if time - from.0 > ALONE_S && gone_s - from.1 < 1.0 => {
                clock.run = None;
                Verdict::Released
            }
            (Some(run), Some(offset_s)) if (offset_s - run.offset_s).abs() > SAME_S => {
                clock.run = Some(Run {
                    offset_s,
                    begun_s: gone_s,
                    ..run
                });
                Verdict::Aside
            }
            (Some(run), Some(_)) if gone_s - run.begun_s > WATCHED_S => {
                clock.run = Some(Run { is_jump: true, ..run });
                Verdict::Jumped(run.offset_s)
            }
            _ => Verdict::Aside,
        }
    }

    /// Where the other sensors that are heard stand, if they stand together; one alone is enough for a sensor that was
    /// with it before.
    fn others(&self, sensor: usize) -> Option<Time> {
        let of = |at: usize| {
            let clock = &self.list[at];
            let is_heard = at != sensor && clock.run.is_none() && self.gone_s - clock.heard_s < SILENT_S;
            clock.latest.filter(|_| is_heard)
        };
        let heard = || (0..self.list.len()).filter_map(of);
        let (first, last) = (heard().min()?, heard().max()?);
        let was_together = self.list[sensor]
            .latest
            .is_some_and(|latest| (latest - last).abs() < LEAP_S);
        let is_enough = heard().count() > 1 || was_together;
        (is_enough && last - first < TOGETHER_S).then_some(last)
    }

    /// The second newest of those that are heard; of one alone its own.
    fn agree(&mut self) {
        let Some(newest) = self.lead else { return };
        let (mut first, mut second): (Option<Time>, Option<Time>) = (None, None);
        for clock in &self.list {
            let Some(own) = clock.newest else { continue };
            let silent_s = if newest - own > LEAP_S {
                SILENT_AHEAD_S
            } else {
                SILENT_S
            };
            if self.gone_s - clock.heard_s > silent_s {
                continue;
            }
            if first.is_none_or(|first| own > first) {
                (first, second) = (Some(own), first);
            } else if second.is_none_or(|second| own > second) {
                second = Some(own);
            }
        }
        let agreed = second.or(first);
        self.agreed = self.agreed.max(agreed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: f64) -> Time {
        Time::from_tai_ns(1_700_000_000_000_000_000) + seconds
    }

    #[test]
    fn one_clock_an_hour_ahead_moves_nothing_and_is_named() {
        let mut clocks = Clocks::new(3);
        let mut verdicts = Vec::new();
        for step in 0..200 {
            let time_s = f64::from(step);
            let jump_s = if (60..150).contains(&step) { 3_600.0 } else { 0.0 };
            verdicts.push(clocks.heard(0, at(time_s + jump_s)));
            assert_eq!(clocks.heard(1, at(time_s)), Verdict::Believed, "step {step}");
            assert_eq!(clocks.heard(2, at(time_s)), Verdict::Believed, "step {step}");
            assert_eq!(clocks.agreed(), Some(at(time_s)), "step {step}");
        }
        let jumped = verdicts
            .iter()
            .position(|verdict| matches!(verdict, Verdict::Jumped(_)));
        assert!(jumped.is_some_and(|step| (60..90).contains(&step)), "{jumped:?}");
        assert!(matches!(verdicts[150], Verdict::Back(_)), "{:?}", verdicts[150]);
        assert_eq!(verdicts[151], Verdict::Believed);
    }

    /// A sensor that is delivered late as a block catches up: its distance changes, and all of it stays.
    #[test]
    fn a_block_delivered_late_is_believed() {
        let mut clocks = Clocks::new(3);
        for step in 0..2_000 {
            let time_s = f64::from(step);
            for other in [1, 2] {
                let verdict = clocks.heard(other, at(time_s));
                assert_eq!(verdict, Verdict::Believed, "step {step}");
            }
            if step < 100 {
                let _early = clocks.heard(0, at(time_s));
            } else if step >= 1_500 {
                // Three times as fast, from where it stopped.
                let verdict = clocks.heard(0, at((100.0 + 4.0 * (time_s - 1_500.0)).min(time_s)));
                assert!(
                    !matches!(verdict, Verdict::Jumped(_) | Verdict::Refused),
                    "step {step}: {verdict:?}"
                );
            }
        }
    }

    /// Where every sensor is silent for an hour, no clock jumped.
    #[test]
    fn a_gap_that_all_have_is_no_jump() {
        let mut clocks = Clocks::new(3);
        for step in 0..300 {
            let time_s = f64::from(step) + if step < 100 { 0.0 } else { 3_600.0 };
            for sensor in 0..3 {
                let verdict = clocks.heard(sensor, at(time_s));
                assert!(
                    !matches!(verdict, Verdict::Jumped(_) | Verdict::Refused),
                    "{step}: {verdict:?}"
                );
            }
        }
        assert!(clocks.agreed() >= Some(at(3_890.0)), "{:?}", clocks.agreed());
    }

    /// Where the others ended, one that goes on much later is what there is.
    #[test]
    fn one_that_goes_on_alone_after_a_gap_is_believed() {
        let mut clocks = Clocks::new(3);
        for step in 0..300 {
            for sensor in 0..3 {
                let _early = clocks.heard(sensor, at(f64::from(step)));
            }
        }
        for step in 3_600..4_800 {
            let verdict = clocks.heard(0, at(f64::from(step)));
            assert!(
                !matches!(verdict, Verdict::Jumped(_) | Verdict::Refused),
                "{step}: {verdict:?}"
            );
        }
        assert_eq!(clocks.agreed(), Some(at(4_799.0)));
    }

    /// The horizon follows a sensor that is left alone.
    #[test]
    fn a_sensor_that_ended_holds_nothing() {
        let mut clocks = Clocks::new(2);
        for step in 0..300 {
            let _first = clocks.heard(0, at(f64::from(step)));
            if step < 50 {
                let _second = clocks.heard(1, at(f64::from(step)));
            }
        }
        assert_eq!(clocks.agreed(), Some(at(299.0)));
    }
}
