//! Instaleap's words for what happens to a job, and what each means here: one table, from which the code, the
//! document and the tests follow (`systems.md` 2.5 and 6.3). Knows no wire and no store.

mod others;

use doorstep_model::event::Movement;
use doorstep_model::reason::Reason;
use doorstep_model::status::Status;

pub(super) use others::{of_fleet, told_as};

/// What a word means for the status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// The same, whoever does it.
    Is(Status),
    /// By what work the task is: picking, delivering, or not said.
    ByWork {
        /// Somebody picks.
        picking: Status,
        /// Somebody brings it.
        delivering: Status,
        /// Nobody said; the least advanced that the word guarantees.
        unsaid: Status,
    },
    /// By where the goods end: brought to the recipient, or collected by them.
    ByEnd {
        /// Brought.
        brought: Status,
        /// Collected.
        collected: Status,
    },
    /// An explicit step back.
    Back(Status),
    /// The job is made: it waits for its slot, or begins at once.
    Begins,
    /// Something is known anew; nothing moves.
    Update,
}

/// Who tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Teller {
    /// The picking and delivery app, by job events.
    App,
    /// A call of its own, named here.
    Call(&'static str),
}

/// A row of the table.
pub(super) struct Row {
    /// The word.
    pub(super) word: &'static str,
    /// What it means.
    pub(super) means: Meaning,
    /// Who tells it to us.
    pub(super) teller: Teller,
}

use Meaning::{Back, Begins, ByEnd, ByWork, Is, Update};
use Status::{
    Arrived, AtPickup, AvailableForPickup, Cancelled, Confirmed, CourierAssigned, Delivered, OutForDelivery,
    Preparing, Ready, Scheduled, Undeliverable,
};
use Teller::{App, Call};

const fn row(word: &'static str, means: Meaning, teller: Teller) -> Row {
    Row { word, means, teller }
}

/// Every task reset begins so; the kinds of tasks are named after it, and not all of them are known.
pub(super) const TASK_RESET: &str = "TASK_RESET_";

const ALLOCATED: Meaning = ByWork { picking: Confirmed, delivering: CourierAssigned, unsaid: Confirmed };
const STAGED: Meaning = ByEnd { brought: Ready, collected: AvailableForPickup };
const AT_THE_DOOR: Meaning = ByEnd { brought: Arrived, collected: AvailableForPickup };

/// The table, in the order in which a job usually goes.
pub(super) const TABLE: &[Row] = &[
    row("CREATED", Begins, Call("POST /jobs")),
    row("RESCHEDULED", Back(Scheduled), Call("PUT /jobs/{jobId}/reschedule")),
    row("ALLOCATED", ALLOCATED, App),
    row("RE_ALLOCATED", ALLOCATED, App),
    // Who is to pick is no courier: on the way to the store, nothing has been prepared yet.
    row(
        "GOING_TO_ORIGIN_STARTED",
        ByWork { picking: Confirmed, delivering: CourierAssigned, unsaid: CourierAssigned },
        App,
    ),
    row("ARRIVED_TO_ORIGIN", ByWork { picking: Confirmed, delivering: AtPickup, unsaid: AtPickup }, App),
    row("ZONE_PICKING_STARTED", Is(Preparing), App),
    row("ZONE_PICKING_FINISHED", Is(Preparing), App),
    row("PICKING_STARTED", Is(Preparing), App),
    row("PICKING_FINISHED", Is(Preparing), App),
    row("PARKING_STARTED", Is(Preparing), App),
    row("PARKING_FINISHED", Is(Preparing), App),
    row("CHECKING_OUT_STARTED", Is(Preparing), App),
    row("CHECKED_OUT", Is(Preparing), App),
    row("TRANSFERRING_STARTED", Is(Preparing), App),
    row("STORING_STARTED", Is(Preparing), App),
    row("STORING_UPDATED", Is(Preparing), App),
    row("STORING_FINISHED", STAGED, App),
    row("TRANSFERRED", STAGED, App),
    row("GOING_TO_DESTINATION_STARTED", Is(OutForDelivery), App),
    row("ARRIVED_TO_DESTINATION", AT_THE_DOOR, App),
    row("DELIVERING_STARTED", AT_THE_DOOR, App),
    row("CLIENT_RECEIVED", Is(Delivered), App),
    row("REFUSED", Is(Undeliverable), App),
    row("CANCELLED", Is(Cancelled), Call("PUT /jobs/{jobId}/cancel")),
    row("ITEMS_UPDATED", Update, App),
    row("PACKAGES_CREATED", Update, App),
    row("PACKAGES_UPDATED", Update, App),
    row("INVOICE_UPDATED", Update, App),
    row("PRICES_UPDATED", Update, Call("PUT /jobs/{jobId}/payment-info")),
    row("PAYMENT_UPDATED", Update, Call("PUT /jobs/{jobId}/payment-info")),
    row("EXTERNAL_DATA_UPDATED", Update, Call("PUT /jobs/{jobId}/external_data")),
    row("STORE_CHANGED", Update, App),
    row("JOB_COMMENT_UPDATED", Update, Call("PUT /jobs/{jobId}/job-comment")),
];

/// The row of a word; every task reset has the same.
pub(super) fn row_of(word: &str) -> Option<&'static Row> {
    static RESETS: Row = row("TASK_RESET_*", Back(Confirmed), App);
    let kind = word.strip_prefix(TASK_RESET);
    if kind.is_some_and(|kind| !kind.is_empty() && kind.bytes().all(|b| b.is_ascii_uppercase() || b == b'_'))
    {
        return Some(&RESETS);
    }
    TABLE.iter().find(|row| row.word == word)
}

/// What kind of work a task is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Work {
    /// Picking, packing, storing, handing out at the store.
    Picking,
    /// Bringing it.
    Delivering,
}

/// The kinds of tasks. Whoever does a full service begins by picking.
pub(super) const TASKS: &[(&str, Work)] = &[
    ("PICKING", Work::Picking),
    ("FULL_SERVICE", Work::Picking),
    ("STORAGE", Work::Picking),
    ("PICKING_WITH_STORAGE", Work::Picking),
    ("PICKING_AND_STORAGE", Work::Picking),
    ("ZONE_PICKING", Work::Picking),
    ("CONSOLIDATION", Work::Picking),
    ("PICK_UP", Work::Picking),
    ("DELIVERY", Work::Delivering),
    ("DELIVERY_WITH_STORAGE", Work::Delivering),
    ("PICK_UP_FOR_DELIVERY", Work::Delivering),
];

/// The work of a task of that kind; `None` for a kind that is not known.
pub(super) fn work(kind: &str) -> Option<Work> {
    TASKS.iter().find(|(known, _)| *known == kind).map(|(_, work)| *work)
}

/// What is known around a word.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Around {
    /// The work of the task that it is about.
    pub(super) work: Option<Work>,
    /// Whether the recipient collects it.
    pub(super) collected: bool,
    /// Whether the slot lies ahead.
    pub(super) ahead: bool,
}

/// What a word does to the journey.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Move {
    /// Where it stands then; `None` where nothing moves.
    pub(super) status: Option<Status>,
    /// How.
    pub(super) movement: Movement,
    /// Why.
    pub(super) reason: Option<Reason>,
}

/// What `word` means; a word that the table does not have moves nothing and is counted as unmapped.
pub(super) fn read(word: &str, around: Around) -> Move {
    let forward = |status| Move { status: Some(status), movement: Movement::Forward, reason: None };
    let Some(row) = row_of(word) else { return forward(Status::Unknown) };
    match row.means {
        Is(Undeliverable) => Move { reason: Some(Reason::RecipientRefused), ..forward(Undeliverable) },
        Is(status) => forward(status),
        ByWork { picking, delivering, unsaid } => forward(match around.work {
            Some(Work::Picking) => picking,
            Some(Work::Delivering) => delivering,
            None => unsaid,
        }),
        ByEnd { brought, collected } => forward(if around.collected { collected } else { brought }),
        Back(status) => Move { movement: Movement::StepBack, ..forward(status) },
        Begins => forward(if around.ahead { Scheduled } else { Status::Created }),
        Update => Move { status: None, movement: Movement::Forward, reason: None },
    }
}

/// How a job is fulfilled.
pub(super) const MODELS: &[&str] = &[
    "FULL_SERVICE",
    "PICK_AND_COLLECT",
    "PICK_AND_COLLECT_NO_TRANSFER",
    "PICK_AND_DELIVERY",
    "PICK_AND_DELIVERY_WITH_STORAGE",
    "ZONE_PICKING_AND_DELIVERY_WITH_STORAGE",
];

/// Whether the recipient collects what is fulfilled so.
pub(super) fn is_collected(model: &str) -> bool {
    model.contains("COLLECT")
}
