//! A federation under faults.
