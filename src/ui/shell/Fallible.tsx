import { Component } from 'react';
import type { ReactNode } from 'react';
import { LoadError } from './load-part.ts';
import { PartFailure } from './PartFailure.tsx';

interface FallibleProps {
  /** What is missing where it fails. */
  what: string;
  children: ReactNode;
  /** Called when it has failed. */
  onFailure?(): void;
  /** Does without it, where that is possible. */
  onClose?(): void;
}

/** Keeps the error of a part, or that it did not come, from emptying the page. A notice in its place has it tried again. */
export class Fallible extends Component<FallibleProps, { failure: { error: unknown } | null }> {
  override state = { failure: null as { error: unknown } | null };

  static getDerivedStateFromError(error: unknown) {
    return { failure: { error } };
  }

  override componentDidCatch(): void {
    this.props.onFailure?.();
  }

  override render() {
    const { failure } = this.state;
    const { what, children, onClose } = this.props;
    if (failure === null) return children;
    const { error } = failure;
    const again = (): void => {
      if (error instanceof LoadError) error.forget();
      this.setState({ failure: null });
    };
    return <PartFailure what={what} error={error} onAgain={again} onClose={onClose} />;
  }
}
