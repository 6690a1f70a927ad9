import type { ReactNode } from 'react';
import { useRun, useSession } from '../session.ts';
import { TabLink } from '../shell/TabLink.tsx';
import { Diagnostics } from './Diagnostics.tsx';
import { Notice } from './Notice.tsx';

export const NO_TRAINING_ID = 'no-training';

/** That there is nothing to train with, and what works all the same. Below all that is there before the adapter is known. */
export function NoAdapterNotice() {
  const adapter = useRun((state) => state.adapter);
  const idle = useRun((state) => state.phase.name === 'idle');
  const { embedded } = useSession();
  if (!idle) return null;
  switch (adapter.state) {
    case 'none':
      return isSecureContext ? (
        <NoTraining title="This browser has no WebGPU" link>
          <p>
            As of November 2026 it comes with Chrome and Edge from 113, Safari from 26, and Firefox from 141 on Windows
            and 145 on Macs with Apple silicon. On Linux it may have to be switched on. This link can be opened in
            another browser as it is.
          </p>
        </NoTraining>
      ) : (
        <NoTraining title="WebGPU needs a secure page" link open>
          <p>
            This page{embedded && ', or one around it,'} was opened without https, and browsers offer WebGPU to secure
            pages only. Open its https address, or serve it from localhost; that may be all that is missing.
          </p>
        </NoTraining>
      );
    case 'no-adapter':
      return (
        <NoTraining title="Your browser supports WebGPU but offers no adapter">
          <p>
            Usual reasons are hardware acceleration switched off in the settings, a driver on the browser’s block list,
            a remote desktop, or a virtual machine. In Chrome and Edge the page chrome://gpu tells which; in Firefox,
            about:support.
          </p>
        </NoTraining>
      );
    case 'no-device':
      return adapter.lost ? null : (
        <NoTraining title="The GPU adapter is too small or cannot be opened">
          <p>{adapter.message}</p>
          <p>
            Another program may hold the GPU, or its driver has just been reset: close other tabs that draw much, reload
            the page, and update the driver if it stays so.
          </p>
        </NoTraining>
      );
    case 'ready':
    case 'unknown':
    case 'probing':
      return null;
  }
}

/** That nothing can be trained any more. On every tab: the page has changed under the visitor. */
export function LostAdapterNotice() {
  const { controller } = useSession();
  const adapter = useRun((state) => state.adapter);
  const idle = useRun((state) => state.phase.name === 'idle');
  if (!idle || adapter.state !== 'no-device' || !adapter.lost) return null;
  return (
    <Notice tone="warn" title="The GPU was lost">
      <p>
        {adapter.message} No run was under way, and what is kept stays. Nothing can be trained until it is there again;
        all else works. Another program may hold it, or its driver has just been reset: close other tabs and programs
        that draw much, then ask for it again; update the driver if it stays so.
      </p>
      <div className="notice-actions">
        <button type="button" className="button" onClick={() => controller.askAgain()}>
          Ask for it again
        </button>
      </div>
      <Diagnostics />
    </Notice>
  );
}

/** That nobody knows whether anything can be trained, after a while in which browsers answer. */
export function SilentBrowserNotice() {
  const late = useRun(({ adapter }) => adapter.state === 'probing' && adapter.late);
  return late ? (
    <Notice tone="warn" title="The browser does not answer about its GPU" short>
      <p>Close other tabs that train or draw much, or reload the page.</p>
    </Notice>
  ) : null;
}

/** That training is slow here. Below the charts, which are not to move when the adapter is known. */
export function SoftwareNotice() {
  const idle = useRun((state) => state.phase.name === 'idle');
  const software = useRun(({ adapter }) => adapter.state === 'ready' && adapter.info.software);
  return idle && software ? (
    <Notice tone="warn" title="Software GPU" short>
      <p>
        It computes on the processor, about 1,000 times slower than a GPU. Micro is made for it; larger presets take
        their time.
      </p>
    </Notice>
  ) : null;
}

interface NoTrainingProps {
  title: string;
  /** Whether another browser may help. */
  link?: boolean;
  /** Whether the way out is short enough to be told at once. */
  open?: boolean;
  /** Why, and what may help. */
  children: ReactNode;
}

/** That nothing can be trained here, after all that can be done without. */
function NoTraining({ title, link, open, children }: NoTrainingProps) {
  const { embedded } = useSession();
  const recorded = useRun((state) => state.recorded !== null);
  return (
    <Notice id={NO_TRAINING_ID} tone="plain" title={title} short>
      {!embedded && (
        <p>
          Everything but training works:{' '}
          {recorded ? (
            <>
              watch the recorded run learn, read what it wrote on <TabLink tab="text" label="Text" />, see where it
              looks on <TabLink tab="attn" label="Attention" />.
            </>
          ) : (
            <>
              settings, links, and the text on <TabLink tab="data" label="Data" />.
            </>
          )}
        </p>
      )}
      <details open={open}>
        <summary>Why, and what may help</summary>
        {children}
        <Diagnostics link={link} />
      </details>
    </Notice>
  );
}
