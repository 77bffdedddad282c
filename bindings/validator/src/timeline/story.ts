/**
 * What happens, told row by row.
 *
 * @module
 */
import { MtaStsError, type Publication } from "mtasts/bytes";

import { course, type Course, type ScenarioId } from "./scenario.ts";
import { observe, type Event, type State } from "./sender.ts";

/** What happens in a scenario, or why nothing can be told. */
export type Story =
  | {
      readonly is: "told";
      readonly start: number;
      readonly rows: readonly Row[];
      readonly assumptions: readonly string[];
    }
  | { readonly is: "untold"; readonly message: string };

/** A time at which something happens. */
export interface Row {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly sentences: readonly Sentence[];
  /** What senders do from then on: one that has the policy, and one that has never mailed. */
  readonly known: State;
  readonly fresh: State;
}

/** Something that happens. */
export interface Sentence {
  /** To whom: the domain's owner, a sender that has the policy, one that has never mailed. */
  readonly who: "owner" | "known" | "fresh";
  /** In which a time is `{until}`, to be written as the reader's clock shows it. */
  readonly text: string;
  readonly until: number | null;
}

/** Tells what happens to a domain that publishes this. */
export function tell(publication: Publication, scenario: ScenarioId, start: number): Story {
  if (publication.policy === undefined) {
    return { is: "untold", message: "Enter the policy, and this shows what senders do as time goes by." };
  }
  try {
    return storyOf(course(publication, scenario, start), start);
  } catch (error) {
    if (!(error instanceof MtaStsError)) throw error;
    return { is: "untold", message: `There is no story to tell: ${error.message}.` };
  }
}

function storyOf(told: Course, start: number): Story {
  const events = observe(told.world, told.mails);
  const [first] = events;
  if (first?.kind !== "decision" || first.state.expiresAt === null) {
    const why = (first?.kind === "decision" && first.state.failure) || "there is no MTA-STS record";
    return { is: "untold", message: `Senders find no policy that they could keep: ${why}.` };
  }
  if (first.state.expiresAt <= start) {
    return { is: "untold", message: "Senders do not keep this policy, since its max_age is 0: each asks anew for each mail." };
  }
  return { is: "told", start, rows: rows(told, events, first.state), assumptions: told.assumptions };
}

interface Told extends Sentence {
  readonly at: number;
  readonly state?: State;
}

function rows(told: Course, events: readonly Event[], first: State): Row[] {
  const sentences = [
    ...told.acts.map(({ at, text }): Told => ({ at, who: "owner", text, until: null })),
    ...knownSentences(events),
    ...freshSentences(told),
  ];
  const rows: Row[] = [];
  let [known, fresh] = [first, first];
  const times = [...new Set(sentences.map(({ at }) => at))].sort((a, b) => a - b);
  for (const at of times) {
    const now = sentences.filter((sentence) => sentence.at === at);
    known = now.findLast(({ who, state }) => who === "known" && state)?.state ?? known;
    fresh = now.findLast(({ who, state }) => who === "fresh" && state)?.state ?? fresh;
    rows.push({ at, sentences: now.map(({ who, text, until }) => ({ who, text, until })), known, fresh });
  }
  return rows;
}

function knownSentences(events: readonly Event[]): Told[] {
  const sentences: Told[] = [];
  // Daily refreshes and warnings are told once.
  const isTold = { refreshed: false, alert: false };
  for (const event of events) {
    const { at } = event;
    switch (event.kind) {
      case "decision":
        sentences.push({ at, who: "known", ...decided(event.state, event.before), state: event.state });
        isTold.alert = false;
        break;
      case "refreshed":
        if (!isTold.refreshed) {
          const text = "It fetches the policy again, as it does about once a day, and keeps it until {until}.";
          sentences.push({ at, who: "known", text, until: event.state.expiresAt, state: event.state });
        }
        isTold.refreshed = true;
        break;
      case "failed":
        if (event.state.expiresAt !== null) {
          const text = `Its look for a newer policy fails (${event.failure}). The one that it has goes on governing until {until}.`;
          sentences.push({ at, who: "known", text, until: event.state.expiresAt, state: event.state });
        }
        break;
      case "alert":
        if (!isTold.alert) {
          const text = "Its administrator is warned, once a day from now on, that the policy cannot be refreshed.";
          sentences.push({ at, who: "known", text, until: null });
        }
        isTold.alert = true;
        break;
    }
  }
  return sentences;
}

function decided(state: State, before: State | null): { text: string; until: number | null } {
  const { kind, expiresAt: until } = state;
  if (before === null) return { text: "A sender mails you. It fetches the policy and keeps it until {until}.", until };
  switch (kind) {
    case "enforce":
    case "testing":
      return { text: `It fetches the ${before.id === null ? "" : "new "}policy and keeps it until {until}.`, until };
    case "none":
      return { text: "It fetches mode none and stops insisting on TLS.", until: null };
    case "no-policy": {
      const why = state.failure === null ? "" : ` (${state.failure})`;
      return { text: `The policy that it had has expired, and there is no other${why}. Mail goes unprotected.`, until: null };
    }
    case "temp-fail":
      return { text: "It keeps mail until it knows more.", until: null };
  }
}

/** What senders find that have never mailed before, each time that it is something else. */
function freshSentences({ turns, world }: Course): Told[] {
  const sentences: Told[] = [];
  let before: State | null = null;
  for (const at of turns) {
    const [event] = observe(world, [at]);
    if (event?.kind !== "decision") continue;
    const { state } = event;
    if (before !== null && (before.kind !== state.kind || before.id !== state.id)) {
      sentences.push({ at, who: "fresh", text: found(state), until: state.expiresAt, state });
    }
    before = state;
  }
  return sentences;
}

function found({ kind, failure }: State): string {
  switch (kind) {
    case "enforce":
    case "testing":
      return "A sender that mails you for the first time finds this policy.";
    case "none":
      return "A sender that mails you for the first time finds mode none.";
    case "no-policy":
      return `A sender that mails you for the first time finds no policy${failure === null ? "" : ` (${failure})`}: its mail goes unprotected.`;
    case "temp-fail":
      return "A sender that mails you for the first time keeps its mail.";
  }
}
