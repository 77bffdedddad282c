/**
 * A choice of one of a few, all of which are seen.
 *
 * @module
 */
import { useId } from "preact/hooks";

import "./choice.css";

interface Properties<Id extends string> {
  readonly legend: string;
  /** Whether the legend is only for those who do not see what is around the choice. */
  readonly isLegendUnseen?: boolean;
  readonly choices: readonly { readonly id: Id; readonly title: string }[];
  readonly chosen: Id;
  readonly onChoose: (id: Id) => void;
}

export function Choice<Id extends string>({ legend, isLegendUnseen = false, choices, chosen, onChoose }: Properties<Id>) {
  const name = useId();
  return (
    <fieldset class="choice">
      <legend class={isLegendUnseen ? "unseen" : undefined}>{legend}</legend>
      {choices.map(({ id, title }) => (
        <label key={id}>
          <input type="radio" name={name} checked={id === chosen} onChange={() => onChoose(id)} />
          <span>{title}</span>
        </label>
      ))}
    </fieldset>
  );
}
