/**
 * A text to be copied, such as a reply or a record.
 *
 * @module
 */
import { Copy } from "./copy.tsx";

export function Code({ what, text }: { readonly what: string; readonly text: string }) {
  return (
    <div class="code">
      <pre tabIndex={0} role="group" aria-label={what}>
        <code>{text}</code>
      </pre>
      <Copy what={what} text={text} />
    </div>
  );
}
