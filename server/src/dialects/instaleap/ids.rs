//! Names that this dialect makes: offers, their slots, the jobs that come of them, the tasks that fleets bring.

use std::fmt;
use std::fmt::Write as _;

use rand::TryRngCore as _;
use rand::rngs::OsRng;
use sha2::{Digest as _, Sha256};

use super::fault::{Code, Fault};

/// The characters of a UUID.
const UUID: usize = 36;

/// A UUID of 122 random bits (RFC 9562, version 4).
pub(super) fn random() -> Result<String, Fault> {
    let mut bytes = [0; 16];
    OsRng.try_fill_bytes(&mut bytes).map_err(|error| {
        tracing::error!(%error, "the system has no randomness to give");
        Fault::from(Code::Internal)
    })?;
    Ok(uuid(bytes, 4))
}

/// The job of a slot, and the number on its label: a UUID (version 8) that follows from the slot, so that a creation
/// that was perhaps not heard names the same job when it is repeated.
pub(super) fn job_of(slot: &SlotId) -> String {
    derived("job", &slot.to_string())
}

/// A name that follows from others.
pub(super) fn derived(purpose: &str, of: &str) -> String {
    let digest: [u8; 32] = Sha256::digest(format!("doorstep instaleap {purpose}\0{of}")).into();
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    uuid(bytes, 8)
}

fn uuid(mut bytes: [u8; 16], version: u8) -> String {
    bytes[6] = (bytes[6] & 0x0f) | (version << 4);
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    let mut text = String::with_capacity(UUID);
    for (i, byte) in bytes.iter().enumerate() {
        if matches!(i, 4 | 6 | 8 | 10) {
            text.push('-');
        }
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// A slot of an offer: `{offer}-{number}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct SlotId {
    /// The offer's name.
    pub(super) offer: String,
    /// Its place in the offer.
    pub(super) number: usize,
}

impl SlotId {
    /// Reads one; `None` for what cannot be one of ours.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (offer, number) = text.split_at_checked(UUID)?;
        let digits = number.strip_prefix('-')?;
        let plain = (1..=4).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
        let slot = Self { offer: offer.to_owned(), number: digits.parse().ok().filter(|_| plain)? };
        // One spelling each: the number has no zeros before it.
        (slot.to_string() == text).then_some(slot)
    }
}

impl fmt::Display for SlotId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.offer, self.number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slot_has_one_spelling() {
        let offer = "0f0e0d0c-0b0a-4908-8706-050403020100";
        let slot = SlotId { offer: offer.to_owned(), number: 12 };
        assert_eq!(SlotId::parse(&slot.to_string()), Some(slot.clone()));
        for bad in ["", offer, &format!("{offer}-012"), &format!("{offer}-"), &format!("{offer}-+1"), "é-1"]
        {
            assert_eq!(SlotId::parse(bad), None, "{bad:?}");
        }
        assert_eq!(job_of(&slot), job_of(&slot.clone()));
        assert_ne!(job_of(&slot), job_of(&SlotId { number: 1, ..slot }));
    }

    #[test]
    fn a_made_up_id_is_a_uuid() {
        let id = random().unwrap_or_else(|e| panic!("{e:?}"));
        let parts: Vec<usize> = id.split('-').map(str::len).collect();
        assert_eq!((parts, id.as_bytes()[14]), (vec![8, 4, 4, 4, 12], b'4'));
    }
}
