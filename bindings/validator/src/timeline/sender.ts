/**
 * A sender on a clock of its own: the engine run forward while the domain changes.
 *
 * @module
 */
import {
  Engine,
  type Decision,
  type DecisionKind,
  type DnsFailureCode,
  type Failed,
  type FetchFailureCode,
  type HttpResponse,
  type TxtAnswer,
} from "mtasts/bytes";

/** What the domain answers at a time. */
export interface World {
  readonly domain: string;
  txt(now: number): TxtAnswer | Failed<DnsFailureCode>;
  policy(now: number): HttpResponse | Failed<FetchFailureCode>;
}

/** What a sender knows and does. */
export interface State {
  readonly kind: DecisionKind;
  /** The id of the policy that governs. */
  readonly id: string | null;
  /** When that policy was fetched; times are milliseconds since 1970. */
  readonly fetchedAt: number | null;
  readonly expiresAt: number | null;
  /** What failed last. */
  readonly failure: string | null;
  /** The reply to Postfix. */
  readonly postfix: string;
}

/** Something that a sender notices, or does otherwise than before. */
export type Event =
  /** It does something else with mail, or goes by another policy. */
  | { readonly kind: "decision"; readonly at: number; readonly state: State; readonly before: State | null }
  /** It has fetched again the policy that it knows. */
  | { readonly kind: "refreshed"; readonly at: number; readonly state: State }
  /** Discovery or a refresh fails, for the first time. */
  | { readonly kind: "failed"; readonly at: number; readonly state: State; readonly failure: string }
  /** Its administrator is told. */
  | { readonly kind: "alert"; readonly at: number; readonly failure: string };

/**
 * What a sender does that mails the domain at these times, in order.
 *
 * Errands take no time: how long a fetch lasts is not what the reader asks about.
 */
export function observe(world: World, mails: readonly number[]): Event[] {
  // Without jitter, so that everybody sees the same. Failed refreshes are told once, so over a year they
  // need not be repeated every hour.
  const [first = 0, last = 0] = [mails[0], mails.at(-1)];
  const refreshRetryMax = Math.max(3_600_000, Math.floor((last - first) / 500));
  const engine = new Engine({ seed: 1, refreshJitter: 0, refreshRetryMax });
  try {
    return new Sender(engine, world).run(mails);
  } finally {
    engine.free();
  }
}

class Sender {
  readonly #engine: Engine;
  readonly #world: World;
  readonly #events: Event[] = [];
  #state: State | null = null;
  #lookup = 0;

  constructor(engine: Engine, world: World) {
    this.#engine = engine;
    this.#world = world;
  }

  run(mails: readonly number[]): Event[] {
    for (const mail of mails) {
      this.#wakeUntil(mail);
      this.#mail(mail);
    }
    // A warning comes after what it warns of.
    const isAlert = ({ kind }: Event): number => Number(kind === "alert");
    return this.#events.sort((a, b) => a.at - b.at || isAlert(a) - isAlert(b));
  }

  /** Lets the engine do what is due before somebody mails. */
  #wakeUntil(mail: number): void {
    for (let wake = this.#engine.pollTimeout(); wake && wake.at < mail; wake = this.#engine.pollTimeout()) {
      this.#engine.handleTimeout(wake.at);
      this.#drain(wake.at);
      // The moment a policy ends is when the next mail shows it.
      if (this.#state?.expiresAt && wake.at > this.#state.expiresAt) this.#mail(wake.at);
      else this.#look(wake.at);
    }
    this.#engine.handleTimeout(mail);
    this.#drain(mail);
  }

  #mail(now: number): void {
    const { domain } = this.#world;
    const known = this.#engine.lookup(domain, now);
    if (!known) this.#engine.resolve({ lookup: ++this.#lookup, domain, deadline: now + 60_000 }, now);
    known?.free();
    this.#drain(now);
    this.#look(now);
  }

  /** Runs errands until there are none. */
  #drain(now: number): void {
    for (let output = this.#engine.pollOutput(); output; output = this.#engine.pollOutput()) {
      switch (output.kind) {
        case "query-txt":
          this.#engine.txtAnswer(output.request, this.#world.txt(now), now);
          break;
        case "fetch-policy":
          this.#engine.fetchAnswer(output.request, this.#world.policy(now), now);
          break;
        case "alert":
          this.#events.push({ kind: "alert", at: now, failure: output.failure.message });
          break;
        case "answer":
          this.#note(output.decision, now);
          break;
        case "load":
        case "store":
        case "remove":
          // There is no store.
          break;
      }
    }
  }

  #look(now: number): void {
    const decision = this.#engine.peek(this.#world.domain, now);
    if (decision) this.#note(decision, now);
  }

  /** Compares what the sender does now with what it did. */
  #note(decision: Decision, now: number): void {
    const { policy, failure } = decision;
    const state: State = {
      kind: decision.kind,
      id: policy?.id ?? null,
      fetchedAt: policy?.fetchedAt ?? null,
      expiresAt: policy?.expiresAt ?? null,
      failure: failure?.message ?? null,
      postfix: decision.render("postfix", this.#world.domain, now),
    };
    decision.free();
    const before = this.#state;
    this.#state = state;
    if (before?.kind !== state.kind || before.id !== state.id || before.postfix !== state.postfix) {
      this.#events.push({ kind: "decision", at: now, state, before });
    } else if (before.fetchedAt !== state.fetchedAt) {
      this.#events.push({ kind: "refreshed", at: now, state });
    }
    if (state.failure !== null && before !== null && before.failure === null) {
      this.#events.push({ kind: "failed", at: now, state, failure: state.failure });
    }
  }
}
