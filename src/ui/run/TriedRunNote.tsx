import { useMemo } from 'react';
import type { ReactNode } from 'react';
import { useStore } from 'zustand';
import { encodeQuery } from '../../config/codec/encode.ts';
import { useConfig, useRun, useSession } from '../session.ts';
import { PassingButton } from '../shell/PassingButton.tsx';
import { TabLink } from '../shell/TabLink.tsx';
import { loadConfig } from '../state/config-store.ts';
import { isActive } from '../state/run-state.ts';
import { triedRun } from './tried-run.ts';
import type { TriedRun } from './tried-run.ts';

/**
 * Of a run that is one of the things to try: what to look for, and what comes next until it can be compared. Above the
 * comparison itself nothing leads there.
 */
export function TriedRunNote({ atComparison = false }: { atComparison?: boolean }) {
  const { runs } = useSession();
  const runsState = useStore(runs);
  const tried = useMemo(() => triedRun(runsState), [runsState]);
  if (tried === null) return null;
  return (
    <section className="to-try" aria-label="What is tried">
      <p className="to-try-said" role="status">
        {tried.about} <WhatNext {...tried} compare={atComparison ? 'Compare' : <TabLink tab="cmp" label="Compare" />} />
      </p>
    </section>
  );
}

function WhatNext({ preset, former, other, undrawn, compare }: TriedRun & { compare: ReactNode }) {
  const { config: form, link, texts } = useSession();
  const trains = useRun((state) => isActive(state.phase));
  const isInForm = useConfig(({ config }) => encodeQuery(config) === encodeQuery(former));
  if (other !== null && undrawn.length > 0) {
    return (
      <>
        {compare} draws both once you pin {undrawn.join(' and ')} there.
      </>
    );
  }
  if (other !== null) {
    return (
      <>
        {compare} draws this run and {other.name}.
      </>
    );
  }
  if (trains) return <>When this run is through, train the model as it was: {compare} draws both.</>;
  if (isInForm) return <>The form holds the model as it was: train it, and {compare} draws both.</>;
  const put = (): void => {
    link.commit(() => loadConfig(form, preset, former));
    texts.openWanted();
  };
  return (
    <>
      Next comes the model as it was:{' '}
      <PassingButton className="button small" onClick={put}>
        Put it into the form
      </PassingButton>
    </>
  );
}
