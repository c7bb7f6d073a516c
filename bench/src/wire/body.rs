//! Takes the framing off a response body, fed piece by piece: by length, chunked, or until the
//! connection closes. It keeps its place between pieces and never copies.

use anyhow::{Result, bail};

/// Larger chunks than this are refused: no measured server sends them, so one is a parse error.
const CHUNK_LIMIT: u64 = 64 << 20;

#[derive(Debug)]
pub(crate) enum Body {
    Sized { left: u64 },
    Chunked(Chunk),
    UntilClose,
}

/// Where in the chunked coding the next byte stands.
#[derive(Debug)]
pub(crate) enum Chunk {
    Size {
        so_far: u64,
        extension: bool,
    },
    Data {
        left: u64,
    },
    DataEnd,
    /// `blank` is true at the start of a line: a line end there ends the body.
    Trailer {
        blank: bool,
    },
    Done,
}

impl Body {
    pub(crate) fn chunked() -> Self {
        Self::Chunked(Chunk::Size { so_far: 0, extension: false })
    }

    pub(crate) fn is_complete(&self) -> bool {
        matches!(self, Self::Sized { left: 0 } | Self::Chunked(Chunk::Done))
    }

    /// Hands the content in `input` to `sink` and returns how many bytes belonged to this body.
    pub(crate) fn push(&mut self, input: &[u8], mut sink: impl FnMut(&[u8])) -> Result<usize> {
        match self {
            Self::UntilClose => {
                sink(input);
                Ok(input.len())
            }
            Self::Sized { left } => {
                let taken = take(left, input);
                sink(&input[..taken]);
                Ok(taken)
            }
            Self::Chunked(chunk) => {
                let mut at = 0;
                while at < input.len() && !matches!(chunk, Chunk::Done) {
                    at += chunk.step(&input[at..], &mut sink)?;
                }
                Ok(at)
            }
        }
    }
}

impl Chunk {
    /// Takes at least one byte of `input`, which is not empty, and says how many.
    fn step(&mut self, input: &[u8], sink: &mut impl FnMut(&[u8])) -> Result<usize> {
        let byte = input[0];
        match self {
            Self::Size { so_far, extension } => {
                match (byte, char::from(byte).to_digit(16)) {
                    (b'\n', _) if *so_far == 0 => *self = Self::Trailer { blank: true },
                    (b'\n', _) => *self = Self::Data { left: *so_far },
                    (b'\r', _) => {}
                    (b';', _) => *extension = true,
                    (_, Some(digit)) if !*extension => {
                        *so_far = *so_far * 16 + u64::from(digit);
                        if *so_far > CHUNK_LIMIT {
                            bail!("a chunk of more than {CHUNK_LIMIT} bytes");
                        }
                    }
                    _ if *extension => {}
                    _ => bail!("byte {byte:#04x} in a chunk size"),
                }
                Ok(1)
            }
            Self::Data { left } => {
                let taken = take(left, input);
                sink(&input[..taken]);
                if *left == 0 {
                    *self = Self::DataEnd;
                }
                Ok(taken)
            }
            Self::DataEnd => {
                match byte {
                    b'\r' => {}
                    b'\n' => *self = Self::Size { so_far: 0, extension: false },
                    _ => bail!("byte {byte:#04x} after a chunk"),
                }
                Ok(1)
            }
            Self::Trailer { blank } => {
                match byte {
                    b'\n' if *blank => *self = Self::Done,
                    b'\n' => *blank = true,
                    b'\r' => {}
                    _ => *blank = false,
                }
                Ok(1)
            }
            Self::Done => Ok(0),
        }
    }
}

fn take(left: &mut u64, input: &[u8]) -> usize {
    let taken = usize::try_from(*left).map_or(input.len(), |left| left.min(input.len()));
    *left -= taken as u64;
    taken
}
