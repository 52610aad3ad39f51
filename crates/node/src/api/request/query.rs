//! Query parameters. Unknown ones are ignored, as Python nodes do.

use std::collections::HashMap;
use std::ops::RangeInclusive;

use actix_web::HttpRequest;
use actix_web::web::Query;
use ledger_core::Printable;

use super::encoding;
use crate::api::ApiError;

/// Parses an integer from the query, or returns the default.
///
/// # Errors
///
/// [`ApiError::Bad`] with the parameter and its range.
pub(in crate::api) fn number(
    request: &HttpRequest,
    name: &str,
    range: RangeInclusive<u64>,
    default: u64,
) -> Result<u64, ApiError> {
    let Some(text) = text(request, name)? else { return Ok(default) };
    let number = text.parse().ok().filter(|number| range.contains(number));
    number.ok_or_else(|| ApiError::Bad(format!("{name} must be a whole number from {}", bounds(&range))))
}

/// A parameter of the query, decoded.
///
/// # Errors
///
/// [`ApiError::Bad`] if the query is not well-formed.
pub(in crate::api) fn text(request: &HttpRequest, name: &str) -> Result<Option<String>, ApiError> {
    encoding::check("query", request.query_string())?;
    let parameters = Query::<HashMap<String, String>>::from_query(request.query_string());
    let mut parameters = parameters.map_err(|error| {
        ApiError::Bad(format!("the query is not well-formed: {}", Printable::foreign(error)))
    })?;
    Ok(parameters.remove(name))
}

fn bounds(range: &RangeInclusive<u64>) -> String {
    if *range.end() == u64::MAX {
        format!("{} on", range.start())
    } else {
        format!("{} to {}", range.start(), range.end())
    }
}
