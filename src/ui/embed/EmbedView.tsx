import { Suspense } from 'react';
import { BitsPanel } from '../run/BitsPanel.tsx';
import { useView } from '../session.ts';
import { Fallible } from '../shell/Fallible.tsx';
import { PANEL_ID } from '../shell/panel-id.ts';
import { tabs } from '../shell/tabs.ts';
import { embeddedTab } from './embedded-tabs.ts';

/** The view that the link names; of Watch the main chart. */
export function EmbedView() {
  const id = embeddedTab(useView().tab);
  const { Content, label } = tabs.find((tab) => tab.id === id)!;
  return (
    <div id={PANEL_ID} className="embed-view" data-view={id} tabIndex={-1}>
      {id === 'watch' ? (
        <BitsPanel />
      ) : (
        <Fallible key={id} what={label}>
          <Suspense fallback={<p className="empty">{label} is being loaded.</p>}>
            <Content />
          </Suspense>
        </Fallible>
      )}
    </div>
  );
}
