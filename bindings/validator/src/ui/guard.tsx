/**
 * Keeps the rest of the page when a part of it fails, which is a defect.
 *
 * @module
 */
import { Component, type ComponentChildren } from "preact";

interface Properties {
  /** The part is tried anew when this changes. */
  readonly subject: unknown;
  readonly children: ComponentChildren;
}

export class Guard extends Component<Properties, { failed: unknown; subject: unknown }> {
  static override getDerivedStateFromProps({ subject }: Properties, state: { subject?: unknown }) {
    return state.subject === subject ? null : { failed: null, subject };
  }

  override componentDidCatch(error: unknown): void {
    this.setState({ failed: error });
  }

  override render() {
    const { failed } = this.state;
    if (!failed) return this.props.children;
    return (
      <p role="alert" class="failure">
        This part of the page has failed ({String(failed)}). The rest goes on working; please report it.
      </p>
    );
  }
}
