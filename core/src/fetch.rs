//! What counts as a fetched policy (RFC 8461 §3.2 and §3.3).

use alloc::{string::String, sync::Arc, vec::Vec};

use crate::{FailureKind, FetchFailure, Parsed, Policy};

/// The path of a policy on its policy host (RFC 8461 §3.2).
pub const WELL_KNOWN_PATH: &str = "/.well-known/mta-sts.txt";

/// What came of a fetch: a complete HTTP response, or why there is none, with the caller's words on it.
pub type Fetched = Result<Response, (FetchFailure, Arc<str>)>;

/// A complete HTTP response with its content coding undone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response {
    /// The status code.
    pub status: u16,
    /// The `Content-Type` field, where there is one.
    pub content_type: Option<String>,
    /// The body.
    pub body: Vec<u8>,
}

/// Reads the policy from a response, by the rules of RFC 8461 §3.2 and §3.3: status 200 only,
/// `text/plain` with any parameters, a body of at most `max_bytes`.
///
/// # Errors
///
/// Says which rule the response breaks.
pub fn read_policy(response: &Response, max_bytes: usize) -> Result<Parsed, FailureKind> {
    match response.status {
        //= https://www.rfc-editor.org/rfc/rfc8461#section-3.3
        //# Policies fetched via HTTPS are only valid if the HTTP response code is 200 (OK).
        200 => {}
        //= https://www.rfc-editor.org/rfc/rfc8461#section-3.3
        //# HTTP 3xx redirects MUST NOT be followed
        status @ 300..=399 => return Err(FailureKind::Fetch(FetchFailure::Redirect(status))),
        status => return Err(FailureKind::Fetch(FetchFailure::Status(status))),
    }
    //= https://www.rfc-editor.org/rfc/rfc8461#section-3.2
    //# When fetching a policy, senders SHOULD validate that the media type is "text/plain"
    if !response.content_type.as_deref().is_some_and(is_text_plain) {
        return Err(FailureKind::Fetch(FetchFailure::MediaType));
    }
    if response.body.len() > max_bytes {
        return Err(FailureKind::Fetch(FetchFailure::TooLarge));
    }
    Policy::parse(&response.body).map_err(FailureKind::Policy)
}

fn is_text_plain(content_type: &str) -> bool {
    //= https://www.rfc-editor.org/rfc/rfc8461#section-3.2
    //# All parameters other than charset=utf-8 or charset=us-ascii are ignored. Additional
    //# "Content-Type" parameters are also ignored.
    let essence = content_type.split(';').next().unwrap_or_default();
    essence.trim_matches([' ', '\t']).eq_ignore_ascii_case("text/plain")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn response(status: u16, content_type: Option<&str>) -> Response {
        Response {
            status,
            content_type: content_type.map(Into::into),
            body: b"version: STSv1\nmode: none\nmax_age: 1\n".to_vec(),
        }
    }

    //= https://www.rfc-editor.org/rfc/rfc8461#section-3.3
    //= type=test
    //# Policies fetched via HTTPS are only valid if the HTTP response code is 200 (OK).
    #[test]
    fn only_200_counts() {
        for status in [100, 201, 202, 204, 206, 304, 404, 500] {
            assert!(read_policy(&response(status, Some("text/plain")), 1000).is_err());
        }
        assert!(read_policy(&response(200, Some("text/plain")), 1000).is_ok());
    }

    //= https://www.rfc-editor.org/rfc/rfc8461#section-3.2
    //= type=test
    //# When fetching a policy, senders SHOULD validate that the media type is "text/plain"
    //= https://www.rfc-editor.org/rfc/rfc8461#section-3.2
    //= type=test
    //# All parameters other than charset=utf-8 or charset=us-ascii are ignored. Additional
    //# "Content-Type" parameters are also ignored.
    #[test]
    fn media_type_parameters_are_ignored() {
        for good in ["text/plain", "TEXT/Plain; charset=latin1", "text/plain ;x", " text/plain"] {
            assert!(read_policy(&response(200, Some(good)), 1000).is_ok(), "{good}");
        }
        for bad in ["", "plain", "text/html", "text/plainly", "text/plain, text/html"] {
            assert_eq!(
                read_policy(&response(200, Some(bad)), 1000),
                Err(FailureKind::Fetch(FetchFailure::MediaType)),
                "{bad}"
            );
        }
        assert!(read_policy(&response(200, None), 1000).is_err());
    }

    #[test]
    fn a_body_over_the_limit_is_refused_whole() {
        assert_eq!(
            read_policy(&response(200, Some("text/plain")), 10),
            Err(FailureKind::Fetch(FetchFailure::TooLarge))
        );
    }
}
