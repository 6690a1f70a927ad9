import { useStore } from 'zustand';
import { NoAdapterNotice } from '../run/AdapterNotices.tsx';
import { LinkBanner } from '../run/LinkBanner.tsx';
import { LiveStatus } from '../run/LiveStatus.tsx';
import { Progress } from '../run/Progress.tsx';
import { StateNotice } from '../run/StateNotice.tsx';
import { Transport } from '../run/Transport.tsx';
import { useShortcuts } from '../run/use-shortcuts.ts';
import { useSession } from '../session.ts';
import { embeddedActions } from '../shell/actions.ts';
import { pageState } from '../state/run-state.ts';
import { EmbedHead } from './EmbedHead.tsx';
import { EmbedNote } from './EmbedNote.tsx';
import { EmbedProblems } from './EmbedProblems.tsx';
import { EmbedText } from './EmbedText.tsx';
import { EmbedView } from './EmbedView.tsx';

/** The page as a part of another one: which model it is, what trains it, and one view. */
export function EmbedApp() {
  const state = useStore(useSession().run, pageState);
  useShortcuts(embeddedActions);
  return (
    <div className="embed">
      <header className="embed-top">
        <EmbedHead />
        <div className="embed-run">
          <Transport />
          <Progress />
        </div>
      </header>
      <main className="embed-main" data-state={state}>
        <LinkBanner />
        <StateNotice />
        <NoAdapterNotice />
        <EmbedProblems />
        <EmbedText />
        <EmbedView />
        <EmbedNote />
      </main>
      <LiveStatus />
    </div>
  );
}
