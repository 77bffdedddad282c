/**
 * The linter: what is wrong with a domain's MTA-STS, where, and how to mend it. Publications and
 * reports are those of every language that the linter is used from, so their members are in snake
 * case, and times in them are whole seconds since 1970.
 *
 * @module
 */
import { octets, refused, text, type Octets } from "./arguments.js";
import type { ResultType, DecisionKind } from "./decision.js";
import type { DohLookup, DohResult } from "./doh.js";
import type { RecordType } from "./dns.js";
import { MtaStsError } from "./error.js";
import { call } from "./module.js";
import { aLabel, lookupKey, mxHost } from "./names.js";
import type { Span } from "./policy.js";

/** What is known about a domain. A member that is not there says that nobody looked. */
export interface Publication {
  /** The Policy Domain. */
  domain?: string;
  /** The TXT records at `_mta-sts.` and the domain. */
  txt?: RecordSet;
  /** The policy's text: the body of the HTTPS response, or a file. */
  policy?: Octets;
  /** How the policy host answered. */
  http?: HttpFacts;
  /** The domain's MX hosts. */
  mx?: MxFacts;
  /** The TXT records at `_smtp._tls.` and the domain. */
  tlsrpt?: RecordSet;
  /** TLSA records of the MX hosts. */
  dane?: DaneFacts;
  /** What the domain published when it was looked at before. */
  previous?: Previous;
  /** The time of the check: what expires is judged by it. */
  now?: number;
}

/** A TXT record: its text, or its character-strings in order. */
export type TxtRecord = Octets | readonly Octets[];

/** Why a DNS query brought no answer. */
export type DnsFailureWord = "timeout" | "servfail" | "refused" | "failed";

/** Why a fetch brought no policy. */
export type FetchFailureWord =
  | "no-address"
  | "dns-timeout"
  | "dns-servfail"
  | "dns-refused"
  | "dns-failed"
  | "address-refused"
  | "connect"
  | "timeout"
  | "http"
  | "media-type"
  | "content-coding"
  | "too-large"
  | "truncated"
  | "busy"
  | "tls-name"
  | "tls-expired"
  | "tls-not-yet-valid"
  | "tls-untrusted"
  | "tls-certificate"
  | "tls-handshake";

/** The answer to a TXT query, or the records that somebody pasted. */
export interface RecordSet {
  /** The TXT records, in the order of the answer. None: there is no such record. */
  records?: readonly TxtRecord[];
  /** The TTL of the records, in seconds. */
  ttl?: number;
  /** The CNAME targets that the query went through, in order. */
  cname?: readonly string[];
  /** Why there is no answer. The records count for nothing then. */
  failure?: DnsFailureWord;
  /** Whether this is text that somebody pasted: nothing is known about its character-strings. */
  pasted?: boolean;
  /** What further resolvers answered. */
  resolvers?: readonly { resolver: string; records?: readonly TxtRecord[]; failure?: DnsFailureWord }[];
}

/** How the policy host answered a request for the policy. */
export interface HttpFacts {
  /** Why there is no complete response. */
  failure?: FetchFailureWord;
  /** The caller's words on the failure. */
  detail?: string;
  status?: number;
  /** The fields of the response, in order. */
  headers?: readonly (readonly [name: string, value: string])[];
  /** The size of the body in octets. */
  body_length?: number;
  /** The CNAME targets that the lookup of the policy host went through. */
  cname?: readonly string[];
  /** The policy host's addresses, and what came of each. */
  addresses?: readonly { address: string; failure?: FetchFailureWord; same_body?: boolean }[];
  /** The policy host's certificate. */
  certificate?: {
    names?: readonly string[];
    common_name?: string;
    not_after?: number;
    chain_complete?: boolean;
  };
  tls_version?: TlsVersion;
  duration_ms?: number;
}

/** A version of TLS. */
export type TlsVersion = "SSL 3.0" | "TLS 1.0" | "TLS 1.1" | "TLS 1.2" | "TLS 1.3";

/** The answer to an MX query, or a list of hosts. */
export interface MxFacts {
  /** The hosts. None: there is no MX record, so the domain itself is the host. */
  hosts?: readonly MxHostFacts[];
  failure?: DnsFailureWord;
}

/** One MX host. */
export interface MxHostFacts {
  /** The host name. `.` is the null MX. */
  host: string;
  preference?: number;
  /** The target, if the name is an alias. */
  cname?: string;
  has_address?: boolean;
  /** What an SMTP session with the host showed. */
  smtp?: {
    failure?: string;
    starttls?: boolean;
    certificate?: "valid" | "expired" | "name-mismatch" | "untrusted" | "invalid";
    names?: readonly string[];
    days_left?: number;
    tls_version?: TlsVersion;
  };
}

/** What DNS says about DANE for the MX hosts. */
export interface DaneFacts {
  /** Whether the MX records are signed and validated. */
  mx_signed?: boolean;
  tlsa?: readonly {
    host: string;
    signed?: boolean;
    usages?: readonly number[];
    outcome?: "none" | "insecure" | "pass" | "fail" | "lookup-error" | "unusable";
  }[];
}

/** What a domain published when it was looked at before. */
export interface Previous {
  id?: string;
  policy?: Octets;
  seen_at?: number;
  mode_since?: number;
}

/** How grave a finding is: with an `error`, senders ignore what is published, or defer mail. */
export type Severity = "error" | "warning" | "info";

/** What a finding is about. `index` counts from 0 in the order of the publication. */
export interface Place {
  readonly part: "txt" | "policy" | "http" | "certificate" | "mx" | "tlsrpt" | "dane" | "previous";
  readonly index: number | null;
}

/** One thing that is wrong or worth knowing. */
export interface Finding {
  /** Which lint it is; `docs/lints.md` explains each. */
  readonly code: string;
  readonly severity: Severity;
  readonly place: Place;
  /** Where in the text of the record or policy; `null`: the whole, or no text. */
  readonly span: Span | null;
  /** What is wrong, in one sentence. May hold `<` and `&`: it is text, not HTML. */
  readonly message: string;
  /** What to do. */
  readonly help: string | null;
  /** Changes of the text that mend it. */
  readonly fixes: readonly Fix[];
  /** The section that demands it, such as `RFC 8461 §3.1`. */
  readonly section: string;
  readonly url: string;
}

/** A change that mends a text. Its edits are all made, or none. */
export interface Fix {
  readonly label: string;
  /** The text that the edits are made in. */
  readonly place: Place;
  /** The edits, in order and without overlap. */
  readonly edits: readonly { readonly span: Span; readonly replacement: string }[];
}

/** Something that could not be checked: nothing speaks for it being right. */
export interface Unchecked {
  readonly subject: "txt" | "policy" | "http" | "certificate" | "mx" | "smtp" | "tlsrpt" | "dane";
  readonly message: string;
  /** A command that checks it. */
  readonly command: string;
}

/** What senders do with mail for the domain now. */
export interface Verdict {
  /** In one sentence. */
  readonly sentence: string;
  /** Whether mail of senders that follow MTA-STS arrives. */
  readonly mail: "delivered" | "restricted" | "delayed" | "unknown";
  /** Whether mail is protected on its way. */
  readonly protection: "enforced" | "reported" | "none" | "unknown";
  readonly decision: DecisionKind | null;
  readonly mx: readonly {
    readonly host: string;
    /** The first MX pattern that matches. */
    readonly pattern: string | null;
    readonly delivers: boolean;
    readonly report: ResultType | null;
  }[];
}

/** What a check found. */
export interface LintReport {
  readonly schema_version: 1;
  readonly findings: readonly Finding[];
  readonly unchecked: readonly Unchecked[];
  readonly verdict: Verdict;
}

/**
 * Checks what is known about a domain.
 *
 * @throws {@link MtaStsError} `publication-invalid` when a member is unknown or of another type.
 */
export function lint(publication: Publication): LintReport {
  return JSON.parse(lintJson(written(publication))) as LintReport;
}

/** As {@link lint}, from JSON to JSON. */
export function lintJson(publication: string): string {
  const input = text(publication, "publication");
  return call((module) => module.lint(input, aLabel));
}

/** What a lookup found, for {@link lint}. */
export function publicationOf(lookup: DohLookup): Publication {
  const { mx } = lookup;
  return {
    domain: lookup.domain,
    txt: recordSet(lookup.txt),
    tlsrpt: recordSet(lookup.tlsrpt),
    mx: {
      ...failure(mx),
      hosts: (mx.answer?.records ?? []).map(({ preference, host }) => ({
        host: host === "" ? "." : host,
        preference,
      })),
    },
  };
}

/** The publication in JSON. What refers to itself or is nested without measure is none. */
function written(publication: Publication): string {
  try {
    return JSON.stringify(publication, asJson);
  } catch (cause) {
    if (cause instanceof MtaStsError) throw cause;
    const message = `not a publication to check: ${String(cause)}`;
    throw new MtaStsError("publication-invalid", message, { cause });
  }
}

function recordSet(result: DohResult<"TXT">): RecordSet {
  const { answer } = result;
  if (!answer) return failure(result);
  const { records, ttl, aliases } = answer;
  return { ...failure(result), records, cname: aliases, ...(records.length > 0 && { ttl }) };
}

function failure(result: DohResult<RecordType>): { failure?: DnsFailureWord } {
  if (!result.answer) return { failure: result.error.code === "doh-timeout" ? "timeout" : "failed" };
  switch (result.answer.rcode) {
    case "NOERROR":
    case "NXDOMAIN":
      return {};
    case "SERVFAIL":
      return { failure: "servfail" };
    default:
      return { failure: "refused" };
  }
}

/** Octets as the linter reads them, and names as A-labels. */
function asJson(this: unknown, name: string, value: unknown): unknown {
  if (ArrayBuffer.isView(value)) {
    const bytes = octets(value as Uint8Array, name);
    return { hex: Array.from(bytes, (octet) => octet.toString(16).padStart(2, "0")).join("") };
  }
  if (typeof value === "string") {
    const checked = text(value, name === "" ? "publication" : name);
    if (name === "domain") return lookupKey(checked, name);
    if (name === "host") return mxHost(checked, name);
    return checked;
  }
  if (typeof value === "bigint") throw refused(`${name} must not be a bigint`);
  return value;
}
