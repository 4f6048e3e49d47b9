//! Sessions of browsers: a WebSocket of a page cannot send a token, a cookie goes with it by itself.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use sha2::{Digest, Sha256};

use super::Person;
use super::tokens::hex;

/// A session ends after this, s.
pub const SESSION_S: u64 = 12 * 3_600;
/// So many at once, at most: the oldest end first.
const SESSIONS_MAX: usize = 1_024;

/// The sessions, by the SHA-256 of what the browser has; in memory only.
#[derive(Debug, Default)]
pub struct Sessions(Mutex<HashMap<[u8; 32], (Person, i64)>>);

impl Sessions {
    /// Begins one, of 32 octets of chance; what the browser is to have.
    pub fn begin(&self, person: Person, chance: &[u8; 32], now_ns: i64) -> String {
        let own = hex(chance);
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|_, (_, until_ns)| *until_ns > now_ns);
        while all.len() >= SESSIONS_MAX {
            let Some(oldest) = all
                .iter()
                .min_by_key(|(_, (_, until_ns))| *until_ns)
                .map(|(key, _)| *key)
            else {
                break;
            };
            all.remove(&oldest);
        }
        all.insert(key(&own), (person, now_ns + SESSION_S as i64 * 1_000_000_000));
        own
    }

    /// Whose a session is, if it has not ended.
    pub fn person(&self, own: &str, now_ns: i64) -> Option<Person> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (person, until_ns) = all.get(&key(own))?;
        (*until_ns > now_ns).then(|| person.clone())
    }

    /// Ends one; whose it was.
    pub fn end(&self, own: &str) -> Option<Person> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.remove(&key(own)).map(|(person, _)| person)
    }
}

fn key(own: &str) -> [u8; 32] {
    Sha256::digest(own.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::super::Role;
    use super::*;

    #[test]
    fn a_session_ends_by_time_or_when_it_is_told_to() {
        let sessions = Sessions::default();
        let person = Person {
            name: "desk".into(),
            role: Role::Viewer,
        };
        let own = sessions.begin(person.clone(), &[7; 32], 0);
        assert_eq!(sessions.person(&own, 1), Some(person.clone()));
        assert_eq!(sessions.person("", 1), None);
        assert_eq!(sessions.person(&own, SESSION_S as i64 * 1_000_000_000), None);
        assert_eq!(sessions.end(&own), Some(person.clone()));
        assert_eq!(sessions.person(&own, 1), None);
        for number in 0..2 * SESSIONS_MAX as u64 {
            let mut chance = [0; 32];
            chance[..8].copy_from_slice(&number.to_le_bytes());
            sessions.begin(person.clone(), &chance, number as i64);
        }
        assert_eq!(sessions.0.lock().unwrap().len(), SESSIONS_MAX);
    }
}
