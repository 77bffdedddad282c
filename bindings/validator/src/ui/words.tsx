/**
 * A text in which code stands between backticks, as the engine, the linter and the generator write it.
 *
 * @module
 */
export function Words({ text }: { readonly text: string }) {
  return <>{text.split("`").map((part, index) => (index % 2 === 1 ? <code key={index}>{part}</code> : part))}</>;
}
