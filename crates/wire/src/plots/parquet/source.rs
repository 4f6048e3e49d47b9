//! Any reader that can seek, as the parquet crate wants it.

use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use parquet::errors::{ParquetError, Result};
use parquet::file::reader::{ChunkReader, Length};

/// A file of known length, read at several places in turns.
pub(crate) struct Source<R> {
    input: Arc<Mutex<R>>,
    bytes: u64,
}

impl<R: Read + Seek> Source<R> {
    pub(crate) fn new(mut input: R) -> io::Result<Self> {
        let bytes = input.seek(SeekFrom::End(0))?;
        Ok(Self {
            input: Arc::new(Mutex::new(input)),
            bytes,
        })
    }

    /// The first bytes, at most eight.
    pub(crate) fn head(&self) -> io::Result<Vec<u8>> {
        let mut head = Vec::new();
        At {
            input: self.input.clone(),
            position: 0,
        }
        .take(8)
        .read_to_end(&mut head)?;
        Ok(head)
    }
}

impl<R> Length for Source<R> {
    fn len(&self) -> u64 {
        self.bytes
    }
}

impl<R: Read + Seek + Send> ChunkReader for Source<R> {
    type T = BufReader<At<R>>;

    fn get_read(&self, start: u64) -> Result<Self::T> {
        Ok(BufReader::new(At {
            input: self.input.clone(),
            position: start,
        }))
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<Bytes> {
        // Before anything is allocated: a length in a broken file can be anything.
        if start.checked_add(length as u64).is_none_or(|end| end > self.bytes) {
            return Err(ParquetError::EOF(format!(
                "{length} bytes at {start} of a file of {} bytes",
                self.bytes
            )));
        }
        let mut buffer = vec![0; length];
        let mut at = At {
            input: self.input.clone(),
            position: start,
        };
        at.read_exact(&mut buffer)?;
        Ok(buffer.into())
    }
}

/// Reads on from a position of its own.
pub(crate) struct At<R> {
    input: Arc<Mutex<R>>,
    position: u64,
}

impl<R: Read + Seek> Read for At<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        // A panic elsewhere leaves a reader that can seek: each read seeks first.
        let mut input = self.input.lock().unwrap_or_else(PoisonError::into_inner);
        input.seek(SeekFrom::Start(self.position))?;
        let read = input.read(buffer)?;
        self.position += read as u64;
        Ok(read)
    }
}
