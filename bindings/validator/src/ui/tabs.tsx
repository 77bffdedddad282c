/**
 * Views of which one is open at a time.
 *
 * @module
 */
import type { ComponentChildren } from "preact";

export interface Tab<Id extends string> {
  readonly id: Id;
  readonly title: string;
}

interface Properties<Id extends string> {
  readonly label: string;
  readonly tabs: readonly Tab<Id>[];
  readonly open: Id;
  readonly onOpen: (id: Id) => void;
  readonly children: ComponentChildren;
}

export function Tabs<Id extends string>({ label, tabs, open, onOpen, children }: Properties<Id>) {
  const go = (event: KeyboardEvent): void => {
    const at = tabs.findIndex(({ id }) => id === open);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1 + tabs.length, Home: 0, End: tabs.length - 1 }[event.key];
    const tab = to === undefined ? undefined : tabs[to % tabs.length];
    if (!tab) return;
    event.preventDefault();
    onOpen(tab.id);
    document.getElementById(`tab-${tab.id}`)?.focus();
  };
  return (
    <>
      <div class="tabs" role="tablist" aria-label={label} onKeyDown={go}>
        {tabs.map(({ id, title }) => (
          <button
            key={id}
            type="button"
            role="tab"
            id={`tab-${id}`}
            aria-controls="view"
            aria-selected={id === open}
            tabIndex={id === open ? 0 : -1}
            onClick={() => onOpen(id)}
          >
            {title}
          </button>
        ))}
      </div>
      <div role="tabpanel" id="view" aria-labelledby={`tab-${open}`}>
        {children}
      </div>
    </>
  );
}
