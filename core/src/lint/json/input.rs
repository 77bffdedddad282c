//! A publication as JSON has it.

use alloc::{format, string::String, vec::Vec};
use core::{net::IpAddr, time::Duration};

use crate::{
    CertOutcome, DaneOutcome, DnsFailure, FetchFailure, PolicyDomain, TlsFailure, UnixMillis,
    json::{Error, Reader, members},
    lint::{
        AddressFacts, Certificate, DaneFacts, HttpFacts, MxFacts, MxHost, Previous, Publication,
        RecordSet, ResolverAnswer, SmtpFacts, TlsVersion, TlsaFacts, TxtRecord,
    },
};

type Read<T> = Result<T, Error>;

pub(super) fn publication(json: &mut Reader<'_>) -> Read<Publication> {
    let mut publication = Publication::default();
    members!(json {
        "domain" => publication.domain = json.optional(domain)?,
        "txt" => publication.txt = json.optional(record_set)?,
        "policy" => publication.policy = json.optional(octets)?,
        "http" => publication.http = json.optional(http)?,
        "mx" => publication.mx = json.optional(mx)?,
        "tlsrpt" => publication.tlsrpt = json.optional(record_set)?,
        "dane" => publication.dane = json.optional(dane)?,
        "previous" => publication.previous = json.optional(previous)?,
        "now" => publication.now = json.optional(moment)?,
    })?;
    Ok(publication)
}

fn domain(json: &mut Reader<'_>) -> Read<PolicyDomain> {
    let domain = json.string()?;
    PolicyDomain::from_lookup_key(&domain).map_err(|error| json.error(format!("`domain`: {error}")))
}

/// Whole seconds since 1970-01-01 00:00 UTC.
fn moment(json: &mut Reader<'_>) -> Read<UnixMillis> {
    json.number().map(UnixMillis::from_secs)
}

/// A string stands for its UTF-8, and `{"hex": "…"}` for any octets.
fn octets(json: &mut Reader<'_>) -> Read<Vec<u8>> {
    if json.peek() != Some(b'{') {
        return json.string_or("a string or octets in an object").map(String::into_bytes);
    }
    let mut octets = None;
    members!(json { "hex" => octets = Some(hex(json)?), })?;
    octets.ok_or_else(|| json.missing("hex"))
}

fn hex(json: &mut Reader<'_>) -> Read<Vec<u8>> {
    let digits = json.string()?;
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let pairs = digits.as_bytes().chunks(2).map(|pair| match pair {
        [high, low] => Some(digit(*high)? << 4 | digit(*low)?),
        _ => None,
    });
    let octets: Option<Vec<u8>> = pairs.collect();
    octets.ok_or_else(|| json.error("`hex` is not pairs of hexadecimal digits"))
}

/// A TXT record: its text, or a list of its character-strings.
fn record(json: &mut Reader<'_>) -> Read<TxtRecord> {
    let strings =
        if json.peek() == Some(b'[') { json.list(octets)? } else { Vec::from([octets(json)?]) };
    Ok(TxtRecord { strings })
}

fn record_set(json: &mut Reader<'_>) -> Read<RecordSet> {
    let mut set = RecordSet::default();
    members!(json {
        "records" => set.records = json.list(record)?,
        "ttl" => set.ttl = json.optional(Reader::number)?,
        "cname" => set.cname = json.list(Reader::string)?,
        "failure" => set.failure = json.optional(dns_failure)?,
        "pasted" => set.pasted = json.boolean()?,
        "resolvers" => set.resolvers = json.list(resolver)?,
    })?;
    Ok(set)
}

fn resolver(json: &mut Reader<'_>) -> Read<ResolverAnswer> {
    let (mut name, mut records, mut failure) = (None, Vec::new(), None);
    members!(json {
        "resolver" => name = Some(json.string()?),
        "records" => records = json.list(record)?,
        "failure" => failure = json.optional(dns_failure)?,
    })?;
    let resolver = name.ok_or_else(|| json.missing("resolver"))?;
    Ok(ResolverAnswer { resolver, records: failure.map_or(Ok(records), Err) })
}

fn http(json: &mut Reader<'_>) -> Read<HttpFacts> {
    let mut facts = HttpFacts::default();
    members!(json {
        "failure" => facts.failure = json.optional(fetch_failure)?,
        "detail" => facts.detail = json.string()?,
        "status" => facts.status = json.optional(Reader::number)?,
        "headers" => facts.headers = json.optional(|json| json.list(header))?,
        "body_length" => facts.body_length = json.optional(Reader::number)?,
        "cname" => facts.cname = json.list(Reader::string)?,
        "addresses" => facts.addresses = json.list(address)?,
        "certificate" => facts.certificate = json.optional(certificate)?,
        "tls_version" => facts.tls_version = json.optional(tls_version)?,
        "duration_ms" => facts.duration = json.optional(Reader::number)?.map(Duration::from_millis),
    })?;
    Ok(facts)
}

fn header(json: &mut Reader<'_>) -> Read<(String, String)> {
    let pair = json.list(Reader::string)?;
    let pair = <[String; 2]>::try_from(pair);
    pair.map(Into::into).map_err(|_| json.error("a header is a list of its name and its value"))
}

fn address(json: &mut Reader<'_>) -> Read<AddressFacts> {
    let (mut address, mut failure, mut same_body) = (None, None, None);
    members!(json {
        "address" => address = Some(ip_address(json)?),
        "failure" => failure = json.optional(fetch_failure)?,
        "same_body" => same_body = json.optional(Reader::boolean)?,
    })?;
    let address = address.ok_or_else(|| json.missing("address"))?;
    Ok(AddressFacts { address, failure, same_body })
}

fn ip_address(json: &mut Reader<'_>) -> Read<IpAddr> {
    json.string()?.parse().map_err(|_| json.error("not an IP address"))
}

fn certificate(json: &mut Reader<'_>) -> Read<Certificate> {
    let mut certificate = Certificate::default();
    members!(json {
        "names" => certificate.names = json.optional(strings)?,
        "common_name" => certificate.common_name = json.optional(Reader::string)?,
        "not_after" => certificate.not_after = json.optional(moment)?,
        "chain_complete" => certificate.chain_complete = json.optional(Reader::boolean)?,
    })?;
    Ok(certificate)
}

fn strings(json: &mut Reader<'_>) -> Read<Vec<String>> {
    json.list(Reader::string)
}

fn mx(json: &mut Reader<'_>) -> Read<MxFacts> {
    let mut facts = MxFacts::default();
    members!(json {
        "hosts" => facts.hosts = json.list(mx_host)?,
        "failure" => facts.failure = json.optional(dns_failure)?,
    })?;
    Ok(facts)
}

fn mx_host(json: &mut Reader<'_>) -> Read<MxHost> {
    let (mut host, mut facts) = (None, MxHost::default());
    members!(json {
        "host" => host = Some(json.string()?),
        "preference" => facts.preference = json.optional(Reader::number)?,
        "cname" => facts.cname = json.optional(Reader::string)?,
        "has_address" => facts.has_address = json.optional(Reader::boolean)?,
        "smtp" => facts.smtp = json.optional(smtp)?,
    })?;
    facts.host = host.ok_or_else(|| json.missing("host"))?;
    Ok(facts)
}

fn smtp(json: &mut Reader<'_>) -> Read<SmtpFacts> {
    let mut facts = SmtpFacts::default();
    members!(json {
        "failure" => facts.failure = json.optional(Reader::string)?,
        "starttls" => facts.starttls = json.boolean()?,
        "certificate" => facts.certificate = json.optional(cert_outcome)?,
        "names" => facts.names = json.optional(strings)?,
        "days_left" => facts.days_left = json.optional(Reader::integer)?,
        "tls_version" => facts.tls_version = json.optional(tls_version)?,
    })?;
    Ok(facts)
}

fn dane(json: &mut Reader<'_>) -> Read<DaneFacts> {
    let mut facts = DaneFacts::default();
    members!(json {
        "mx_signed" => facts.mx_signed = json.optional(Reader::boolean)?,
        "tlsa" => facts.tlsa = json.list(tlsa)?,
    })?;
    Ok(facts)
}

fn tlsa(json: &mut Reader<'_>) -> Read<TlsaFacts> {
    let (mut host, mut facts) = (None, TlsaFacts::default());
    members!(json {
        "host" => host = Some(json.string()?),
        "signed" => facts.signed = json.boolean()?,
        "usages" => facts.usages = json.list(Reader::number)?,
        "outcome" => facts.outcome = json.optional(dane_outcome)?,
    })?;
    facts.host = host.ok_or_else(|| json.missing("host"))?;
    Ok(facts)
}

fn previous(json: &mut Reader<'_>) -> Read<Previous> {
    let mut previous = Previous::default();
    members!(json {
        "id" => previous.id = json.optional(Reader::string)?,
        "policy" => previous.policy = json.optional(octets)?,
        "seen_at" => previous.seen_at = json.optional(moment)?,
        "mode_since" => previous.mode_since = json.optional(moment)?,
    })?;
    Ok(previous)
}

fn dns_failure(json: &mut Reader<'_>) -> Read<DnsFailure> {
    json.choice(&[
        ("timeout", DnsFailure::Timeout),
        ("servfail", DnsFailure::ServFail),
        ("refused", DnsFailure::Refused),
        ("failed", DnsFailure::Other),
    ])
}

fn fetch_failure(json: &mut Reader<'_>) -> Read<FetchFailure> {
    json.choice(&[
        ("no-address", FetchFailure::NoAddress),
        ("dns-timeout", FetchFailure::Dns(DnsFailure::Timeout)),
        ("dns-servfail", FetchFailure::Dns(DnsFailure::ServFail)),
        ("dns-refused", FetchFailure::Dns(DnsFailure::Refused)),
        ("dns-failed", FetchFailure::Dns(DnsFailure::Other)),
        ("address-refused", FetchFailure::AddressRefused),
        ("connect", FetchFailure::Connect),
        ("timeout", FetchFailure::Timeout),
        ("http", FetchFailure::Http),
        ("media-type", FetchFailure::MediaType),
        ("content-coding", FetchFailure::ContentCoding),
        ("too-large", FetchFailure::TooLarge),
        ("truncated", FetchFailure::Truncated),
        ("busy", FetchFailure::Busy),
        ("tls-name", FetchFailure::Tls(TlsFailure::NameMismatch)),
        ("tls-expired", FetchFailure::Tls(TlsFailure::Expired)),
        ("tls-not-yet-valid", FetchFailure::Tls(TlsFailure::NotYetValid)),
        ("tls-untrusted", FetchFailure::Tls(TlsFailure::Untrusted)),
        ("tls-certificate", FetchFailure::Tls(TlsFailure::BadCertificate)),
        ("tls-handshake", FetchFailure::Tls(TlsFailure::Handshake)),
    ])
}

fn tls_version(json: &mut Reader<'_>) -> Read<TlsVersion> {
    json.choice(&[
        ("SSL 3.0", TlsVersion::Ssl3),
        ("TLS 1.0", TlsVersion::Tls10),
        ("TLS 1.1", TlsVersion::Tls11),
        ("TLS 1.2", TlsVersion::Tls12),
        ("TLS 1.3", TlsVersion::Tls13),
    ])
}

fn cert_outcome(json: &mut Reader<'_>) -> Read<CertOutcome> {
    json.choice(&[
        ("valid", CertOutcome::Valid),
        ("expired", CertOutcome::Expired),
        ("name-mismatch", CertOutcome::NameMismatch),
        ("untrusted", CertOutcome::Untrusted),
        ("invalid", CertOutcome::Invalid),
    ])
}

fn dane_outcome(json: &mut Reader<'_>) -> Read<DaneOutcome> {
    json.choice(&[
        ("none", DaneOutcome::None),
        ("insecure", DaneOutcome::Insecure),
        ("pass", DaneOutcome::Pass),
        ("fail", DaneOutcome::Fail),
        ("lookup-error", DaneOutcome::LookupError),
        ("unusable", DaneOutcome::Unusable),
    ])
}
