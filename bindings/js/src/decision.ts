/**
 * Decisions: what a sender should do with mail for a domain.
 *
 * @module
 */
import { moment, object, octets, text, type Octets } from "./arguments.js";
import type { FailureCode } from "./codes.js";
import { MtaStsError } from "./error.js";
import { call } from "./module.js";
import { lookupKey, mxHost } from "./names.js";
import type { Mode } from "./policy.js";
import type { Decision as RawDecision } from "./raw/mtasts.js";

/**
 * What a sender should do: demand verified TLS (`enforce`), deliver and report (`testing`), deliver
 * as without a policy because the policy says so (`none`) or because there is none (`no-policy`), or
 * try again later (`temp-fail`).
 */
export type DecisionKind = "enforce" | "testing" | "none" | "no-policy" | "temp-fail";

/** A TLSRPT result type (RFC 8460 §4.3). */
export type ResultType =
  | "starttls-not-supported"
  | "certificate-host-mismatch"
  | "certificate-expired"
  | "certificate-not-trusted"
  | "validation-failure"
  | "tlsa-invalid"
  | "dnssec-invalid"
  | "dane-required"
  | "sts-policy-fetch-error"
  | "sts-policy-invalid"
  | "sts-webpki-invalid";

/** The policy that governs. */
export interface AppliedPolicy {
  readonly mode: Mode;
  /** How long the policy may be kept after its fetch, in seconds. */
  readonly maxAge: number;
  /** The MX patterns. */
  readonly mx: readonly string[];
  /** The id under which it was fetched. */
  readonly id: string;
  /** `live` when it was fetched to answer this very lookup. */
  readonly source: "live" | "cached";
  /** When it was fetched, in milliseconds since 1970. */
  readonly fetchedAt: number;
  /** The last moment at which it governs, in milliseconds since 1970. */
  readonly expiresAt: number;
}

/** A failed discovery. */
export interface Failure {
  readonly code: FailureCode;
  /** What failed, in words. */
  readonly message: string;
  /** The host's own words on it; empty if there are none. */
  readonly detail: string;
  /** How TLSRPT names it. */
  readonly resultType: ResultType;
  /** When the engine learned of it, in milliseconds since 1970. */
  readonly at: number;
  /** The id that the TXT record announced, where one was read. */
  readonly id: string | null;
}

/** What a sender saw of a candidate MX host. */
export interface TlsOutcome {
  /** Whether the host offered STARTTLS. */
  readonly starttls: boolean;
  /** What became of its certificate, checked against the MX host's name (RFC 8461 §4.2). */
  readonly certificate: "valid" | "expired" | "name-mismatch" | "untrusted" | "invalid";
  /** What DANE says of the host (RFC 7672 §2.2); `none` if nobody looked. */
  readonly dane?: "none" | "insecure" | "pass" | "fail" | "lookup-error" | "unusable";
}

/** A judged attempt to deliver. */
export interface Attempt {
  /** Go on, or treat the host as unreachable and go on to the next one (RFC 8461 §8.4). */
  readonly verdict: "deliver" | "skip-mx";
  /** What to report through TLSRPT, if anything. */
  readonly report: ResultType | null;
}

/** For whom a decision is written: an MTA that asks over socketmap, or a program that reads JSON. */
export type Format = "postfix" | "postfix-tlsrpt" | "sendmail" | "json";

interface Members {
  readonly policy: AppliedPolicy | null;
  readonly why: "no-record" | "mode-none" | "failed" | "deadline" | null;
  readonly failure: Failure | null;
  readonly discoveryResult: ResultType | null;
}

/**
 * What a sender should do with mail for a domain, and why. Comes from an {@link Engine} or from
 * {@link decide}.
 *
 * It holds memory of the WebAssembly module, which is freed some time after the object is garbage,
 * or at once by {@link Decision.free}.
 */
export class Decision {
  /** What a sender should do. */
  readonly kind: DecisionKind;
  readonly #raw: RawDecision;
  #freed = false;
  #members: Members | undefined;

  /** @internal */
  constructor(raw: RawDecision) {
    this.#raw = raw;
    this.kind = call(() => raw.kind as DecisionKind);
  }

  /** The policy that governs or, in mode `none`, says that nothing does. */
  get policy(): AppliedPolicy | null {
    return this.#all.policy;
  }

  /** Why no policy governs; `null` when one does. */
  get why(): Members["why"] {
    return this.#all.why;
  }

  /** What went wrong last with the domain's discovery or refresh. */
  get failure(): Failure | null {
    return this.#all.failure;
  }

  /** What the state of the domain's discovery makes a sender report through TLSRPT (RFC 8461 §6). */
  get discoveryResult(): ResultType | null {
    return this.#all.discoveryResult;
  }

  /** Whether the policy names this MX host. */
  matches(host: string): boolean {
    const name = mxHost(host, "host");
    return this.#call((raw) => raw.matches(name));
  }

  /**
   * Judges the attempt to deliver to an MX host. A failing DANE validation always skips the host
   * (RFC 8461 §2).
   */
  judge(host: string, seen: TlsOutcome): Attempt {
    const name = mxHost(host, "host");
    const { starttls, certificate, dane = "none" } = object(seen, "seen");
    const [cert, tlsa] = [text(certificate, "certificate"), text(dane, "dane")];
    return this.#call((raw) => raw.judge(name, starttls === true, cert, tlsa) as Attempt);
  }

  /**
   * The decision as an MTA reads it.
   *
   * @param domain the lookup key of the question
   * @param now only matters to `json`, which tells ages
   */
  render(format: Format, domain: string, now: number = Date.now()): string {
    const [name, key, at] = [
      text(format, "format"),
      lookupKey(domain, "domain"),
      moment(now, "now"),
    ];
    return this.#call((raw) => raw.render(name, key, at));
  }

  /** The decision in a sentence: which policy, from where, how old, and what failed. */
  explain(now: number = Date.now()): string {
    const at = moment(now, "now");
    return this.#call((raw) => raw.explain(at));
  }

  /** Frees the memory. The members that were read before stay; nothing else can be asked. */
  free(): void {
    if (this.#freed) return;
    this.#freed = true;
    call(() => this.#raw.free());
  }

  /** For `JSON.stringify`: what is known, as plain values. */
  toJSON(): { kind: DecisionKind } & Members {
    return { kind: this.kind, ...this.#all };
  }

  get #all(): Members {
    return (this.#members ??= this.#call((raw) => raw.members() as Members));
  }

  #call<T>(use: (raw: RawDecision) => T): T {
    if (this.#freed) throw new MtaStsError("freed", "the decision was freed");
    return call(() => use(this.#raw));
  }
}

/**
 * The decision of a sender that has just fetched a policy: what an engine says after a discovery that
 * went well.
 *
 * @throws {@link MtaStsError} when the body is no policy or the id none.
 */
export function decide(body: Octets, options: { id: string; fetchedAt: number }): Decision {
  const bytes = octets(body, "body");
  const { id, fetchedAt } = object(options, "options");
  const [name, at] = [text(id, "id"), moment(fetchedAt, "fetchedAt")];
  return new Decision(call((module) => module.decide(bytes, name, at)));
}
