/**
 * The codes of errors and failures: words that do not change from version to version. A test of the
 * WebAssembly module compares them with what the engine has.
 *
 * @module
 */

/** Why a TXT query failed. */
export const dnsFailureCodes = [
  "dns-timeout",
  "dns-servfail",
  "dns-refused",
  "dns-failed",
] as const;

/** Why an HTTPS fetch brought no response. */
export const fetchFailureCodes = [
  "fetch-no-address",
  "fetch-dns",
  "fetch-address-refused",
  "fetch-connect",
  "fetch-tls-name",
  "fetch-tls-expired",
  "fetch-tls-not-yet-valid",
  "fetch-tls-untrusted",
  "fetch-tls-certificate",
  "fetch-tls-handshake",
  "fetch-timeout",
  "fetch-http",
  "fetch-content-coding",
  "fetch-too-large",
  "fetch-truncated",
  "fetch-busy",
] as const;

/** What is wrong with an HTTPS response that is complete. */
export const responseCodes = ["fetch-status", "fetch-redirect", "fetch-media-type"] as const;

/** What keeps TXT records from being one MTA-STS record. */
export const recordCodes = [
  "record-missing",
  "record-other",
  "record-several",
  "record-malformed",
  "record-id-missing",
  "record-id-invalid",
] as const;

/** What keeps a text from being a policy. */
export const policyCodes = [
  "policy-empty",
  "policy-version-missing",
  "policy-version-invalid",
  "policy-mode-missing",
  "policy-mode-invalid",
  "policy-max-age-missing",
  "policy-max-age-invalid",
  "policy-max-age-too-large",
  "policy-mx-missing",
  "policy-mx-invalid",
] as const;

/** What keeps TXT records from being one TLSRPT record. */
export const tlsRptCodes = [
  "tlsrpt-missing",
  "tlsrpt-other",
  "tlsrpt-several",
  "tlsrpt-malformed",
  "tlsrpt-rua-missing",
  "tlsrpt-rua-invalid",
  "tlsrpt-rua-unusable",
] as const;

/** Why a lookup key names no Policy Domain. */
export const domainCodes = [
  "domain-parent",
  "domain-address",
  "domain-brackets",
  "domain-port",
  "domain-name",
] as const;

/** Why the engine refused an input. */
export const inputCodes = [
  "unknown-request",
  "wrong-answer",
  "unknown-lookup",
  "duplicate-lookup",
  "busy",
] as const;

/** What a policy may get wrong and still be read. */
export const deviationCodes = [
  "byte-order-mark",
  "blank-line",
  "carriage-return",
  "leading-space",
  "space-before-colon",
  "no-colon",
  "field-name",
  "field-value",
  "trailing-dot",
  "underscore",
  "mx-invalid",
] as const;

/** What else the WebAssembly module refuses. */
export const otherCodes = [
  "argument-invalid",
  "id-invalid",
  "request-invalid",
  "publication-invalid",
  "dns-name-invalid",
  "dns-answer-foreign",
  "dns-answer-malformed",
] as const;

/** What this package says by itself. */
export const packageCodes = [
  /** A text has a lone surrogate, so it has no UTF-8. */
  "text-malformed",
  /** More than 16 MiB in one argument. */
  "too-large",
  /** `init` has not been called, or has not finished. */
  "not-initialised",
  /** The WebAssembly module could not be loaded. */
  "load-failed",
  /** The WebAssembly module has trapped; it is not used again. */
  "module-failed",
  /** The object was freed. */
  "freed",
  /** The resolver could not be reached. */
  "doh-network",
  /** The resolver did not answer in time. */
  "doh-timeout",
  /** The resolver answered with an HTTP status other than 200. */
  "doh-status",
  /** The resolver answered with something that is no DNS message. */
  "doh-media-type",
] as const;

/** Why a TXT query failed. */
export type DnsFailureCode = (typeof dnsFailureCodes)[number];

/** Why an HTTPS fetch brought no response. */
export type FetchFailureCode = (typeof fetchFailureCodes)[number];

/** What went wrong with the discovery of a policy. */
export type FailureCode =
  | DnsFailureCode
  | FetchFailureCode
  | (typeof responseCodes)[number]
  | (typeof recordCodes)[number]
  | (typeof policyCodes)[number];

/** What a policy may get wrong and still be read. */
export type DeviationCode = (typeof deviationCodes)[number];

/** The `code` of an {@link MtaStsError}. */
export type ErrorCode =
  | FailureCode
  | (typeof tlsRptCodes)[number]
  | (typeof domainCodes)[number]
  | (typeof inputCodes)[number]
  | (typeof otherCodes)[number]
  | (typeof packageCodes)[number];
