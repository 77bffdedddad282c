/**
 * The engine: discovers, remembers and applies policies, without doing any I/O itself.
 *
 * @module
 */
import { id, moment, object, octets, octetsList, refused, text, whole, type Octets } from "./arguments.js";
import type { DnsFailureCode, FetchFailureCode } from "./codes.js";
import { Decision, type Failure } from "./decision.js";
import { MtaStsError } from "./error.js";
import { call } from "./module.js";
import { lookupKey } from "./names.js";
import { checkedResponse, type HttpResponse } from "./policy.js";
import type { Decision as RawDecision, Engine as RawEngine } from "./raw/mtasts.js";

/** Settings of an {@link Engine}. Durations are milliseconds; the defaults follow RFC 8461. */
export interface EngineSettings {
  /** Age of the last TXT check after which a lookup starts another one in the background: 300 s. */
  txtRecheck?: number;
  /** Age at which a policy is fetched anew, or half of its `maxAge` if that is less: a day. */
  refreshAfter?: number;
  /** How much earlier than `refreshAfter` a refresh may be, in percent: 20, at most 90. */
  refreshJitter?: number;
  /** Policies of domains that nobody looked up for this long are not refreshed: 35 days. */
  refreshIdle?: number;
  /** Longest pause between two attempts to refresh a policy after failures: an hour. */
  refreshRetryMax?: number;
  /** Shortest time that an absence is remembered: 60 s. */
  absenceMin?: number;
  /** Longest time that an absence is remembered: an hour. Between them the DNS TTL counts. */
  absenceMax?: number;
  /** Pause after a failed fetch for the same domain and id: 300 s. */
  fetchBackoff?: number;
  /** Time allowed for a TXT query: 20 s. */
  dnsTimeout?: number;
  /** Time allowed for a fetch: 60 s. */
  fetchTimeout?: number;
  /** Time allowed for a `load` or `store`: 5 s. */
  storeTimeout?: number;
  /** Largest policy body accepted, in octets: 65536. */
  maxBody?: number;
  /** Most domains remembered: 1000000. */
  maxDomains?: number;
  /** Most lookups that may wait at one time: 10000. */
  maxLookups?: number;
  /** Most domains being discovered at one time: 1000. */
  maxDiscoveries?: number;
  /** Most refreshes that nobody waits for under way at one time: 16. */
  maxRefreshes?: number;
  /** Whether to answer `temp-fail` when the TXT query fails and nothing is cached: no. */
  tempFailOnDnsFailure?: boolean;
  /** Whether to answer `temp-fail` when an announced policy cannot be had and nothing is cached: no. */
  tempFailOnFetchFailure?: boolean;
  /** Whether the host keeps policies: then there are `load` and `store` errands. No. */
  store?: boolean;
  /** Seed of the jitter and of the hash table: a random one. Give one to have runs repeat. */
  seed?: number;
}

/** Somebody's question. */
export interface Question {
  /** The host's name for the question, unique among those that wait: 0 to 4294967295. */
  readonly lookup: number;
  /** The lookup key: the Policy Domain as an MTA names it. */
  readonly domain: string;
  /** When the answer must have come, in milliseconds since 1970. */
  readonly deadline: number;
}

/** The answer to a TXT query; `records` is empty when the name or the type does not exist. */
export interface TxtAnswer {
  /** The records, each with its character-strings joined without a space. */
  readonly records: readonly Octets[];
  /** The smallest TTL of the answer, or the negative TTL, in seconds. */
  readonly ttl: number;
}

/** Why an errand brought nothing. */
export interface Failed<Code> {
  readonly failure: Code;
  /** The host's own words on it, for people. */
  readonly detail?: string;
}

/** A policy as it is kept. */
export interface CachedPolicy {
  /** The text of the policy. */
  readonly policy: Octets;
  /** The id that the TXT record announced when the policy was fetched. */
  readonly id: string;
  /** When it was fetched, in milliseconds since 1970; `maxAge` counts from here. */
  readonly fetchedAt: number;
  /** When somebody last asked for the domain, in milliseconds since 1970. */
  readonly lastUsed: number;
}

/** A policy as the engine gives it to be kept. */
export interface StoredPolicy extends CachedPolicy {
  readonly policy: string;
}

/** Ask DNS for the TXT records at `name`, following CNAMEs; answer with {@link Engine.txtAnswer}. */
export interface QueryTxt {
  readonly kind: "query-txt";
  readonly request: number;
  readonly domain: string;
  readonly name: string;
  /** When an answer is no longer of use. */
  readonly deadline: number;
}

/**
 * GET `https://host/path` without following redirects or using an HTTP cache; answer with
 * {@link Engine.fetchAnswer}.
 */
export interface FetchPolicy {
  readonly kind: "fetch-policy";
  readonly request: number;
  readonly domain: string;
  readonly host: string;
  readonly path: string;
  /** When an answer is no longer of use. */
  readonly deadline: number;
  /** Stop reading the body beyond this many octets. */
  readonly maxBytes: number;
}

/** Look for a stored policy; answer with {@link Engine.loaded}. */
export interface Load {
  readonly kind: "load";
  readonly request: number;
  readonly domain: string;
}

/** Keep a policy, replacing an older one; say so with {@link Engine.stored}. */
export interface Store {
  readonly kind: "store";
  readonly request: number;
  readonly domain: string;
  readonly cached: StoredPolicy;
}

/** The stored policy of this domain governs nothing any more. */
export interface Remove {
  readonly kind: "remove";
  readonly domain: string;
}

/** The answer to a lookup. */
export interface Answer {
  readonly kind: "answer";
  readonly lookup: number;
  readonly decision: Decision;
  /** After {@link Engine.recheck}: whether a message may now be failed permanently. */
  readonly bounce: "allowed" | "forbidden" | null;
}

/** An administrator should know: the cached policy cannot be refreshed (RFC 8461 §10.2). */
export interface Alert {
  readonly kind: "alert";
  readonly domain: string;
  readonly failure: Failure;
  /** When the cached policy ends. */
  readonly expiresAt: number;
}

/** Something that the engine asks of its host, told apart by `kind`. */
export type Output = QueryTxt | FetchPolicy | Load | Store | Remove | Answer | Alert;

/** When the engine wants to be woken, and why. */
export interface Wake {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly reason: "lookup-deadline" | "request-deadline" | "maintenance";
}

/**
 * Discovers, remembers and applies MTA-STS policies.
 *
 * The host feeds it inputs, carries out its {@link Engine.pollOutput | outputs}, and calls
 * {@link Engine.handleTimeout} when {@link Engine.pollTimeout} says so. Network failures are inputs,
 * too. Any order of calls is safe; what is refused is thrown and changes nothing. `now` is always
 * milliseconds since 1970, as `Date.now()` gives them; a clock that goes back is held.
 *
 * It holds memory of the WebAssembly module, which is freed some time after the object is garbage,
 * or at once by {@link Engine.free}.
 */
export class Engine {
  readonly #raw: RawEngine;
  #freed = false;

  /** An engine that knows nothing yet. */
  constructor(settings: EngineSettings = {}) {
    const { names, values } = checkedSettings({ seed: randomSeed(), ...settings });
    this.#raw = call((module) => new module.Engine(names, values));
  }

  /** Changes the settings that are given, for what comes. The seed stays as it is. */
  reconfigure(settings: EngineSettings): void {
    const { names, values } = checkedSettings(settings);
    this.#call((raw) => raw.reconfigure(names, values));
  }

  /**
   * The decision, if it can be given at once: from an unexpired policy, or from a remembered absence
   * or failure. Drain {@link Engine.pollOutput} afterwards: a policy that is due for a check is
   * checked in the background.
   *
   * @throws {@link MtaStsError} with a code that begins with `domain-` when the key names no Policy
   * Domain. Such a key has no policy, which is an answer: MTAs ask for `.parent` and for addresses.
   */
  lookup(domain: string, now: number): Decision | null {
    const [key, at] = [lookupKey(domain, "domain"), moment(now, "now")];
    return wrapped(this.#call((raw) => raw.lookup(key, at)));
  }

  /** As {@link Engine.lookup}, for a look at the cache: counts as no use and starts nothing. */
  peek(domain: string, now: number): Decision | null {
    const [key, at] = [lookupKey(domain, "domain"), moment(now, "now")];
    return wrapped(this.#call((raw) => raw.peek(key, at)));
  }

  /**
   * Somebody wants the decision and waits until the deadline: an {@link Answer} comes by then.
   *
   * @throws {@link MtaStsError} `busy`, `duplicate-lookup`, or as {@link Engine.lookup}.
   */
  resolve(question: Question, now: number): void {
    const { lookup, key, deadline } = checkedQuestion(question);
    const at = moment(now, "now");
    this.#call((raw) => raw.resolve(lookup, key, deadline, at));
  }

  /**
   * Mail for the domain is about to be bounced: check the TXT record first (RFC 8461 §5.1). The
   * answer says whether it may be.
   */
  recheck(question: Question, now: number): void {
    const { lookup, key, deadline } = checkedQuestion(question);
    const at = moment(now, "now");
    this.#call((raw) => raw.recheck(lookup, key, deadline, at));
  }

  /** Nobody waits for this lookup any more; it will not be answered. */
  cancel(lookup: number, now: number): void {
    const [name, at] = [id(lookup, "lookup"), moment(now, "now")];
    this.#call((raw) => raw.cancel(name, at));
  }

  /** What came of a {@link QueryTxt}. */
  txtAnswer(request: number, answer: TxtAnswer | Failed<DnsFailureCode>, now: number): void {
    const [name, at] = [id(request, "request"), moment(now, "now")];
    if ("failure" in object(answer, "answer")) {
      const { code, detail } = checkedFailure(answer as Failed<DnsFailureCode>);
      this.#call((raw) => raw.txtFailed(name, code, detail, at));
    } else {
      const { records, ttl } = answer as TxtAnswer;
      const list = octetsList(records, "records");
      const seconds = whole(ttl, 0xffff_ffff, "ttl");
      this.#call((raw) => raw.txtAnswer(name, list, seconds, at));
    }
  }

  /** What came of a {@link FetchPolicy}: a complete response, whatever its status, or none. */
  fetchAnswer(request: number, answer: HttpResponse | Failed<FetchFailureCode>, now: number): void {
    const [name, at] = [id(request, "request"), moment(now, "now")];
    if ("failure" in object(answer, "answer")) {
      const { code, detail } = checkedFailure(answer as Failed<FetchFailureCode>);
      this.#call((raw) => raw.fetchFailed(name, code, detail, at));
    } else {
      const { status, contentType, body } = checkedResponse(answer as HttpResponse);
      this.#call((raw) => raw.fetchAnswer(name, status, contentType, body, at));
    }
  }

  /** What came of a {@link Load}. A store that holds nothing, or failed, says `null`. */
  loaded(request: number, cached: CachedPolicy | null, now: number): void {
    const [name, at] = [id(request, "request"), moment(now, "now")];
    if (cached === null) {
      this.#call((raw) => raw.loadedNothing(name, at));
    } else {
      const kept = checkedCached(cached);
      this.#call((raw) => raw.loaded(name, ...kept, at));
    }
  }

  /** A {@link Store} is durable, or the store gave up on it. */
  stored(request: number, now: number): void {
    const [name, at] = [id(request, "request"), moment(now, "now")];
    this.#call((raw) => raw.stored(name, at));
  }

  /** A policy from a store, before anybody asked. Never replaces a newer one. */
  restore(domain: string, cached: CachedPolicy, now: number): void {
    const [key, at] = [lookupKey(domain, "domain"), moment(now, "now")];
    const kept = checkedCached(cached);
    this.#call((raw) => raw.restore(key, ...kept, at));
  }

  /** Does everything that is due: answers lookups, gives up on requests, refreshes, forgets. */
  handleTimeout(now: number): void {
    const at = moment(now, "now");
    this.#call((raw) => raw.handleTimeout(at));
  }

  /** The next errand or answer; `null` when there is none. */
  pollOutput(): Output | null {
    const output = this.#call((raw) => raw.pollOutput() as RawOutput | null);
    if (output?.kind !== "answer") return output;
    return { ...output, decision: new Decision(output.decision) };
  }

  /** When {@link Engine.handleTimeout} should be called next, and why; `null`: never. */
  pollTimeout(): Wake | null {
    return this.#call((raw) => raw.pollTimeout() as Wake | null);
  }

  /** The policies that govern now, with their domains, in no order: to be restored elsewhere. */
  policies(now: number): { readonly domain: string; readonly cached: StoredPolicy }[] {
    const at = moment(now, "now");
    return this.#call((raw) => raw.policies(at) as { domain: string; cached: StoredPolicy }[]);
  }

  /** How many domains are remembered. */
  get size(): number {
    return this.#call((raw) => raw.size);
  }

  /** How many lookups wait for their answer. */
  get waiting(): number {
    return this.#call((raw) => raw.waiting);
  }

  /** Frees the memory. Nothing can be asked of the engine any more. */
  free(): void {
    if (this.#freed) return;
    this.#freed = true;
    call(() => this.#raw.free());
  }

  #call<T>(use: (raw: RawEngine) => T): T {
    if (this.#freed) throw new MtaStsError("freed", "the engine was freed");
    return call(() => use(this.#raw));
  }
}

type RawOutput = Exclude<Output, Answer> | (Omit<Answer, "decision"> & { decision: RawDecision });

function wrapped(raw: RawDecision | undefined): Decision | null {
  return raw === undefined ? null : new Decision(raw);
}

function checkedQuestion(question: Question): { lookup: number; key: string; deadline: number } {
  const { lookup, domain, deadline } = object(question, "question");
  return {
    lookup: id(lookup, "lookup"),
    key: lookupKey(domain, "domain"),
    deadline: moment(deadline, "deadline"),
  };
}

function checkedFailure({ failure, detail = "" }: Failed<string>): { code: string; detail: string } {
  return { code: text(failure, "failure"), detail: text(detail, "detail") };
}

function checkedCached(cached: CachedPolicy): [Uint8Array, string, number, number] {
  const { policy, id, fetchedAt, lastUsed } = object(cached, "cached");
  return [
    octets(policy, "policy"),
    text(id, "id"),
    moment(fetchedAt, "fetchedAt"),
    moment(lastUsed, "lastUsed"),
  ];
}

function checkedSettings(settings: EngineSettings): { names: string[]; values: Float64Array } {
  const given = Object.entries(object(settings, "settings")).filter(
    ([, value]) => value !== undefined,
  );
  const value = (name: string, value: unknown): number => {
    if (typeof value === "boolean") return value ? 1 : 0;
    if (typeof value === "number") return whole(value, Number.MAX_SAFE_INTEGER, name);
    throw refused(`the setting ${name} must be a number or a boolean`);
  };
  return {
    names: given.map(([name]) => text(name, "a setting's name")),
    values: Float64Array.from(given, ([name, given]) => value(name, given)),
  };
}

/** A seed that others cannot guess, so that they cannot make domains collide in the hash table. */
function randomSeed(): number {
  const [low = 0, high = 0] = crypto.getRandomValues(new Uint32Array(2));
  return (high & 0x1f_ffff) * 2 ** 32 + low;
}
