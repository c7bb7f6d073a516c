//! What a webhook says, in the model's terms: the event, and what it tells of the job beside it. Pure but for drawing:
//! told the time, knows no store.

use doorstep_model::code::{DeliveryCode, Drawn};
use doorstep_model::eta::{Confidence, Eta, Promise, Window};
use doorstep_model::event::Event;
use doorstep_model::handoff::{Amendment, Handoff};
use doorstep_model::id::{EditId, TrackingId};
use doorstep_model::person::Recipient;
use doorstep_model::preferences::{Contactless, Edit, Editor, Preference, Preferences, Receipt};
use doorstep_model::rules::{CodeWithContactless, Rules};
use doorstep_model::shipment::{Details, Shipment, Told};
use doorstep_model::status::Status;
use doorstep_model::text::{Comment, Email, PersonName, Phone, Reference, Source};
use doorstep_model::time::{Timestamp, Zone};
use doorstep_model::views::Days as _;

use super::body::Webhook;
use super::heard::{Heard, Mark};
use crate::dialects::instaleap::fault::{Code, Fault};
use crate::dialects::instaleap::ids;
use crate::dialects::instaleap::jobs::{Digits, event};
use crate::dialects::instaleap::place::Place;
use crate::dialects::instaleap::wire::Wrong;
use crate::dialects::instaleap::words::{self, Around};
use crate::store::NewShipment;
use crate::vault::Vault;
use crate::zones::ZoneDays;

/// How far ahead of ours the source's clock may be: 5 minutes. What lies further ahead has no time that we trust.
const AHEAD_MS: i64 = 5 * 60 * 1_000;

/// What a webhook says.
pub(super) struct News {
    /// Of which job.
    pub(super) job: String,
    /// What happened.
    pub(super) event: Event,
    /// When, and in which webhook: what is later counts.
    pub(super) mark: Mark,
    zone: Zone,
    pub(super) reference: Option<Reference>,
    /// What it says of who receives it, part by part.
    pub(super) recipient: Recipient,
    pub(super) promise: Option<Promise>,
    pub(super) comment: Option<Comment>,
    pub(super) contactless: Option<Contactless>,
    pub(super) code: Option<Digits>,
}

impl News {
    /// What `webhook` says.
    pub(super) fn read(
        webhook: &Webhook,
        source: &Source,
        zone: &Zone,
        now: Timestamp,
    ) -> Result<Self, Fault> {
        let job = &webhook.job;
        let mut wrong = Wrong::default();
        let within = |text: &str, most: usize| (1..=most).contains(&text.chars().count());
        wrong.unless(within(&webhook.r#type, 80), "/type", "must have 1 to 80 characters");
        wrong.unless(within(&webhook.id, 200), "/id", "must have 1 to 200 characters");
        wrong.unless(within(&job.id, 200), "/job/id", "must have 1 to 200 characters");
        wrong.or(())?;
        let at = webhook.created_at.filter(|at| at.millis() <= now.millis() + AHEAD_MS);
        let kind = webhook.task.as_ref().and_then(|task| task.kind.as_deref());
        let around = Around {
            work: kind.and_then(words::work),
            collected: job.operational_model.as_deref().is_some_and(words::is_collected),
            ahead: job.slot.as_ref().zip(at.or(Some(now))).is_some_and(|(slot, at)| slot.from > at),
        };
        let when = webhook.created_at.map(|at| at.to_string()).unwrap_or_default();
        let id = ids::derived("webhook", &format!("{}\0{}\0{when}", webhook.r#type, webhook.id));
        let mut told = event(&id, &webhook.r#type, words::read(&webhook.r#type, around), at, (source, now))?;
        let slot = job.slot.as_ref().filter(|slot| slot.from <= slot.to);
        told.eta = slot.map(|slot| Eta {
            window: Window::Between { from: slot.from, until: slot.to },
            as_of: at.unwrap_or(now),
            confidence: Some(Confidence::Medium),
            source: source.clone(),
            cause: None,
        });
        // What does not fit is passed over: the source has said it, and we have no way to ask again.
        let mut passed = Wrong::default();
        let who = job.recipient.as_ref();
        let recipient = Recipient {
            name: passed.parse(who.and_then(|who| who.name.as_deref()), "", PersonName::parse),
            phone: passed.parse(who.and_then(|who| who.phone_number.as_deref()), "", Phone::parse),
            email: passed.parse(who.and_then(|who| who.email.as_deref()), "", Email::parse),
            address: job.destination.as_ref().and_then(Place::line),
        };
        Ok(Self {
            job: job.id.clone(),
            mark: Mark { millis: told.at().millis(), id },
            event: told,
            zone: zone.clone(),
            reference: passed.parse(job.client_reference.as_deref(), "", Reference::parse),
            recipient,
            promise: slot.map(|slot| Promise { day: ZoneDays.day(slot.to, zone), until: slot.to }),
            comment: passed.parse(job.job_comment.as_deref(), "", Comment::parse),
            contactless: job.contact_less.as_ref().map(|choice| choice.choice("", &mut passed)),
            code: job.delivery_code.clone().and_then(|code| Digits::try_from(code).ok()),
        })
    }

    /// Whether no table maps its word.
    pub(super) fn is_unmapped(&self) -> bool {
        self.event.status == Some(Status::Unknown)
    }

    /// The number of the shipment that a job becomes: its id, unless that cannot be one or is taken.
    pub(super) fn tracking_id(
        &self,
        is_taken: bool,
        made_up: impl FnOnce() -> String,
    ) -> Result<TrackingId, Fault> {
        let own = TrackingId::parse(&self.job).ok().filter(|id| !is_taken && id.as_str() == self.job);
        match own {
            Some(id) => Ok(id),
            None => TrackingId::parse(&made_up()).map_err(|_| Code::Internal.into()),
        }
    }

    /// The shipment that a job becomes by its first webhook.
    pub(super) fn shipment(
        &self,
        id: TrackingId,
        rules: Rules,
        vault: &Vault,
        now: Timestamp,
    ) -> Result<NewShipment, Fault> {
        let code = match &self.code {
            Some(code) => Some(DeliveryCode::new(sealed(code, &id, vault)?)),
            None => None,
        };
        let preferences = Preferences {
            comment: self.first(self.comment.clone(), now)?,
            contactless: self.first(self.contactless.clone(), now)?,
        };
        let details = Details {
            promise: self.promise,
            reference: self.reference.clone(),
            recipient: self.recipient.clone(),
            rules: Rules { code_with_contactless: CodeWithContactless::ConfirmPhoto, ..rules },
            handoff: Handoff { preferences, code, ..Handoff::default() },
            ..Details::in_zone(self.zone.clone())
        };
        let events = vec![self.event.clone()];
        Ok(NewShipment { tracking_id: id, details, created_at: now, events, once: None })
    }

    fn first<T>(&self, value: Option<T>, now: Timestamp) -> Result<Option<Preference<T>>, Fault> {
        let Some(value) = value else { return Ok(None) };
        let (by, edit) = (Editor::Client, self.edit()?);
        let receipt = Receipt::Saved;
        Ok(Some(Preference { value: Some(value), version: 1, edited_at: now, edited_by: by, edit, receipt }))
    }

    /// What it changes beside the journey of a shipment that is known. A part counts where it is said later than by
    /// the webhook that said it last, so that the order in which they come in does not matter.
    pub(super) fn amendments(
        &self,
        before: &Heard,
        shipment: &Shipment,
        vault: &Vault,
    ) -> Result<Vec<Amendment>, Fault> {
        let mut amendments = Vec::new();
        let details = shipment.details();
        let (kept, new) = (&details.recipient, &self.recipient);
        let told = Told {
            recipient: Recipient {
                name: self.newer(&new.name, before.name.as_ref()).or_else(|| kept.name.clone()),
                phone: self.newer(&new.phone, before.phone.as_ref()).or_else(|| kept.phone.clone()),
                email: self.newer(&new.email, before.email.as_ref()).or_else(|| kept.email.clone()),
                address: self.newer(&new.address, before.address.as_ref()).or_else(|| kept.address.clone()),
            },
            promise: self.newer(&self.promise, before.promise.as_ref()).or(details.promise),
        };
        if told.recipient != details.recipient || told.promise != details.promise {
            amendments.push(Amendment::Retold(Box::new(told)));
        }
        let reference = self.newer(&self.reference, before.reference.as_ref());
        if let Some(reference) = reference.filter(|told| details.reference.as_ref() != Some(told)) {
            amendments.push(Amendment::Referenced(reference));
        }
        let preferences = &shipment.handoff().preferences;
        let comment = later(self.comment.as_ref(), &self.mark, before.comment.as_ref());
        if let Some(value) = comment.filter(|_| !shipment.has_ended()) {
            let base = preferences.comment.as_ref().map_or(0, |kept| kept.version);
            let value = Some(value.clone());
            amendments.push(Amendment::Comment(Edit { value, base, id: self.edit()?, by: Editor::Client }));
        }
        let choice = later(self.contactless.as_ref(), &self.mark, before.contactless.as_ref());
        if let Some(value) = choice.filter(|_| !shipment.has_ended()) {
            let base = preferences.contactless.as_ref().map_or(0, |kept| kept.version);
            let value = Some(value.clone());
            amendments.push(Amendment::Contactless(Edit {
                value,
                base,
                id: self.edit()?,
                by: Editor::Client,
            }));
        }
        let code = self.code.as_ref().filter(|_| Some(&self.mark) > before.code.as_ref());
        if let Some(code) = code {
            amendments.extend(code_change(code, shipment, vault)?);
        }
        Ok(amendments)
    }

    /// What it says of a part, where that is later than what was said of it last.
    fn newer<T: Clone>(&self, told: &Option<T>, last: Option<&Mark>) -> Option<T> {
        told.clone().filter(|_| Some(&self.mark) > last)
    }

    fn edit(&self) -> Result<EditId, Fault> {
        EditId::parse(&self.mark.id).map_err(|_| Code::Internal.into())
    }
}

/// That another code holds, or the first, while there is work for one.
fn code_change(told: &Digits, shipment: &Shipment, vault: &Vault) -> Result<Option<Amendment>, Fault> {
    let id = shipment.tracking_id();
    let kept = shipment.handoff().code.as_ref();
    let same = kept.and_then(|kept| vault.code(&kept.drawn, id)).is_some_and(|digits| told.is(&digits));
    let late = shipment.has_ended() || kept.is_some_and(|kept| kept.settled.is_some());
    if same || late {
        return Ok(None);
    }
    Ok(Some(Amendment::CodeTold(sealed(told, id, vault)?)))
}

/// What is told anew: later than what was told last, and something else.
fn later<'a, T: PartialEq>(told: Option<&'a T>, mark: &Mark, last: Option<&(Mark, T)>) -> Option<&'a T> {
    told.filter(|told| mark.is_after(last) && last.is_none_or(|(_, last)| last != *told))
}

fn sealed(code: &Digits, id: &TrackingId, vault: &Vault) -> Result<Drawn, Fault> {
    vault.given_code(code, id).map_err(|error| {
        tracing::error!(error = format!("{error:#}"), "a delivery code could not be sealed");
        Code::Internal.into()
    })
}
