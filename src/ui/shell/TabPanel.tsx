import { useView } from '../session.ts';
import { PANEL_ID } from './panel-id.ts';
import { tabDomId, tabs } from './tabs.ts';
import { WhenLoaded } from './WhenLoaded.tsx';

/** The open tab's content, loaded when it is opened first. */
export function TabPanel() {
  const { tab } = useView();
  const { Content, label } = tabs.find(({ id }) => id === tab)!;
  return (
    <div id={PANEL_ID} className="tab-panel" role="tabpanel" aria-labelledby={tabDomId(tab)} tabIndex={-1}>
      <WhenLoaded key={tab} what={label} waiting={<p className="empty">{label} is being loaded.</p>}>
        <Content />
      </WhenLoaded>
    </div>
  );
}
