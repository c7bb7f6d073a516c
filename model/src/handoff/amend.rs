//! What an amendment does to a shipment. The rules, each at its amendment:
//!
//! - An edit holds only on the version it was made on, before the cut-off; its repeat is known by its name.
//! - Wrong tries are counted and lock; nothing but staff takes them back.
//! - A code is shown and tried only while the courier is on the way to the door; the right one ends the
//!   journey through an event, as any other source would.

use crate::code::{DeliveryCode, REVEALS_LISTED, Settlement};
use crate::event::Event;
use crate::handoff::{Amended, Amendment, Handoff, MOST_PROOFS, PhotoAnswer, Refusal};
use crate::preferences::{Edit, Editor, Preference, Receipt};
use crate::proof::ProofKind;
use crate::rules::CodeWithContactless;
use crate::shipment::Shipment;
use crate::status::Status;
use crate::time::Timestamp;

use Amended::{Refused, Taken, Unchanged};

/// Whether an amendment holds, and the event that it tells.
pub(crate) struct Decision {
    pub(crate) amended: Amended,
    pub(crate) event: Option<Event>,
}

impl From<Amended> for Decision {
    fn from(amended: Amended) -> Self {
        Self { amended, event: None }
    }
}

/// Carries `amendment` out on `handoff`, which is that of `shipment`.
pub(crate) fn amend(
    shipment: &Shipment,
    handoff: &mut Handoff,
    amendment: Amendment,
    now: Timestamp,
) -> Decision {
    match amendment {
        Amendment::Comment(edit) => {
            edit_preference(shipment, &mut handoff.preferences.comment, edit, now).into()
        }
        Amendment::Contactless(edit) => {
            let excludes = shipment.details().rules.code_with_contactless == CodeWithContactless::Exclude;
            let without_meeting = edit.value.as_ref().is_some_and(|choice| choice.handover.is_contactless());
            if excludes && without_meeting && handoff.code.is_some() {
                return Refused(Refusal::Excluded).into();
            }
            edit_preference(shipment, &mut handoff.preferences.contactless, edit, now).into()
        }
        Amendment::Receipts { comment, contactless } => {
            let comment = receive(&mut handoff.preferences.comment, comment);
            let contactless = receive(&mut handoff.preferences.contactless, contactless);
            if comment || contactless { Taken.into() } else { Unchanged.into() }
        }
        Amendment::IdentityTried { right } => {
            if handoff.identity_locked() {
                return Refused(Refusal::Locked).into();
            }
            if right {
                return Unchanged.into();
            }
            handoff.identity_tries += 1;
            Taken.into()
        }
        Amendment::CodeReplaced(drawn) => {
            let Some(code) = &mut handoff.code else { return Refused(Refusal::NoCode).into() };
            if shipment.is_out_for_delivery() || shipment.has_ended() || code.settled.is_some() {
                return Refused(Refusal::TooLate).into();
            }
            *code = DeliveryCode { version: code.version + 1, drawn, ..code.clone() };
            Taken.into()
        }
        Amendment::CodeTold(drawn) => {
            let settled = handoff.code.as_ref().is_some_and(|code| code.settled.is_some());
            if settled || shipment.has_ended() {
                return Refused(Refusal::TooLate).into();
            }
            let code = handoff.code.take();
            handoff.code = Some(match code {
                Some(code) => DeliveryCode { version: code.version + 1, drawn, ..code },
                None => DeliveryCode::new(drawn),
            });
            Taken.into()
        }
        Amendment::CodeRevealed => reveal(shipment, handoff, now).into(),
        Amendment::CodeTried { version, right, completes } => {
            try_code(shipment, handoff, version, right, *completes, now)
        }
        Amendment::ProofTaken(proof) => {
            if let Some(known) = handoff.proofs.iter_mut().find(|known| known.is_same(&proof)) {
                if known.picture || !proof.picture {
                    return Unchanged.into();
                }
                // Its picture came later: only now can anybody be asked about it.
                *known = proof;
                return Taken.into();
            }
            if handoff.proofs.len() >= MOST_PROOFS {
                return Refused(Refusal::Full).into();
            }
            handoff.proofs.push(proof);
            Taken.into()
        }
        Amendment::PhotoAnswered { proof, mine, event } => {
            answer_photo(shipment, handoff, PhotoAnswer { proof, mine, at: now }, *event)
        }
        Amendment::IdentityUnlocked => {
            if std::mem::take(&mut handoff.identity_tries) == 0 {
                Unchanged.into()
            } else {
                Taken.into()
            }
        }
        // Not of the handoff: the shipment itself carries it out.
        Amendment::Retold(_) | Amendment::Referenced(_) => Unchanged.into(),
        Amendment::CodeUnlocked => match &mut handoff.code {
            None => Refused(Refusal::NoCode).into(),
            Some(code) => match std::mem::take(&mut code.wrong_tries) {
                0 => Unchanged.into(),
                _ => Taken.into(),
            },
        },
    }
}

fn edit_preference<T: PartialEq>(
    shipment: &Shipment,
    kept: &mut Option<Preference<T>>,
    edit: Edit<T>,
    now: Timestamp,
) -> Amended {
    let version = kept.as_ref().map_or(0, |kept| kept.version);
    if kept.as_ref().is_some_and(|kept| kept.edit == edit.id && kept.value == edit.value) {
        return Unchanged;
    }
    // The tenant may correct what its customer told it on the phone; the recipient is held to the cut-off.
    if edit.by == Editor::Recipient && !shipment.editing().is_open(now) {
        return Refused(Refusal::CutOff);
    }
    // What could not be placed may be corrected, to be placed again.
    let may_go_on = edit.by == Editor::Client && shipment.journey().status == Status::Failed;
    if shipment.has_ended() && !may_go_on {
        return Refused(Refusal::CutOff);
    }
    if edit.base != version {
        return Refused(Refusal::Conflict);
    }
    *kept = Some(Preference {
        value: edit.value,
        version: version + 1,
        edited_at: now,
        edited_by: edit.by,
        edit: edit.id,
        receipt: Receipt::Saved,
    });
    Taken
}

/// Whether the receipt of the version that stands has grown. What is told of an earlier version says
/// nothing of this one.
fn receive<T>(kept: &mut Option<Preference<T>>, told: Option<(u32, Receipt)>) -> bool {
    match (kept, told) {
        (Some(kept), Some((version, receipt))) if kept.version == version && kept.receipt < receipt => {
            kept.receipt = receipt;
            true
        }
        _ => false,
    }
}

fn reveal(shipment: &Shipment, handoff: &mut Handoff, now: Timestamp) -> Amended {
    let Some(code) = &mut handoff.code else { return Refused(Refusal::NoCode) };
    if code.settled.is_some() || shipment.has_ended() {
        return Refused(Refusal::TooLate);
    }
    if code.is_locked() {
        return Refused(Refusal::Locked);
    }
    if !shipment.is_out_for_delivery() {
        return Refused(Refusal::TooEarly);
    }
    code.reveals = code.reveals.saturating_add(1);
    if code.revealed_at.len() >= REVEALS_LISTED {
        code.revealed_at.remove(0);
    }
    code.revealed_at.push(now);
    Taken
}

fn try_code(
    shipment: &Shipment,
    handoff: &mut Handoff,
    version: u32,
    right: bool,
    completes: Event,
    now: Timestamp,
) -> Decision {
    let Some(code) = &mut handoff.code else { return Refused(Refusal::NoCode).into() };
    if code.is_locked() {
        return Refused(Refusal::Locked).into();
    }
    if code.version != version {
        return Refused(Refusal::Replaced).into();
    }
    if code.settled.is_some() {
        return if right { Unchanged } else { Refused(Refusal::TooLate) }.into();
    }
    if shipment.has_ended() {
        return Refused(Refusal::TooLate).into();
    }
    if !shipment.is_out_for_delivery() {
        return Refused(Refusal::TooEarly).into();
    }
    if right {
        code.settled = Some((Settlement::Verified, now));
        return Decision { amended: Taken, event: Some(completes) };
    }
    code.wrong_tries += 1;
    Taken.into()
}

fn answer_photo(shipment: &Shipment, handoff: &mut Handoff, answer: PhotoAnswer, event: Event) -> Decision {
    if let Some(given) = handoff.photo.filter(|given| given.proof == answer.proof) {
        let same = given.mine == answer.mine;
        return if same { Unchanged } else { Refused(Refusal::TooLate) }.into();
    }
    let Some(until) = shipment.photo_to_confirm().filter(|asked| asked.proof == answer.proof) else {
        let index = usize::try_from(answer.proof).ok().and_then(|number| number.checked_sub(1));
        let known = index.and_then(|index| handoff.proofs.get(index));
        let late = known.is_some_and(|proof| proof.kind == ProofKind::Photo);
        return Refused(if late { Refusal::TooLate } else { Refusal::NoProof }).into();
    };
    if answer.at > until.until {
        return Refused(Refusal::TooLate).into();
    }
    handoff.photo = Some(answer);
    if let (true, Some(code)) = (answer.mine, &mut handoff.code) {
        code.settled = Some((Settlement::Released, answer.at));
    }
    Decision { amended: Taken, event: Some(event) }
}
