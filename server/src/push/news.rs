//! What is worth telling: another status, or another day of arrival, in what everybody may see. Not every
//! event is: a parcel is scanned twenty times on its way.

use doorstep_model::shipment::Shipment;
use doorstep_model::status::Status;
use doorstep_model::time::Day;
use doorstep_model::views::PublicView;

use crate::zones::ZoneDays;

/// What a device is told of, at one sequence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct News {
    /// The shipment's.
    pub sequence: u64,
    /// Where it stands.
    pub status: Status,
    /// The day of arrival, while there is one to come.
    pub day: Option<Day>,
}

impl News {
    /// What is to be told of `shipment`.
    pub fn of(shipment: &Shipment) -> Self {
        Self::seen(&PublicView::of(shipment, &ZoneDays))
    }

    /// The same of what everybody sees.
    pub fn seen(view: &PublicView) -> Self {
        let day = view.eta.as_ref().map(|eta| eta.day).filter(|_| !view.status.is_final());
        Self { sequence: view.sequence, status: view.status, day }
    }

    /// Whether nothing more is to be told.
    pub fn is_last(&self) -> bool {
        self.status.is_final()
    }

    /// Whether somebody should look at once: the courier sets out, or is there.
    pub(super) fn is_urgent(&self) -> bool {
        matches!(self.status, Status::OutForDelivery | Status::Arrived)
    }

    /// What it says, to be compared with what was said before.
    pub fn told(&self) -> String {
        let day = self.day.map(|day| day.to_string()).unwrap_or_default();
        format!("{} {day}", self.status.as_str())
    }
}
