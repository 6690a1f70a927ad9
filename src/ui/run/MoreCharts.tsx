import { useState } from 'react';
import { lazyPart } from '../shell/lazy-part.tsx';
import { WhenLoaded } from '../shell/WhenLoaded.tsx';

const ExtraCharts = lazyPart(
  () => import('./ExtraCharts.tsx'),
  (it) => it.ExtraCharts,
);

/** Charts for those who look into the optimiser. Closed they cost nothing. */
export function MoreCharts() {
  const [open, setOpen] = useState(false);
  return (
    <details className="more-charts" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>More charts: the optimiser’s view, gradient norm, learning rate, time per step</summary>
      {open && (
        <WhenLoaded what="More charts" waiting={<p className="empty">More charts are being loaded.</p>}>
          <ExtraCharts />
        </WhenLoaded>
      )}
    </details>
  );
}
