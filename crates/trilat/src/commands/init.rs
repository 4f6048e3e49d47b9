//! `trilat node init`.

use node::init::{Federation, InitError, Member};
use node::keyring::{Seed, Terms};
use zeroize::Zeroizing;

use super::keys::{KeysError, seed, time};
use crate::args::InitArgs;
use crate::output::FederationOutput;
use crate::{Failure, files, terminal};

/// A federation cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum FederationError {
    /// Names, ports, files.
    #[error(transparent)]
    Init(#[from] InitError),
    /// Chance or clock.
    #[error(transparent)]
    Keys(#[from] KeysError),
}

impl FederationError {
    /// The exit code.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Keys(error) => error.exit_code(),
            Self::Init(InitError::Keyring(_) | InitError::Write { .. }) => 1,
            Self::Init(InitError::Policy { .. }) => 4,
            Self::Init(_) => 2,
        }
    }

    /// What to do next.
    pub fn advice(&self) -> &'static str {
        match self {
            Self::Keys(error) => error.advice(),
            Self::Init(error) => error.advice(),
        }
    }
}

/// Makes a federation and says what is where.
pub fn init(args: &InitArgs) -> Result<(), Failure> {
    let sensors = args.sensors.as_deref().map(files::read_sensors).transpose()?;
    let members = make(args, sensors.as_ref())?;
    let output = FederationOutput::new(&args.federation, &members);
    terminal::say(&match args.json {
        true => output.to_json().map_err(|error| Failure::Output(error.into()))?,
        false => output.to_text(),
    })
}

fn make(args: &InitArgs, sensors: Option<&plot::Sensors>) -> Result<Vec<Member>, FederationError> {
    let now = time(args.now)?;
    let mut seeds: Zeroizing<Vec<[Seed; 2]>> = Zeroizing::new(Vec::with_capacity(args.owners.len()));
    for _ in &args.owners {
        seeds.push([*seed()?, *seed()?]);
    }
    let federation = Federation {
        folder: &args.federation,
        owners: &args.owners,
        seeds: &seeds,
        sensors,
        rules: None,
        port: args.port,
        terms: Terms {
            now,
            days: args.days,
            hosts: None,
        },
    };
    Ok(federation.make()?)
}
