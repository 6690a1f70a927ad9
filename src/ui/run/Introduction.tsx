import { useRun } from '../session.ts';
import { TabLink } from '../shell/TabLink.tsx';

/** What this page is, for who has just come; with a run of one's own it has been said. */
export function Introduction() {
  const idle = useRun((state) => state.phase.name === 'idle');
  if (!idle) return null;
  return (
    <p className="introduction">
      A small language model that reads at several speeds, trained in this page.{' '}
      <TabLink tab="about" label="How it works →" />
    </p>
  );
}
