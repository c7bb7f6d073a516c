//! The pages of the desk, in English: they are for whoever tries Doorstep, as the command line is.

use axum::response::{Html, IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use maud::{DOCTYPE, Markup, html};
use serde_json::Value;

use crate::demo::links::Links;

/// Every sample, and how to get in.
pub(super) fn list(links: &Links) -> Response {
    let main = html! {
        h1 { "Sample deliveries" }
        p { "Each lives through its journey again and again. Open one as its recipient, and its courier in a second window." }
        ul.samples {
            @for link in &links.links {
                li {
                    strong { (link.scenario) }
                    span.ways {
                        a href={ "/t/" (link.tracking_id) } { "what everybody sees" }
                        form method="post" action={ "/demo/" (link.tracking_id) "/open" } {
                            button { "open as recipient" }
                        }
                        a href={ "/demo/" (link.tracking_id) "/courier" } { "courier" }
                    }
                    @if let Some(digits) = &link.phone_digits {
                        p { "The recipient's phone ends in " b { (digits) } "." }
                    }
                }
            }
        }
        p { "One-time codes by e-mail are printed where the demo runs." }
        p { a href=(links.shop) { "A shop's page with the tag in it" } ", after an order." }
    };
    page(StatusCode::OK, "Doorstep's demo", &main)
}

/// What the carrier knows of a delivery, and a field for the code.
pub(super) fn courier(shipment: &Value, said: Option<&str>) -> Response {
    let text = |pointer: &str| shipment.pointer(pointer).and_then(Value::as_str).unwrap_or("–").to_owned();
    let words: Option<Vec<&str>> = shipment
        .pointer("/code/handshake")
        .and_then(Value::as_array)
        .map(|words| words.iter().filter_map(Value::as_str).collect());
    let main = html! {
        h1 { "The courier of " (text("/trackingId")) }
        @if let Some(said) = said { p.said role="status" { (said) } }
        dl {
            dt { "Status" } dd { (text("/status")) }
            dt { "To" } dd { (text("/recipient/name")) ", " (text("/recipient/address")) }
            dt { "Comment" } dd { (text("/preferences/comment/value")) }
            dt { "Handover" } dd { (text("/preferences/contactless/value/handover")) }
            @if let Some(words) = &words {
                dt { "Words to show the recipient" } dd.words { (words.join(" ")) }
            }
            @if shipment.pointer("/code").is_some() {
                dt { "Code" } dd { (text("/code/state")) }
            }
        }
        @if words.is_some() {
            form method="post" {
                label for="code" { "The code that the recipient tells" }
                input #code name="code" inputmode="numeric" autocomplete="off" required maxlength="8";
                button { "Enter" }
            }
        }
        p { a href="" { "Look again" } " · " a href="/demo" { "All deliveries" } }
    };
    page(StatusCode::OK, "Courier", &main)
}

/// Something that could not be done.
pub(super) fn failed(status: StatusCode) -> Response {
    page(
        status,
        "Not possible",
        &html! { h1 { "That is not possible just now" } p { (status) } p { a href="/demo" { "All deliveries" } } },
    )
}

fn page(status: StatusCode, title: &str, main: &Markup) -> Response {
    let markup = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) }
                link rel="stylesheet" href="/demo/desk.css";
                link rel="icon" type="image/svg+xml" href="/favicon.svg";
            }
            body { main { (main) } }
        }
    };
    let mut response = (status, Html(markup.into_string())).into_response();
    let policy = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
