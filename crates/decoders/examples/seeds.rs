//! Writes good octets of each decoder into a folder of its own, for a fuzzer to begin with: `seeds FOLDER`.

use std::error::Error;
use std::path::Path;
use std::{env, fs};

use decoders::{DEBTS, seeds};

fn main() -> Result<(), Box<dyn Error>> {
    let folder = env::args().nth(1).ok_or("expected a folder")?;
    for (name, _) in DEBTS {
        let folder = Path::new(&folder).join(name);
        fs::create_dir_all(&folder)?;
        for (number, octets) in seeds(name).iter().enumerate() {
            fs::write(folder.join(format!("good-{number}")), octets)?;
        }
    }
    Ok(())
}
