import { useStore } from 'zustand';
import { ConfigurePanel } from './form/ConfigurePanel.tsx';
import { BitsPanel } from './run/BitsPanel.tsx';
import { DataPanel } from './run/DataPanel.tsx';
import { HierarchyPanel } from './run/HierarchyPanel.tsx';
import { LinkBanner } from './run/LinkBanner.tsx';
import { LiveStatus } from './run/LiveStatus.tsx';
import { SamplePanel } from './run/SamplePanel.tsx';
import { StateNotice } from './run/StateNotice.tsx';
import { StatusStrip } from './run/StatusStrip.tsx';
import { TopBar } from './run/TopBar.tsx';
import { useFileDrop } from './run/use-file-drop.ts';
import { useShortcuts } from './run/use-shortcuts.ts';
import { useSession } from './session.ts';
import { pageState } from './state/run-state.ts';

export function App() {
  const state = useStore(useSession().run, pageState);
  const dropping = useFileDrop();
  useShortcuts();
  return (
    <>
      <header className="top">
        <TopBar />
        <StatusStrip />
      </header>
      <main data-state={state} data-dropping={dropping || undefined}>
        <div className="watch">
          <LinkBanner />
          <StateNotice />
          <BitsPanel />
          <HierarchyPanel
            kind="recon"
            title="Reconstruction"
            unit="bits per byte"
            about="How well each compressed token still tells the bytes that it stands for."
          />
          <HierarchyPanel
            kind="ar"
            title="Hierarchical prediction"
            unit="1 − cosine"
            about="How far each compressed stream is from predicting its own next token."
          />
          <SamplePanel />
          <DataPanel />
        </div>
        <ConfigurePanel />
      </main>
      <LiveStatus />
    </>
  );
}
