/**
 * What happens to a policy as time goes by: the engine run forward on a clock of its own.
 *
 * @module
 */
import type { Publication } from "mtasts/bytes";
import { useMemo, useState } from "preact/hooks";

import { Choice } from "../ui/choice.tsx";
import { Words } from "../ui/words.tsx";
import { inWords } from "./duration.ts";
import { SCENARIOS, type ScenarioId } from "./scenario.ts";
import type { State } from "./sender.ts";
import { tell, type Row, type Sentence } from "./story.ts";
import "./timeline.css";

/** The times are those of the reader's clock. The engine must be loaded. */
export function Timeline({ publication }: { readonly publication: Publication }) {
  const [scenario, choose] = useState<ScenarioId>("new-id");
  const start = useMemo(() => Math.floor(Date.now() / 60_000) * 60_000, [publication]);
  const story = useMemo(() => tell(publication, scenario, start), [publication, scenario, start]);
  const chosen = SCENARIOS.find(({ id }) => id === scenario);
  return (
    <div class="timeline">
      <Choice legend="What if …" choices={SCENARIOS} chosen={scenario} onChoose={choose} />
      <div aria-live="polite">
        <p class="timeline-story">{chosen?.story}</p>
        {story.is === "untold" ? (
          <p class="timeline-untold">
            <Words text={story.message} />
          </p>
        ) : (
          <>
            <p class="timeline-key">
              <span>Left line: a sender that has mailed you and has the policy.</span>
              <span>Right line: a sender that mails you for the first time.</span>
            </p>
            <ol class="timeline-rows">
              {story.rows.map((row, index) => (
                <Moment key={row.at} row={row} start={story.start} before={story.rows[index - 1]} />
              ))}
            </ol>
            <p class="timeline-note">
              A busy sender is shown, that mails every quarter of an hour at most. Others see a change when they
              next mail, or at their daily refresh.
              {story.assumptions.length > 0 && ` Not known, so taken for granted: ${story.assumptions.join(", ")}.`}
            </p>
          </>
        )}
      </div>
    </div>
  );
}

function Moment({ row, start, before }: { row: Row; start: number; before: Row | undefined }) {
  const { at, sentences, known, fresh } = row;
  return (
    <li>
      <Rails known={known} fresh={fresh} before={before} />
      <div class="timeline-moment">
        <p class="timeline-time">
          <b>{at === start ? "Now" : `After ${inWords(at - start)}`}</b> <Clock at={at} />
        </p>
        {sentences.map((sentence) => (
          <p key={sentence.text}>
            <span class="timeline-who" data-who={sentence.who}>
              {WHO[sentence.who]}
            </span>{" "}
            <Told sentence={sentence} />
          </p>
        ))}
        <p class="timeline-states">
          {isTurn(known, before?.known) && <Now who="Sender with the policy" state={known} />}
          {isTurn(fresh, before?.fresh) && <Now who="New sender" state={fresh} />}
        </p>
      </div>
    </li>
  );
}

/** Whether a sender does something else than before, or by another policy. */
function isTurn(state: State, before: State | undefined): boolean {
  return before?.kind !== state.kind || before.id !== state.id;
}

const WHO: Readonly<Record<Sentence["who"], string>> = {
  owner: "You",
  known: "Sender with the policy",
  fresh: "New sender",
};

/** The rails of both senders: what they do from here on, in colour. The words beside say the same. */
function Rails({ known, fresh, before }: { known: State; fresh: State; before: Row | undefined }) {
  return (
    <svg class="timeline-rails" width="36" aria-hidden="true" focusable="false">
      {[known, fresh].map((state, index) => {
        const x = 9 + 18 * index;
        const earlier = index === 0 ? before?.known : before?.fresh;
        return (
          <g key={index}>
            {earlier && <line x1={x} x2={x} y1="0" y2="12" data-kind={earlier.kind} />}
            <line x1={x} x2={x} y1="12" y2="100%" data-kind={state.kind} />
            {isTurn(state, earlier) && <circle cx={x} cy="12" r="6" data-kind={state.kind} />}
          </g>
        );
      })}
    </svg>
  );
}

/** A sentence with its time in it. */
function Told({ sentence: { text, until } }: { sentence: Sentence }) {
  const [before, after] = text.split("{until}");
  return (
    <>
      <Words text={before ?? ""} />
      {after !== undefined && until !== null && <Clock at={until} />}
      <Words text={after ?? ""} />
    </>
  );
}

const CLOCK = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "short" });

function Clock({ at }: { at: number }) {
  return <time dateTime={new Date(at).toISOString()}>{CLOCK.format(at)}</time>;
}

const DOES: Readonly<Record<State["kind"], string>> = {
  enforce: "enforces",
  testing: "delivers and reports",
  none: "obeys mode none",
  "no-policy": "unprotected",
  "temp-fail": "waits",
};

function Now({ who, state }: { who: string; state: State }) {
  return (
    <span class="timeline-state" data-kind={state.kind}>
      {who}: <b>{DOES[state.kind]}</b>
      {state.id !== null && <> (id {state.id})</>}
    </span>
  );
}
