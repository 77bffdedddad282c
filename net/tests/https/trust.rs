//! Trusted roots, and the judgement of certificates by them.

use core::time::Duration;
use std::fs;

use mtasts_core::TlsFailure;
use mtasts_net::https::{TrustError, TrustSources, TrustStore};
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, ExtendedKeyUsagePurpose, IsCa, KeyPair,
    SanType,
};
use rustls::pki_types::{CertificateDer, UnixTime};
use testkit::world::World;

use crate::HOST;

/// 2026-01-01T00:00:00Z
const NOW: UnixTime = UnixTime::since_unix_epoch(Duration::from_secs(1_767_225_600));

type Issuer = CertifiedIssuer<'static, KeyPair>;

fn ca() -> Issuer {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

fn roots(ca: &Issuer) -> TrustStore {
    TrustStore::from_pem("ca", ca.pem().as_bytes()).unwrap()
}

fn issue(ca: &Issuer, adjust: impl FnOnce(&mut CertificateParams)) -> CertificateDer<'static> {
    let mut params = CertificateParams::new([HOST.to_owned()]).unwrap();
    adjust(&mut params);
    params.signed_by(&KeyPair::generate().unwrap(), ca).unwrap().der().clone()
}

#[test]
fn a_certificate_is_judged_for_a_name_at_a_time() {
    let ca = ca();
    let chain = [issue(&ca, |_| ())];
    let roots = roots(&ca);
    assert_eq!(roots.verify(&chain, HOST, NOW), Ok(()));
    assert_eq!(roots.verify(&chain, "MTA-STS.example.com.", NOW), Ok(()), "case and root dot");
    for other in ["mta-sts.example.net", "example.com", "a.mta-sts.example.com", "", "a b", "*"] {
        assert_eq!(roots.verify(&chain, other, NOW), Err(TlsFailure::NameMismatch), "{other}");
    }
    let other_roots = self::roots(&self::ca());
    assert_eq!(other_roots.verify(&chain, HOST, NOW), Err(TlsFailure::Untrusted));
    assert_eq!(roots.verify(&[], HOST, NOW), Err(TlsFailure::BadCertificate));
    let garbage = [CertificateDer::from(b"garbage".to_vec())];
    assert_eq!(roots.verify(&garbage, HOST, NOW), Err(TlsFailure::BadCertificate));
}

#[test]
fn a_certificate_has_its_time() {
    let ca = ca();
    let chain = [issue(&ca, |params| {
        params.not_before = rcgen::date_time_ymd(2025, 1, 1);
        params.not_after = rcgen::date_time_ymd(2027, 1, 1);
    })];
    let verify = |year_2026_plus: i64| {
        let seconds = NOW.as_secs().checked_add_signed(year_2026_plus * 366 * 86_400).unwrap();
        let time = UnixTime::since_unix_epoch(Duration::from_secs(seconds));
        roots(&ca).verify(&chain, HOST, time)
    };
    assert_eq!(verify(-2), Err(TlsFailure::NotYetValid));
    assert_eq!(verify(0), Ok(()));
    assert_eq!(verify(2), Err(TlsFailure::Expired));
}

#[test]
fn an_intermediate_certificate_completes_the_chain() {
    let root = ca();
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.distinguished_name.push(rcgen::DnType::CommonName, "intermediate");
    let intermediate =
        CertifiedIssuer::signed_by(params, KeyPair::generate().unwrap(), &root).unwrap();
    let leaf = issue(&intermediate, |_| ());
    let roots = roots(&root);
    let chain = [leaf, intermediate.der().clone()];
    assert_eq!(roots.verify(&chain, HOST, NOW), Ok(()));
    assert_eq!(roots.verify(&chain[..1], HOST, NOW), Err(TlsFailure::Untrusted));
}

//= https://www.rfc-editor.org/rfc/rfc8461#section-3.3
//= type=test
//# Matching is performed only against the DNS-ID identifiers.
#[test]
fn an_address_is_no_dns_id() {
    let ca = ca();
    let address = [192, 0, 2, 1].into();
    let chain = [issue(&ca, |params| params.subject_alt_names = vec![SanType::IpAddress(address)])];
    let verdict = roots(&ca).verify(&chain, "192.0.2.1", NOW);
    assert_eq!(verdict, Err(TlsFailure::NameMismatch));
}

#[test]
fn a_certificate_for_clients_is_refused() {
    let ca = ca();
    let chain = [issue(&ca, |params| {
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
    })];
    assert_eq!(roots(&ca).verify(&chain, HOST, NOW), Err(TlsFailure::BadCertificate));
}

#[tokio::test]
async fn a_file_of_several_certificates_is_loaded() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("several.pem");
    let pems = [World::start().await.ca_pem(), "some words between\n".into(), ca().pem()];
    fs::write(&file, pems.concat()).unwrap();
    let sources = TrustSources { system: false, files: vec![file] };
    let roots = TrustStore::load(&sources).unwrap();
    assert_eq!((roots.system(), roots.extra()), (0, 2));
}

#[test]
fn files_with_faults_are_named() {
    let directory = tempfile::tempdir().unwrap();
    let load = |name: &str, text: Option<&str>| {
        let file = directory.path().join(name);
        if let Some(text) = text {
            fs::write(&file, text).unwrap();
        }
        TrustStore::load(&TrustSources { system: false, files: vec![file] }).unwrap_err()
    };
    let missing = load("missing.pem", None);
    assert!(
        matches!(missing, TrustError::Read { .. }) && missing.to_string().contains("missing.pem")
    );
    assert!(matches!(load("empty.pem", Some("")), TrustError::Empty { .. }));
    assert!(matches!(load("text.pem", Some("no certificate")), TrustError::Empty { .. }));
    let cut = load("cut.pem", Some("-----BEGIN CERTIFICATE-----\nMIIB\n"));
    assert!(matches!(cut, TrustError::Pem { .. }) && cut.to_string().contains("cut.pem"), "{cut}");
    let wrong = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";
    let wrong = load("wrong.pem", Some(&(ca().pem() + wrong)));
    assert!(matches!(wrong, TrustError::Certificate { number: 2, .. }), "{wrong}");
}

#[test]
fn without_any_certificate_there_is_no_trust() {
    let none = TrustStore::load(&TrustSources { system: false, files: Vec::new() });
    assert!(matches!(none, Err(TrustError::NoRoots { .. })));
}
