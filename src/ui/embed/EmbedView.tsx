import { BitsPanel } from '../run/BitsPanel.tsx';
import { useView } from '../session.ts';
import { PANEL_ID } from '../shell/panel-id.ts';
import { tabs } from '../shell/tabs.ts';
import { WhenLoaded } from '../shell/WhenLoaded.tsx';
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
        <WhenLoaded key={id} what={label} waiting={<p className="empty">{label} is being loaded.</p>}>
          <Content />
        </WhenLoaded>
      )}
    </div>
  );
}
