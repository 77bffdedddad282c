//! The table of lints: code, severity, where it can be decided, section, title.

use core::fmt;

/// How grave a finding is, least first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// It works, with a risk, or not with every sender.
    Warning,
    /// Senders ignore the record or the policy, or do not deliver.
    Error,
}

/// What it takes to find something, least first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reach {
    /// The text of a record, a policy, a response or a list of MX hosts, however it was come by.
    Paste,
    /// DNS, which a browser can ask over HTTPS.
    Dns,
    /// Connections to the policy host or the MX hosts, or memory of an earlier check: the command line.
    CommandLine,
}

/// A section of an RFC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Section {
    /// The number of the RFC.
    pub rfc: u16,
    /// The section's number.
    pub number: &'static str,
}

/// The section, as in `RFC 8461 §3.1`.
impl fmt::Display for Section {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RFC {} §{}", self.rfc, self.number)
    }
}

impl Section {
    /// The section on the RFC editor's site.
    #[must_use]
    pub const fn url(self) -> SectionUrl {
        SectionUrl(self)
    }
}

/// The address of a [`Section`].
#[derive(Clone, Copy, Debug)]
pub struct SectionUrl(Section);

impl fmt::Display for SectionUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "https://www.rfc-editor.org/rfc/rfc{}#section-{}", self.0.rfc, self.0.number)
    }
}

impl Severity {
    /// One word that does not change, as in JSON.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl Reach {
    /// One word that does not change, as in JSON.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Paste => "paste",
            Self::Dns => "dns",
            Self::CommandLine => "command-line",
        }
    }
}

macro_rules! lints {
    ($($lint:ident $code:literal $severity:ident $reach:ident $rfc:literal $number:literal $title:literal)*) => {
        /// Everything that can be found. Codes never change their meaning and are never used again.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Lint {
            $(#[doc = concat!("`", $code, "`: ", $title, ".")] $lint,)*
        }

        impl Lint {
            /// All lints, in the order of the documentation.
            pub const ALL: &'static [Self] = &[$(Self::$lint),*];

            /// The code: words that do not change.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$lint => $code,)* }
            }

            /// How grave it is.
            #[must_use]
            pub const fn severity(self) -> Severity {
                match self { $(Self::$lint => Severity::$severity,)* }
            }

            /// What it takes to find it.
            #[must_use]
            pub const fn reach(self) -> Reach {
                match self { $(Self::$lint => Reach::$reach,)* }
            }

            /// The section of the RFC that it follows from.
            #[must_use]
            pub const fn section(self) -> Section {
                match self { $(Self::$lint => Section { rfc: $rfc, number: $number },)* }
            }

            /// What it is, in a few words.
            #[must_use]
            pub const fn title(self) -> &'static str {
                match self { $(Self::$lint => $title,)* }
            }
        }
    };
}

lints! {
    TxtAbsent "txt-absent" Info Dns 8461 "3.1" "The domain does not use MTA-STS"
    TxtMissing "txt-missing" Error Dns 8461 "3.1" "A policy without a TXT record that announces it"
    TxtNoStsRecord "txt-no-sts-record" Error Paste 8461 "3.1" "TXT records, but none for MTA-STS"
    TxtUnrelated "txt-unrelated" Warning Paste 8461 "3.1" "TXT record of another kind"
    TxtSeveral "txt-several" Error Paste 8461 "3.1" "More than one MTA-STS record"
    TxtVersion "txt-version" Error Paste 8461 "3.1" "The record does not begin with `v=STSv1`"
    TxtVersionCase "txt-version-case" Error Paste 8461 "3.1" "The version in the wrong case"
    TxtVersionSpace "txt-version-space" Warning Paste 8461 "3.1" "White space between the version and its semicolon"
    TxtLeadingSpace "txt-leading-space" Error Paste 8461 "3.1" "White space before the version"
    TxtTrailingSpace "txt-trailing-space" Error Paste 8461 "3.1" "White space at the end of the record"
    TxtEscapedQuotes "txt-escaped-quotes" Error Paste 8461 "3.1" "Quotation marks in the record"
    TxtEscapedSemicolon "txt-escaped-semicolon" Error Paste 8461 "3.1" "Backslash before a semicolon"
    TxtNonAscii "txt-non-ascii" Error Paste 8461 "3.1" "Characters other than US-ASCII in the record"
    TxtNoField "txt-no-field" Error Paste 8461 "3.1" "Nothing follows the version"
    TxtEmptyField "txt-empty-field" Error Paste 8461 "3.1" "Two semicolons in a row"
    TxtFieldMalformed "txt-field-malformed" Error Paste 8461 "3.1" "Field that is no `name=value`"
    TxtSpaceAroundEquals "txt-space-around-equals" Error Paste 8461 "3.1" "White space beside an equals sign"
    TxtComma "txt-comma" Error Paste 8461 "3.1" "Comma where a semicolon belongs"
    TxtIdMissing "txt-id-missing" Error Paste 8461 "3.1" "No `id`"
    TxtIdEmpty "txt-id-empty" Error Paste 8461 "3.1" "Empty `id`"
    TxtIdTooLong "txt-id-too-long" Error Paste 8461 "3.1" "`id` of more than 32 characters"
    TxtIdCharacter "txt-id-character" Error Paste 8461 "3.1" "`id` with other characters than letters and digits"
    TxtIdRepeated "txt-id-repeated" Warning Paste 8461 "3.2" "More than one `id`"
    TxtFieldTypo "txt-field-typo" Warning Paste 8461 "3.2" "Field name that resembles `id`"
    TxtPolicyField "txt-policy-field" Warning Paste 8461 "3.2" "Policy field in the TXT record"
    TxtFieldUnknown "txt-field-unknown" Info Paste 8461 "3.2" "Unknown field in the record"
    TxtSplitStrings "txt-split-strings" Info Dns 8461 "3.1" "Record of several character-strings"
    TxtTooLong "txt-too-long" Warning Paste 8461 "3.1" "Record of more than 255 octets"
    TxtCname "txt-cname" Info Dns 8461 "8.2" "The record is delegated by CNAME"
    TxtCnameDangling "txt-cname-dangling" Error Dns 8461 "8.2" "CNAME that leads to no record"
    TxtTtlLong "txt-ttl-long" Warning Dns 8461 "8.1" "TTL of more than a day"
    TxtTtlShort "txt-ttl-short" Info Dns 8461 "8.1" "TTL of less than a minute"
    TxtDnsFailure "txt-dns-failure" Error Dns 8461 "10.2" "The lookup of the TXT record fails"
    TxtResolversDiffer "txt-resolvers-differ" Warning Dns 8461 "8.1" "Resolvers give different TXT records"

    PolicyEmpty "policy-empty" Error Paste 8461 "3.2" "Empty policy"
    PolicyHtml "policy-html" Error Paste 8461 "3.2" "A web page instead of a policy"
    PolicyTxtRecord "policy-txt-record" Error Paste 8461 "3.2" "The TXT record instead of a policy"
    PolicyUtf16 "policy-utf16" Error Paste 8461 "3.2" "Policy in UTF-16"
    PolicyOneLine "policy-one-line" Error Paste 8461 "3.2" "Several fields on one line"
    PolicyCrLineEndings "policy-cr-line-endings" Error Paste 8461 "3.2" "Lines that end with a carriage return alone"
    PolicyTooLarge "policy-too-large" Error Paste 8461 "3.3" "Policy of more than 64 KiB"
    PolicyVersionMissing "policy-version-missing" Error Paste 8461 "3.2" "No `version`"
    PolicyVersionInvalid "policy-version-invalid" Error Paste 8461 "3.2" "`version` other than `STSv1`"
    PolicyModeMissing "policy-mode-missing" Error Paste 8461 "3.2" "No `mode`"
    PolicyModeInvalid "policy-mode-invalid" Error Paste 8461 "3.2" "`mode` other than `enforce`, `testing` and `none`"
    PolicyMaxAgeMissing "policy-max-age-missing" Error Paste 8461 "3.2" "No `max_age`"
    PolicyMaxAgeInvalid "policy-max-age-invalid" Error Paste 8461 "3.2" "`max_age` that is no number of seconds"
    PolicyMaxAgeTooLarge "policy-max-age-too-large" Error Paste 8461 "3.2" "`max_age` above the maximum"
    PolicyMxMissing "policy-mx-missing" Error Paste 8461 "3.2" "No `mx` in a mode that needs one"
    PolicyMxNoneValid "policy-mx-none-valid" Error Paste 8461 "3.2" "No valid `mx`"
    PolicyMaxAgeZero "policy-max-age-zero" Warning Paste 8461 "10.2" "`max_age` of 0"
    PolicyMaxAgeShort "policy-max-age-short" Warning Paste 8461 "10.2" "`max_age` of less than a day"
    PolicyMaxAgeDays "policy-max-age-days" Info Paste 8461 "3.2" "`max_age` of less than a week in mode enforce"
    PolicyTesting "policy-testing" Info Paste 8461 "5" "Mode testing: failures are only reported"
    PolicyNone "policy-none" Info Paste 8461 "8.3" "Mode none: MTA-STS is switched off"
    PolicyNoneLong "policy-none-long" Warning Paste 8461 "8.3" "Mode none with a `max_age` of more than a week"
    PolicyValueQuoted "policy-value-quoted" Warning Paste 8461 "3.2" "Value in quotation marks"
    PolicyValuePunctuation "policy-value-punctuation" Warning Paste 8461 "3.2" "Semicolon or comma after a value"
    PolicyKeyCase "policy-key-case" Warning Paste 8461 "3.2" "Field name in the wrong case"
    PolicyKeyTypo "policy-key-typo" Warning Paste 8461 "3.2" "Field name that resembles a known one"
    PolicyKeyUnknown "policy-key-unknown" Info Paste 8461 "3.2" "Unknown field in the policy"
    PolicyKeyRepeated "policy-key-repeated" Warning Paste 8461 "3.2" "Field given more than once"
    PolicyKeyMalformed "policy-key-malformed" Warning Paste 8461 "3.2" "Malformed field name"
    PolicyValueEmpty "policy-value-empty" Warning Paste 8461 "3.2" "Empty value"
    PolicyControlCharacter "policy-control-character" Warning Paste 8461 "3.2" "Control character in a value"
    PolicyInvalidUtf8 "policy-invalid-utf8" Warning Paste 8461 "3.2" "Octets that are not UTF-8"
    PolicyNoColon "policy-no-colon" Warning Paste 8461 "3.2" "Line without a colon"
    PolicyEqualsSign "policy-equals-sign" Warning Paste 8461 "3.2" "Equals sign where a colon belongs"
    PolicyComment "policy-comment" Warning Paste 8461 "3.2" "Comment"
    PolicyByteOrderMark "policy-byte-order-mark" Warning Paste 8461 "3.2" "Byte order mark at the start"
    PolicyBlankLine "policy-blank-line" Warning Paste 8461 "3.2" "Blank line"
    PolicyLeadingSpace "policy-leading-space" Warning Paste 8461 "3.2" "White space at the start of a line"
    PolicySpaceBeforeColon "policy-space-before-colon" Warning Paste 8461 "3.2" "White space before a colon"
    PolicyCarriageReturn "policy-carriage-return" Warning Paste 8461 "3.2" "Carriage return too many at the end of a line"
    PolicyMixedLineEndings "policy-mixed-line-endings" Info Paste 8461 "3.2" "LF and CRLF in one policy"
    PolicyOrder "policy-order" Info Paste 8461 "3.2" "`version` is not the first field"

    PolicyMxEmpty "policy-mx-empty" Warning Paste 8461 "3.2" "Empty `mx`"
    PolicyMxSeveralHosts "policy-mx-several-hosts" Warning Paste 8461 "3.2" "Several hosts in one `mx`"
    PolicyMxPreference "policy-mx-preference" Warning Paste 8461 "3.2" "`mx` with the preference of an MX record"
    PolicyMxAddress "policy-mx-address" Warning Paste 8461 "3.2" "IP address as `mx`"
    PolicyMxPort "policy-mx-port" Warning Paste 8461 "3.2" "`mx` with a port"
    PolicyMxUrl "policy-mx-url" Warning Paste 8461 "3.2" "URL as `mx`"
    PolicyMxMailbox "policy-mx-mailbox" Warning Paste 8461 "3.2" "Mail address as `mx`"
    PolicyMxWildcardBare "policy-mx-wildcard-bare" Warning Paste 8461 "4.1" "`*` alone as `mx`"
    PolicyMxWildcardPosition "policy-mx-wildcard-position" Warning Paste 8461 "4.1" "`*` that is not the whole left-most label"
    PolicyMxLeadingDot "policy-mx-leading-dot" Warning Paste 8461 "4.1" "`mx` that begins with a dot"
    PolicyMxEmptyLabel "policy-mx-empty-label" Warning Paste 8461 "3.2" "Two dots in a row in `mx`"
    PolicyMxTrailingDot "policy-mx-trailing-dot" Warning Paste 8461 "3.2" "`mx` that ends with a dot"
    PolicyMxHyphen "policy-mx-hyphen" Warning Paste 8461 "3.2" "Label of `mx` that begins or ends with a hyphen"
    PolicyMxUnderscore "policy-mx-underscore" Warning Paste 8461 "3.2" "Underscore in `mx`"
    PolicyMxULabel "policy-mx-u-label" Warning Paste 8461 "3.2" "`mx` that is not in US-ASCII"
    PolicyMxCharacter "policy-mx-character" Warning Paste 8461 "3.2" "Character in `mx` that host names do not have"
    PolicyMxTooLong "policy-mx-too-long" Warning Paste 8461 "3.2" "`mx` too long for DNS"
    PolicyMxRepeated "policy-mx-repeated" Info Paste 8461 "3.2" "The same `mx` twice"
    PolicyMxShadowed "policy-mx-shadowed" Info Paste 8461 "4.1" "`mx` that a wildcard covers"
    PolicyMxPublicSuffix "policy-mx-public-suffix" Warning Paste 8461 "10.4" "Wildcard over a public suffix"
    PolicyMxOwnDomain "policy-mx-own-domain" Info Paste 8461 "10.4" "Wildcard over the domain itself"
    PolicyMxNotCovered "policy-mx-not-covered" Error Paste 8461 "4.1" "MX host that the policy does not name"
    PolicyMxBackupNotCovered "policy-mx-backup-not-covered" Warning Paste 8461 "8.4" "Backup MX host that the policy does not name"
    PolicyMxNotCoveredTesting "policy-mx-not-covered-testing" Warning Paste 8461 "5" "MX host that the policy, in mode testing, does not name"
    PolicyMxWildcardDepth "policy-mx-wildcard-depth" Warning Paste 8461 "4.1" "Wildcard expected to match no or several labels"
    PolicyMxUnused "policy-mx-unused" Info Paste 8461 "4.1" "`mx` that matches no MX host"

    MxDnsFailure "mx-dns-failure" Warning Dns 5321 "5.1" "The lookup of the MX records fails"
    MxNull "mx-null" Info Paste 7505 "3" "The domain accepts no mail"
    MxAbsent "mx-absent" Warning Dns 5321 "5.1" "No MX record"
    MxCname "mx-cname" Warning Dns 5321 "5.1" "MX host that is an alias"
    MxAddress "mx-address" Warning Paste 5321 "5.1" "IP address as MX host"
    MxName "mx-name" Warning Paste 5321 "2.3.5" "MX host that is no host name"
    MxNoAddress "mx-no-address" Warning Dns 5321 "5.1" "MX host without an address"
    SmtpUnreachable "smtp-unreachable" Warning CommandLine 5321 "5.1" "No SMTP session with an MX host"
    SmtpNoStarttls "smtp-no-starttls" Error CommandLine 8461 "4" "MX host without STARTTLS"
    SmtpCertificateName "smtp-certificate-name" Error CommandLine 8461 "4.2" "Certificate for another name than the MX host's"
    SmtpCertificateExpired "smtp-certificate-expired" Error CommandLine 8461 "4.2" "Expired certificate of an MX host"
    SmtpCertificateUntrusted "smtp-certificate-untrusted" Error CommandLine 8461 "4.2" "Untrusted certificate of an MX host"
    SmtpCertificateInvalid "smtp-certificate-invalid" Error CommandLine 8461 "4.2" "Unusable certificate of an MX host"
    SmtpWouldFail "smtp-would-fail" Warning CommandLine 8461 "5" "MX host whose TLS an enforced policy would refuse"
    SmtpCertificateExpiring "smtp-certificate-expiring" Warning CommandLine 8461 "4.2" "Certificate of an MX host that expires soon"
    SmtpOldTls "smtp-old-tls" Warning CommandLine 8461 "7.2" "MX host without TLS 1.2"

    HttpNoAddress "http-no-address" Error Dns 8461 "3.3" "The policy host has no address"
    HttpDns "http-dns" Error Dns 8461 "3.3" "The lookup of the policy host fails"
    HttpPrivateAddress "http-private-address" Error Dns 8461 "3.3" "The policy host's addresses are not public"
    HttpConnect "http-connect" Error CommandLine 8461 "3.3" "No connection to the policy host"
    HttpTimeout "http-timeout" Error CommandLine 8461 "3.3" "The policy host does not answer in time"
    HttpMalformed "http-malformed" Error CommandLine 8461 "3.3" "Malformed HTTP response"
    HttpTruncated "http-truncated" Error CommandLine 8461 "3.3" "HTTP response that ends early"
    HttpStatus "http-status" Error Paste 8461 "3.3" "HTTP status other than 200"
    HttpRedirect "http-redirect" Error Paste 8461 "3.3" "Redirect"
    HttpMediaType "http-media-type" Error Paste 8461 "3.2" "Media type other than `text/plain`"
    HttpMediaTypeMissing "http-media-type-missing" Error Paste 8461 "3.2" "No media type"
    HttpCharset "http-charset" Info Paste 8461 "3.2" "Charset other than UTF-8 and US-ASCII"
    HttpContentCoding "http-content-coding" Error Paste 8461 "3.3" "Content coding that cannot be undone"
    HttpUnaskedCoding "http-unasked-coding" Warning Paste 8461 "3.3" "Compressed response"
    HttpTooLarge "http-too-large" Error Paste 8461 "3.3" "Response of more than 64 KiB"
    HttpSlow "http-slow" Warning CommandLine 8461 "3.3" "Slow policy host"
    HttpCacheControl "http-cache-control" Info Paste 8461 "8.2" "HTTP caching for longer than a minute"
    HttpChallenge "http-challenge" Warning Paste 8461 "3.3" "A challenge for browsers instead of the policy"
    HttpAddressFamily "http-address-family" Warning CommandLine 8461 "3.3" "Address of the policy host that does not work"
    HttpAddressesDiffer "http-addresses-differ" Warning CommandLine 8461 "8.1" "Addresses of the policy host give different policies"
    HttpCname "http-cname" Info Dns 8461 "8.2" "The policy host is delegated by CNAME"
    TlsHandshake "tls-handshake" Error CommandLine 8461 "3.3" "No TLS session with the policy host"
    TlsName "tls-name" Error CommandLine 8461 "3.3" "Certificate for another name than the policy host's"
    TlsNoSan "tls-no-san" Error CommandLine 8461 "3.3" "Certificate without a DNS name"
    TlsExpired "tls-expired" Error CommandLine 8461 "3.3" "Expired certificate"
    TlsNotYetValid "tls-not-yet-valid" Error CommandLine 8461 "3.3" "Certificate that is not valid yet"
    TlsUntrusted "tls-untrusted" Error CommandLine 8461 "3.3" "Untrusted certificate"
    TlsChain "tls-chain" Warning CommandLine 8461 "3.3" "Certificate chain with a certificate missing"
    TlsCertificate "tls-certificate" Error CommandLine 8461 "3.3" "Unusable certificate"
    TlsExpiring "tls-expiring" Warning CommandLine 8461 "3.3" "Certificate that expires soon"
    TlsOldVersion "tls-old-version" Warning CommandLine 8461 "7.2" "Policy host without TLS 1.2"

    TlsRptMissing "tlsrpt-missing" Warning Dns 8460 "3" "No TLSRPT record beside a policy"
    TlsRptDnsFailure "tlsrpt-dns-failure" Warning Dns 8460 "3" "The lookup of the TLSRPT record fails"
    TlsRptNoRecord "tlsrpt-no-record" Error Paste 8460 "3" "TXT records, but none for TLSRPT"
    TlsRptSeveral "tlsrpt-several" Error Paste 8460 "3" "More than one TLSRPT record"
    TlsRptVersion "tlsrpt-version" Error Paste 8460 "3" "The record does not begin with `v=TLSRPTv1`"
    TlsRptEscapedQuotes "tlsrpt-escaped-quotes" Error Paste 8460 "3" "Quotation marks or backslashes in the TLSRPT record"
    TlsRptFieldMalformed "tlsrpt-field-malformed" Error Paste 8460 "3" "Field of the TLSRPT record that is no `name=value`"
    TlsRptFieldUnknown "tlsrpt-field-unknown" Info Paste 8460 "3" "Unknown field in the TLSRPT record"
    TlsRptRuaMissing "tlsrpt-rua-missing" Error Paste 8460 "3" "No `rua`"
    TlsRptRuaBareAddress "tlsrpt-rua-bare-address" Error Paste 8460 "3" "Mail address without `mailto:`"
    TlsRptRuaSizeLimit "tlsrpt-rua-size-limit" Error Paste 8460 "3" "Exclamation mark in a URI"
    TlsRptRuaInvalid "tlsrpt-rua-invalid" Error Paste 8460 "3" "`rua` that is no list of URIs"
    TlsRptRuaScheme "tlsrpt-rua-scheme" Error Paste 8460 "3" "No URI to which reports can be sent"
    TlsRptRuaUnusable "tlsrpt-rua-unusable" Warning Paste 8460 "3" "URI to which reports cannot be sent"
    TlsRptRuaSeveral "tlsrpt-rua-several" Info Paste 8460 "3" "Several URIs for reports"
    TlsRptRuaRepeated "tlsrpt-rua-repeated" Warning Paste 8460 "3" "More than one `rua`"

    DanePresent "dane-present" Info Dns 8461 "2" "DANE beside MTA-STS"
    DaneUnsigned "dane-unsigned" Warning Dns 7672 "2.2" "TLSA records in a zone that is not signed"
    DaneMxUnsigned "dane-mx-unsigned" Warning Dns 7672 "2.2.1" "TLSA records behind MX records that are not signed"
    DaneUsage "dane-usage" Warning Dns 7672 "3.1.3" "TLSA record with a usage that SMTP does not have"
    DanePartial "dane-partial" Warning Dns 7672 "2.2" "TLSA records for some MX hosts only"
    DaneFailure "dane-failure" Error CommandLine 7672 "2.2" "MX host that fails DANE"

    DriftIdUnchanged "drift-id-unchanged" Warning CommandLine 8461 "3.1" "New policy under the old id"
    DriftPolicyUnchanged "drift-policy-unchanged" Info CommandLine 8461 "8.1" "New id for the old policy"
    DriftRemoved "drift-removed" Warning CommandLine 8461 "8.3" "MTA-STS removed without mode none"
    DriftWeakened "drift-weakened" Warning CommandLine 8461 "5" "Weaker mode than before"
    DriftMxNotInPrevious "drift-mx-not-in-previous" Error CommandLine 8461 "8.1" "MX host that the earlier policy does not name"
    DriftLongTesting "drift-long-testing" Info CommandLine 8461 "5" "In mode testing for more than 90 days"

    MoreFindings "more-findings" Info Paste 8461 "3.2" "More findings than are shown"
}

impl Lint {
    /// The lint with this code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|lint| lint.code() == code)
    }
}

impl fmt::Display for Lint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}
