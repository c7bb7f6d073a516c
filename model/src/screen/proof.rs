//! Proofs of delivery in words, and the question whether the courier's photo shows the parcel at the
//! recipient's place. Pictures are fetched by whoever shows them.

use crate::catalogue::Catalogue;
use crate::proof::ProofKind;
use crate::screen::{Times, when};
use crate::views::{RecipientProof, RecipientView};

/// One proof.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProofLine {
    /// Its number, from 1; its picture stands under it.
    pub number: u32,
    /// What it is, when and where it was taken.
    pub line: String,
    /// What its picture shows, where it can be seen.
    pub alt: Option<&'static str>,
}

/// The proofs of `view`, in the order told.
pub fn proofs(view: &RecipientView, words: &Catalogue, times: &impl Times) -> Vec<ProofLine> {
    (1..).zip(&view.proofs).map(|(number, proof)| proof_line(number, proof, words, times)).collect()
}

fn proof_line(number: u32, proof: &RecipientProof, words: &Catalogue, times: &impl Times) -> ProofLine {
    let (kind, alt) = match proof.kind {
        ProofKind::Photo => (words.proof_photo(), words.proof_photo_alt()),
        ProofKind::Signature => (words.proof_signature(), words.proof_signature_alt()),
        ProofKind::Document => (words.proof_document(), words.proof_document_alt()),
    };
    let when = when::at(proof.taken_at, words, times);
    let line = match &proof.place {
        Some(place) => words.proof_line_place(kind, &when, place.as_str()),
        None => words.proof_line(kind, &when),
    };
    ProofLine { number, line, alt: proof.picture.then_some(alt) }
}

/// The question about the courier's photo, or what was answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PhotoQuestion {
    /// The number of the photo, from 1.
    pub proof: u32,
    /// Whether it can be answered now.
    pub open: bool,
    /// The question; then until when it can be answered, or that it no longer can, or what was said.
    pub lines: Vec<String>,
}

impl PhotoQuestion {
    /// The question of `view`, where there is one.
    pub fn of(view: &RecipientView, words: &Catalogue, times: &impl Times) -> Option<Self> {
        if let Some(asked) = view.photo_to_confirm {
            let open = times.now() <= asked.until;
            let lines = if open {
                vec![
                    words.photo_ask().to_owned(),
                    words.photo_until(&when::point(asked.until, words, times)),
                    words.photo_help().to_owned(),
                ]
            } else {
                vec![words.photo_passed(&when::at(asked.until, words, times))]
            };
            return Some(Self { proof: asked.proof, open, lines });
        }
        let said = view.photo?;
        let when = when::at(said.at, words, times);
        let line = if said.mine { words.photo_said_mine(&when) } else { words.photo_said_not(&when) };
        Some(Self { proof: said.proof, open: false, lines: vec![line] })
    }
}
