/**
 * The page.
 *
 * @module
 */
import { version, type Publication } from "mtasts/bytes";

import { Check } from "./check.tsx";
import { EXAMPLES } from "./examples.ts";
import { Generator } from "./generator/generator.tsx";
import { Lookup } from "./lookup/lookup.tsx";
import { Paste } from "./paste/paste.tsx";
import { assessment, clear, input, isEmpty, link, notice, setField, subject, take, takeLookup, trouble, view, VIEWS, type View } from "./state/state.ts";
import { Timeline } from "./timeline/timeline.tsx";
import { Copy } from "./ui/copy.tsx";
import { Guard } from "./ui/guard.tsx";
import { Tabs, type Tab } from "./ui/tabs.tsx";
import { ThemeChoice } from "./ui/theme.tsx";
import { Verdict } from "./verdict/verdict.tsx";
import { engine } from "./wasm.ts";

export function App() {
  return (
    <div class="page">
      <a class="skip" href="#main" onClick={skip}>
        To the verdict
      </a>
      <Masthead />
      <main>
        <Body />
      </main>
      <Colophon />
    </div>
  );
}

/** The fragment of the address holds the state, so the link must not be followed. */
function skip(event: MouseEvent): void {
  event.preventDefault();
  document.getElementById("main")?.focus();
}

function Masthead() {
  return (
    <header class="masthead">
      <div>
        <h1>MTA-STS validator</h1>
        <p>What mail senders make of your records and policy, told by the engine that they run</p>
      </div>
      <div class="masthead-tools">
        {!isEmpty.value && (
          <>
            <Copy what="link to this page with everything in it" text={link}>
              Copy link
            </Copy>
            <button
              type="button"
              class="quiet"
              onClick={() => {
                clear();
                notice.value = "Everything is gone from here. The browser’s Back button brings it back.";
              }}
            >
              Start afresh
            </button>
          </>
        )}
        <ThemeChoice />
      </div>
    </header>
  );
}

function Body() {
  switch (engine.value.is) {
    case "loading":
      return (
        <p role="status" class="hint">
          Loading the engine …
        </p>
      );
    case "failed":
      return (
        <p role="alert" class="failure">
          {engine.value.message}
        </p>
      );
    case "ready":
      return <Ready />;
  }
}

const TITLES: Record<View, string> = { check: "Check", timeline: "As time goes by", generate: "Write a policy" };
const TABS: readonly Tab<View>[] = VIEWS.map((id) => ({ id, title: TITLES[id] }));

/** Always the same, so that nobody takes it for something new. */
const NOTHING: Publication = {};

function Ready() {
  const now = assessment.value;
  const publication = now?.publication ?? NOTHING;
  return (
    <>
      <section class="sources" aria-label="What to check">
        <Lookup domain={input.value.domain} onDomain={(domain) => setField("domain", domain)} onResult={takeLookup} />
        <div>
          <Paste onRead={take} />
          <Examples />
        </div>
      </section>
      <div id="main" tabIndex={-1}>
        <Guard subject={now}>
          <Verdict assessment={now} />
        </Guard>
      </div>
      {subject.value.error !== "" && <p class="refusal">{subject.value.error}</p>}
      <p role="status" class="notice">
        {notice.value}
      </p>
      {trouble.value !== "" && (
        <p role="alert" class="failure">
          {trouble.value}
        </p>
      )}
      <div>
        <Tabs label="Views" tabs={TABS} open={view.value} onOpen={(id) => (view.value = id)}>
          <Guard key={view.value} subject={publication}>
            {view.value === "check" && <Check assessment={now} />}
            {view.value === "timeline" && <Timeline publication={publication} />}
            {view.value === "generate" && <Generator initial={publication} onUse={use} />}
          </Guard>
        </Tabs>
      </div>
    </>
  );
}

function use(publication: Publication): void {
  take(publication);
  view.value = "check";
}

function Examples() {
  return (
    <p class="examples">
      Or see an example:
      {EXAMPLES.map(({ title, publication }) => (
        <button
          key={title}
          type="button"
          class="quiet"
          onClick={() => {
            clear();
            take(publication);
          }}
        >
          {title}
        </button>
      ))}
    </p>
  );
}

function Colophon() {
  return (
    <footer>
      <p>
        Everything happens in this page. Nothing that you enter is sent anywhere, but for the questions to a resolver
        when you press “Look up”. What you enter is in the address after <code>#</code>, which browsers keep to
        themselves, so a link carries it.
      </p>
      <p>
        mtasts {engine.value.is === "ready" ? version() : ""} · <a href="https://www.rfc-editor.org/rfc/rfc8461" target="_blank" rel="noreferrer noopener">RFC 8461</a> ·{" "}
        <a href="https://www.rfc-editor.org/rfc/rfc8460" target="_blank" rel="noreferrer noopener">RFC 8460</a>
      </p>
    </footer>
  );
}
