//! `GET /shipments`: a tenant's shipments, newest first, a page at a time.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use doorstep_model::status::Status;
use doorstep_model::time::Timestamp;
use doorstep_model::views::ClientView;
use form_urlencoded::Serializer;
use http::{HeaderValue, header};
use utoipa::{IntoParams, ToSchema};

use super::cursor;
use crate::api::docs::ListProblems;
use crate::api::extract::{AcceptsJson, ApiQuery, Caller, Parameters, Query, Readers};
use crate::api::{ApiState, ROOT};
use crate::problem::Problem;
use crate::store::{Filter, PageRequest, PageStart};

const USUAL_LIMIT: u32 = 50;
const HIGHEST_LIMIT: u32 = 200;

/// Which shipments.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code, reason = "documents the query, which is read by hand")]
struct ListParameters {
    /// Only those that stand at one of these; repeated, or with commas between.
    #[param(required = false, style = Form, explode)]
    status: Vec<Status>,
    /// Only those that changed at or after this.
    #[param(required = false, rename = "updatedSince")]
    updated_since: Timestamp,
    /// How many at most; 50 where it does not say.
    #[param(required = false, minimum = 1, maximum = 200)]
    limit: u32,
    /// Where the page begins: `newer` or `older` of another page.
    #[param(required = false, pattern = "^b[g-z0-9_-][A-Za-z0-9_-]{10}$")]
    cursor: String,
}

/// One page of a tenant's shipments.
#[derive(Debug, serde::Serialize, ToSchema)]
struct ShipmentPage {
    /// Newest first.
    shipments: Vec<ClientView>,
    /// The cursor of the page before, when there are newer shipments.
    #[serde(skip_serializing_if = "Option::is_none")]
    newer: Option<String>,
    /// The cursor of the next page, when there are older shipments.
    #[serde(skip_serializing_if = "Option::is_none")]
    older: Option<String>,
}

/// List shipments
///
/// Newest first. Pages stay stable while new shipments arrive; `Link` (RFC 8288) leads to the page before
/// (`prev`, newer ones) and the next (`next`, older ones). Takes the role manager or reader.
#[utoipa::path(
    get,
    path = "/shipments",
    tag = "shipments",
    operation_id = "listShipments",
    security(("apiKey" = [])),
    params(ListParameters),
    responses(
        (status = 200, description = "One page", body = ShipmentPage, headers(("Link" = String))),
        ListProblems,
    ),
)]
pub(super) async fn list(
    _: AcceptsJson,
    caller: Caller<Readers>,
    ApiQuery(wanted): ApiQuery<Wanted>,
    State(state): State<ApiState>,
) -> Result<Response, Problem> {
    let filter = Filter { statuses: wanted.statuses.clone(), updated_since: wanted.updated_since };
    let request = PageRequest { start: wanted.start, limit: wanted.limit };
    let page = state.app.store.shipments_of(caller.client.tenant, filter, request).await?;
    let newer = page.newer.and_then(|position| cursor::write(PageStart::NewerThan(position)));
    let older = page.older.and_then(|position| cursor::write(PageStart::OlderThan(position)));
    let links = [(&newer, "prev"), (&older, "next")];
    let links = links.iter().filter_map(|(cursor, rel)| Some(wanted.link(cursor.as_deref()?, rel)));
    let links = links.collect::<Vec<_>>().join(", ");
    let shipments = page.shipments.iter().map(|shipment| ClientView::of(shipment)).collect();
    let mut response = Json(ShipmentPage { shipments, newer, older }).into_response();
    if let Ok(links) = HeaderValue::try_from(links)
        && !links.is_empty()
    {
        response.headers_mut().insert(header::LINK, links);
    }
    Ok(response)
}

/// Which page of which shipments.
pub(super) struct Wanted {
    statuses: Vec<Status>,
    updated_since: Option<Timestamp>,
    limit: u32,
    start: PageStart,
}

impl Query for Wanted {
    fn from_query(parameters: &mut Parameters) -> Self {
        let mut statuses = Vec::new();
        for list in parameters.all("status") {
            for word in list.split(',') {
                match word.parse() {
                    Ok(status) if statuses.contains(&status) => {}
                    Ok(status) => statuses.push(status),
                    Err(error) => parameters.refuse("status", error),
                }
            }
        }
        let limit = |text: &str| match text.parse() {
            Ok(limit @ 1..=HIGHEST_LIMIT) => Ok(limit),
            _ => Err(format!("must be a whole number from 1 to {HIGHEST_LIMIT}")),
        };
        Self {
            statuses,
            updated_since: parameters.one("updatedSince", Timestamp::parse),
            limit: parameters.one("limit", limit).unwrap_or(USUAL_LIMIT),
            start: parameters.one("cursor", cursor::read).unwrap_or(PageStart::Newest),
        }
    }
}

impl Wanted {
    /// The link to the page at `cursor` with the same filters.
    fn link(&self, cursor: &str, rel: &str) -> String {
        let mut query = Serializer::new(String::new());
        for status in &self.statuses {
            query.append_pair("status", status.as_str());
        }
        if let Some(since) = self.updated_since {
            query.append_pair("updatedSince", &since.to_string());
        }
        query.append_pair("limit", &self.limit.to_string()).append_pair("cursor", cursor);
        format!("<{ROOT}/shipments?{}>; rel=\"{rel}\"", query.finish())
    }
}
