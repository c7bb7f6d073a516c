//! What was heard of a job before: each part that counts by the latest, with the webhook that said it, so that any order
//! of arrival ends the same. Pure.

use doorstep_model::preferences::Contactless;
use doorstep_model::text::Comment;

use super::news::News;
use crate::dialects::instaleap::DIALECT;
use crate::dialects::instaleap::fault::{Code, Fault};
use crate::store::orders::{Facets, Order, OrderKey};

/// How a job that was heard of is marked among the orders.
const HEARD: &str = "heard";

/// A place in the order of a job's webhooks.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub(super) struct Mark {
    /// When it happened.
    pub(super) millis: i64,
    /// Its name.
    pub(super) id: String,
}

/// What was heard of a job so far, as far as it must be known again: each part with the webhook that said it last.
/// A webhook that leaves a part out says nothing of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub(super) struct Heard {
    /// The name of who receives it.
    pub(super) name: Option<Mark>,
    /// Their telephone.
    pub(super) phone: Option<Mark>,
    /// Their e-mail.
    pub(super) email: Option<Mark>,
    /// Where it goes.
    pub(super) address: Option<Mark>,
    /// When it is to be there.
    pub(super) promise: Option<Mark>,
    /// The retailer's own order number.
    pub(super) reference: Option<Mark>,
    /// The delivery code.
    pub(super) code: Option<Mark>,
    /// What its source last said of the comment. What the recipient wrote here since is not overwritten by its repeat.
    pub(super) comment: Option<(Mark, Comment)>,
    /// Likewise of the contactless choice.
    pub(super) contactless: Option<(Mark, Contactless)>,
}

impl Mark {
    /// Whether it is later than what said a part last.
    pub(super) fn is_after<T>(&self, last: Option<&(Self, T)>) -> bool {
        last.is_none_or(|(last, _)| self > last)
    }
}

/// The name of a job that was heard of among the orders.
pub(super) fn key(source: &str, job: &str) -> OrderKey {
    OrderKey { dialect: DIALECT, external_id: format!("{HEARD}/{source}/{job}") }
}

/// What lists filter by.
pub(super) fn facets() -> Facets {
    Facets { status: HEARD.to_owned(), ..Facets::default() }
}

impl Heard {
    /// Reads what was kept.
    pub(super) fn read(order: &Order) -> Result<Self, Fault> {
        serde_json::from_str(&order.document).map_err(|error| {
            tracing::error!(%error, "what was heard of a job does not read back");
            Code::Internal.into()
        })
    }

    /// As it is kept.
    pub(super) fn document(&self) -> Result<String, Fault> {
        serde_json::to_string(self).map_err(|_| Code::Internal.into())
    }

    /// The same with `news`, where that is later.
    pub(super) fn hear(mut self, news: &News) -> Self {
        let mark = &news.mark;
        let who = &news.recipient;
        for (told, last) in [
            (who.name.is_some(), &mut self.name),
            (who.phone.is_some(), &mut self.phone),
            (who.email.is_some(), &mut self.email),
            (who.address.is_some(), &mut self.address),
            (news.promise.is_some(), &mut self.promise),
            (news.reference.is_some(), &mut self.reference),
            (news.code.is_some(), &mut self.code),
        ] {
            if told && last.as_ref() < Some(mark) {
                *last = Some(mark.clone());
            }
        }
        if let Some(comment) = news.comment.clone().filter(|_| mark.is_after(self.comment.as_ref())) {
            self.comment = Some((mark.clone(), comment));
        }
        if let Some(choice) = news.contactless.clone().filter(|_| mark.is_after(self.contactless.as_ref())) {
            self.contactless = Some((mark.clone(), choice));
        }
        self
    }
}
