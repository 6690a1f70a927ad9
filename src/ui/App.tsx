import { useStore } from 'zustand';
import { ConfigurePanel } from './form/ConfigurePanel.tsx';
import { AwayToast } from './run/AwayToast.tsx';
import { LinkBanner } from './run/LinkBanner.tsx';
import { LiveStatus } from './run/LiveStatus.tsx';
import { StateNotice } from './run/StateNotice.tsx';
import { StatusStrip } from './run/StatusStrip.tsx';
import { TopBar } from './run/TopBar.tsx';
import { useFileDrop } from './run/use-file-drop.ts';
import { useShortcuts } from './run/use-shortcuts.ts';
import { useSession } from './session.ts';
import { actions } from './shell/actions.ts';
import { Dialogs } from './shell/Dialogs.tsx';
import { noteHeight } from './shell/note-height.ts';
import { SkipLinks } from './shell/SkipLinks.tsx';
import { TabBar } from './shell/TabBar.tsx';
import { TabPanel } from './shell/TabPanel.tsx';
import { pageState } from './state/run-state.ts';

export function App() {
  const { run, shell } = useSession();
  const state = useStore(run, pageState);
  const configure = useStore(shell, (it) => it.configure);
  const { dropping, said } = useFileDrop();
  useShortcuts(actions);
  return (
    <>
      <header ref={noteHeight} className="top">
        <SkipLinks />
        <TopBar />
        <StatusStrip />
      </header>
      <main data-state={state} data-configure={configure} data-dropping={dropping || undefined}>
        <div className="content">
          <TabBar />
          <LinkBanner />
          <StateNotice />
          <Dialogs />
          <TabPanel />
        </div>
        <ConfigurePanel />
      </main>
      <LiveStatus />
      <AwayToast />
      <p className="toast" role="status" data-shown={said !== ''}>
        {said}
      </p>
    </>
  );
}
