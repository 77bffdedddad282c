/**
 * The generator: what to publish for MTA-STS, and in which order. Requests and plans are those of
 * every language, so their members are in snake case.
 *
 * @module
 */
import { object, text } from "./arguments.js";
import { call } from "./module.js";
import { lookupKey } from "./names.js";
import type { Mode } from "./policy.js";

/** What a policy is wanted for. */
export interface PlanRequest {
  /** The mail domain. */
  domain: string;
  /** The MX hosts, or patterns such as `*.mx.example.net`; at least one but in mode `none`. */
  mx?: readonly string[];
  /** `testing` unless given. */
  mode?: Mode;
  /** How long senders keep the policy: 86400 to 31557600 seconds, in mode `none` at most 604800. */
  max_age?: number;
  /** The policy's id; made from `now` unless given. */
  id?: string;
  /** The time for the id, in milliseconds since 1970; the present unless given. */
  now?: number;
  /** Where TLS reports go: `mailto:` and `https:` URIs or mail addresses. */
  rua?: readonly string[];
}

/** A TXT record, in several forms. */
export interface TxtPlan {
  readonly name: string;
  /** In seconds. */
  readonly ttl: number;
  /** The text of the record. */
  readonly value: string;
  /** A line of a zone file. */
  readonly zone: string;
  /** A command that shows whether it is published. */
  readonly dig: string;
  /** What goes into the fields of a DNS provider's form. */
  readonly provider: {
    readonly name: string;
    readonly type: string;
    readonly value: string;
    readonly ttl: number;
  };
}

/** Something to do. */
export interface Step {
  readonly title: string;
  readonly text: string;
  readonly command: string | null;
}

/** Everything that a domain publishes for MTA-STS. */
export interface Plan {
  readonly schema_version: 1;
  readonly domain: string;
  readonly id: string;
  readonly txt: TxtPlan;
  readonly tlsrpt: TxtPlan | null;
  readonly policy: {
    readonly text: string;
    readonly mode: Mode;
    readonly max_age: number;
    readonly host: string;
    readonly path: string;
    readonly url: string;
  };
  /** Configurations of web servers that serve the policy. */
  readonly servers: { readonly apache: string; readonly nginx: string; readonly caddy: string };
  /** Which of the steps are those to take now. */
  readonly occasion: "publish" | "withdraw";
  readonly steps: {
    readonly publish: readonly Step[];
    readonly change: readonly Step[];
    readonly withdraw: readonly Step[];
  };
}

/**
 * Makes what is to be published. The linter finds no error and no warning in it.
 *
 * @throws {@link MtaStsError} `request-invalid`, whose message names the member that is of no use.
 */
export function generate(request: PlanRequest): Plan {
  const { domain, mx = [], now = Date.now(), ...rest } = object(request, "request");
  const wanted = {
    ...rest,
    domain: lookupKey(domain, "domain"),
    mx: mx.map((host, index) => lookupKey(host, `mx[${index}]`)),
    now,
  };
  const json = text(JSON.stringify(wanted, (name, value: unknown) =>
    typeof value === "string" ? text(value, name) : value), "request");
  return JSON.parse(call((module) => module.generate(json))) as Plan;
}
