//! One way to fail, with its circumstances.

use alloc::string::String;
use core::net::IpAddr;

use super::ResultType;

/// A failure to reach an MX host over TLS as the policy demands, or to find the policy, and its
/// circumstances as far as they are known (RFC 8460 §4.4).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FailureDetails {
    /// What failed.
    pub result_type: ResultType,
    /// The address that the connection came from.
    pub sending_mta_ip: Option<IpAddr>,
    /// The MX host's name in its MX record.
    pub receiving_mx_hostname: Option<String>,
    /// The name with which the MX host greeted.
    pub receiving_mx_helo: Option<String>,
    /// The address that the connection went to.
    pub receiving_ip: Option<IpAddr>,
    /// In reports, a URI with more information (RFC 3986).
    pub additional_information: Option<String>,
    /// A TLS library's error code or message.
    pub failure_reason_code: Option<String>,
}

impl FailureDetails {
    /// A failure of which nothing more is known.
    #[must_use]
    pub const fn new(result_type: ResultType) -> Self {
        Self {
            result_type,
            sending_mta_ip: None,
            receiving_mx_hostname: None,
            receiving_mx_helo: None,
            receiving_ip: None,
            additional_information: None,
            failure_reason_code: None,
        }
    }
}
