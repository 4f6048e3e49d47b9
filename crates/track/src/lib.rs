//! Many objects: which plot is of which, what exists, and where it is, whatever the order of arrival.

pub mod associate;
