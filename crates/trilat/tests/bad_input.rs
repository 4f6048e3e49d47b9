//! Bad input, end to end: what the built program answers to files that are empty, wrong, too little, or of nothing that
//! flies. Never a panic, never a hang; the good plots survive, and where there is no path a person learns why.

mod scene;

#[path = "bad_input/far.rs"]
mod far;
#[path = "bad_input/files.rs"]
mod files;
#[path = "bad_input/noise.rs"]
mod noise;
#[path = "bad_input/objects.rs"]
mod objects;
#[path = "bad_input/too_little.rs"]
mod too_little;
#[path = "bad_input/values.rs"]
mod values;
