//! The address, the courier's first name, the proofs, and the question about the courier's photo.

use super::Sight;
use super::parts::{self, Loud, Part, button, lines, nothing, row, text, told};
use crate::hands::{Act, Place};
use crate::page::WORDS;
use doorstep_model::id::TrackingId;
use doorstep_model::screen::{PhotoQuestion, ProofLine, proofs as lines_of};

/// The question whether the photo shows their parcel, or what was answered.
pub(super) fn photo(sight: &Sight<'_>) -> Part {
    let Some(question) = PhotoQuestion::of(sight.view, &WORDS, sight.times) else { return nothing() };
    let answer = |label: &'static str, mine, loud| {
        button(label.to_owned(), Act::Photo(question.proof, mine), loud, sight.hands.busy)
    };
    let parts = if question.open && !sight.is_proved() {
        vec![
            picture(&sight.view.tracking_id, question.proof, WORDS.proof_photo_alt()),
            lines("line", question.lines.iter().map(String::as_str)),
            text("hint", WORDS.code_prove().to_owned()),
        ]
    } else if question.open {
        let failed = sight.hands.trouble == Some(Place::Photo);
        vec![
            picture(&sight.view.tracking_id, question.proof, WORDS.proof_photo_alt()),
            lines("line", question.lines.iter().map(String::as_str)),
            row(vec![
                answer(WORDS.photo_mine(), true, Loud::Yes),
                answer(WORDS.photo_not_mine(), false, Loud::No),
            ]),
            told(if failed { WORDS.photo_failed().to_owned() } else { String::new() }, true),
        ]
    } else {
        vec![nothing(), lines("line", question.lines.iter().map(String::as_str))]
    };
    parts::panel("photo", WORDS.proof_photo(), parts)
}

/// The courier's first name.
pub(super) fn courier(sight: &Sight<'_>) -> Part {
    let name = sight.view.courier_first_name.as_deref();
    name.map_or_else(nothing, |name| text("courier", WORDS.courier_name(name)))
}

/// The address, after the proof of who they are.
pub(super) fn address(sight: &Sight<'_>) -> Part {
    let parts = match &sight.hands.address {
        Some(address) => vec![
            address.name.as_deref().map_or_else(nothing, |name| text("line", WORDS.address_for(name))),
            text("fixed", address.address.clone().unwrap_or_default()),
        ],
        None if sight.is_proved() => {
            let show = button(WORDS.address_show(), Act::Address, Loud::No, sight.hands.busy);
            vec![nothing(), row(vec![show])]
        }
        None => return nothing(),
    };
    parts::panel("address", WORDS.address_title(), parts)
}

/// The proofs of its delivery.
pub(super) fn proofs(sight: &Sight<'_>) -> Part {
    let proofs = lines_of(sight.view, &WORDS, sight.times);
    if proofs.is_empty() {
        return nothing();
    }
    let parts = proofs.into_iter().map(|proof| proof_of(&sight.view.tracking_id, proof)).collect();
    parts::panel("proof", WORDS.proof_title(), parts)
}

fn proof_of(id: &TrackingId, proof: ProofLine) -> Part {
    let shown = match proof.alt {
        Some(alt) => picture(id, proof.number, alt),
        None => text("hint", WORDS.proof_no_picture().to_owned()),
    };
    Part::of("div", "proof", vec![text("line", proof.line), shown])
}

fn picture(id: &TrackingId, number: u32, alt: &'static str) -> Part {
    let address = ["/api/v1/track/", id.as_str(), "/recipient/proofs/", &number.to_string()].concat();
    Part::of("img", "picture", Vec::new()).with("src", address).with("alt", alt).with("loading", "lazy")
}
