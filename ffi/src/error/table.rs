//! The error codes in words.

use core::ffi::CStr;

use super::codes::*;

/// An error code in words.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) code: i32,
    /// One word that does not change.
    pub(super) name: &'static CStr,
    /// A sentence without its full stop.
    pub(super) message: &'static CStr,
}

const fn row(code: i32, name: &'static CStr, message: &'static CStr) -> Row {
    Row { code, name, message }
}

/// All codes, each once.
pub(super) const TABLE: &[Row] = &[
    row(MTASTS_OK, c"ok", c"all went well"),
    row(MTASTS_ERR_NULL, c"null-pointer", c"a pointer that must not be NULL is NULL"),
    row(
        MTASTS_ERR_LENGTH,
        c"length",
        c"a length or a count is larger than anything that is read here",
    ),
    row(MTASTS_ERR_NOT_UTF8, c"not-utf8", c"a text is not UTF-8"),
    row(
        MTASTS_ERR_VALUE,
        c"value",
        c"a number is outside of its range, or none of those that are defined",
    ),
    row(MTASTS_ERR_BUFFER, c"buffer-too-small", c"the buffer is too small"),
    row(MTASTS_ERR_INDEX, c"index", c"there is no item of this number"),
    row(MTASTS_ERR_ABSENT, c"absent", c"the object has no such member"),
    row(
        MTASTS_ERR_PANIC,
        c"panic",
        c"a defect in libmtasts: free this object, and report what happened",
    ),
    row(
        MTASTS_ERR_FORKED,
        c"forked",
        c"the object belongs to another process: make one after the fork",
    ),
    row(MTASTS_ERR_OTHER, c"other", c"a failure that this version of libmtasts has no code for"),
    row(
        MTASTS_ERR_PUBLICATION_INVALID,
        c"publication-invalid",
        c"the text is no publication to check",
    ),
    row(MTASTS_ERR_DOMAIN_PARENT, c"domain-parent", c"policies of parent domains do not apply"),
    row(MTASTS_ERR_DOMAIN_ADDRESS, c"domain-address", c"addresses have no policy"),
    row(MTASTS_ERR_DOMAIN_BRACKETS, c"domain-brackets", c"the brackets do not enclose a host name"),
    row(MTASTS_ERR_DOMAIN_PORT, c"domain-port", c"no port or service name after the colon"),
    row(MTASTS_ERR_NAME_EMPTY, c"name-empty", c"the name is empty"),
    row(MTASTS_ERR_NAME_EMPTY_LABEL, c"name-empty-label", c"a label of the name is empty"),
    row(
        MTASTS_ERR_NAME_LABEL_TOO_LONG,
        c"name-label-too-long",
        c"a label of the name is longer than 63 octets",
    ),
    row(MTASTS_ERR_NAME_TOO_LONG, c"name-too-long", c"the name is too long for DNS"),
    row(
        MTASTS_ERR_NAME_HYPHEN,
        c"name-hyphen",
        c"a label of the name begins or ends with a hyphen",
    ),
    row(MTASTS_ERR_NAME_CHARACTER, c"name-character", c"a character is not allowed in host names"),
    row(MTASTS_ERR_NAME_IDNA, c"name-idna", c"an internationalised label cannot be converted"),
    row(MTASTS_ERR_RECORD_MISSING, c"record-missing", c"there is no TXT record"),
    row(MTASTS_ERR_RECORD_OTHER, c"record-other", c"no TXT record begins with the version"),
    row(
        MTASTS_ERR_RECORD_SEVERAL,
        c"record-several",
        c"more than one TXT record begins with the version, so none counts",
    ),
    row(
        MTASTS_ERR_RECORD_MALFORMED,
        c"record-malformed",
        c"the TXT record has no field, or a malformed one",
    ),
    row(MTASTS_ERR_RECORD_ID_MISSING, c"record-id-missing", c"the TXT record has no `id` field"),
    row(
        MTASTS_ERR_RECORD_ID_INVALID,
        c"record-id-invalid",
        c"an id is not 1 to 32 letters and digits",
    ),
    row(MTASTS_ERR_TLSRPT_MISSING, c"tlsrpt-missing", c"there is no TXT record for reports"),
    row(MTASTS_ERR_TLSRPT_OTHER, c"tlsrpt-other", c"no TXT record begins with `v=TLSRPTv1;`"),
    row(
        MTASTS_ERR_TLSRPT_SEVERAL,
        c"tlsrpt-several",
        c"more than one TXT record begins with `v=TLSRPTv1;`, so none counts",
    ),
    row(
        MTASTS_ERR_TLSRPT_MALFORMED,
        c"tlsrpt-malformed",
        c"the TLSRPT record has no field, or a malformed one",
    ),
    row(
        MTASTS_ERR_TLSRPT_RUA_MISSING,
        c"tlsrpt-rua-missing",
        c"the TLSRPT record has no `rua` field",
    ),
    row(
        MTASTS_ERR_TLSRPT_RUA_INVALID,
        c"tlsrpt-rua-invalid",
        c"a `rua` field holds something that is no URI",
    ),
    row(
        MTASTS_ERR_TLSRPT_RUA_UNUSABLE,
        c"tlsrpt-rua-unusable",
        c"no URI is `mailto:` or `https:` with somewhere to go",
    ),
    row(MTASTS_ERR_POLICY_EMPTY, c"policy-empty", c"the policy is empty"),
    row(
        MTASTS_ERR_POLICY_VERSION_MISSING,
        c"policy-version-missing",
        c"there is no `version` field",
    ),
    row(MTASTS_ERR_POLICY_VERSION_INVALID, c"policy-version-invalid", c"`version` is not `STSv1`"),
    row(MTASTS_ERR_POLICY_MODE_MISSING, c"policy-mode-missing", c"there is no `mode` field"),
    row(
        MTASTS_ERR_POLICY_MODE_INVALID,
        c"policy-mode-invalid",
        c"`mode` is not `enforce`, `testing` or `none`",
    ),
    row(
        MTASTS_ERR_POLICY_MAX_AGE_MISSING,
        c"policy-max-age-missing",
        c"there is no `max_age` field",
    ),
    row(
        MTASTS_ERR_POLICY_MAX_AGE_INVALID,
        c"policy-max-age-invalid",
        c"`max_age` is not 1 to 10 digits",
    ),
    row(
        MTASTS_ERR_POLICY_MAX_AGE_TOO_LARGE,
        c"policy-max-age-too-large",
        c"`max_age` is more than 31557600",
    ),
    row(MTASTS_ERR_POLICY_MX_MISSING, c"policy-mx-missing", c"there is no `mx` field"),
    row(MTASTS_ERR_POLICY_MX_INVALID, c"policy-mx-invalid", c"no `mx` field is valid"),
    row(MTASTS_ERR_DNS_TIMEOUT, c"dns-timeout", c"no resolver answered in time"),
    row(MTASTS_ERR_DNS_SERVFAIL, c"dns-servfail", c"the resolver answered SERVFAIL"),
    row(MTASTS_ERR_DNS_REFUSED, c"dns-refused", c"the resolver refused the query"),
    row(MTASTS_ERR_DNS_FAILED, c"dns-failed", c"no usable answer from a resolver"),
    row(MTASTS_ERR_DNS_NOT_OURS, c"dns-not-ours", c"the message answers another query"),
    row(MTASTS_ERR_DNS_MALFORMED, c"dns-malformed", c"the message cannot be read"),
    row(MTASTS_ERR_DNS_NAME, c"dns-name", c"not a name that DNS can carry"),
    row(MTASTS_ERR_FETCH_NO_ADDRESS, c"fetch-no-address", c"the policy host has no address"),
    row(
        MTASTS_ERR_FETCH_DNS,
        c"fetch-dns",
        c"the address of the policy host could not be looked up",
    ),
    row(
        MTASTS_ERR_FETCH_ADDRESS_REFUSED,
        c"fetch-address-refused",
        c"the policy host's addresses may not be contacted",
    ),
    row(MTASTS_ERR_FETCH_CONNECT, c"fetch-connect", c"no connection to the policy host"),
    row(
        MTASTS_ERR_FETCH_TLS_NAME,
        c"fetch-tls-name",
        c"the certificate is not valid for the policy host",
    ),
    row(
        MTASTS_ERR_FETCH_TLS_EXPIRED,
        c"fetch-tls-expired",
        c"the certificate of the policy host has expired",
    ),
    row(
        MTASTS_ERR_FETCH_TLS_NOT_YET_VALID,
        c"fetch-tls-not-yet-valid",
        c"the certificate of the policy host is not yet valid",
    ),
    row(
        MTASTS_ERR_FETCH_TLS_UNTRUSTED,
        c"fetch-tls-untrusted",
        c"the certificate of the policy host does not chain to a trusted root",
    ),
    row(
        MTASTS_ERR_FETCH_TLS_CERTIFICATE,
        c"fetch-tls-certificate",
        c"the certificate of the policy host is unusable",
    ),
    row(
        MTASTS_ERR_FETCH_TLS_HANDSHAKE,
        c"fetch-tls-handshake",
        c"the TLS handshake with the policy host failed",
    ),
    row(MTASTS_ERR_FETCH_TIMEOUT, c"fetch-timeout", c"the policy host did not answer in time"),
    row(MTASTS_ERR_FETCH_HTTP, c"fetch-http", c"the policy host's HTTP response is malformed"),
    row(MTASTS_ERR_FETCH_STATUS, c"fetch-status", c"the policy host's HTTP status is not 200"),
    row(
        MTASTS_ERR_FETCH_REDIRECT,
        c"fetch-redirect",
        c"the policy host redirects, which is not followed",
    ),
    row(MTASTS_ERR_FETCH_MEDIA_TYPE, c"fetch-media-type", c"the media type is not text/plain"),
    row(
        MTASTS_ERR_FETCH_CONTENT_CODING,
        c"fetch-content-coding",
        c"the content coding is not known",
    ),
    row(MTASTS_ERR_FETCH_TOO_LARGE, c"fetch-too-large", c"the body is larger than the limit"),
    row(MTASTS_ERR_FETCH_TRUNCATED, c"fetch-truncated", c"the response ended early"),
    row(MTASTS_ERR_FETCH_BUSY, c"fetch-busy", c"too many fetches are waiting"),
    row(MTASTS_ERR_UNKNOWN_REQUEST, c"unknown-request", c"the request is not open"),
    row(
        MTASTS_ERR_WRONG_ANSWER,
        c"wrong-answer",
        c"the request is open but asks for something else",
    ),
    row(MTASTS_ERR_UNKNOWN_LOOKUP, c"unknown-lookup", c"the lookup is not waiting"),
    row(
        MTASTS_ERR_DUPLICATE_LOOKUP,
        c"duplicate-lookup",
        c"a lookup of this number is waiting already",
    ),
    row(MTASTS_ERR_BUSY, c"busy", c"too many lookups are under way"),
    row(
        MTASTS_ERR_CLIENT_ADDRESS,
        c"client-address",
        c"neither the path of a Unix socket nor a host and port",
    ),
    row(MTASTS_ERR_CLIENT_CONNECT, c"client-connect", c"the daemon cannot be reached"),
    row(MTASTS_ERR_CLIENT_EXCHANGE, c"client-exchange", c"the connection to the daemon broke"),
    row(MTASTS_ERR_CLIENT_TIMEOUT, c"client-timeout", c"the daemon did not answer in time"),
    row(
        MTASTS_ERR_CLIENT_CLOSED,
        c"client-closed",
        c"the daemon closed the connection without a reply",
    ),
    row(
        MTASTS_ERR_CLIENT_PROTOCOL,
        c"client-protocol",
        c"what answers there does not speak socketmap",
    ),
    row(MTASTS_ERR_CLIENT_TEMPORARY, c"client-temporary", c"the daemon cannot say at the moment"),
    row(MTASTS_ERR_CLIENT_REFUSED, c"client-refused", c"the daemon refuses the question"),
    row(
        MTASTS_ERR_CLIENT_ANSWER,
        c"client-answer",
        c"the reply of the daemon cannot be understood",
    ),
    row(MTASTS_ERR_RESOLVER_SERVER, c"resolver-server", c"not the address of a DNS server"),
    row(MTASTS_ERR_RESOLVER_NETWORK, c"resolver-network", c"not a network such as 192.0.2.0/24"),
    row(MTASTS_ERR_RESOLVER_TRUST, c"resolver-trust", c"the trusted certificates cannot be read"),
    row(MTASTS_ERR_RESOLVER_STORE, c"resolver-store", c"the cache file cannot be opened"),
    row(MTASTS_ERR_RESOLVER_THREAD, c"resolver-thread", c"the resolver's thread cannot be started"),
];
