/**
 * The state of the page, and what follows from it.
 *
 * @module
 */
import { computed, effect, signal } from "@preact/signals";
import { domainNames, lint, MtaStsError, type LintReport, type Publication } from "mtasts/bytes";

import { MAX_TEXT, tooLarge } from "../paste/recognise.ts";
import { engine } from "../wasm.ts";
import { EMPTY, FIELDS, edited, merged, publicationOf, type Field, type Input } from "./input.ts";
import { fromFragment, toFragment } from "./share.ts";

export const VIEWS = ["check", "timeline", "generate"] as const;
export type View = (typeof VIEWS)[number];

/** What is known about the domain, and what the linter says to it. */
export interface Assessment {
  readonly input: Input;
  readonly publication: Publication;
  readonly report: LintReport;
}

export const input = signal<Input>(EMPTY);
export const view = signal<View>("check");
/** Why a field did not take what it was given. */
export const refusals = signal<Partial<Record<Field, string>>>({});
/** What has just happened, in a sentence. */
export const notice = signal("");
export const assessment = signal<Assessment | null>(null);
/** Why there is no assessment, though there is something to assess. */
export const trouble = signal("");

/** The domain as DNS knows it, or why it is none. */
export const subject = computed((): { name: string | null; error: string } => {
  const key = input.value.domain.trim();
  if (engine.value.is !== "ready" || key === "") return { name: null, error: "" };
  try {
    return { name: domainNames(key.toWellFormed()).domain, error: "" };
  } catch (error) {
    return { name: null, error: words(error) };
  }
});

export const isEmpty = computed(() => FIELDS.every((field) => input.value[field] === "") && Object.keys(input.value.known).length === 0);

/** Enters a text in a field. Says whether it was taken. */
export function setField(field: Field, text: string): boolean {
  const { [field]: _, ...others } = refusals.value;
  if (text.length > MAX_TEXT) {
    refuse(field, tooLarge(text.length));
    return false;
  }
  refusals.value = others;
  if (text !== input.value[field]) input.value = edited(input.value, field, text);
  return true;
}

/** Says why a field keeps what it has. */
export function refuse(field: Field, message: string): void {
  refusals.value = { ...refusals.value, [field]: message };
}

/** Takes over what a paste or a file says. */
export function take(publication: Publication): void {
  refusals.value = {};
  input.value = merged(input.value, publication);
}

/** The domain of the last lookup. */
let lookedUp: string | null = null;

/** Takes over what a lookup found. What was known of another domain does not belong to this one. */
export function takeLookup(publication: Publication): void {
  const { domain = null } = publication;
  if (lookedUp !== null && lookedUp !== domain) input.value = { ...EMPTY, host: input.value.host };
  lookedUp = domain;
  take(publication);
}

/** Starts afresh. The browser's Back button leads to what was there. */
export function clear(): void {
  if (!isEmpty.peek()) history.pushState(null, "", location.href);
  refusals.value = {};
  lookedUp = null;
  input.value = EMPTY;
  notice.value = "";
}

function words(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return `${message.charAt(0).toUpperCase()}${message.slice(1)}.`.replace(/\.\.$/, ".");
}

/** Below this, checking takes no time that anybody would notice. */
const SMALL = 16_384;
/** How long to wait for the next key, in milliseconds. */
const PAUSE = 150;

function assess(now: Input): void {
  const publication = publicationOf(now, subject.peek().name);
  if (Object.keys(publication).length === 0) {
    assessment.value = null;
    trouble.value = "";
    return;
  }
  try {
    const report = lint({ ...publication, now: Math.floor(Date.now() / 1000) });
    assessment.value = { input: now, publication, report };
    trouble.value = "";
  } catch (error) {
    assessment.value = null;
    const isDefect = error instanceof MtaStsError && error.code === "module-failed";
    trouble.value = isDefect ? "The engine has failed, which is a defect. Load the page anew." : words(error);
  }
}

/** Keeps the assessment up with the input. */
export function startAssessing(): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  effect(() => {
    const now = input.value;
    if (engine.value.is !== "ready") return;
    clearTimeout(timer);
    const size = FIELDS.reduce((sum, field) => sum + now[field].length, 0);
    if (size <= SMALL) assess(now);
    else timer = setTimeout(() => assess(now), PAUSE);
  });
}

/** Keeps the fragment of the page's address up with the state, and takes over a link that is opened. */
export async function startSharing(): Promise<void> {
  await openLink();
  addEventListener("hashchange", () => void openLink());
  let timer: ReturnType<typeof setTimeout> | undefined;
  effect(() => {
    const shared = { input: input.value, view: view.value };
    clearTimeout(timer);
    timer = setTimeout(() => void show(shared), PAUSE);
  });
}

/** The page's address with everything in it, also with what its fragment has not been told yet. */
export async function link(): Promise<string> {
  const fragment = await toFragment({ input: input.peek(), view: view.peek() });
  return new URL(fragment && `#${fragment}`, location.href).href;
}

let shown = "";
let newest: object | null = null;

async function show(shared: { input: Input; view: View }): Promise<void> {
  newest = shared;
  const fragment = await toFragment(shared);
  // Compressing takes its time, in which the reader may have gone on.
  if (newest !== shared || fragment === shown) return;
  shown = fragment;
  history.replaceState(null, "", `${location.pathname}${location.search}${fragment && `#${fragment}`}`);
}

async function openLink(): Promise<void> {
  const fragment = location.hash.slice(1);
  newest = null;
  const shared = fragment === "" ? { input: EMPTY, view: "check" } : await fromFragment(fragment);
  if (shared) {
    shown = fragment;
    notice.value = "";
    input.value = shared.input;
    view.value = VIEWS.find((known) => known === shared.view) ?? "check";
  } else {
    notice.value = "The link is damaged: nothing could be read from it.";
  }
}
