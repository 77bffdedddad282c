//! What a TLSRPT collector is told of a delivery attempt.

use core::ffi::c_char;

use mtasts_core::{
    PolicyDomain, ResultType,
    tlsrpt::{Datagram, FailureDetails, PolicyAttempt, PolicyType, ReportedPolicy},
};

use crate::{
    decision::Decision,
    error::Error,
    guard::{self, Poison, entry, handle},
    input,
    out::{Buffer, Out},
};

/// The address that the connection came from.
pub const MTASTS_DETAIL_SENDING_MTA_IP: i32 = 1;
/// The MX host's name in its MX record.
pub const MTASTS_DETAIL_RECEIVING_MX_HOSTNAME: i32 = 2;
/// The name with which the MX host greeted.
pub const MTASTS_DETAIL_RECEIVING_MX_HELO: i32 = 3;
/// The address that the connection went to.
pub const MTASTS_DETAIL_RECEIVING_IP: i32 = 4;
/// A URI with more information.
pub const MTASTS_DETAIL_ADDITIONAL_INFORMATION: i32 = 5;
/// A TLS library's error code or message.
pub const MTASTS_DETAIL_FAILURE_REASON_CODE: i32 = 6;

/// What a TLSRPT collector is to be told of one delivery attempt, for mail servers that do not report
/// by themselves: the policies that applied, and under each what failed.
#[derive(Debug)]
pub struct Report {
    poison: Poison,
    domain: PolicyDomain,
    datagram: Datagram,
    attempts: Vec<PolicyAttempt>,
    /// How many failures there are, in all.
    failures: usize,
}

handle!(Report);

/// Policies and failures in one report; an attempt has a handful.
const MAX_ITEMS: usize = 1000;

/// Begins the report of an attempt to deliver mail for a domain (a lookup key), with the answer to the
/// TXT query for its `_smtp._tls` name, given as for mtasts_record_select. Free `*out` with
/// mtasts_report_free.
///
/// Errors: MTASTS_ERR_TLSRPT_...: the domain wants no reports, so send none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtasts_report_new(
    domain: *const c_char,
    domain_len: usize,
    records: *const *const c_char,
    lengths: *const usize,
    count: usize,
    out: *mut *mut Report,
) -> i32 {
    entry(|| {
        // SAFETY: the header asks for it.
        let out = unsafe { Out::new(out) }?;
        // SAFETY: as above.
        let domain = unsafe { input::domain(domain, domain_len) }?;
        // SAFETY: as above.
        let records = unsafe { input::records(records, lengths, count) }?;
        let datagram = Datagram::new(&domain, &records)?;
        let (poison, attempts) = (Poison::default(), Vec::new());
        out.set_new(Report { poison, domain, datagram, attempts, failures: 0 });
        Ok(())
    })
}

/// Adds the policy of a decision for the domain, or that none was found. `success` (0 or 1) says whether
/// a TLS session was established as the policy demands, in the end. Failures that are added next are
/// failures under this policy.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtasts_report_add_policy(
    report: *mut Report,
    decision: *const Decision,
    success: i32,
) -> i32 {
    // SAFETY: the header asks for it.
    unsafe {
        guard::exclusive(report, |report| {
            let decision = decision.as_ref().ok_or(Error::NULL)?;
            let policy = ReportedPolicy::of(decision.core(), &report.domain);
            report.add(policy, success)
        })
    }
}

/// As mtasts_report_add_policy, for DANE: the MX host (or next hop) that owns the TLSA records, and each
/// of those as text (RFC 8460 section 4.5), in two arrays as for mtasts_record_select.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtasts_report_add_tlsa(
    report: *mut Report,
    host: *const c_char,
    host_len: usize,
    records: *const *const c_char,
    lengths: *const usize,
    count: usize,
    success: i32,
) -> i32 {
    // SAFETY: the header asks for it.
    unsafe {
        guard::exclusive(report, |report| {
            let domain = input::domain(host, host_len)?.as_str().to_owned();
            let strings = input::records(records, lengths, count)?.into_iter().map(|record| {
                core::str::from_utf8(record).map(ToOwned::to_owned).map_err(|_| Error::NOT_UTF8)
            });
            let strings = strings.collect::<Result<_, _>>()?;
            let policy_type = PolicyType::Tlsa;
            let policy = ReportedPolicy { policy_type, strings, domain, mx_hosts: Vec::new() };
            report.add(policy, success)
        })
    }
}

/// Adds a failure, a MTASTS_RESULT_..., under the policy that was added last. MTASTS_ERR_ABSENT before
/// any policy.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtasts_report_add_failure(report: *mut Report, result: i32) -> i32 {
    // SAFETY: the header asks for it.
    unsafe {
        guard::exclusive(report, |report| {
            let result = u16::try_from(result).ok().and_then(ResultType::from_number);
            let result = result.ok_or(Error::VALUE)?;
            if report.failures >= MAX_ITEMS {
                return Err(Error::LENGTH);
            }
            let attempt = report.attempts.last_mut().ok_or(Error::ABSENT)?;
            attempt.failures.push(FailureDetails::new(result));
            report.failures = report.failures.saturating_add(1);
            Ok(())
        })
    }
}

/// Says something about the failure that was added last: a MTASTS_DETAIL_... MTASTS_ERR_ABSENT before any
/// failure under the policy that was added last, MTASTS_ERR_VALUE for an address that is none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtasts_report_set_detail(
    report: *mut Report,
    detail: i32,
    text: *const c_char,
    text_len: usize,
) -> i32 {
    // SAFETY: the header asks for it.
    unsafe {
        guard::exclusive(report, |report| {
            let text = input::text(text, text_len)?;
            let attempt = report.attempts.last_mut().ok_or(Error::ABSENT)?;
            let failure = attempt.failures.last_mut().ok_or(Error::ABSENT)?;
            let address = || text.parse().map_err(|_| Error::VALUE);
            let owned = || Some(text.to_owned());
            match detail {
                MTASTS_DETAIL_SENDING_MTA_IP => failure.sending_mta_ip = Some(address()?),
                MTASTS_DETAIL_RECEIVING_MX_HOSTNAME => failure.receiving_mx_hostname = owned(),
                MTASTS_DETAIL_RECEIVING_MX_HELO => failure.receiving_mx_helo = owned(),
                MTASTS_DETAIL_RECEIVING_IP => failure.receiving_ip = Some(address()?),
                MTASTS_DETAIL_ADDITIONAL_INFORMATION => failure.additional_information = owned(),
                MTASTS_DETAIL_FAILURE_REASON_CODE => failure.failure_reason_code = owned(),
                _ => return Err(Error::VALUE),
            }
            Ok(())
        })
    }
}

/// The datagram, octet by octet as libtlsrpt writes it: one JSON object. Send it to the collector's Unix
/// socket (SOCK_DGRAM) without waiting, and do not mind when nobody listens there. MTASTS_ERR_ABSENT
/// without a policy.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtasts_report_datagram(
    report: *const Report,
    buf: *mut c_char,
    cap: usize,
    needed: *mut usize,
) -> i32 {
    // SAFETY: the header asks for it.
    unsafe {
        guard::shared(report, |report| {
            let buffer = Buffer::new(buf, cap, needed)?;
            let mut datagram = report.datagram.clone();
            report.attempts.iter().for_each(|attempt| datagram.push(attempt));
            buffer.write_text(&datagram.finish().ok_or(Error::ABSENT)?)
        })
    }
}

impl Report {
    fn add(&mut self, policy: ReportedPolicy, success: i32) -> Result<(), Error> {
        let is_success = match success {
            0 => false,
            1 => true,
            _ => return Err(Error::VALUE),
        };
        if self.attempts.len() >= MAX_ITEMS {
            return Err(Error::LENGTH);
        }
        self.attempts.push(PolicyAttempt { policy, failures: Vec::new(), is_success });
        Ok(())
    }
}

/// Frees a report. NULL is fine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtasts_report_free(report: *mut Report) {
    // SAFETY: the header asks for it.
    unsafe { guard::free(report) }
}
