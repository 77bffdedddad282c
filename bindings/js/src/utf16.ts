/**
 * From octets to the units in which JavaScript counts.
 *
 * @module
 */
import { text } from "./arguments.js";

/**
 * Where octet offsets, such as those of a {@link Span}, are in a JavaScript string: editors count
 * UTF-16 units. An offset inside a character becomes that of the character; one beyond the end
 * becomes the end. Takes one pass, however many offsets there are.
 */
export function utf16Offsets(value: string, offsets: readonly number[]): number[] {
  const units = text(value, "value");
  const order = offsets.map((_, index) => index).sort((a, b) => (offsets[a] ?? 0) - (offsets[b] ?? 0));
  const found = new Array<number>(offsets.length).fill(units.length);
  let [octet, unit, next] = [0, 0, 0];
  while (next < order.length && unit <= units.length) {
    const code = units.codePointAt(unit);
    const size = code === undefined ? Infinity : code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    for (let index = order[next]; index !== undefined; index = order[++next]) {
      const wanted = offsets[index] ?? 0;
      if (wanted >= octet + size) break;
      found[index] = unit;
    }
    octet += size;
    unit += size === 4 ? 2 : 1;
  }
  return found;
}
