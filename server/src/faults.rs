//! How a document of an API tells the errors of a call: one response a status, with the codes behind it and the
//! headers that come along. For the native API and each dialect; knows none of their codes.

use std::collections::BTreeMap;

use http::StatusCode;
use utoipa::openapi::path::Operation;
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{
    ContentBuilder, HeaderBuilder, OpenApi, PathItem, Ref, RefOr, Response, ResponseBuilder,
};

/// Responses, as [`utoipa::IntoResponses`] gives them.
pub(crate) type Responses = BTreeMap<String, RefOr<Response>>;

/// One response for each status of `codes`, whose description names those that share it. Their body is the schema
/// of that name, told as `media_type`.
pub(crate) fn responses(
    codes: impl IntoIterator<Item = (StatusCode, String)>,
    schema: &str,
    media_type: &str,
) -> Responses {
    let mut by_status: BTreeMap<u16, Vec<String>> = BTreeMap::new();
    for (status, about) in codes {
        by_status.entry(status.as_u16()).or_default().push(about);
    }
    let response = |(status, about): (u16, Vec<String>)| {
        let content = ContentBuilder::new().schema(Some(Ref::from_schema_name(schema))).build();
        let mut response = ResponseBuilder::new().description(about.join("; ")).content(media_type, content);
        for (name, kind) in headers(status) {
            let schema = ObjectBuilder::new().schema_type(kind.clone()).build();
            response = response.header(*name, HeaderBuilder::new().schema(Some(schema)).build());
        }
        (status.to_string(), response.build().into())
    };
    by_status.into_iter().map(response).collect()
}

/// What goes along with a status (RFC 9110, 10.2.3 and 11.6.1).
const fn headers(status: u16) -> &'static [(&'static str, Type)] {
    match status {
        401 => &[("WWW-Authenticate", Type::String)],
        429 | 503 => &[("Retry-After", Type::Integer)],
        _ => &[],
    }
}

/// Adds to each call of `document` those of `responses` whose status it does not tell itself.
pub(crate) fn add_everywhere(document: &mut OpenApi, responses: &Responses) {
    for operation in document.paths.paths.values_mut().flat_map(operations) {
        for (status, response) in responses {
            operation.responses.responses.entry(status.clone()).or_insert_with(|| response.clone());
        }
    }
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    [&mut item.get, &mut item.post, &mut item.put, &mut item.delete].into_iter().filter_map(Option::as_mut)
}
