//! `trilat node`.

use crate::Failure;
use crate::args::{NodeArgs, NodeCommand};

/// Makes the folders of nodes.
pub fn node(args: &NodeArgs) -> Result<(), Failure> {
    match &args.command {
        NodeCommand::Init(args) => super::init(args),
    }
}
