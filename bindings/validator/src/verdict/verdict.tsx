/**
 * What senders do with mail for the domain now, and what their MTAs are told.
 *
 * @module
 */
import { useMemo } from "preact/hooks";

import type { LintReport, Publication } from "mtasts/bytes";

import type { Assessment } from "../state/state.ts";
import { Code } from "../ui/code.tsx";
import { Words } from "../ui/words.tsx";
import { replies } from "./decision.ts";

type Tone = "good" | "fair" | "bad" | "open";

interface Summary {
  readonly tone: Tone;
  readonly word: string;
}

/** The verdict in a word. Good is only what is protected as far as a page can tell. */
function summary({ verdict, unchecked, findings }: LintReport): Summary {
  const lacks = (subject: string): boolean => unchecked.some((one) => one.subject === subject);
  if (verdict.mail === "delayed") return { tone: "bad", word: "Mail waits" };
  if (verdict.mail === "restricted") return { tone: "bad", word: "Mail at risk" };
  switch (verdict.protection) {
    case "enforced":
      if (lacks("txt")) return { tone: "open", word: "Not announced yet" };
      if (lacks("mx")) return { tone: "open", word: "MX hosts not known" };
      return findings.some(({ severity }) => severity === "error")
        ? { tone: "fair", word: "Protected, with errors" }
        : { tone: "good", word: "Protected, as far as checked" };
    case "reported":
      return { tone: "fair", word: "Failures are only reported" };
    case "none":
      return { tone: "bad", word: "Not protected" };
    case "unknown":
      return { tone: "open", word: "Not known yet" };
  }
}

export function Verdict({ assessment }: { readonly assessment: Assessment | null }) {
  const report = assessment?.report ?? null;
  const { tone, word } = report ? summary(report) : { tone: "open", word: "Nothing to judge yet" };
  const count = report?.unchecked.length ?? 0;
  return (
    <section class={`verdict ${tone}`} aria-labelledby="verdict-title">
      <h2 id="verdict-title" class="eyebrow">
        What senders do now
      </h2>
      <div aria-live="polite" aria-atomic="true">
        <p class="verdict-word">{word}</p>
        <p class="verdict-sentence">
          <Words text={report?.verdict.sentence ?? INVITATION} />
        </p>
      </div>
      {count > 0 && (
        <p class="verdict-note">
          <a href="#unchecked" onClick={leadToUnchecked}>
            {count === 1 ? "One thing was" : `${count} things were`} not checked
          </a>
        </p>
      )}
      {assessment && report?.verdict.decision && <Told publication={assessment.publication} />}
    </section>
  );
}

const INVITATION =
  "Look up a domain or paste its records and policy. The engine that mail senders run then says here what they make of it.";

/** The fragment of the address holds the state, so the link must not be followed. */
function leadToUnchecked(event: MouseEvent): void {
  event.preventDefault();
  const title = document.getElementById("unchecked-title");
  if (!title) return;
  title.tabIndex = -1;
  title.scrollIntoView({ block: "center" });
  title.focus({ preventScroll: true });
}

function Told({ publication }: { readonly publication: Publication }) {
  const told = useMemo(() => replies(publication), [publication]);
  return (
    <div class="told">
      <h3>What Postfix is told</h3>
      <Code what="reply to Postfix" text={told.postfix.trim()} />
      <dl class="facts">
        <dt>TLSRPT</dt>
        <dd>
          {told.result === null ? "nothing to report about the policy" : <>senders report <code>{told.result}</code></>}
        </dd>
      </dl>
      <details>
        <summary>Other MTAs, and how the engine puts it</summary>
        <h4>Postfix 3.10 with TLSRPT</h4>
        <Code what="reply to Postfix with TLSRPT" text={told.postfixTlsRpt.trim()} />
        <h4>Sendmail</h4>
        <Code what="reply to Sendmail" text={told.sendmail.trim()} />
        <h4>In words</h4>
        <p>
          <Words text={told.explanation} />
        </p>
      </details>
    </div>
  );
}
