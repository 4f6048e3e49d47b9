//! Which plot is of which track: from scores alone, without knowing of sensors, states or time.
