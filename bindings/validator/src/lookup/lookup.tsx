/**
 * Looks up a domain in DNS over HTTPS, when the reader asks for it.
 *
 * @module
 */
import { domainNames, MtaStsError, type DomainNames, type Publication } from "mtasts/bytes";
import { useEffect, useId, useRef, useState } from "preact/hooks";

import { Code } from "../ui/code.tsx";
import { TextField } from "../ui/field.tsx";
import { allCommands, policyCommand } from "./commands.ts";
import { lookUp, type Row } from "./look-up.ts";
import { ownProvider, PROVIDERS } from "./provider.ts";
import "./lookup.css";

/** What the reader has chosen to ask. */
interface Choice {
  /** The id of a provider, or `own`. */
  readonly id: string;
  /** The URL of the reader's own resolver. */
  readonly own: string;
}

type Progress =
  | { readonly is: "idle" }
  | { readonly is: "asking"; readonly whom: string }
  | { readonly is: "stopped" }
  | { readonly is: "done"; readonly whom: string; readonly rows: readonly Row[] };

/** Who cannot be asked, and why. */
type Wrong = { readonly field: "domain" | "own"; readonly message: string };

/** The engine must be loaded. `onResult` gets what was found; what could not be asked is not in it. */
export function Lookup(props: {
  readonly domain: string;
  readonly onDomain: (domain: string) => void;
  readonly onResult: (publication: Publication) => void;
}) {
  const { domain, onDomain, onResult } = props;
  const [choice, choose] = useState<Choice>({ id: PROVIDERS[0]?.id ?? "own", own: "" });
  const [progress, setProgress] = useState<Progress>({ is: "idle" });
  const [wrong, setWrong] = useState<Wrong | null>(null);
  const running = useRef<AbortController | null>(null);
  useEffect(() => () => running.current?.abort(), []);

  const ask = async (): Promise<void> => {
    const { whom, url, refusal } = resolverOf(choice);
    const refused = domainRefusal(domain) ?? refusal;
    setWrong(refused);
    if (refused) return;
    running.current?.abort();
    const controller = (running.current = new AbortController());
    setProgress({ is: "asking", whom });
    try {
      const { publication, rows } = await lookUp(domain.trim(), { provider: url, signal: controller.signal });
      if (controller.signal.aborted) return;
      setProgress({ is: "done", whom, rows });
      onResult(publication);
    } catch (error) {
      if (!controller.signal.aborted) throw error;
      if (running.current === controller) setProgress({ is: "stopped" });
    }
  };
  return (
    <div class="lookup">
      <form
        class="lookup-form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void ask();
        }}
      >
        <TextField
          label="Domain"
          placeholder="example.com"
          value={domain}
          error={wrong?.field === "domain" ? wrong.message : null}
          isLedTo
          onInput={onDomain}
        />
        <Resolver choice={choice} onChoose={choose} error={wrong?.field === "own" ? wrong.message : null} />
        {/* Keyed: one element for both would still be clicked when it has become the other. */}
        {progress.is === "asking" ? (
          <button key="stop" type="button" onClick={() => running.current?.abort()}>
            Stop
          </button>
        ) : (
          <button key="ask" type="submit" class="primary">
            Look up
          </button>
        )}
      </form>
      <Disclosure choice={choice} />
      <div role="status">
        <Outcome progress={progress} />
      </div>
      <Instead names={namesOf(domain)} />
    </div>
  );
}

function Resolver(props: { choice: Choice; onChoose: (choice: Choice) => void; error: string | null }) {
  const { choice, onChoose, error } = props;
  const id = useId();
  return (
    <>
      <div class="field">
        <label for={id}>Resolver</label>
        <select id={id} value={choice.id} onChange={(event) => onChoose({ ...choice, id: event.currentTarget.value })}>
          {PROVIDERS.map((provider) => (
            <option key={provider.id} value={provider.id}>
              {provider.name}
            </option>
          ))}
          <option value="own">Another one …</option>
        </select>
      </div>
      {choice.id === "own" && (
        <TextField
          label="URL of the resolver"
          placeholder="https://dns.example/dns-query"
          value={choice.own}
          error={error}
          isLedTo
          onInput={(own) => onChoose({ ...choice, own })}
        />
      )}
    </>
  );
}

/** Who will be asked, before anybody is. */
function Disclosure({ choice }: { choice: Choice }) {
  const { whom, url } = resolverOf(choice);
  const host = url === "" ? "the resolver" : new URL(url).host;
  return (
    <p class="lookup-hint">
      Asks {whom === host ? host : `${whom} (${host})`} for the domain’s records and for the addresses of its mail
      hosts. Until you press the button, nothing leaves this page.
    </p>
  );
}

function resolverOf(choice: Choice): { whom: string; url: string; refusal: Wrong | null } {
  const provider = PROVIDERS.find(({ id }) => id === choice.id);
  if (provider) return { whom: provider.name, url: provider.url, refusal: null };
  const own = ownProvider(choice.own);
  return own.is === "usable"
    ? { whom: own.host, url: own.url, refusal: null }
    : { whom: "the resolver", url: "", refusal: { field: "own", message: own.message } };
}

function domainRefusal(domain: string): Wrong | null {
  if (domain.trim() === "") return { field: "domain", message: "Enter a mail domain, such as example.com." };
  try {
    domainNames(domain.trim());
    return null;
  } catch (error) {
    if (!(error instanceof MtaStsError)) throw error;
    return { field: "domain", message: error.message };
  }
}

function namesOf(domain: string): DomainNames | null {
  try {
    return domainNames(domain.trim());
  } catch (error) {
    if (!(error instanceof MtaStsError)) throw error;
    return null;
  }
}

function Outcome({ progress }: { progress: Progress }) {
  switch (progress.is) {
    case "idle":
      return null;
    case "asking":
      return <p class="lookup-progress">Asking {progress.whom} …</p>;
    case "stopped":
      return <p class="lookup-progress">Stopped. Nothing was changed.</p>;
    case "done":
      return <Rows whom={progress.whom} rows={progress.rows} />;
  }
}

const SAYS: Readonly<Record<Row["outcome"], string>> = { found: "found", absent: "there is none", failed: "failed" };

function Rows({ whom, rows }: { whom: string; rows: readonly Row[] }) {
  const [first] = rows;
  // When nothing could be asked, the reason is told once.
  const isSame = rows.every(({ trouble }) => trouble && trouble.message === first?.trouble?.message);
  if (isSame && first?.trouble) {
    const { message, advice } = first.trouble;
    return (
      <div class="lookup-trouble">
        <p>
          <b>{message}</b>
        </p>
        <p>{advice}</p>
      </div>
    );
  }
  return (
    <dl class="lookup-rows" aria-label={`What ${whom} says`}>
      {rows.map(({ subject, name, outcome, values, trouble }) => (
        <div key={subject} data-outcome={outcome}>
          <dt>
            {subject} <code>{name}</code>
          </dt>
          <dd>
            <b>{SAYS[outcome]}</b>
            {values.map((value, index) => (
              <code key={index}>{value}</code>
            ))}
            {trouble && (
              <span>
                {trouble.message} {trouble.advice}
              </span>
            )}
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** How to get what the page cannot, or what the reader does not want it to ask for. */
function Instead({ names }: { names: DomainNames | null }) {
  const shown = names ?? domainNames("example.com");
  return (
    <div class="lookup-instead">
      <p>
        The policy itself is on <code>{shown.policyHost}</code>, and browsers keep pages of other sites from reading
        it. Run this and paste what it prints:
      </p>
      <Code what="the command that shows the policy" text={policyCommand(shown)} />
      <details>
        <summary>Ask no resolver from here: all in one command</summary>
        <Code what="the commands that show everything" text={allCommands(shown)} />
      </details>
    </div>
  );
}
