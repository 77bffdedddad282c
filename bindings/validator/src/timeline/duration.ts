/**
 * Spans of time in words.
 *
 * @module
 */

const UNITS = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
  ["second", 1000],
] as const;

/** A span of milliseconds in its two largest units: `6 days 23 hours`. */
export function inWords(milliseconds: number): string {
  const parts: string[] = [];
  let rest = Math.round(milliseconds / 1000) * 1000;
  for (const [unit, length] of UNITS) {
    const count = Math.floor(rest / length);
    if (count > 0 && parts.length < 2) parts.push(`${count} ${unit}${count === 1 ? "" : "s"}`);
    // Units that are not neighbours are not worth telling: `14 days 3 seconds`.
    else if (parts.length > 0) break;
    rest -= count * length;
  }
  return parts.join(" ") || "0 seconds";
}
