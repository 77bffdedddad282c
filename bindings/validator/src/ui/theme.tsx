/**
 * Light or dark: as the system has it, unless the reader says otherwise.
 *
 * @module
 */
import { signal } from "@preact/signals";

const THEMES = ["auto", "light", "dark"] as const;
type Theme = (typeof THEMES)[number];
const KEY = "mtasts-theme";

const theme = signal<Theme>(remembered());

function remembered(): Theme {
  try {
    const kept = localStorage.getItem(KEY);
    return THEMES.find((known) => known === kept) ?? "auto";
  } catch {
    // Browsers can be told to keep nothing.
    return "auto";
  }
}

function choose(chosen: Theme): void {
  theme.value = chosen;
  try {
    localStorage.setItem(KEY, chosen);
  } catch {
    // It holds until the page is left.
  }
}

theme.subscribe((chosen) => {
  document.documentElement.dataset.theme = chosen;
});

const TITLES: Record<Theme, string> = { auto: "Automatic", light: "Light", dark: "Dark" };

export function ThemeChoice() {
  return (
    <label class="theme">
      <span class="unseen">Colours</span>
      <select value={theme.value} onChange={(event) => choose(event.currentTarget.value as Theme)}>
        {THEMES.map((name) => (
          <option key={name} value={name}>
            {TITLES[name]}
          </option>
        ))}
      </select>
    </label>
  );
}
