//! The error codes. Numbers are never given a second meaning.

/// All went well.
pub const MTASTS_OK: i32 = 0;

// Mistakes in the call.

/// A pointer that must not be NULL is NULL.
pub const MTASTS_ERR_NULL: i32 = -1;
/// A length or a count is larger than 16 MiB or 65536: nothing that is read here is as long.
pub const MTASTS_ERR_LENGTH: i32 = -2;
/// A text is not UTF-8.
pub const MTASTS_ERR_NOT_UTF8: i32 = -3;
/// A number is outside of its range, or is none of the constants that are defined.
pub const MTASTS_ERR_VALUE: i32 = -4;
/// The buffer is too small; nothing was written to it. `*needed` says how large it must be.
pub const MTASTS_ERR_BUFFER: i32 = -5;
/// There is no item of this number.
pub const MTASTS_ERR_INDEX: i32 = -6;
/// The object has no such member: for example the host of an output that is no fetch.
pub const MTASTS_ERR_ABSENT: i32 = -7;
/// A defect in libmtasts. The object it happened to answers all calls with this from then on; free
/// it.
pub const MTASTS_ERR_PANIC: i32 = -8;
/// The object has a thread, and that is in the parent process: make one after fork().
pub const MTASTS_ERR_FORKED: i32 = -9;
/// A failure that a later daemon tells of and that has no code here; its text says more.
pub const MTASTS_ERR_OTHER: i32 = -10;
/// A text is no publication that can be checked, see mtasts_lint_json.
pub const MTASTS_ERR_PUBLICATION_INVALID: i32 = -11;

// Lookup keys that name no Policy Domain. Mail goes as without a policy.

/// `.example.com`, a question for a parent domain (RFC 8461 section 3.4).
pub const MTASTS_ERR_DOMAIN_PARENT: i32 = -101;
/// An address, bracketed or not (RFC 8461 section 3.4).
pub const MTASTS_ERR_DOMAIN_ADDRESS: i32 = -102;
/// A bracket without its partner, or text after it that is no port.
pub const MTASTS_ERR_DOMAIN_BRACKETS: i32 = -103;
/// What follows the colon is no port or service name.
pub const MTASTS_ERR_DOMAIN_PORT: i32 = -104;
/// There is no name, or nothing but a root dot.
pub const MTASTS_ERR_NAME_EMPTY: i32 = -111;
/// Two dots in a row, or one at the start.
pub const MTASTS_ERR_NAME_EMPTY_LABEL: i32 = -112;
/// A label of more than 63 octets.
pub const MTASTS_ERR_NAME_LABEL_TOO_LONG: i32 = -113;
/// More octets than a DNS name can have, `_mta-sts.` included.
pub const MTASTS_ERR_NAME_TOO_LONG: i32 = -114;
/// A label begins or ends with a hyphen.
pub const MTASTS_ERR_NAME_HYPHEN: i32 = -115;
/// A character other than a letter, a digit, a hyphen or an underscore.
pub const MTASTS_ERR_NAME_CHARACTER: i32 = -116;
/// An internationalised label that IDNA does not allow.
pub const MTASTS_ERR_NAME_IDNA: i32 = -117;

// TXT records that announce nothing (RFC 8461 section 3.1, RFC 8460 section 3).

/// There is no TXT record.
pub const MTASTS_ERR_RECORD_MISSING: i32 = -201;
/// None of the TXT records begins with the version.
pub const MTASTS_ERR_RECORD_OTHER: i32 = -202;
/// More than one record begins with the version.
pub const MTASTS_ERR_RECORD_SEVERAL: i32 = -203;
/// Nothing follows the version, or something that is no `name=value`.
pub const MTASTS_ERR_RECORD_MALFORMED: i32 = -204;
/// There is no `id`.
pub const MTASTS_ERR_RECORD_ID_MISSING: i32 = -205;
/// An id is not 1 to 32 letters and digits.
pub const MTASTS_ERR_RECORD_ID_INVALID: i32 = -206;
/// There is no TXT record at `_smtp._tls`.
pub const MTASTS_ERR_TLSRPT_MISSING: i32 = -221;
/// None of the TXT records begins with the version of TLSRPT.
pub const MTASTS_ERR_TLSRPT_OTHER: i32 = -222;
/// More than one record begins with the version of TLSRPT.
pub const MTASTS_ERR_TLSRPT_SEVERAL: i32 = -223;
/// Nothing follows the version of TLSRPT, or something that is no `name=value`.
pub const MTASTS_ERR_TLSRPT_MALFORMED: i32 = -224;
/// There is no `rua`.
pub const MTASTS_ERR_TLSRPT_RUA_MISSING: i32 = -225;
/// A `rua` holds something that is no URI.
pub const MTASTS_ERR_TLSRPT_RUA_INVALID: i32 = -226;
/// None of the URIs is `mailto:` or `https:` with somewhere to go.
pub const MTASTS_ERR_TLSRPT_RUA_UNUSABLE: i32 = -227;

// Texts that are no policy (RFC 8461 section 3.2).

/// Nothing but white space.
pub const MTASTS_ERR_POLICY_EMPTY: i32 = -301;
/// There is no `version`.
pub const MTASTS_ERR_POLICY_VERSION_MISSING: i32 = -302;
/// The first `version` is not `STSv1`.
pub const MTASTS_ERR_POLICY_VERSION_INVALID: i32 = -303;
/// There is no `mode`.
pub const MTASTS_ERR_POLICY_MODE_MISSING: i32 = -304;
/// The first `mode` is not `enforce`, `testing` or `none`.
pub const MTASTS_ERR_POLICY_MODE_INVALID: i32 = -305;
/// There is no `max_age`.
pub const MTASTS_ERR_POLICY_MAX_AGE_MISSING: i32 = -306;
/// The first `max_age` is not 1 to 10 digits.
pub const MTASTS_ERR_POLICY_MAX_AGE_INVALID: i32 = -307;
/// The first `max_age` is more than 31557600 seconds.
pub const MTASTS_ERR_POLICY_MAX_AGE_TOO_LARGE: i32 = -308;
/// There is no `mx`, in a mode that needs one.
pub const MTASTS_ERR_POLICY_MX_MISSING: i32 = -309;
/// No `mx` is a pattern, in a mode that needs one.
pub const MTASTS_ERR_POLICY_MX_INVALID: i32 = -310;

// DNS: what can be told to an engine, and what decoding says.

/// No resolver answered in time.
pub const MTASTS_ERR_DNS_TIMEOUT: i32 = -401;
/// The resolver answered SERVFAIL.
pub const MTASTS_ERR_DNS_SERVFAIL: i32 = -402;
/// The resolver answered REFUSED or another error.
pub const MTASTS_ERR_DNS_REFUSED: i32 = -403;
/// No query could be sent, or the answers could not be understood.
pub const MTASTS_ERR_DNS_FAILED: i32 = -404;
/// The message answers another query: it may be late or forged, so go on waiting.
pub const MTASTS_ERR_DNS_NOT_OURS: i32 = -411;
/// The message has the right id and cannot be read.
pub const MTASTS_ERR_DNS_MALFORMED: i32 = -412;
/// The name is not one that DNS can carry.
pub const MTASTS_ERR_DNS_NAME: i32 = -413;

// HTTPS: what can be told to an engine, and why a policy could not be fetched.

/// The policy host has no address.
pub const MTASTS_ERR_FETCH_NO_ADDRESS: i32 = -501;
/// The policy host's address could not be looked up.
pub const MTASTS_ERR_FETCH_DNS: i32 = -502;
/// Every address of the policy host lies in a range that must not be contacted.
pub const MTASTS_ERR_FETCH_ADDRESS_REFUSED: i32 = -503;
/// No TCP connection.
pub const MTASTS_ERR_FETCH_CONNECT: i32 = -504;
/// The certificate has no DNS-ID that matches the policy host.
pub const MTASTS_ERR_FETCH_TLS_NAME: i32 = -505;
/// The certificate's validity has ended.
pub const MTASTS_ERR_FETCH_TLS_EXPIRED: i32 = -506;
/// The certificate's validity has not begun.
pub const MTASTS_ERR_FETCH_TLS_NOT_YET_VALID: i32 = -507;
/// The certificate does not chain to a trusted root.
pub const MTASTS_ERR_FETCH_TLS_UNTRUSTED: i32 = -508;
/// The certificate is unusable for another reason.
pub const MTASTS_ERR_FETCH_TLS_CERTIFICATE: i32 = -509;
/// The handshake failed before a certificate could be judged.
pub const MTASTS_ERR_FETCH_TLS_HANDSHAKE: i32 = -510;
/// The deadline passed.
pub const MTASTS_ERR_FETCH_TIMEOUT: i32 = -511;
/// The HTTP response could not be understood.
pub const MTASTS_ERR_FETCH_HTTP: i32 = -512;
/// A status other than 200 and outside 3xx. A result only: tell an engine the response itself.
pub const MTASTS_ERR_FETCH_STATUS: i32 = -513;
/// A 3xx status. A result only: tell an engine the response itself.
pub const MTASTS_ERR_FETCH_REDIRECT: i32 = -514;
/// The media type is not text/plain. A result only: tell an engine the response itself.
pub const MTASTS_ERR_FETCH_MEDIA_TYPE: i32 = -515;
/// The body has a content coding that cannot be undone.
pub const MTASTS_ERR_FETCH_CONTENT_CODING: i32 = -516;
/// The body is larger than the limit.
pub const MTASTS_ERR_FETCH_TOO_LARGE: i32 = -517;
/// The response ended before its framing said so.
pub const MTASTS_ERR_FETCH_TRUNCATED: i32 = -518;
/// Too many fetches were waiting.
pub const MTASTS_ERR_FETCH_BUSY: i32 = -519;

// Inputs that an engine refuses. They change nothing.

/// No such request is open: it was answered, timed out, or never made.
pub const MTASTS_ERR_UNKNOWN_REQUEST: i32 = -601;
/// The request is open but of another kind.
pub const MTASTS_ERR_WRONG_ANSWER: i32 = -602;
/// No such lookup is waiting.
pub const MTASTS_ERR_UNKNOWN_LOOKUP: i32 = -603;
/// A lookup of this number is waiting already.
pub const MTASTS_ERR_DUPLICATE_LOOKUP: i32 = -604;
/// As many lookups or discoveries are under way as the configuration allows.
pub const MTASTS_ERR_BUSY: i32 = -605;

// The client: there is no answer, so hold the mail and ask again later.

/// The address is neither the path of a Unix socket nor a host and port.
pub const MTASTS_ERR_CLIENT_ADDRESS: i32 = -701;
/// The daemon cannot be reached.
pub const MTASTS_ERR_CLIENT_CONNECT: i32 = -702;
/// The connection broke.
pub const MTASTS_ERR_CLIENT_EXCHANGE: i32 = -703;
/// The time was up.
pub const MTASTS_ERR_CLIENT_TIMEOUT: i32 = -704;
/// The daemon closed the connection without a reply.
pub const MTASTS_ERR_CLIENT_CLOSED: i32 = -705;
/// What answers there does not speak socketmap.
pub const MTASTS_ERR_CLIENT_PROTOCOL: i32 = -706;
/// The daemon cannot say at the moment.
pub const MTASTS_ERR_CLIENT_TEMPORARY: i32 = -707;
/// The daemon refuses the question.
pub const MTASTS_ERR_CLIENT_REFUSED: i32 = -708;
/// The reply cannot be understood: it is another version, or no mtasts daemon.
pub const MTASTS_ERR_CLIENT_ANSWER: i32 = -709;

// The resolver cannot be set up.

/// A text is not the address of a DNS server.
pub const MTASTS_ERR_RESOLVER_SERVER: i32 = -801;
/// A text is not a network such as 192.0.2.0/24.
pub const MTASTS_ERR_RESOLVER_NETWORK: i32 = -802;
/// The trusted certificates cannot be read, or there are none.
pub const MTASTS_ERR_RESOLVER_TRUST: i32 = -803;
/// The cache file cannot be opened or is something else.
pub const MTASTS_ERR_RESOLVER_STORE: i32 = -804;
/// The resolver's thread cannot be started.
pub const MTASTS_ERR_RESOLVER_THREAD: i32 = -805;
