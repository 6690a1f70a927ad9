import { Suspense } from 'react';
import { useView } from '../session.ts';
import { Fallible } from './Fallible.tsx';
import { PANEL_ID } from './panel-id.ts';
import { tabDomId, tabs } from './tabs.ts';

/** The open tab's content, loaded when it is opened first. */
export function TabPanel() {
  const { tab } = useView();
  const { Content, label } = tabs.find(({ id }) => id === tab)!;
  return (
    <div id={PANEL_ID} className="tab-panel" role="tabpanel" aria-labelledby={tabDomId(tab)} tabIndex={-1}>
      <Fallible key={tab} what={label}>
        <Suspense fallback={<p className="empty">{label} is being loaded.</p>}>
          <Content />
        </Suspense>
      </Fallible>
    </div>
  );
}
