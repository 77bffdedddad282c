//! The body of a response: read no further than the limit, and its content coding undone.

use std::io::{self, Read};

use flate2::read::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};
use http_body_util::BodyExt as _;
use hyper::{
    HeaderMap,
    body::{Body as _, Incoming},
    header::CONTENT_ENCODING,
};
use mtasts_core::FetchFailure;

use super::{FetchError, exchange::http_error};

/// A content coding (RFC 9110 §8.4.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Coding {
    Identity,
    Gzip,
    Deflate,
}

impl Coding {
    /// The coding of a response. `identity` is no coding, and two on top of each other are not
    /// undone: none was asked for in the first place.
    pub(super) fn of(headers: &HeaderMap) -> Result<Self, FetchError> {
        let values = headers.get_all(CONTENT_ENCODING);
        let values = values.iter().map(|value| String::from_utf8_lossy(value.as_bytes()));
        let listed = values.collect::<Vec<_>>().join(",").to_ascii_lowercase();
        let names = listed.split(',').map(str::trim);
        let names: Vec<&str> =
            names.filter(|name| !name.is_empty() && *name != "identity").collect();
        match names.as_slice() {
            [] => Ok(Self::Identity),
            ["gzip" | "x-gzip"] => Ok(Self::Gzip),
            ["deflate"] => Ok(Self::Deflate),
            _ => Err(FetchError::new(
                FetchFailure::ContentCoding,
                format!("the content coding is `{}`", names.join(", ")),
            )),
        }
    }

    /// Undoes the coding, as far as the result has at most `max_bytes`.
    pub(super) fn undo(self, body: Vec<u8>, max_bytes: usize) -> Result<Vec<u8>, FetchError> {
        let body = body.as_slice();
        match self {
            Self::Identity => Ok(body.to_vec()),
            Self::Gzip => inflate(MultiGzDecoder::new(body), max_bytes),
            // Some servers leave out the zlib frame (RFC 9110 §8.4.1.2).
            Self::Deflate if is_zlib(body) => inflate(ZlibDecoder::new(body), max_bytes),
            Self::Deflate => inflate(DeflateDecoder::new(body), max_bytes),
        }
    }
}

/// Whether octets begin as RFC 1950 §2.2 says: the method is deflate, and a check of 5 bits holds.
fn is_zlib(octets: &[u8]) -> bool {
    let [first, second, ..] = *octets else { return false };
    first & 0x0f == 8 && u16::from_be_bytes([first, second]).checked_rem(31) == Some(0)
}

fn inflate(decoder: impl Read, max_bytes: usize) -> Result<Vec<u8>, FetchError> {
    let one_more = u64::try_from(max_bytes).unwrap_or(u64::MAX).saturating_add(1);
    let mut decoded = Vec::new();
    match decoder.take(one_more).read_to_end(&mut decoded) {
        Ok(_) if decoded.len() > max_bytes => Err(FetchError::new(
            FetchFailure::TooLarge,
            format!("more than {max_bytes} bytes when decompressed"),
        )),
        Ok(_) => Ok(decoded),
        Err(error) => Err(FetchError::new(
            FetchFailure::ContentCoding,
            format!("the body cannot be decompressed: {}", cause(&error)),
        )),
    }
}

fn cause(error: &io::Error) -> String {
    if error.kind() == io::ErrorKind::UnexpectedEof {
        return "it ends in the middle".into();
    }
    error.to_string()
}

/// Reads a body of at most `max_bytes`.
pub(super) async fn read(mut body: Incoming, max_bytes: usize) -> Result<Vec<u8>, FetchError> {
    let announced = body.size_hint().lower();
    if u64::try_from(max_bytes).is_ok_and(|max| announced > max) {
        let detail = format!("announced with {announced} bytes, where {max_bytes} are allowed");
        return Err(FetchError::new(FetchFailure::TooLarge, detail));
    }
    let mut bytes = Vec::new();
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| {
            let mut error = http_error(&error);
            error.detail = format!("{} after {} bytes of the body", error.detail, bytes.len());
            error
        })?;
        // Trailers are not looked at.
        let Ok(data) = frame.into_data() else { continue };
        //= https://www.rfc-editor.org/rfc/rfc8461#section-3.3
        //# Senders MAY impose a timeout on the HTTPS GET and/or a limit on the maximum size of the
        //# response body
        if data.len() > max_bytes.saturating_sub(bytes.len()) {
            let detail = format!("more than {max_bytes} bytes");
            return Err(FetchError::new(FetchFailure::TooLarge, detail));
        }
        bytes.extend_from_slice(&data);
    }
    Ok(bytes)
}
