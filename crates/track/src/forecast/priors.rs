//! What is assumed of objects of which nothing is known but their flight. Each with its source, or called notional.

/// Speed of exhaust, m/s, and its standard deviation. Source: specific impulses of 230 to 300 s that are public for
/// missiles and launchers, Forden, GUI Missile Flyout, Science and Global Security 15 (2007).
pub const EXHAUST_MPS: (f64, f64) = (2_600.0, 250.0);
/// Speed that all burns together give in empty space, from least to most, each as probable as the next: from a missile
/// of 150 km to the edge of an orbit. Source: ranges of the classes of NASIC, Ballistic and Cruise Missile Threat
/// (2020), with the losses of Forden's flyouts.
pub const GAIN_MPS: (f64, f64) = (1_500.0, 8_000.0);
/// A stage burns at most this share of its mass. Source: stages that are public, Forden, as above.
pub const BURNT_MAX: f64 = 0.92;
/// Probability that another stage follows one that burns or has just burnt out. Notional: of the missiles listed in
/// NASIC, Ballistic and Cruise Missile Threat (2020), about two of five have more than one.
pub const NEXT_STAGE: f64 = 0.25;
/// Speed that it gives in empty space, from least to most. Source: as [`GAIN_MPS`].
pub const NEXT_STAGE_GAIN_MPS: (f64, f64) = (500.0, 5_000.0);
/// Thrust acceleration of that stage as it begins, m/s². Source: as [`EXHAUST_MPS`].
pub const NEXT_STAGE_MPS2: f64 = 20.0;
/// A stage that follows ignites after this, on average; then a new burn becomes improbable by e in the same time.
/// Notional.
pub const PAUSE_S: f64 = 3.0;
/// By how much thrust points beside the velocity, as a tangent. Source: programmes of pitch against gravity turns,
/// `estimate`'s launch point. Notional.
pub const LEAN: f64 = 0.03;
/// `ln (Cd A/m / (1 m²/kg))` of what is left after burnout, and its standard deviation: 4e-5 to 6e-4 at 95 %. Source:
/// ballistic coefficients of 1,600 to 25,000 kg/m² that are public for re-entry bodies, Li & Jilkov, part II (2010),
/// table I.
pub const LOG_DRAG: (f64, f64) = (-8.8, 0.7);
/// Where several things fly that were one, probability that this is an empty stage or a piece,
pub const HULL: f64 = 0.5;
/// and what its drag is: from a slender stage (1e-3) to light pieces (4e-2) at 95 %. Source: area over mass of spent
/// stages, 2e-3 to 5e-3 m²/kg, and of fragments, 5e-3 to 1e-1, Johnson et al., NASA's new breakup model of EVOLVE 4.0
/// (2001), with drag coefficients of 1 to 2. Notional where it is centred.
pub const LOG_DRAG_HULL: (f64, f64) = (-5.2, 1.2);
/// Heights of ground and sea above the ellipsoid are not known better. Notional: the undulation of the geoid.
pub const GROUND_SIGMA_M: f64 = 40.0;

/// Probability that what flies low can be carried by lift later on. Notional.
pub const GLIDER: f64 = 0.1;
/// What flies low has its apogee below this. Notional: announced apogees of gliding flights are 20 to 100 km.
pub const GLIDER_APOGEE_M: f64 = 110e3;
/// Lift begins at most so high. Notional.
pub const PULL_UP_M: f64 = 40e3;
/// Below this nothing that falls is caught any more. Notional.
pub const PULL_UP_MIN_M: f64 = 15e3;
/// Lift to drag of gliding shapes, in steps. Source: Acton, Hypersonic boost-glide weapons (2015), Science & Global
/// Security 23: 2.2 and 2.6; part of it is used, so from 0.4 up.
pub const LIFT_TO_DRAG: [f64; 6] = [0.4, 0.8, 1.3, 1.8, 2.4, 3.2];
/// Banks that are held, rad. Notional.
pub const BANKS_RAD: [f64; 7] = [-1.1, -0.7, -0.35, 0.0, 0.35, 0.7, 1.1];
/// Until a track is likely free for so long, thrust is as probable as the modes say; then less.
pub const FREE_S: f64 = 15.0;
/// By this: the modes are quick to think of thrust so that no burn is missed (one in 300 s); a burn in a coast that has
/// lasted is ten times rarer. Notional.
pub const RARE: f64 = 0.1;
/// Probability that a falling body breaks up in the air. Notional.
pub const BREAK_UP: f64 = 0.02;
/// How much more drag pieces have, as a logarithm, and its standard deviation. Notional.
pub const PIECES: (f64, f64) = (2.0, 0.7);
