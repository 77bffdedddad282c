/**
 * The parts of a text: what tools printed one after another, and policies.
 *
 * @module
 */
import { isAnswerLine } from "./answers.ts";
import { commandOn, isBarePrompt, type Command, type Question } from "./command.ts";
import { isStatusLine } from "./response.ts";

/** A part of a text. */
export interface Section {
  readonly kind: "response" | "policy" | "answers";
  /** The part as it is. */
  readonly text: string;
  /** What DNS was asked for, if the text says so. */
  readonly question: Question | null;
  /** The host that was fetched from, if the text says so. */
  readonly host: string | null;
}

interface Line {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const POLICY_LINE = /^\uFEFF?\s*["']?(?:version|mode|mx|max_age)["']?\s*[:=]/i;
const MARKUP = /^\uFEFF?\s*<(?:!doctype|html|head|body|\?xml)\b/i;
const BANNER = /^; <<>> DiG .*? <<>> (.*)$/;
const REQUEST_HOST = /^> Host: (\S+)/i;

/** Cuts a text into its parts. */
export function sections(text: string): Section[] {
  const found: Section[] = [];
  let [command, lines]: [Command | null, Line[]] = [null, []];
  const finish = (next: Command | null): void => {
    for (const part of partsOf(text, lines, command)) found.push(part);
    [command, lines] = [next, []];
  };
  for (const line of linesOf(text)) {
    const next = commandOn(line.text);
    const banner = BANNER.exec(line.text);
    if (next) {
      finish(next);
    } else if (banner) {
      finish(commandOn(`dig ${banner[1] ?? ""}`));
    } else if (isBarePrompt(line.text)) {
      finish(null);
    } else {
      lines.push(line);
    }
  }
  finish(null);
  return found;
}

function* linesOf(text: string): Generator<Line> {
  for (const found of text.matchAll(/[^\r\n]*(?:\r\n|\r|\n|$)/g)) {
    const [whole] = found;
    if (whole === "") continue;
    yield { text: whole.replace(/[\r\n]+$/, ""), start: found.index, end: found.index + whole.length };
  }
}

/** What one command printed: answers, then a policy, with its response or without, then answers. */
function partsOf(text: string, lines: readonly Line[], command: Command | null): Section[] {
  const status = lines.findIndex((line) => isStatusLine(line.text));
  const isMarkup = lines.some((line) => MARKUP.test(line.text));
  const begin =
    status >= 0
      ? lines.slice(0, status).findLastIndex((line) => !/^[*>{}]/.test(line.text)) + 1
      : lines.findIndex((line) => POLICY_LINE.test(line.text) || (isMarkup && line.text.trim() !== ""));
  const question = command?.question ?? null;
  const host = command?.host ?? null;
  const part = (kind: Section["kind"], from: number, to: number, fetched = host): Section[] => {
    const [first, last] = [lines[from], lines[to - 1]];
    if (!first || !last || to <= from) return [];
    return [{ kind, text: text.slice(first.start, last.end), question, host: fetched }];
  };
  if (begin < 0) return part("answers", 0, lines.length);
  const end = endOfBody(lines, begin);
  const requested = lines.map((line) => REQUEST_HOST.exec(line.text)?.[1]).find((name) => name !== undefined);
  return [
    ...part("answers", 0, begin),
    ...part(status >= 0 ? "response" : "policy", begin, end, host ?? requested?.toLowerCase() ?? null),
    ...part("answers", end, lines.length),
  ];
}

/** Where a body ends: before lines that can only be the answers of another tool. */
function endOfBody(lines: readonly Line[], begin: number): number {
  const last = lines.findLastIndex((line) => POLICY_LINE.test(line.text));
  const next = lines.findIndex((line, index) => index > Math.max(last, begin) && isAnswerLine(line.text));
  return next < 0 ? lines.length : next;
}
