/**
 * What is wrong, gravest first, and what mends it.
 *
 * @module
 */
import { lint, type Finding, type Fix, type Severity } from "mtasts/bytes";

import { show } from "../editor/field.tsx";
import type { Mark } from "../editor/types.ts";
import { edited, FIELDS, publicationOf, type Field, type Input } from "../state/input.ts";
import { mended, ranges, type Range } from "../state/range.ts";
import { assessment, input, notice, setField, subject, type Assessment } from "../state/state.ts";
import { Words } from "../ui/words.tsx";

/** A finding and where it is in the fields. */
export interface Located {
  readonly finding: Finding;
  readonly range: Range | null;
}

/** Most findings that are shown: a file of nonsense has one in each line. */
const MOST = 100;
const ORDER: readonly Severity[] = ["error", "warning", "info"];
const NAMES: Record<Severity, string> = { error: "Error", warning: "Warning", info: "Note" };

/** The findings, gravest first, and in each severity in the order of the fields. */
export function located({ input, report }: Assessment): Located[] {
  const found = ranges(input, report.findings);
  const place = ({ range }: Located): number => (range ? FIELDS.indexOf(range.field) * 1e7 + range.from : Infinity);
  return report.findings
    .map((finding, index) => ({ finding, range: found[index] ?? null }))
    .sort((a, b) => ORDER.indexOf(a.finding.severity) - ORDER.indexOf(b.finding.severity) || place(a) - place(b) || 0);
}

/** The findings in a field, for its editor. */
export function marksIn(field: Field, all: readonly Located[]): Mark[] {
  return all.slice(0, MOST).flatMap(({ finding, range }) =>
    range?.field === field && finding.span !== null ? [mark(finding, range)] : [],
  );
}

function mark({ severity, code, message, help, fixes }: Finding, { from, to }: Range): Mark {
  return { from, to, severity, code, message, help, fixes: fixes.map((fix) => ({ label: fix.label, apply: () => mend(fix) })) };
}

function mend(fix: Fix): void {
  // Places are those of the text that was checked; a large one may have been changed since.
  if (assessment.peek()?.input !== input.peek()) return;
  const now = mended(input.peek(), fix);
  if (!now) return;
  setField(now.field, now.text);
  notice.value = `Done: ${fix.label}.`;
}

/** How long fixes are made in a row, in milliseconds. A text of nonsense has thousands; the rest can be asked for. */
const MOST_TIME = 1000;

/** Makes one fix after another, each in the text that the one before has left. */
function mendAll(): void {
  const end = performance.now() + MOST_TIME;
  let now: Input = input.peek();
  let count = 0;
  for (let next = nextFix(now); next; next = performance.now() < end ? nextFix(now) : undefined) {
    now = edited(now, next.field, next.text);
    count++;
  }
  for (const field of FIELDS) setField(field, now[field]);
  notice.value = `${count === 1 ? "One fix" : `${count} fixes`} made.`;
}

/** The text of a field after the first fix that changes something. */
function nextFix(now: Input): { field: Field; text: string } | undefined {
  for (const { severity, fixes } of lint(publicationOf(now, subject.peek().name)).findings) {
    const [fix] = fixes;
    const change = fix && severity !== "info" ? mended(now, fix) : null;
    if (change && change.text !== now[change.field]) return change;
  }
  return undefined;
}

export function Findings({ all }: { readonly all: readonly Located[] }) {
  const counts = ORDER.map((severity) => [severity, all.filter(({ finding }) => finding.severity === severity).length] as const);
  const fixable = all.filter(({ finding }) => finding.severity !== "info" && finding.fixes.length > 0).length;
  return (
    <section aria-labelledby="findings-title" class="findings">
      <div class="section-head">
        <h2 id="findings-title">Findings</h2>
        {fixable > 1 && (
          <button type="button" onClick={mendAll}>
            Fix all {fixable}
          </button>
        )}
      </div>
      <p class="counts" aria-live="polite">
        {all.length === 0 ? "Nothing is wrong with what was checked." : counts.filter(([, count]) => count > 0).map(counted).join(", ")}
      </p>
      <ol>
        {all.slice(0, MOST).map((one) => (
          <Item key={keyOf(one)} one={one} />
        ))}
      </ol>
      {all.length > MOST && <p class="hint">{all.length - MOST} more are not shown. Mend these first.</p>}
    </section>
  );
}

function keyOf({ finding: { code, place, span } }: Located): string {
  return `${code} ${place.part} ${place.index} ${span?.start} ${span?.end}`;
}

function counted([severity, count]: readonly [Severity, number]): string {
  const name = NAMES[severity].toLowerCase();
  return `${count} ${name}${count === 1 ? "" : "s"}`;
}

const WHERE: Record<Finding["place"]["part"], string> = {
  txt: "TXT record",
  policy: "Policy",
  http: "Web server",
  certificate: "Certificate",
  mx: "MX hosts",
  tlsrpt: "TLSRPT record",
  dane: "DANE",
  previous: "Compared with before",
};

function Item({ one: { finding, range } }: { readonly one: Located }) {
  const { severity, code, message, help, fixes, section, url, span, place } = finding;
  const where = `${WHERE[place.part]}${place.part === "policy" && span ? `, line ${span.line}` : ""}`;
  return (
    <li class={`finding ${severity}`}>
      <p class="finding-head">
        <span class="severity">{NAMES[severity]}</span>
        {range ? (
          <button type="button" class="link where" onClick={() => show(range.field, range.from, range.to)}>
            {where}
          </button>
        ) : (
          <span class="where">{where}</span>
        )}
        <code class="lint-code">{code}</code>
      </p>
      <p class="message">
        <Words text={sentence(message)} />
      </p>
      {help !== null && (
        <p class="help">
          <Words text={help} />
        </p>
      )}
      <p class="finding-foot">
        {fixes.map((fix) => (
          <button key={fix.label} type="button" class="fix" onClick={() => mend(fix)}>
            <Words text={fix.label} />
          </button>
        ))}
        <a href={url} target="_blank" rel="noreferrer noopener">
          {section}
        </a>
      </p>
    </li>
  );
}

function sentence(message: string): string {
  const text = `${message.charAt(0).toUpperCase()}${message.slice(1)}`;
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
