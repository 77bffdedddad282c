//! Reports from JSON.

use alloc::{borrow::ToOwned, string::String, vec, vec::Vec};
use core::net::IpAddr;

use super::{
    PolicyResult, Report, ReportError, ReportErrorKind, SessionFailures, date,
    json::{Json, Member},
};
use crate::{
    UnixMillis,
    tlsrpt::{FailureDetails, PolicyType, ReportedPolicy, ResultType},
};

pub(super) fn report(text: &str) -> Result<Report, ReportError> {
    let json = Json::parse(text)?;
    let root = Member::root(&json);
    let organization_name = string(&root, "organization-name")?;
    let date_range = root.required("date-range")?;
    Ok(Report {
        organization_name,
        start: moment(&date_range, "start-datetime")?,
        end: moment(&date_range, "end-datetime")?,
        contact_info: string(&root, "contact-info")?,
        report_id: string(&root, "report-id")?,
        policies: root.required("policies")?.items(policy_result)?,
    })
}

fn policy_result(item: &Member<'_>) -> Result<PolicyResult, ReportError> {
    let policy = policy(&item.required("policy")?)?;
    let summary = item.required("summary")?;
    let failures = match item.optional("failure-details")? {
        Some(failures) => failures.items(session_failures)?,
        None => Vec::new(),
    };
    Ok(PolicyResult {
        policy,
        successful_sessions: summary.required("total-successful-session-count")?.count()?,
        failed_sessions: summary.required("total-failure-session-count")?.count()?,
        failures,
    })
}

fn policy(policy: &Member<'_>) -> Result<ReportedPolicy, ReportError> {
    let policy_type = policy.required("policy-type")?;
    let unknown = || policy_type.error(ReportErrorKind::UnknownPolicyType);
    let texts = |member: &Member<'_>| member.items(|item| item.text().map(ToOwned::to_owned));
    let strings = match policy.optional("policy-string")? {
        Some(strings) => texts(&strings)?,
        None => Vec::new(),
    };
    let mx_hosts = match policy.optional("mx-host")? {
        Some(host) if host.is_text() => vec![host.text()?.to_owned()],
        Some(hosts) => texts(&hosts)?,
        None => Vec::new(),
    };
    Ok(ReportedPolicy {
        policy_type: PolicyType::from_name(policy_type.text()?).ok_or_else(unknown)?,
        strings,
        domain: string(policy, "policy-domain")?,
        mx_hosts,
    })
}

fn session_failures(item: &Member<'_>) -> Result<SessionFailures, ReportError> {
    let result_type = item.required("result-type")?;
    let unknown = || result_type.error(ReportErrorKind::UnknownResultType);
    let details = FailureDetails {
        result_type: ResultType::from_name(result_type.text()?).ok_or_else(unknown)?,
        sending_mta_ip: address(item, "sending-mta-ip")?,
        receiving_mx_hostname: optional_string(item, "receiving-mx-hostname")?,
        receiving_mx_helo: optional_string(item, "receiving-mx-helo")?,
        receiving_ip: address(item, "receiving-ip")?,
        additional_information: optional_string(item, "additional-information")?,
        failure_reason_code: optional_string(item, "failure-reason-code")?,
    };
    Ok(SessionFailures { details, sessions: item.required("failed-session-count")?.count()? })
}

fn string(object: &Member<'_>, name: &'static str) -> Result<String, ReportError> {
    object.required(name)?.text().map(ToOwned::to_owned)
}

fn optional_string(object: &Member<'_>, name: &'static str) -> Result<Option<String>, ReportError> {
    match object.optional(name)? {
        Some(member) => member.text().map(|text| Some(text.to_owned())),
        None => Ok(None),
    }
}

fn address(object: &Member<'_>, name: &'static str) -> Result<Option<IpAddr>, ReportError> {
    let Some(member) = object.optional(name)? else { return Ok(None) };
    let address = member.text()?.parse();
    address.map(Some).map_err(|_| member.error(ReportErrorKind::NoAddress))
}

fn moment(object: &Member<'_>, name: &'static str) -> Result<UnixMillis, ReportError> {
    let member = object.required(name)?;
    date::parse(member.text()?).ok_or_else(|| member.error(ReportErrorKind::NoDateTime))
}
