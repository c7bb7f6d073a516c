//! The changes that a handoff takes, and what becomes of them.

use crate::code::Drawn;
use crate::event::Event;
use crate::preferences::{Contactless, Edit, Receipt};
use crate::proof::Proof;
use crate::shipment::Told;
use crate::text::{Comment, Reference};

/// A change of a handoff.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Amendment {
    /// The comment for the courier.
    Comment(Edit<Comment>),
    /// The contactless choice.
    Contactless(Edit<Contactless>),
    /// How far edits have travelled: versions up to the named one. Never goes back.
    Receipts {
        /// Of the comment.
        comment: Option<(u32, Receipt)>,
        /// Of the contactless choice.
        contactless: Option<(u32, Receipt)>,
    },
    /// Somebody tried to prove that they are the person. A wrong try is counted; when locked, a right one
    /// is refused too.
    IdentityTried {
        /// Whether it was right.
        right: bool,
    },
    /// Another code takes the place of the one before; only before the last step starts.
    CodeReplaced(Drawn),
    /// The system that checks the code says which one it is: the first, or another one. It is right also on the way
    /// to the door, since no other code would be taken there; not once the code has done its work.
    CodeTold(Drawn),
    /// The recipient asks to see the code.
    CodeRevealed,
    /// The courier tried a code.
    CodeTried {
        /// The version of the code that it was compared with.
        version: u32,
        /// Whether it was right.
        right: bool,
        /// Recorded when it was right: the last step is done.
        completes: Box<Event>,
    },
    /// A proof of delivery was taken.
    ProofTaken(Proof),
    /// The recipient says whether the courier's photo shows their parcel at their place.
    PhotoAnswered {
        /// Which proof, from 1.
        proof: u32,
        /// Whether it does.
        mine: bool,
        /// Recorded with it: the last step is done, or that something is wrong.
        event: Box<Event>,
    },
    /// Staff let the recipient prove who they are again.
    IdentityUnlocked,
    /// Staff let the courier try codes again.
    CodeUnlocked,
    /// The caller tells anew what it told when it made the shipment known.
    Retold(Box<Told>),
    /// The caller tells its own order number anew.
    Referenced(Reference),
}

/// What became of an amendment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Amended {
    /// It holds now.
    Taken,
    /// It held already: a repeat.
    Unchanged,
    /// It does not hold, and nothing has changed.
    Refused(Refusal),
}

/// Why an amendment was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Somebody else edited meanwhile: the editor has not seen what stands.
    Conflict,
    /// It is too late to edit.
    CutOff,
    /// A code and a contactless choice exclude each other.
    Excluded,
    /// Too many wrong tries: only staff can go on.
    Locked,
    /// There is no code.
    NoCode,
    /// The code that it was about has been replaced meanwhile.
    Replaced,
    /// Not before it is out for delivery.
    TooEarly,
    /// Not any more: the last step has started, or all is done.
    TooLate,
    /// There is no such proof, or none that could be confirmed.
    NoProof,
    /// No more proofs are taken.
    Full,
}
