//! Every column of the file is used once or ignored by name: a column that the mapping forgets would be
//! lost in silence, one used twice would tell the same thing as two.

use std::collections::HashSet;

use super::file::{File, Text};
use super::locate::Problems;

/// Every place where the mapping names a column.
pub(super) fn mentions(file: &File) -> Vec<&Text> {
    let shipment = &file.shipment;
    let recipient = &shipment.recipient;
    let single = [
        Some(&shipment.tracking_id),
        shipment.reference.as_ref(),
        shipment.promise.as_ref().map(|promise| &promise.column),
        recipient.name.as_ref(),
        recipient.phone.as_ref(),
        recipient.email.as_ref(),
        shipment.courier.name.as_ref(),
        shipment.courier.phone.as_ref(),
        file.state.as_ref().map(|state| &state.column),
    ];
    single
        .into_iter()
        .flatten()
        .chain(&shipment.origin)
        .chain(&recipient.address)
        .chain(file.events.iter().map(|event| &event.column))
        .chain(&file.ignore)
        .collect()
}

/// Complains of columns that the file has not, that are used twice, and that are forgotten.
pub(super) fn check(file: &File, header: &[String], problems: &mut Problems<'_>) {
    let mut seen = HashSet::new();
    for mention in mentions(file) {
        let name = mention.as_ref();
        if !header.contains(name) {
            problems
                .at(mention.span(), format!("the file has no column {name:?}; it has {}", header.join(", ")));
        } else if !seen.insert(name) {
            problems.at(mention.span(), format!("column {name:?} is used twice"));
        }
    }
    for forgotten in header.iter().filter(|name| !seen.contains(name)) {
        problems.about(format!("column {forgotten:?} of the file is neither used nor in `ignore`"));
    }
}
