import { NoAdapterNotice, SoftwareNotice } from '../run/AdapterNotices.tsx';
import { BitsPanel } from '../run/BitsPanel.tsx';
import { DataPanel } from '../run/DataPanel.tsx';
import { HierarchyPanel } from '../run/HierarchyPanel.tsx';
import { Introduction } from '../run/Introduction.tsx';
import { MoreCharts } from '../run/MoreCharts.tsx';
import { RecordedBanner } from '../run/RecordedBanner.tsx';
import { RunsOnWatch } from '../run/RunsOnWatch.tsx';
import { SamplePanel } from '../run/SamplePanel.tsx';
import { ThingsToTry } from '../run/ThingsToTry.tsx';
import { TriedRunNote } from '../run/TriedRunNote.tsx';
import { WatchLoss } from '../text/WatchLoss.tsx';

/** One screen to see learning on: every loss, what the model writes, and the text that it learns from. */
export function WatchTab() {
  return (
    <div className="watch">
      <Introduction />
      <RecordedBanner />
      <ThingsToTry />
      <TriedRunNote />
      <BitsPanel />
      <HierarchyPanel
        kind="recon"
        title="Reconstruction"
        unit="bits per byte"
        about="How well each compressed token still tells the bytes that it stands for: the fewer bits, the more of them can be read back from it."
      />
      <HierarchyPanel
        kind="ar"
        title="Hierarchical prediction"
        unit="1 − cosine"
        about="How far each compressed stream is from predicting its own next token; faint, its embedding spread: how far apart any two of its tokens lie. Both near 0 is a collapse."
      />
      <SoftwareNotice />
      <RunsOnWatch />
      <SamplePanel />
      <DataPanel />
      <NoAdapterNotice />
      <WatchLoss />
      <MoreCharts />
    </div>
  );
}
