/*
 * libmtasts: MTA-STS (RFC 8461) for mail servers.
 *
 * Generated from ffi/src by `cargo xtask header --write`; do not edit. docs/c-api.md is the guide.
 *
 * Return values. Functions that return int32_t return 0 (MTASTS_OK) or a number above when all went
 * well, and one of MTASTS_ERR_..., which are below 0, when it did not. Those that return a count or
 * a constant return that. Codes and constants are never given another meaning; later versions have
 * more of them, so be prepared for numbers that you do not know.
 *
 * Results. Places for results (`out`) must not be NULL. They are written only when the function
 * succeeds. Texts for the caller's buffer end with a NUL; `*needed` (`needed` may be NULL) is set to the
 * room that the text and its NUL take, whether the buffer was large enough or not
 * (MTASTS_ERR_BUFFER). So a first call may pass NULL and 0.
 *
 * Arguments. Texts and octets come as a pointer and a length and are copied. They need no NUL. The
 * pointer may be NULL if the length is 0. A pointer must be NULL or valid; NULL is checked for,
 * always. A number that is none of the constants is MTASTS_ERR_VALUE.
 *
 * Ownership. What a function hands out as `T **out` is the caller's, to be freed with the
 * mtasts_..._free of its type, never with free(). What it hands out as `const T **out`, or as a
 * pointer to text with a length (without a NUL), is borrowed: it lives as long as the object it came
 * from, and if that is an engine, until the next call that takes the engine as other than const.
 *
 * Threads. An object may be used by one thread at a time. Functions that take it as `const` may be
 * called by several threads at a time. There is no global state. Threads are made by mtasts_resolver
 * alone.
 *
 * Time is in milliseconds since 1970-01-01 00:00 UTC, and always the caller's. Only clients and
 * resolvers read a clock.
 *
 * Defects. No panic leaves the library: the function returns MTASTS_ERR_PANIC, and so does every later
 * call on the object it happened to, which can only be freed.
 */

#ifndef MTASTS_H
#define MTASTS_H

#include <stddef.h>
#include <stdint.h>
/* The version of this header; mtasts_version() is that of the library. */
#define MTASTS_VERSION "0.1.0"
#define MTASTS_VERSION_MAJOR 0
#define MTASTS_VERSION_MINOR 1
#define MTASTS_VERSION_PATCH 0

/**
 * All went well.
 */
#define MTASTS_OK 0

/**
 * A pointer that must not be NULL is NULL.
 */
#define MTASTS_ERR_NULL -1

/**
 * A length or a count is larger than 16 MiB or 65536: nothing that is read here is as long.
 */
#define MTASTS_ERR_LENGTH -2

/**
 * A text is not UTF-8.
 */
#define MTASTS_ERR_NOT_UTF8 -3

/**
 * A number is outside of its range, or is none of the constants that are defined.
 */
#define MTASTS_ERR_VALUE -4

/**
 * The buffer is too small; nothing was written to it. `*needed` says how large it must be.
 */
#define MTASTS_ERR_BUFFER -5

/**
 * There is no item of this number.
 */
#define MTASTS_ERR_INDEX -6

/**
 * The object has no such member: for example the host of an output that is no fetch.
 */
#define MTASTS_ERR_ABSENT -7

/**
 * A defect in libmtasts. The object it happened to answers all calls with this from then on; free
 * it.
 */
#define MTASTS_ERR_PANIC -8

/**
 * The object has a thread, and that is in the parent process: make one after fork().
 */
#define MTASTS_ERR_FORKED -9

/**
 * A failure that a later daemon tells of and that has no code here; its text says more.
 */
#define MTASTS_ERR_OTHER -10

/**
 * A text is no publication that can be checked, see mtasts_lint_json.
 */
#define MTASTS_ERR_PUBLICATION_INVALID -11

/**
 * `.example.com`, a question for a parent domain (RFC 8461 section 3.4).
 */
#define MTASTS_ERR_DOMAIN_PARENT -101

/**
 * An address, bracketed or not (RFC 8461 section 3.4).
 */
#define MTASTS_ERR_DOMAIN_ADDRESS -102

/**
 * A bracket without its partner, or text after it that is no port.
 */
#define MTASTS_ERR_DOMAIN_BRACKETS -103

/**
 * What follows the colon is no port or service name.
 */
#define MTASTS_ERR_DOMAIN_PORT -104

/**
 * There is no name, or nothing but a root dot.
 */
#define MTASTS_ERR_NAME_EMPTY -111

/**
 * Two dots in a row, or one at the start.
 */
#define MTASTS_ERR_NAME_EMPTY_LABEL -112

/**
 * A label of more than 63 octets.
 */
#define MTASTS_ERR_NAME_LABEL_TOO_LONG -113

/**
 * More octets than a DNS name can have, `_mta-sts.` included.
 */
#define MTASTS_ERR_NAME_TOO_LONG -114

/**
 * A label begins or ends with a hyphen.
 */
#define MTASTS_ERR_NAME_HYPHEN -115

/**
 * A character other than a letter, a digit, a hyphen or an underscore.
 */
#define MTASTS_ERR_NAME_CHARACTER -116

/**
 * An internationalised label that IDNA does not allow.
 */
#define MTASTS_ERR_NAME_IDNA -117

/**
 * There is no TXT record.
 */
#define MTASTS_ERR_RECORD_MISSING -201

/**
 * None of the TXT records begins with the version.
 */
#define MTASTS_ERR_RECORD_OTHER -202

/**
 * More than one record begins with the version.
 */
#define MTASTS_ERR_RECORD_SEVERAL -203

/**
 * Nothing follows the version, or something that is no `name=value`.
 */
#define MTASTS_ERR_RECORD_MALFORMED -204

/**
 * There is no `id`.
 */
#define MTASTS_ERR_RECORD_ID_MISSING -205

/**
 * An id is not 1 to 32 letters and digits.
 */
#define MTASTS_ERR_RECORD_ID_INVALID -206

/**
 * There is no TXT record at `_smtp._tls`.
 */
#define MTASTS_ERR_TLSRPT_MISSING -221

/**
 * None of the TXT records begins with the version of TLSRPT.
 */
#define MTASTS_ERR_TLSRPT_OTHER -222

/**
 * More than one record begins with the version of TLSRPT.
 */
#define MTASTS_ERR_TLSRPT_SEVERAL -223

/**
 * Nothing follows the version of TLSRPT, or something that is no `name=value`.
 */
#define MTASTS_ERR_TLSRPT_MALFORMED -224

/**
 * There is no `rua`.
 */
#define MTASTS_ERR_TLSRPT_RUA_MISSING -225

/**
 * A `rua` holds something that is no URI.
 */
#define MTASTS_ERR_TLSRPT_RUA_INVALID -226

/**
 * None of the URIs is `mailto:` or `https:` with somewhere to go.
 */
#define MTASTS_ERR_TLSRPT_RUA_UNUSABLE -227

/**
 * Nothing but white space.
 */
#define MTASTS_ERR_POLICY_EMPTY -301

/**
 * There is no `version`.
 */
#define MTASTS_ERR_POLICY_VERSION_MISSING -302

/**
 * The first `version` is not `STSv1`.
 */
#define MTASTS_ERR_POLICY_VERSION_INVALID -303

/**
 * There is no `mode`.
 */
#define MTASTS_ERR_POLICY_MODE_MISSING -304

/**
 * The first `mode` is not `enforce`, `testing` or `none`.
 */
#define MTASTS_ERR_POLICY_MODE_INVALID -305

/**
 * There is no `max_age`.
 */
#define MTASTS_ERR_POLICY_MAX_AGE_MISSING -306

/**
 * The first `max_age` is not 1 to 10 digits.
 */
#define MTASTS_ERR_POLICY_MAX_AGE_INVALID -307

/**
 * The first `max_age` is more than 31557600 seconds.
 */
#define MTASTS_ERR_POLICY_MAX_AGE_TOO_LARGE -308

/**
 * There is no `mx`, in a mode that needs one.
 */
#define MTASTS_ERR_POLICY_MX_MISSING -309

/**
 * No `mx` is a pattern, in a mode that needs one.
 */
#define MTASTS_ERR_POLICY_MX_INVALID -310

/**
 * No resolver answered in time.
 */
#define MTASTS_ERR_DNS_TIMEOUT -401

/**
 * The resolver answered SERVFAIL.
 */
#define MTASTS_ERR_DNS_SERVFAIL -402

/**
 * The resolver answered REFUSED or another error.
 */
#define MTASTS_ERR_DNS_REFUSED -403

/**
 * No query could be sent, or the answers could not be understood.
 */
#define MTASTS_ERR_DNS_FAILED -404

/**
 * The message answers another query: it may be late or forged, so go on waiting.
 */
#define MTASTS_ERR_DNS_NOT_OURS -411

/**
 * The message has the right id and cannot be read.
 */
#define MTASTS_ERR_DNS_MALFORMED -412

/**
 * The name is not one that DNS can carry.
 */
#define MTASTS_ERR_DNS_NAME -413

/**
 * The policy host has no address.
 */
#define MTASTS_ERR_FETCH_NO_ADDRESS -501

/**
 * The policy host's address could not be looked up.
 */
#define MTASTS_ERR_FETCH_DNS -502

/**
 * Every address of the policy host lies in a range that must not be contacted.
 */
#define MTASTS_ERR_FETCH_ADDRESS_REFUSED -503

/**
 * No TCP connection.
 */
#define MTASTS_ERR_FETCH_CONNECT -504

/**
 * The certificate has no DNS-ID that matches the policy host.
 */
#define MTASTS_ERR_FETCH_TLS_NAME -505

/**
 * The certificate's validity has ended.
 */
#define MTASTS_ERR_FETCH_TLS_EXPIRED -506

/**
 * The certificate's validity has not begun.
 */
#define MTASTS_ERR_FETCH_TLS_NOT_YET_VALID -507

/**
 * The certificate does not chain to a trusted root.
 */
#define MTASTS_ERR_FETCH_TLS_UNTRUSTED -508

/**
 * The certificate is unusable for another reason.
 */
#define MTASTS_ERR_FETCH_TLS_CERTIFICATE -509

/**
 * The handshake failed before a certificate could be judged.
 */
#define MTASTS_ERR_FETCH_TLS_HANDSHAKE -510

/**
 * The deadline passed.
 */
#define MTASTS_ERR_FETCH_TIMEOUT -511

/**
 * The HTTP response could not be understood.
 */
#define MTASTS_ERR_FETCH_HTTP -512

/**
 * A status other than 200 and outside 3xx. A result only: tell an engine the response itself.
 */
#define MTASTS_ERR_FETCH_STATUS -513

/**
 * A 3xx status. A result only: tell an engine the response itself.
 */
#define MTASTS_ERR_FETCH_REDIRECT -514

/**
 * The media type is not text/plain. A result only: tell an engine the response itself.
 */
#define MTASTS_ERR_FETCH_MEDIA_TYPE -515

/**
 * The body has a content coding that cannot be undone.
 */
#define MTASTS_ERR_FETCH_CONTENT_CODING -516

/**
 * The body is larger than the limit.
 */
#define MTASTS_ERR_FETCH_TOO_LARGE -517

/**
 * The response ended before its framing said so.
 */
#define MTASTS_ERR_FETCH_TRUNCATED -518

/**
 * Too many fetches were waiting.
 */
#define MTASTS_ERR_FETCH_BUSY -519

/**
 * No such request is open: it was answered, timed out, or never made.
 */
#define MTASTS_ERR_UNKNOWN_REQUEST -601

/**
 * The request is open but of another kind.
 */
#define MTASTS_ERR_WRONG_ANSWER -602

/**
 * No such lookup is waiting.
 */
#define MTASTS_ERR_UNKNOWN_LOOKUP -603

/**
 * A lookup of this number is waiting already.
 */
#define MTASTS_ERR_DUPLICATE_LOOKUP -604

/**
 * As many lookups or discoveries are under way as the configuration allows.
 */
#define MTASTS_ERR_BUSY -605

/**
 * The address is neither the path of a Unix socket nor a host and port.
 */
#define MTASTS_ERR_CLIENT_ADDRESS -701

/**
 * The daemon cannot be reached.
 */
#define MTASTS_ERR_CLIENT_CONNECT -702

/**
 * The connection broke.
 */
#define MTASTS_ERR_CLIENT_EXCHANGE -703

/**
 * The time was up.
 */
#define MTASTS_ERR_CLIENT_TIMEOUT -704

/**
 * The daemon closed the connection without a reply.
 */
#define MTASTS_ERR_CLIENT_CLOSED -705

/**
 * What answers there does not speak socketmap.
 */
#define MTASTS_ERR_CLIENT_PROTOCOL -706

/**
 * The daemon cannot say at the moment.
 */
#define MTASTS_ERR_CLIENT_TEMPORARY -707

/**
 * The daemon refuses the question.
 */
#define MTASTS_ERR_CLIENT_REFUSED -708

/**
 * The reply cannot be understood: it is another version, or no mtasts daemon.
 */
#define MTASTS_ERR_CLIENT_ANSWER -709

/**
 * A text is not the address of a DNS server.
 */
#define MTASTS_ERR_RESOLVER_SERVER -801

/**
 * A text is not a network such as 192.0.2.0/24.
 */
#define MTASTS_ERR_RESOLVER_NETWORK -802

/**
 * The trusted certificates cannot be read, or there are none.
 */
#define MTASTS_ERR_RESOLVER_TRUST -803

/**
 * The cache file cannot be opened or is something else.
 */
#define MTASTS_ERR_RESOLVER_STORE -804

/**
 * The resolver's thread cannot be started.
 */
#define MTASTS_ERR_RESOLVER_THREAD -805

/**
 * Do not deliver to hosts that fail validation.
 */
#define MTASTS_MODE_ENFORCE 1

/**
 * Deliver, and report.
 */
#define MTASTS_MODE_TESTING 2

/**
 * As though there were no policy.
 */
#define MTASTS_MODE_NONE 3

/**
 * A UTF-8 byte order mark at the start.
 */
#define MTASTS_DEVIATION_BYTE_ORDER_MARK 1

/**
 * A line with nothing on it.
 */
#define MTASTS_DEVIATION_BLANK_LINE 2

/**
 * A carriage return too many at the end of a line.
 */
#define MTASTS_DEVIATION_CARRIAGE_RETURN 3

/**
 * White space at the start of a line.
 */
#define MTASTS_DEVIATION_LEADING_SPACE 4

/**
 * White space before the colon.
 */
#define MTASTS_DEVIATION_SPACE_BEFORE_COLON 5

/**
 * A line without a colon; it is ignored.
 */
#define MTASTS_DEVIATION_NO_COLON 6

/**
 * A line whose field name is malformed; it is ignored.
 */
#define MTASTS_DEVIATION_FIELD_NAME 7

/**
 * A line whose value is empty or malformed; it is ignored.
 */
#define MTASTS_DEVIATION_FIELD_VALUE 8

/**
 * A dot at the end of an MX pattern.
 */
#define MTASTS_DEVIATION_TRAILING_DOT 9

/**
 * An underscore in an MX pattern.
 */
#define MTASTS_DEVIATION_UNDERSCORE 10

/**
 * An MX pattern that is none; it matches nothing.
 */
#define MTASTS_DEVIATION_INVALID_MX 11

/**
 * Deliver only over verified TLS to a host that the policy names (RFC 8461 section 5).
 */
#define MTASTS_ACTION_ENFORCE 1

/**
 * Deliver as without a policy, and report what MTASTS_ACTION_ENFORCE would have refused.
 */
#define MTASTS_ACTION_TESTING 2

/**
 * Deliver as without a policy: the domain's policy says `mode: none`.
 */
#define MTASTS_ACTION_NONE 3

/**
 * Deliver as without a policy: there is none, or none could be discovered.
 */
#define MTASTS_ACTION_NO_POLICY 4

/**
 * Hold the mail and ask again later.
 */
#define MTASTS_ACTION_TEMP_FAIL 5

/**
 * Fetched to answer this lookup.
 */
#define MTASTS_SOURCE_LIVE 1

/**
 * Kept from before.
 */
#define MTASTS_SOURCE_CACHED 2

/**
 * The certificate is valid for the MX host name and chains to a trusted root.
 */
#define MTASTS_CERT_VALID 1

/**
 * It has expired.
 */
#define MTASTS_CERT_EXPIRED 2

/**
 * No DNS-ID matches the MX host name.
 */
#define MTASTS_CERT_NAME_MISMATCH 3

/**
 * It does not chain to a trusted root.
 */
#define MTASTS_CERT_UNTRUSTED 4

/**
 * It is unusable for another reason, or the handshake failed.
 */
#define MTASTS_CERT_INVALID 5

/**
 * There are no TLSA records, or nobody looked.
 */
#define MTASTS_DANE_NONE 0

/**
 * The TLSA records are not signed: DANE does not apply.
 */
#define MTASTS_DANE_INSECURE 1

/**
 * A usable TLSA record matches.
 */
#define MTASTS_DANE_PASS 2

/**
 * Usable TLSA records are there and none matches.
 */
#define MTASTS_DANE_FAIL 3

/**
 * The TLSA lookup failed.
 */
#define MTASTS_DANE_LOOKUP_ERROR 4

/**
 * TLSA records are there but none is usable.
 */
#define MTASTS_DANE_UNUSABLE 5

/**
 * Go on with the delivery.
 */
#define MTASTS_VERDICT_DELIVER 1

/**
 * Treat the host as unreachable and go on to the next candidate (RFC 8461 section 8.4).
 */
#define MTASTS_VERDICT_SKIP_MX 2

/**
 * Nothing to report. The others are the TLSRPT result types of RFC 8460 section 4.3, with the numbers
 * that libtlsrpt gives them.
 */
#define MTASTS_RESULT_NOTHING 0

/**
 * starttls-not-supported
 */
#define MTASTS_RESULT_STARTTLS_NOT_SUPPORTED 201

/**
 * certificate-host-mismatch
 */
#define MTASTS_RESULT_CERTIFICATE_HOST_MISMATCH 202

/**
 * certificate-not-trusted
 */
#define MTASTS_RESULT_CERTIFICATE_NOT_TRUSTED 203

/**
 * certificate-expired
 */
#define MTASTS_RESULT_CERTIFICATE_EXPIRED 204

/**
 * validation-failure
 */
#define MTASTS_RESULT_VALIDATION_FAILURE 205

/**
 * sts-policy-fetch-error
 */
#define MTASTS_RESULT_STS_POLICY_FETCH_ERROR 301

/**
 * sts-policy-invalid
 */
#define MTASTS_RESULT_STS_POLICY_INVALID 302

/**
 * sts-webpki-invalid
 */
#define MTASTS_RESULT_STS_WEBPKI_INVALID 303

/**
 * tlsa-invalid
 */
#define MTASTS_RESULT_TLSA_INVALID 304

/**
 * dnssec-invalid
 */
#define MTASTS_RESULT_DNSSEC_INVALID 305

/**
 * dane-required
 */
#define MTASTS_RESULT_DANE_REQUIRED 306

/**
 * The reply for Postfix's `smtp_tls_policy_maps`: `OK secure match=...`, `NOTFOUND ` or `TEMP ...`.
 */
#define MTASTS_FORMAT_POSTFIX 1

/**
 * As MTASTS_FORMAT_POSTFIX, with the attributes for TLSRPT that Postfix takes from 3.10 on.
 */
#define MTASTS_FORMAT_POSTFIX_TLSRPT 2

/**
 * The reply for Sendmail's `sts` map (`FEATURE(sts)`).
 */
#define MTASTS_FORMAT_SENDMAIL 3

/**
 * What Exim keeps in a router's `address_data`: `mode=enforce mx=...`, the patterns with colons between
 * them.
 */
#define MTASTS_FORMAT_EXIM 4

/**
 * The result of OpenSMTPD's `check domain`: `found`, `not-found`, or `error|` and a reason.
 */
#define MTASTS_FORMAT_OPENSMTPD 5

/**
 * Age of the last TXT check after which a lookup starts another one in the background, in
 * milliseconds. Default 5 minutes.
 */
#define MTASTS_CONFIG_TXT_RECHECK 1

/**
 * Age at which a policy is fetched anew, in milliseconds; half of its max_age if that is less. Default
 * a day.
 */
#define MTASTS_CONFIG_REFRESH_AFTER 2

/**
 * How much earlier a refresh may be, in percent, 0 to 90. Spreads the load. Default 20.
 */
#define MTASTS_CONFIG_REFRESH_JITTER 3

/**
 * Policies of domains that nobody looked up for this long are not refreshed, in milliseconds. Default
 * 35 days.
 */
#define MTASTS_CONFIG_REFRESH_IDLE 4

/**
 * Longest pause between two attempts to refresh a policy after failures, in milliseconds. Default an
 * hour.
 */
#define MTASTS_CONFIG_REFRESH_RETRY_MAX 5

/**
 * Shortest time that an absence is remembered, in milliseconds; up to the longest the DNS TTL counts.
 * Default a minute.
 */
#define MTASTS_CONFIG_ABSENCE_MIN 6

/**
 * Longest time that an absence is remembered, in milliseconds. Default an hour.
 */
#define MTASTS_CONFIG_ABSENCE_MAX 7

/**
 * Pause after a failed fetch for the same domain and id, in milliseconds. Default 5 minutes, which
 * RFC 8461 section 3.3 names as the least.
 */
#define MTASTS_CONFIG_FETCH_BACKOFF 8

/**
 * Time allowed for a TXT query, in milliseconds. Default 20 seconds.
 */
#define MTASTS_CONFIG_DNS_TIMEOUT 9

/**
 * Time allowed for a fetch, in milliseconds. Default a minute.
 */
#define MTASTS_CONFIG_FETCH_TIMEOUT 10

/**
 * Largest policy body accepted, in octets, 1 to 16 MiB. Default 65536.
 */
#define MTASTS_CONFIG_MAX_BODY 11

/**
 * Most domains remembered, 1 or more. Default 1000000.
 */
#define MTASTS_CONFIG_MAX_DOMAINS 12

/**
 * Most lookups that may wait at one time, 1 or more. Default 10000.
 */
#define MTASTS_CONFIG_MAX_LOOKUPS 13

/**
 * Most domains being discovered at one time, 1 to 65535. Default 1000.
 */
#define MTASTS_CONFIG_MAX_DISCOVERIES 14

/**
 * Most refreshes that nobody waits for under way at one time. Default 16.
 */
#define MTASTS_CONFIG_MAX_REFRESHES 15

/**
 * The answer when the TXT query fails and nothing is cached: MTASTS_ON_FAILURE_... Default deliver.
 */
#define MTASTS_CONFIG_ON_DNS_FAILURE 16

/**
 * The answer when a policy is announced, cannot be fetched, and nothing is cached:
 * MTASTS_ON_FAILURE_... Default deliver.
 */
#define MTASTS_CONFIG_ON_FETCH_FAILURE 17

/**
 * Time allowed for a MTASTS_OUTPUT_LOAD or _STORE, in milliseconds. Default 5 seconds.
 */
#define MTASTS_CONFIG_STORE_TIMEOUT 18

/**
 * Whether the host keeps policies, 0 or 1: then there are outputs MTASTS_OUTPUT_LOAD and _STORE.
 * Default 0.
 */
#define MTASTS_CONFIG_STORE 19

/**
 * Seed of the jitter and of the hash function: any number that others cannot guess. Default 0.
 */
#define MTASTS_CONFIG_SEED 20

/**
 * Deliver as though the domain had no policy (RFC 8461 section 3.3).
 */
#define MTASTS_ON_FAILURE_DELIVER 0

/**
 * Hold the mail.
 */
#define MTASTS_ON_FAILURE_TEMP_FAIL 1

/**
 * Nothing is to be done at any time.
 */
#define MTASTS_NEVER 18446744073709551615ull

/**
 * There is no need to wake.
 */
#define MTASTS_WAKE_NEVER 0

/**
 * A lookup must be answered.
 */
#define MTASTS_WAKE_LOOKUP_DEADLINE 1

/**
 * A request got no answer in time.
 */
#define MTASTS_WAKE_REQUEST_DEADLINE 2

/**
 * A policy is to be refreshed, or something remembered has ended.
 */
#define MTASTS_WAKE_MAINTENANCE 3

/**
 * Ask DNS for the TXT records at `name`, following CNAMEs. Answer with mtasts_engine_txt_answer,
 * _txt_decoded or _txt_failed. Has: request, domain, name, deadline.
 */
#define MTASTS_OUTPUT_QUERY_TXT 1

/**
 * GET `https://host/path`, without following redirects or using an HTTP cache, with `host` as SNI and
 * as the name that the certificate must be valid for. Answer with mtasts_engine_fetch_answer or
 * _fetch_failed. Has: request, domain, host, path, deadline, max_bytes.
 */
#define MTASTS_OUTPUT_FETCH_POLICY 2

/**
 * Look for a stored policy. Answer with mtasts_engine_loaded. Has: request, domain.
 */
#define MTASTS_OUTPUT_LOAD 3

/**
 * Keep a policy, replacing an older one. Answer with mtasts_engine_stored once it is durable; answers
 * that use the policy wait for that. Has: request, domain, cached.
 */
#define MTASTS_OUTPUT_STORE 4

/**
 * The stored policy of this domain governs nothing any more. Has: domain.
 */
#define MTASTS_OUTPUT_REMOVE 5

/**
 * The answer to a lookup. Has: lookup, decision, bounce.
 */
#define MTASTS_OUTPUT_ANSWER 6

/**
 * Something that an administrator should know. Has: domain, message.
 */
#define MTASTS_OUTPUT_ALERT 7

/**
 * The lookup was no recheck.
 */
#define MTASTS_BOUNCE_NOT_ASKED 0

/**
 * No newer policy is announced: the ordinary rules for retries apply.
 */
#define MTASTS_BOUNCE_ALLOWED 1

/**
 * A newer policy may be there, or DNS could not tell: try again later.
 */
#define MTASTS_BOUNCE_FORBIDDEN 2

/**
 * IPv4 addresses.
 */
#define MTASTS_DNS_A 1

/**
 * Mail exchangers.
 */
#define MTASTS_DNS_MX 15

/**
 * Text.
 */
#define MTASTS_DNS_TXT 16

/**
 * IPv6 addresses.
 */
#define MTASTS_DNS_AAAA 28

/**
 * Certificates, at names such as `_25._tcp.mx.example.com` (RFC 6698).
 */
#define MTASTS_DNS_TLSA 52

/**
 * A query without EDNS, for servers that answer FORMERR otherwise: answers over UDP have at most 512
 * octets.
 */
#define MTASTS_EDNS_OFF 0

/**
 * A query with EDNS: answers over UDP have at most 1232 octets.
 */
#define MTASTS_EDNS_ON 1

/**
 * As MTASTS_EDNS_ON, with DO set, so that a resolver that does not look at AD in queries says whether
 * it has validated the answer.
 */
#define MTASTS_EDNS_DNSSEC 2

/**
 * The address that the connection came from.
 */
#define MTASTS_DETAIL_SENDING_MTA_IP 1

/**
 * The MX host's name in its MX record.
 */
#define MTASTS_DETAIL_RECEIVING_MX_HOSTNAME 2

/**
 * The name with which the MX host greeted.
 */
#define MTASTS_DETAIL_RECEIVING_MX_HELO 3

/**
 * The address that the connection went to.
 */
#define MTASTS_DETAIL_RECEIVING_IP 4

/**
 * A URI with more information.
 */
#define MTASTS_DETAIL_ADDITIONAL_INFORMATION 5

/**
 * A TLS library's error code or message.
 */
#define MTASTS_DETAIL_FAILURE_REASON_CODE 6

/**
 * A policy as a store keeps it: with its id and the time of its fetch. Immutable.
 */
typedef struct mtasts_cached mtasts_cached;

/**
 * Asks a running daemon. It is an address and a time limit: each lookup opens a connection and closes
 * it, and nothing else is kept. So it may be used after fork(), and by several threads at a time unless
 * one of them changes it. It starts no threads, and raises no SIGPIPE.
 */
typedef struct mtasts_client mtasts_client;

/**
 * The settings of an engine.
 */
typedef struct mtasts_config mtasts_config;

/**
 * What a sender should do with mail for a Policy Domain, and why. Immutable.
 */
typedef struct mtasts_decision mtasts_decision;

/**
 * What is wrong with a policy file: the error that makes it no policy, or the deviations that do no
 * harm, in the order of the text. Immutable.
 */
typedef struct mtasts_diagnostics mtasts_diagnostics;

/**
 * What a resolver has answered. Immutable.
 */
typedef struct mtasts_dns_answer mtasts_dns_answer;

/**
 * A name and what is asked of it. Immutable.
 */
typedef struct mtasts_dns_question mtasts_dns_question;

/**
 * Discovers, remembers and applies policies, without doing any I/O itself: the host carries out its
 * outputs, gives it inputs, and tells it the time. One thread at a time may use it.
 */
typedef struct mtasts_engine mtasts_engine;

/**
 * Something that an engine asks of its host, or an answer. Which members it has depends on its kind;
 * for others MTASTS_ERR_ABSENT is returned. Borrowed from the engine, as is all that is borrowed from it.
 */
typedef struct mtasts_output mtasts_output;

/**
 * A valid policy. Immutable and counted: any number of threads may use it, and each handle is freed
 * by itself.
 */
typedef struct mtasts_policy mtasts_policy;

/**
 * What a TLSRPT collector is to be told of one delivery attempt, for mail servers that do not report
 * by themselves: the policies that applied, and under each what failed.
 */
typedef struct mtasts_report mtasts_report;

#if defined(MTASTS_FEATURE_NET)
/**
 * Resolves lookup keys by itself: with DNS queries, HTTPS fetches and, if it is told of one, a cache
 * file that several processes may share. Any number of threads may use it.
 *
 * The first lookup starts its threads, which block all signals: one for the network and, with a cache
 * file, one for that. A child of fork() does not have them: what was used before the fork returns
 * MTASTS_ERR_FORKED in the child, where it may be freed (its memory is not given back). What was not
 * used before works in the child. So a mail server that forks makes a resolver early and uses it late,
 * or, better, asks a daemon: see mtasts_client.
 *
 * It reads /etc/resolv.conf and the system's trusted certificates, for which it looks at the environment
 * (SSL_CERT_FILE and SSL_CERT_DIR), unless it is told otherwise.
 */
typedef struct mtasts_resolver mtasts_resolver;
#endif

#if defined(MTASTS_FEATURE_NET)
/**
 * How a resolver reaches the world.
 */
typedef struct mtasts_resolver_options mtasts_resolver_options;
#endif

/**
 * The policies that an engine knew at one moment, with their domains, in the order of these.
 * Immutable, and independent of the engine.
 */
typedef struct mtasts_snapshot mtasts_snapshot;

/**
 * A valid TLSRPT record (RFC 8460 section 3): where a domain wants its reports. Immutable.
 */
typedef struct mtasts_tlsrpt mtasts_tlsrpt;

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

/**
 * The version of the library that is loaded, such as "0.1.0". Static; never NULL. MTASTS_VERSION is
 * the version of this header.
 */
const char *mtasts_version(void);

/**
 * What `code` is called: one word that does not change, for logs and scripts, such as
 * "policy-mode-missing". "unknown" for a number that is no code. Static; never NULL.
 */
const char *mtasts_error_name(int32_t code);

/**
 * What `code` means, in English, for people: a sentence without its full stop. Static; never NULL.
 */
const char *mtasts_error_message(int32_t code);

/**
 * Whether `code` says that a lookup key names no Policy Domain (an address literal, a parent domain,
 * or no name at all), 1 or 0. Such a key has no policy, which is an answer: deliver as without one.
 */
int32_t mtasts_error_is_no_domain(int32_t code);

/**
 * The Policy Domain of a lookup key as MTAs write it (`example.com`, `EXAMPLE.com.`, U-labels,
 * `[host]`, `host:port`, `[host]:port`): in lower case, as A-labels, without root dot, brackets or
 * port. Errors: see mtasts_error_is_no_domain.
 */
int32_t mtasts_domain(const char *key, size_t key_len, char *buf, size_t cap, size_t *needed);

/**
 * Where the TXT record of a lookup key's domain is: `_mta-sts.` and the domain.
 */
int32_t mtasts_domain_txt_name(const char *key,
                               size_t key_len,
                               char *buf,
                               size_t cap,
                               size_t *needed);

/**
 * Where the policy of a lookup key's domain is: `mta-sts.` and the domain.
 */
int32_t mtasts_domain_policy_host(const char *key,
                                  size_t key_len,
                                  char *buf,
                                  size_t cap,
                                  size_t *needed);

/**
 * Where the TLSRPT record of a lookup key's domain is: `_smtp._tls.` and the domain.
 */
int32_t mtasts_domain_tlsrpt_name(const char *key,
                                  size_t key_len,
                                  char *buf,
                                  size_t cap,
                                  size_t *needed);

/**
 * Selects the MTA-STS record (RFC 8461 section 3.1) from the answer to a TXT query and writes its id,
 * which has at most 32 octets. `records` and `lengths` have `count` elements, one a record: its
 * character-strings joined, without anything between them.
 *
 * Errors: MTASTS_ERR_RECORD_...: no policy is announced.
 */
int32_t mtasts_record_select(const char *const *records,
                             const size_t *lengths,
                             size_t count,
                             char *buf,
                             size_t cap,
                             size_t *needed);

/**
 * Reads a policy file (RFC 8461 section 3.2). Deviations from the grammar that can neither weaken
 * nor widen the policy are accepted; mtasts_policy_diagnose shows them. Free `*out` with
 * mtasts_policy_free.
 *
 * Errors: MTASTS_ERR_POLICY_...
 */
int32_t mtasts_policy_parse(const void *body, size_t body_len, mtasts_policy **out);

/**
 * As mtasts_policy_parse, for a complete HTTP response with its content coding undone, by the rules of
 * RFC 8461 sections 3.2 and 3.3: status 200 only, `text/plain` with any parameters, a body of at most
 * `max_bytes` (the RFC suggests 65536). `content_type` is the field's value, NULL where there is none.
 *
 * Errors: MTASTS_ERR_POLICY_..., MTASTS_ERR_FETCH_STATUS, _REDIRECT, _MEDIA_TYPE, _TOO_LARGE.
 */
int32_t mtasts_policy_from_response(uint16_t status,
                                    const char *content_type,
                                    size_t content_type_len,
                                    const void *body,
                                    size_t body_len,
                                    size_t max_bytes,
                                    mtasts_policy **out);

/**
 * Another handle to the same policy. Free it with mtasts_policy_free.
 */
int32_t mtasts_policy_clone(const mtasts_policy *policy, mtasts_policy **out);

/**
 * MTASTS_MODE_ENFORCE, _TESTING or _NONE.
 */
int32_t mtasts_policy_mode(const mtasts_policy *policy);

/**
 * How long the policy may be kept after its fetch, in seconds: 0 to 31557600.
 */
int32_t mtasts_policy_max_age(const mtasts_policy *policy, uint32_t *out);

/**
 * How many MX patterns there are. 0 only in mode none.
 */
int32_t mtasts_policy_mx_count(const mtasts_policy *policy);

/**
 * The MX pattern with this index, from 0, in the order of the policy: in lower case, such as
 * `mx.example.com` or `*.example.com`. Borrowed from the policy.
 */
int32_t mtasts_policy_mx(const mtasts_policy *policy,
                         size_t index,
                         const char **pattern,
                         size_t *pattern_len);

/**
 * Whether one of the MX patterns matches an MX host: writes 1 or 0. See mtasts_mx_matches.
 */
int32_t mtasts_policy_matches(const mtasts_policy *policy,
                              const char *host,
                              size_t host_len,
                              int32_t *out);

/**
 * How many fields the policy has that RFC 8461 does not know.
 */
int32_t mtasts_policy_extension_count(const mtasts_policy *policy);

/**
 * The field with this index, from 0, of those that RFC 8461 does not know. Both texts are borrowed
 * from the policy.
 */
int32_t mtasts_policy_extension(const mtasts_policy *policy,
                                size_t index,
                                const char **name,
                                size_t *name_len,
                                const char **value,
                                size_t *value_len);

/**
 * The policy as a policy file, with LF after each line: to be stored, and read again with
 * mtasts_policy_parse.
 */
int32_t mtasts_policy_text(const mtasts_policy *policy, char *buf, size_t cap, size_t *needed);

/**
 * Frees a handle. NULL is fine.
 */
void mtasts_policy_free(mtasts_policy *policy);

/**
 * Says what is wrong with a policy file. Succeeds whatever the text is; a text without findings is
 * strictly valid. At most 256 deviations are listed. Free `*out` with mtasts_diagnostics_free.
 */
int32_t mtasts_policy_diagnose(const void *body, size_t body_len, mtasts_diagnostics **out);

/**
 * How many findings there are.
 */
int32_t mtasts_diagnostics_count(const mtasts_diagnostics *diagnostics);

/**
 * What the finding with this index is, from 0: writes a MTASTS_ERR_POLICY_... (below 0) or a
 * MTASTS_DEVIATION_... (above 0).
 */
int32_t mtasts_diagnostics_code(const mtasts_diagnostics *diagnostics, size_t index, int32_t *out);

/**
 * Where the finding is: offsets of its first octet and after its last one, and line and column of the
 * first, counted from 1; a column is an octet of the line. MTASTS_ERR_ABSENT where something is
 * missing, which is nowhere.
 */
int32_t mtasts_diagnostics_place(const mtasts_diagnostics *diagnostics,
                                 size_t index,
                                 uint32_t *start,
                                 uint32_t *end,
                                 uint32_t *line,
                                 uint32_t *column);

/**
 * The finding in words. Borrowed from `diagnostics`.
 */
int32_t mtasts_diagnostics_message(const mtasts_diagnostics *diagnostics,
                                   size_t index,
                                   const char **message,
                                   size_t *message_len);

/**
 * What a finding's code is called: as mtasts_error_name, and "deviation-blank-line" and the like for
 * deviations. Static; never NULL.
 */
const char *mtasts_diagnostic_name(int32_t code);

/**
 * Frees findings. NULL is fine.
 */
void mtasts_diagnostics_free(mtasts_diagnostics *diagnostics);

#if defined(MTASTS_FEATURE_LINT)
/**
 * Says what is wrong with a domain's MTA-STS, and how to put it right. `publication` is a JSON object
 * with what is known about the domain: its TXT records, its policy, the response that the policy came
 * in, its MX hosts. What is written to `buf` is the report, a JSON object on one line. docs/lint-json.md
 * describes both.
 *
 * Errors: MTASTS_ERR_PUBLICATION_INVALID: `publication` is no JSON object, or has a member that is not
 * known or of another type. Then words for people, with line and column, are written to `why`, cut to
 * its size, with a NUL; `why` may be NULL if `why_cap` is 0. Otherwise nothing is written there.
 */
int32_t mtasts_lint_json(const char *publication,
                         size_t publication_len,
                         char *buf,
                         size_t cap,
                         size_t *needed,
                         char *why,
                         size_t why_cap);
#endif

/**
 * Whether an MX pattern matches an MX host (RFC 8461 section 4.1): writes 1 or 0. What is no pattern
 * matches nothing, and what is no host name is matched by nothing. U-labels in the host are
 * converted, and its root dot is ignored.
 */
int32_t mtasts_mx_matches(const char *pattern,
                          size_t pattern_len,
                          const char *host,
                          size_t host_len,
                          int32_t *out);

/**
 * Selects the TLSRPT record from the answer to a TXT query, given as for mtasts_record_select. Free
 * `*out` with mtasts_tlsrpt_free.
 *
 * Errors: MTASTS_ERR_TLSRPT_...: no reports are wanted.
 */
int32_t mtasts_tlsrpt_select(const char *const *records,
                             const size_t *lengths,
                             size_t count,
                             mtasts_tlsrpt **out);

/**
 * How many URIs there are: 1 or more.
 */
int32_t mtasts_tlsrpt_rua_count(const mtasts_tlsrpt *record);

/**
 * The URI with this index, from 0: `mailto:` or `https:`, as published. Borrowed from the record.
 */
int32_t mtasts_tlsrpt_rua(const mtasts_tlsrpt *record,
                          size_t index,
                          const char **uri,
                          size_t *uri_len);

/**
 * Frees a record. NULL is fine.
 */
void mtasts_tlsrpt_free(mtasts_tlsrpt *record);

/**
 * What to do: a MTASTS_ACTION_... An error, and an action that you do not know, mean: hold the mail
 * and ask again later.
 */
int32_t mtasts_decision_action(const mtasts_decision *decision);

/**
 * The policy that governs or, for MTASTS_ACTION_NONE, says that nothing does. Free `*out` with
 * mtasts_policy_free. MTASTS_ERR_ABSENT without a policy.
 */
int32_t mtasts_decision_policy(const mtasts_decision *decision, mtasts_policy **out);

/**
 * How many MX patterns the policy has. 0 without a policy.
 */
int32_t mtasts_decision_mx_count(const mtasts_decision *decision);

/**
 * The policy's MX pattern with this index, from 0: see mtasts_policy_mx. Borrowed from the decision.
 */
int32_t mtasts_decision_mx(const mtasts_decision *decision,
                           size_t index,
                           const char **pattern,
                           size_t *pattern_len);

/**
 * Whether one of the policy's MX patterns matches an MX host: writes 1 or 0; 0 without a policy.
 */
int32_t mtasts_decision_matches(const mtasts_decision *decision,
                                const char *host,
                                size_t host_len,
                                int32_t *out);

/**
 * Where the policy comes from: MTASTS_SOURCE_LIVE or _CACHED. MTASTS_ERR_ABSENT without a policy.
 */
int32_t mtasts_decision_source(const mtasts_decision *decision);

/**
 * The id under which the policy was fetched. Borrowed from the decision. MTASTS_ERR_ABSENT without a
 * policy.
 */
int32_t mtasts_decision_id(const mtasts_decision *decision,
                           const char **id,
                           size_t *id_len);

/**
 * When the policy was fetched, in Unix milliseconds. MTASTS_ERR_ABSENT without a policy.
 */
int32_t mtasts_decision_fetched_at(const mtasts_decision *decision, uint64_t *out);

/**
 * The last moment at which the policy governs, in Unix milliseconds. MTASTS_ERR_ABSENT without a
 * policy.
 */
int32_t mtasts_decision_expires_at(const mtasts_decision *decision, uint64_t *out);

/**
 * What went wrong last with the domain's discovery or refresh: writes a MTASTS_ERR_DNS_..., _RECORD_...,
 * _FETCH_... or _POLICY_..., or MTASTS_OK if nothing did.
 */
int32_t mtasts_decision_failure(const mtasts_decision *decision,
                                int32_t *out);

/**
 * When it went wrong, in Unix milliseconds. MTASTS_ERR_ABSENT if nothing did.
 */
int32_t mtasts_decision_failure_at(const mtasts_decision *decision, uint64_t *out);

/**
 * What went wrong, in words, with the details that were told. MTASTS_ERR_ABSENT if nothing did.
 */
int32_t mtasts_decision_failure_text(const mtasts_decision *decision,
                                     char *buf,
                                     size_t cap,
                                     size_t *needed);

/**
 * A copy that is the caller's: of a decision that is borrowed from an engine. Free `*out` with
 * mtasts_decision_free.
 */
int32_t mtasts_decision_clone(const mtasts_decision *decision, mtasts_decision **out);

/**
 * Frees a decision that is the caller's (from mtasts_client_lookup, mtasts_resolver_lookup or
 * mtasts_decision_clone), never one that is borrowed. NULL is fine.
 */
void mtasts_decision_free(mtasts_decision *decision);

/**
 * Judges the attempt to deliver to an MX host, by what the sender saw of it: whether it offered
 * STARTTLS (0 or 1), what became of its certificate (MTASTS_CERT_...; any of them without STARTTLS)
 * and what DANE says of it (MTASTS_DANE_...). Writes what to do (MTASTS_VERDICT_...) and what to report
 * through TLSRPT (MTASTS_RESULT_...). A verdict that you do not know means: skip this host.
 */
int32_t mtasts_decision_judge(const mtasts_decision *decision,
                              const char *host,
                              size_t host_len,
                              int32_t starttls,
                              int32_t cert,
                              int32_t dane,
                              int32_t *verdict,
                              int32_t *result);

/**
 * What the state of the domain's discovery calls for in a report (RFC 8461 section 6): writes a
 * MTASTS_RESULT_..., MTASTS_RESULT_NOTHING for nothing.
 */
int32_t mtasts_decision_discovery_result(const mtasts_decision *decision, int32_t *out);

/**
 * A MTASTS_RESULT_... as RFC 8460 section 4.3 writes it; "unknown" for other numbers. Static; never
 * NULL.
 */
const char *mtasts_result_name(int32_t result);

/**
 * The decision for `domain` (a lookup key) as a MTA reads it, in a MTASTS_FORMAT_... The domain is used
 * by MTASTS_FORMAT_POSTFIX_TLSRPT only.
 */
int32_t mtasts_decision_render(const mtasts_decision *decision,
                               int32_t format,
                               const char *domain,
                               size_t domain_len,
                               char *buf,
                               size_t cap,
                               size_t *needed);

/**
 * The decision for `domain` (a lookup key) as a JSON object on one line; docs/c-api.md has its
 * members. `now_ms` is the time in Unix milliseconds. Of a decision that a daemon has made, this is
 * what the daemon wrote.
 */
int32_t mtasts_decision_json(const mtasts_decision *decision,
                             const char *domain,
                             size_t domain_len,
                             uint64_t now_ms,
                             char *buf,
                             size_t cap,
                             size_t *needed);

/**
 * The decision in a sentence, for logs: which policy, from where, how old, and what failed. `now_ms`
 * is the time in Unix milliseconds. Of a decision that a daemon has made, this is what the daemon said.
 */
int32_t mtasts_decision_explain(const mtasts_decision *decision,
                                uint64_t now_ms,
                                char *buf,
                                size_t cap,
                                size_t *needed);

/**
 * The default settings, which follow RFC 8461. Free `*out` with mtasts_config_free.
 */
int32_t mtasts_config_new(mtasts_config **out);

/**
 * Changes one setting, a MTASTS_CONFIG_... Durations are in milliseconds, at most ten years.
 * MTASTS_ERR_VALUE for a setting that is not known or a value outside of its range.
 */
int32_t mtasts_config_set(mtasts_config *config, int32_t setting, uint64_t value);

/**
 * Frees settings. Engines that were made with them have copies. NULL is fine.
 */
void mtasts_config_free(mtasts_config *config);

/**
 * Makes an engine that knows nothing yet. `config` may be NULL for the default settings; it is copied.
 * Free `*out` with mtasts_engine_free.
 */
int32_t mtasts_engine_new(const mtasts_config *config,
                          mtasts_engine **out);

/**
 * The decision for a lookup key, if it can be given at once: from an unexpired policy, or from a
 * remembered absence or failure. Else `*out` is NULL: call mtasts_engine_resolve. The decision is
 * borrowed until the next call that changes the engine; mtasts_decision_clone makes it yours.
 *
 * A policy that is due for a check is checked in the background, so poll outputs afterwards.
 */
int32_t mtasts_engine_lookup(mtasts_engine *engine,
                             const char *key,
                             size_t key_len,
                             uint64_t now_ms,
                             const mtasts_decision **out);

/**
 * As mtasts_engine_lookup, for a look at what is remembered: counts as no use and starts nothing.
 */
int32_t mtasts_engine_peek(mtasts_engine *engine,
                           const char *key,
                           size_t key_len,
                           uint64_t now_ms,
                           const mtasts_decision **out);

/**
 * Does everything that is due: answers lookups whose deadline has passed, gives up on requests,
 * refreshes policies, forgets what has ended. Poll outputs afterwards.
 */
int32_t mtasts_engine_handle_timeout(mtasts_engine *engine, uint64_t now_ms);

/**
 * The next thing to do, or NULL in `*out` when there is none. It is borrowed until the next call that
 * changes the engine: take what you need before you give it an input.
 */
int32_t mtasts_engine_poll_output(mtasts_engine *engine,
                                  const mtasts_output **out);

/**
 * When mtasts_engine_handle_timeout should be called next (Unix milliseconds, MTASTS_NEVER for never)
 * and why (MTASTS_WAKE_...). Once it has been called for a moment, the next one is later than that.
 * `reason` may be NULL.
 */
int32_t mtasts_engine_poll_timeout(const mtasts_engine *engine,
                                   uint64_t *at_ms,
                                   int32_t *reason);

/**
 * How many domains are remembered.
 */
int32_t mtasts_engine_domain_count(const mtasts_engine *engine);

/**
 * How many lookups wait for their answer.
 */
int32_t mtasts_engine_waiting_count(const mtasts_engine *engine);

/**
 * Replaces the settings, for what comes. The seed stays as it is.
 */
int32_t mtasts_engine_reconfigure(mtasts_engine *engine, const mtasts_config *config);

/**
 * Frees an engine and what was borrowed from it. NULL is fine.
 */
void mtasts_engine_free(mtasts_engine *engine);

/**
 * Somebody wants the decision for a lookup key and waits until `deadline_ms` (Unix milliseconds). The
 * answer comes as a MTASTS_OUTPUT_ANSWER with this `lookup`, a number of the caller's choice that no
 * waiting lookup has; exactly one does, by the deadline, if timeouts are handled.
 *
 * Errors: see mtasts_error_is_no_domain; MTASTS_ERR_DUPLICATE_LOOKUP, MTASTS_ERR_BUSY.
 */
int32_t mtasts_engine_resolve(mtasts_engine *engine,
                              uint32_t lookup,
                              const char *key,
                              size_t key_len,
                              uint64_t deadline_ms,
                              uint64_t now_ms);

/**
 * As mtasts_engine_resolve, when mail for the domain is about to be bounced: the TXT record is checked
 * first (RFC 8461 section 5.1 step 3), and the answer says whether bouncing is allowed
 * (mtasts_output_bounce).
 */
int32_t mtasts_engine_recheck(mtasts_engine *engine,
                              uint32_t lookup,
                              const char *key,
                              size_t key_len,
                              uint64_t deadline_ms,
                              uint64_t now_ms);

/**
 * Nobody waits for this lookup any more; it will not be answered.
 */
int32_t mtasts_engine_cancel(mtasts_engine *engine, uint32_t lookup, uint64_t now_ms);

/**
 * The answer to a MTASTS_OUTPUT_QUERY_TXT: the records as for mtasts_record_select, none when the name
 * or the type does not exist, and the smallest TTL of the answer, or the negative TTL, in seconds.
 *
 * Errors: MTASTS_ERR_UNKNOWN_REQUEST, MTASTS_ERR_WRONG_ANSWER; the same for all answers.
 */
int32_t mtasts_engine_txt_answer(mtasts_engine *engine,
                                 uint32_t request,
                                 const char *const *records,
                                 const size_t *lengths,
                                 size_t count,
                                 uint32_t ttl,
                                 uint64_t now_ms);

/**
 * As mtasts_engine_txt_answer, with what mtasts_dns_decode has made of a message: also when that says
 * that the resolver could not answer. `answer` remains the caller's.
 */
int32_t mtasts_engine_txt_decoded(mtasts_engine *engine,
                                  uint32_t request,
                                  const mtasts_dns_answer *answer,
                                  uint64_t now_ms);

/**
 * A MTASTS_OUTPUT_QUERY_TXT failed: `failure` is MTASTS_ERR_DNS_TIMEOUT, _SERVFAIL, _REFUSED or _FAILED.
 * `detail` is what people should read of it besides (a server's address); it may be empty.
 */
int32_t mtasts_engine_txt_failed(mtasts_engine *engine,
                                 uint32_t request,
                                 int32_t failure,
                                 const char *detail,
                                 size_t detail_len,
                                 uint64_t now_ms);

/**
 * The answer to a MTASTS_OUTPUT_FETCH_POLICY: a complete HTTP response with its content coding undone.
 * `content_type` is the field's value, NULL where there is none. Responses of any status are told this
 * way.
 */
int32_t mtasts_engine_fetch_answer(mtasts_engine *engine,
                                   uint32_t request,
                                   uint16_t status,
                                   const char *content_type,
                                   size_t content_type_len,
                                   const void *body,
                                   size_t body_len,
                                   uint64_t now_ms);

/**
 * A MTASTS_OUTPUT_FETCH_POLICY brought no complete response: `failure` is a MTASTS_ERR_FETCH_... that is
 * not marked as a result only. `detail` is what people should read of it besides (a TLS alert, an
 * address); it may be empty.
 */
int32_t mtasts_engine_fetch_failed(mtasts_engine *engine,
                                   uint32_t request,
                                   int32_t failure,
                                   const char *detail,
                                   size_t detail_len,
                                   uint64_t now_ms);

/**
 * The answer to a MTASTS_OUTPUT_LOAD: what the store holds, or NULL if that is nothing, or the store
 * failed. `cached` is copied.
 */
int32_t mtasts_engine_loaded(mtasts_engine *engine,
                             uint32_t request,
                             const mtasts_cached *cached,
                             uint64_t now_ms);

/**
 * A MTASTS_OUTPUT_STORE is durable, or the store gave up on it.
 */
int32_t mtasts_engine_stored(mtasts_engine *engine, uint32_t request, uint64_t now_ms);

/**
 * Gives the engine a policy that was kept, before anybody has asked. It never replaces a newer one,
 * and what has expired is passed over. `cached` is copied.
 */
int32_t mtasts_engine_restore(mtasts_engine *engine,
                              const char *domain,
                              size_t domain_len,
                              const mtasts_cached *cached,
                              uint64_t now_ms);

/**
 * Which kind it is: a MTASTS_OUTPUT_... Pass over kinds that you do not know.
 */
int32_t mtasts_output_kind(const mtasts_output *output);

/**
 * The number that the answer must carry.
 */
int32_t mtasts_output_request(const mtasts_output *output, uint32_t *out);

/**
 * The Policy Domain.
 */
int32_t mtasts_output_domain(const mtasts_output *output, const char **domain, size_t *domain_len);

/**
 * The name to ask DNS for: `_mta-sts.` and the Policy Domain.
 */
int32_t mtasts_output_name(const mtasts_output *output, const char **name, size_t *name_len);

/**
 * The policy host: `mta-sts.` and the Policy Domain.
 */
int32_t mtasts_output_host(const mtasts_output *output, const char **host, size_t *host_len);

/**
 * The path of the policy: `/.well-known/mta-sts.txt`.
 */
int32_t mtasts_output_path(const mtasts_output *output, const char **path, size_t *path_len);

/**
 * When an answer is no longer of use, in Unix milliseconds.
 */
int32_t mtasts_output_deadline(const mtasts_output *output, uint64_t *out);

/**
 * Stop reading the body beyond this many octets.
 */
int32_t mtasts_output_max_bytes(const mtasts_output *output, size_t *out);

/**
 * The policy to be kept, with its id and times.
 */
int32_t mtasts_output_cached(const mtasts_output *output, const mtasts_cached **out);

/**
 * The number of the lookup that is answered.
 */
int32_t mtasts_output_lookup(const mtasts_output *output, uint32_t *out);

/**
 * The decision. mtasts_decision_clone makes it yours.
 */
int32_t mtasts_output_decision(const mtasts_output *output, const mtasts_decision **out);

/**
 * Whether a message may now be failed permanently (RFC 8461 section 5.1): a MTASTS_BOUNCE_... Treat a
 * number that you do not know as MTASTS_BOUNCE_FORBIDDEN.
 */
int32_t mtasts_output_bounce(const mtasts_output *output);

/**
 * What the administrator should know, in a sentence without its full stop.
 */
int32_t mtasts_output_message(const mtasts_output *output, char *buf, size_t cap, size_t *needed);

/**
 * Puts together what a store has kept: the policy, the id that the TXT record announced, when the
 * policy was fetched and when the domain was last asked for (Unix milliseconds). Free `*out` with
 * mtasts_cached_free; the policy remains the caller's.
 */
int32_t mtasts_cached_new(const mtasts_policy *policy,
                          const char *id,
                          size_t id_len,
                          uint64_t fetched_at_ms,
                          uint64_t last_used_ms,
                          mtasts_cached **out);

/**
 * The policy. Free `*out` with mtasts_policy_free.
 */
int32_t mtasts_cached_policy(const mtasts_cached *cached, mtasts_policy **out);

/**
 * The id. Borrowed from `cached`.
 */
int32_t mtasts_cached_id(const mtasts_cached *cached, const char **id, size_t *id_len);

/**
 * When the policy was fetched, in Unix milliseconds.
 */
int32_t mtasts_cached_fetched_at(const mtasts_cached *cached, uint64_t *out);

/**
 * When the domain was last asked for, in Unix milliseconds.
 */
int32_t mtasts_cached_last_used(const mtasts_cached *cached, uint64_t *out);

/**
 * The last moment at which the policy governs, in Unix milliseconds. A store may forget it then.
 */
int32_t mtasts_cached_expires_at(const mtasts_cached *cached, uint64_t *out);

/**
 * Frees what mtasts_cached_new has made. NULL is fine.
 */
void mtasts_cached_free(mtasts_cached *cached);

/**
 * Takes the policies that govern at `now_ms` out of an engine, which keeps them, too: for a host that
 * stores them at its end and gives them back with mtasts_engine_restore. Takes about 200 octets of
 * memory for each. Free `*out` with mtasts_snapshot_free.
 */
int32_t mtasts_engine_export(const mtasts_engine *engine,
                             uint64_t now_ms,
                             mtasts_snapshot **out);

/**
 * How many policies there are.
 */
int32_t mtasts_snapshot_count(const mtasts_snapshot *snapshot);

/**
 * The domain with this index, from 0. Borrowed from the snapshot.
 */
int32_t mtasts_snapshot_domain(const mtasts_snapshot *snapshot,
                               size_t index,
                               const char **domain,
                               size_t *domain_len);

/**
 * The policy of the domain with this index, from 0. Borrowed from the snapshot.
 */
int32_t mtasts_snapshot_cached(const mtasts_snapshot *snapshot,
                               size_t index,
                               const mtasts_cached **out);

/**
 * Frees a snapshot and what was borrowed from it. NULL is fine.
 */
void mtasts_snapshot_free(mtasts_snapshot *snapshot);

/**
 * A question about a name, given as A-labels: MTASTS_DNS_TXT, _A, _AAAA, _MX or _TLSA. Free `*out`
 * with mtasts_dns_question_free.
 *
 * Errors: MTASTS_ERR_DNS_NAME; MTASTS_ERR_VALUE for another type.
 */
int32_t mtasts_dns_question_new(const char *name,
                                size_t name_len,
                                int32_t record_type,
                                mtasts_dns_question **out);

/**
 * Writes the query message for a recursive resolver. `id` should be a number that others cannot guess,
 * and so should be the port it is sent from. `edns` is a MTASTS_EDNS_... Over TCP the message follows
 * its length in two octets. At most 288 octets are needed.
 */
int32_t mtasts_dns_encode(const mtasts_dns_question *question,
                          uint16_t id,
                          int32_t edns,
                          void *buf,
                          size_t cap,
                          size_t *needed);

/**
 * Reads the answer to the query that was encoded with `id`. Free `*out` with mtasts_dns_answer_free.
 *
 * Errors: MTASTS_ERR_DNS_NOT_OURS: go on waiting; MTASTS_ERR_DNS_MALFORMED.
 */
int32_t mtasts_dns_decode(const mtasts_dns_question *question,
                          uint16_t id,
                          const void *message,
                          size_t message_len,
                          mtasts_dns_answer **out);

/**
 * Frees a question. NULL is fine.
 */
void mtasts_dns_question_free(mtasts_dns_question *question);

/**
 * The response code: 0 is NOERROR, 2 SERVFAIL, 3 NXDOMAIN, 5 REFUSED.
 */
int32_t mtasts_dns_answer_rcode(const mtasts_dns_answer *answer);

/**
 * Whether the message was cut short, 1 or 0: if so, ask again over TCP.
 */
int32_t mtasts_dns_answer_is_truncated(const mtasts_dns_answer *answer);

/**
 * Whether the resolver says that it has validated the answer (AD), 1 or 0. Believe it only from a
 * resolver that is trusted over a trusted path.
 */
int32_t mtasts_dns_answer_is_authentic(const mtasts_dns_answer *answer);

/**
 * The smallest TTL of the CNAME chain and its records or, without records, the negative TTL, in
 * seconds.
 */
int32_t mtasts_dns_answer_ttl(const mtasts_dns_answer *answer, uint32_t *out);

/**
 * How many records there are at the end of the CNAME chain. 0 if the name or the type does not exist,
 * or the resolver could not answer: see mtasts_dns_answer_rcode.
 */
int32_t mtasts_dns_answer_count(const mtasts_dns_answer *answer);

/**
 * The TXT record with this index, from 0: its character-strings, joined. Any octets, NUL among them.
 * Borrowed from the answer. MTASTS_ERR_ABSENT for a record of another type.
 */
int32_t mtasts_dns_answer_txt(const mtasts_dns_answer *answer,
                              size_t index,
                              const char **text,
                              size_t *text_len);

/**
 * The address with this index, from 0, as text such as `192.0.2.1` or `2001:db8::1`, for inet_pton or
 * getaddrinfo. At most 46 octets are needed. MTASTS_ERR_ABSENT for a record of another type.
 */
int32_t mtasts_dns_answer_address(const mtasts_dns_answer *answer,
                                  size_t index,
                                  char *buf,
                                  size_t cap,
                                  size_t *needed);

/**
 * The MX record with this index, from 0: its preference, of which lower ones are tried first, and its
 * host, in lower case and without the root dot; empty in a null MX (RFC 7505). The host is borrowed from
 * the answer. MTASTS_ERR_ABSENT for a record of another type.
 */
int32_t mtasts_dns_answer_mx(const mtasts_dns_answer *answer,
                             size_t index,
                             uint16_t *preference,
                             const char **host,
                             size_t *host_len);

/**
 * The TLSA record with this index, from 0 (RFC 6698 section 2.1): certificate usage, selector,
 * matching type, and the certificate association data, which is borrowed from the answer.
 * MTASTS_ERR_ABSENT for a record of another type.
 */
int32_t mtasts_dns_answer_tlsa(const mtasts_dns_answer *answer,
                               size_t index,
                               uint8_t *usage,
                               uint8_t *selector,
                               uint8_t *matching_type,
                               const char **data,
                               size_t *data_len);

/**
 * How many names the CNAME chain leads to. 0 if the name in the question is no alias.
 */
int32_t mtasts_dns_answer_alias_count(const mtasts_dns_answer *answer);

/**
 * The name with this index, from 0, of those that the CNAME chain leads to: the last one owns the
 * records. In lower case, without the root dot. Borrowed from the answer.
 */
int32_t mtasts_dns_answer_alias(const mtasts_dns_answer *answer,
                                size_t index,
                                const char **name,
                                size_t *name_len);

/**
 * Frees an answer. NULL is fine.
 */
void mtasts_dns_answer_free(mtasts_dns_answer *answer);

/**
 * Begins the report of an attempt to deliver mail for a domain (a lookup key), with the answer to the
 * TXT query for its `_smtp._tls` name, given as for mtasts_record_select. Free `*out` with
 * mtasts_report_free.
 *
 * Errors: MTASTS_ERR_TLSRPT_...: the domain wants no reports, so send none.
 */
int32_t mtasts_report_new(const char *domain,
                          size_t domain_len,
                          const char *const *records,
                          const size_t *lengths,
                          size_t count,
                          mtasts_report **out);

/**
 * Adds the policy of a decision for the domain, or that none was found. `success` (0 or 1) says whether
 * a TLS session was established as the policy demands, in the end. Failures that are added next are
 * failures under this policy.
 */
int32_t mtasts_report_add_policy(mtasts_report *report,
                                 const mtasts_decision *decision,
                                 int32_t success);

/**
 * As mtasts_report_add_policy, for DANE: the MX host (or next hop) that owns the TLSA records, and each
 * of those as text (RFC 8460 section 4.5), in two arrays as for mtasts_record_select.
 */
int32_t mtasts_report_add_tlsa(mtasts_report *report,
                               const char *host,
                               size_t host_len,
                               const char *const *records,
                               const size_t *lengths,
                               size_t count,
                               int32_t success);

/**
 * Adds a failure, a MTASTS_RESULT_..., under the policy that was added last. MTASTS_ERR_ABSENT before
 * any policy.
 */
int32_t mtasts_report_add_failure(mtasts_report *report,
                                  int32_t result);

/**
 * Says something about the failure that was added last: a MTASTS_DETAIL_... MTASTS_ERR_ABSENT before any
 * failure under the policy that was added last, MTASTS_ERR_VALUE for an address that is none.
 */
int32_t mtasts_report_set_detail(mtasts_report *report,
                                 int32_t detail,
                                 const char *text,
                                 size_t text_len);

/**
 * The datagram, octet by octet as libtlsrpt writes it: one JSON object. Send it to the collector's Unix
 * socket (SOCK_DGRAM) without waiting, and do not mind when nobody listens there. MTASTS_ERR_ABSENT
 * without a policy.
 */
int32_t mtasts_report_datagram(const mtasts_report *report,
                               char *buf,
                               size_t cap,
                               size_t *needed);

/**
 * Frees a report. NULL is fine.
 */
void mtasts_report_free(mtasts_report *report);

/**
 * A client of the daemon at an address: the path of a Unix socket (with a `/` in it), or a host and a
 * port (`127.0.0.1:8461`, `[::1]:8461`). A host that is a name is resolved at every lookup, and the
 * system's resolver knows no time limit: better is an address. Nothing is opened yet. Free `*out` with
 * mtasts_client_free.
 *
 * Errors: MTASTS_ERR_CLIENT_ADDRESS.
 */
int32_t mtasts_client_new(const char *address,
                          size_t address_len,
                          mtasts_client **out);

/**
 * The time for each lookup as a whole (connecting, waiting and reading), in milliseconds, at least 1.
 * 100 s unless told otherwise; the daemon's own limit (`socketmap.lookup_timeout`) should be shorter.
 */
int32_t mtasts_client_set_timeout_ms(mtasts_client *client,
                                     uint32_t timeout_ms);

/**
 * Asks the daemon for the decision for a lookup key as MTAs write it: `example.com`, `[host]`,
 * `host:port`, `[host]:port`. A key that names no Policy Domain has no policy, which is an answer. Free
 * `*out` with mtasts_decision_free.
 *
 * Errors: MTASTS_ERR_CLIENT_...: hold the mail then, for its domain may demand verified TLS.
 */
int32_t mtasts_client_lookup(const mtasts_client *client,
                             const char *key,
                             size_t key_len,
                             mtasts_decision **out);

/**
 * As mtasts_client_lookup. If it fails for a MTASTS_ERR_CLIENT_... it says why in words for a log
 * ("the daemon at 127.0.0.1:8461 cannot be reached: Connection refused"): they are written to `buf`,
 * cut to its size, with a NUL. On success nothing is written there.
 */
int32_t mtasts_client_lookup_why(const mtasts_client *client,
                                 const char *key,
                                 size_t key_len,
                                 mtasts_decision **out,
                                 char *buf,
                                 size_t cap);

/**
 * Frees a client. NULL is fine.
 */
void mtasts_client_free(mtasts_client *client);

#if defined(MTASTS_FEATURE_NET)
/**
 * Makes a resolver. `options` may be NULL; they are copied. Nothing is opened or started yet. Free
 * `*out` with mtasts_resolver_free.
 */
int32_t mtasts_resolver_new(const mtasts_resolver_options *options, mtasts_resolver **out);
#endif

#if defined(MTASTS_FEATURE_NET)
/**
 * Starts a resolver before its first lookup, to learn in time whether it can be started. If it cannot,
 * it says why in words for a log: they are written to `buf`, cut to its size, with a NUL. On success
 * nothing is written there.
 *
 * Errors: MTASTS_ERR_RESOLVER_..., MTASTS_ERR_FORKED.
 */
int32_t mtasts_resolver_start(const mtasts_resolver *resolver,
                              char *buf,
                              size_t cap);
#endif

#if defined(MTASTS_FEATURE_NET)
/**
 * The decision for a lookup key, from what is known or discovered within `timeout_ms`. Blocks until
 * then at most. Free `*out` with mtasts_decision_free.
 *
 * Errors: see mtasts_error_is_no_domain. For all others hold the mail: MTASTS_ERR_BUSY,
 * MTASTS_ERR_RESOLVER_..., MTASTS_ERR_FORKED.
 */
int32_t mtasts_resolver_lookup(const mtasts_resolver *resolver,
                               const char *key,
                               size_t key_len,
                               uint32_t timeout_ms,
                               mtasts_decision **out);
#endif

#if defined(MTASTS_FEATURE_NET)
/**
 * As mtasts_resolver_lookup, when mail for the domain is about to be bounced: asks DNS whatever is known
 * (RFC 8461 section 5.1 step 3), and writes to `bounce` whether a message may now be failed permanently:
 * MTASTS_BOUNCE_ALLOWED or MTASTS_BOUNCE_FORBIDDEN.
 */
int32_t mtasts_resolver_recheck(const mtasts_resolver *resolver,
                                const char *key,
                                size_t key_len,
                                uint32_t timeout_ms,
                                mtasts_decision **out,
                                int32_t *bounce);
#endif

#if defined(MTASTS_FEATURE_NET)
/**
 * Frees a resolver and ends its threads; waits for them. Call it when no thread is using it. NULL is
 * fine.
 */
void mtasts_resolver_free(mtasts_resolver *resolver);
#endif

#if defined(MTASTS_FEATURE_NET)
/**
 * The default options: the name servers of /etc/resolv.conf, the system's trusted certificates, no
 * cache file. Free `*out` with mtasts_resolver_options_free.
 */
int32_t mtasts_resolver_options_new(mtasts_resolver_options **out);
#endif

#if defined(MTASTS_FEATURE_NET)
/**
 * Takes over the settings of the engine, all but MTASTS_CONFIG_STORE and MTASTS_CONFIG_SEED.
 */
int32_t mtasts_resolver_options_set_config(mtasts_resolver_options *options,
                                           const mtasts_config *config);
#endif

#if defined(MTASTS_FEATURE_NET)
/**
 * Adds a DNS server, instead of those of /etc/resolv.conf: `127.0.0.1`, `[::1]:53`, or
 * `tls://ADDRESS#NAME` for DNS over TLS. The first one is asked first.
 *
 * Errors: MTASTS_ERR_RESOLVER_SERVER.
 */
int32_t mtasts_resolver_options_add_dns_server(mtasts_resolver_options *options,
                                               const char *server,
                                               size_t server_len);
#endif

#if defined(MTASTS_FEATURE_NET)
/**
 * Adds a file in PEM with certificates that are trusted besides the system's. It is read when the
 * resolver starts.
 */
int32_t mtasts_resolver_options_add_ca_file(mtasts_resolver_options *options,
                                            const char *path,
                                            size_t path_len);
#endif

#if defined(MTASTS_FEATURE_NET)
/**
 * Whether the system's certificates are trusted, 1 (as by default) or 0.
 */
int32_t mtasts_resolver_options_set_system_roots(mtasts_resolver_options *options, int32_t trusted);
#endif

#if defined(MTASTS_FEATURE_NET)
/**
 * The port of policy hosts: 443, for everybody but tests.
 */
int32_t mtasts_resolver_options_set_https_port(mtasts_resolver_options *options, uint16_t port);
#endif

#if defined(MTASTS_FEATURE_NET)
/**
 * Adds a network, such as `10.0.0.0/8` or an address, in which policy hosts may be although it is not on
 * the public Internet.
 *
 * Errors: MTASTS_ERR_RESOLVER_NETWORK.
 */
int32_t mtasts_resolver_options_allow_network(mtasts_resolver_options *options,
                                              const char *network,
                                              size_t network_len);
#endif

#if defined(MTASTS_FEATURE_NET)
/**
 * Keeps policies in an SQLite file, which is made if it is not there, and which several processes may
 * use at a time, a daemon among them.
 */
int32_t mtasts_resolver_options_set_cache_file(mtasts_resolver_options *options,
                                               const char *path,
                                               size_t path_len);
#endif

#if defined(MTASTS_FEATURE_NET)
/**
 * Frees options. NULL is fine.
 */
void mtasts_resolver_options_free(mtasts_resolver_options *options);
#endif

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* MTASTS_H */
