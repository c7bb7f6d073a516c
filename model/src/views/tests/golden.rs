//! The wire form of each view. A change here is a change for every client, widget and cache: make it
//! on purpose, with `UPDATE_GOLDEN=1 cargo test -p doorstep-model`.

use std::path::PathBuf;

use super::{FixedDays, json, shipment};
use crate::views::{ClientEvent, ClientView, CourierView, PublicView, RecipientView, SupportView};

fn check(name: &str, view: &impl serde::Serialize) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src/views/tests").join(format!("{name}.json"));
    let is = json(view) + "\n";
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, &is).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    assert_eq!(is, expected, "{name} differs from {}", path.display());
}

#[test]
fn each_view_has_the_form_that_clients_know() {
    let shipment = shipment();
    check("public", &PublicView::of(&shipment, &FixedDays));
    check("recipient", &RecipientView::of(&shipment));
    check("courier", &CourierView::of(&shipment));
    check("support", &SupportView::of(&shipment));
    check("client", &ClientView::of(&shipment));
    check("events", &shipment.events().iter().map(ClientEvent::of).collect::<Vec<_>>());
}

#[test]
fn the_widget_reads_back_what_the_server_wrote() {
    let public = PublicView::of(&shipment(), &FixedDays);
    let recipient = RecipientView::of(&shipment());
    assert_eq!(serde_json::from_str::<PublicView>(&json(&public)).ok(), Some(public));
    assert_eq!(serde_json::from_str::<RecipientView>(&json(&recipient)).ok(), Some(recipient));
}
