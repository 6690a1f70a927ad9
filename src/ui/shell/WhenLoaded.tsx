import { Suspense } from 'react';
import type { ReactNode } from 'react';
import { Fallible } from './Fallible.tsx';

interface WhenLoadedProps {
  /** What is missing where it does not come. */
  what: string;
  /** Stands in its place meanwhile. */
  waiting?: ReactNode;
  children: ReactNode;
  onClose?(): void;
}

/** Parts made by `lazyPart`, once they are here. */
export function WhenLoaded({ what, waiting, children, onClose }: WhenLoadedProps) {
  return (
    <Fallible what={what} onClose={onClose}>
      <Suspense fallback={waiting}>{children}</Suspense>
    </Fallible>
  );
}
