/**
 * Makes what a domain publishes, of what its owner wants.
 *
 * @module
 */
import type { Mode, Publication } from "mtasts/bytes";
import { useEffect, useId, useState } from "preact/hooks";

import { inWords } from "../timeline/duration.ts";
import { TextField } from "../ui/field.tsx";
import { Words } from "../ui/words.tsx";
import { PlanView } from "./plan.tsx";
import { MAX_AGES, outcomeOf, publicationFor, USUAL_MAX_AGE, wishFor, type Field, type Wish } from "./wish.ts";
import "./generator.css";

/**
 * The engine must be loaded. `initial` is what the domain has, and fills the form until the reader
 * changes it; `onUse` gets what is there when everything of the plan is published.
 */
export function Generator(props: {
  readonly initial: Publication;
  readonly onUse: (publication: Publication) => void;
}) {
  const { initial, onUse } = props;
  const [wish, setWish] = useState<Wish>(() => wishFor(initial));
  const [isTouched, touch] = useState(false);
  // The id is that of the moment at which the wish was complete.
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (!isTouched) setWish(wishFor(initial));
  }, [initial, isTouched]);
  const change = (part: Partial<Wish>): void => {
    touch(true);
    setWish({ ...wish, ...part });
    setNow(Date.now());
  };
  const outcome = outcomeOf(wish, now);
  const errorOf = (field: Field): string | null =>
    outcome.is === "refused" && outcome.field === field && (isTouched || wish[field] !== "") ? outcome.message : null;
  return (
    <div class="generator">
      <form class="generator-form" noValidate onSubmit={(event) => event.preventDefault()}>
        <TextField
          label="Domain"
          placeholder="example.com"
          value={wish.domain}
          error={errorOf("domain")}
          onInput={(domain) => change({ domain })}
        />
        <TextField
          label="MX hosts"
          placeholder={"mx1.example.com\n*.mx.example.net"}
          hint="One on a line; * stands for the first label."
          rows={3}
          value={wish.mx}
          error={errorOf("mx")}
          onInput={(mx) => change({ mx })}
        />
        <ModeChoice mode={wish.mode} onChoose={(mode) => change({ mode, maxAge: null })} />
        <MaxAgeChoice wish={wish} error={errorOf("maxAge")} onChoose={(maxAge) => change({ maxAge })} />
        <TextField
          label="Reports go to"
          placeholder="tls-reports@example.com"
          hint="Mail addresses or https: URIs; empty for no TLSRPT record."
          rows={1}
          value={wish.rua}
          error={errorOf("rua")}
          onInput={(rua) => change({ rua })}
        />
      </form>
      {outcome.is === "plan" ? (
        <PlanView plan={outcome.plan} onUse={() => onUse(publicationFor(outcome.plan, wish))} />
      ) : (
        <p class="generator-waiting">
          Records, policy and web server configuration appear here as soon as the form is complete.
        </p>
      )}
    </div>
  );
}

const MODES: readonly { readonly mode: Mode; readonly title: string; readonly text: string }[] = [
  { mode: "testing", title: "testing", text: "Mail is delivered as ever, and senders report what would have failed. Begin with this." },
  { mode: "enforce", title: "enforce", text: "Senders deliver to these hosts only, with a valid certificate, or not at all." },
  { mode: "none", title: "none", text: "The domain no longer wants MTA-STS. For taking leave of it." },
];

function ModeChoice(props: { mode: Mode; onChoose: (mode: Mode) => void }) {
  const name = useId();
  return (
    <fieldset class="generator-modes">
      <legend>Mode</legend>
      {MODES.map(({ mode, title, text }) => (
        <label key={mode}>
          <input type="radio" name={name} checked={mode === props.mode} onChange={() => props.onChoose(mode)} />
          <span>
            <b>{title}</b> {text}
          </span>
        </label>
      ))}
    </fieldset>
  );
}

function MaxAgeChoice(props: { wish: Wish; error: string | null; onChoose: (maxAge: number | null) => void }) {
  const { wish, error, onChoose } = props;
  const { mode, maxAge } = wish;
  const id = useId();
  const usual = USUAL_MAX_AGE[mode];
  const offered = MAX_AGES[mode].filter((seconds) => seconds !== usual);
  const others = maxAge !== null && !offered.includes(maxAge) ? [maxAge] : [];
  const choices = [...offered, ...others].sort((a, b) => a - b);
  return (
    <div class="field">
      <label for={id}>Senders keep the policy for</label>
      <select
        id={id}
        value={maxAge ?? "usual"}
        aria-invalid={error !== null}
        aria-describedby={error === null ? undefined : `${id}-error`}
        onChange={({ currentTarget: { value } }) => onChoose(value === "usual" ? null : Number(value))}
      >
        <option value="usual">{inWords(usual * 1000)} (usual)</option>
        {choices.map((seconds) => (
          <option key={seconds} value={seconds}>
            {inWords(seconds * 1000)}
          </option>
        ))}
      </select>
      {error !== null && (
        <p id={`${id}-error`} class="field-error">
          <Words text={error} />
        </p>
      )}
    </div>
  );
}
