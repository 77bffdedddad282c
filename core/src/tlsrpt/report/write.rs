//! Reports to JSON. The members are in the order in which RFC 8460 §4.4 has them.

use alloc::{
    string::{String, ToString as _},
    vec::Vec,
};
use core::net::IpAddr;

use serde::Serialize;

use super::{
    PolicyResult, Report, ReportError, ReportErrorKind, SessionFailures, date::DateTime,
    error::Path, json::noncharacter,
};
use crate::tlsrpt::ReportedPolicy;

pub(super) fn report(report: &Report) -> Result<String, ReportError> {
    let unwritable = |problem| Path::ROOT.error(ReportErrorKind::NoJson(problem));
    let json = serde_json::to_string(&JsonReport::new(report))
        .map_err(|error| unwritable(error.to_string()))?;
    noncharacter(&json).map_or(Ok(()), |problem| Err(unwritable(problem.to_string())))?;
    Ok(json)
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct JsonReport<'a> {
    organization_name: &'a str,
    date_range: JsonRange,
    contact_info: &'a str,
    report_id: &'a str,
    policies: Vec<JsonResult<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct JsonRange {
    start_datetime: String,
    end_datetime: String,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct JsonResult<'a> {
    policy: JsonPolicy<'a>,
    summary: JsonSummary,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    failure_details: Vec<JsonFailures<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct JsonPolicy<'a> {
    policy_type: &'static str,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    policy_string: &'a [String],
    policy_domain: &'a str,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    mx_host: &'a [String],
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct JsonSummary {
    total_successful_session_count: u64,
    total_failure_session_count: u64,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct JsonFailures<'a> {
    result_type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    sending_mta_ip: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    receiving_mx_hostname: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    receiving_mx_helo: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    receiving_ip: Option<String>,
    failed_session_count: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    additional_information: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    failure_reason_code: Option<&'a str>,
}

impl<'a> JsonReport<'a> {
    fn new(report: &'a Report) -> Self {
        Self {
            organization_name: &report.organization_name,
            date_range: JsonRange {
                start_datetime: DateTime(report.start).to_string(),
                end_datetime: DateTime(report.end).to_string(),
            },
            contact_info: &report.contact_info,
            report_id: &report.report_id,
            policies: report.policies.iter().map(JsonResult::new).collect(),
        }
    }
}

impl<'a> JsonResult<'a> {
    fn new(result: &'a PolicyResult) -> Self {
        let ReportedPolicy { policy_type, strings, domain, mx_hosts } = &result.policy;
        Self {
            policy: JsonPolicy {
                policy_type: policy_type.as_str(),
                policy_string: strings,
                policy_domain: domain,
                mx_host: mx_hosts,
            },
            summary: JsonSummary {
                total_successful_session_count: result.successful_sessions,
                total_failure_session_count: result.failed_sessions,
            },
            failure_details: result.failures.iter().map(JsonFailures::new).collect(),
        }
    }
}

impl<'a> JsonFailures<'a> {
    fn new(SessionFailures { details, sessions }: &'a SessionFailures) -> Self {
        let address = |address: Option<IpAddr>| address.map(|address| address.to_string());
        Self {
            result_type: details.result_type.as_str(),
            sending_mta_ip: address(details.sending_mta_ip),
            receiving_mx_hostname: details.receiving_mx_hostname.as_deref(),
            receiving_mx_helo: details.receiving_mx_helo.as_deref(),
            receiving_ip: address(details.receiving_ip),
            failed_session_count: *sessions,
            additional_information: details.additional_information.as_deref(),
            failure_reason_code: details.failure_reason_code.as_deref(),
        }
    }
}
