import { lazy } from 'react';
import type { ComponentType } from 'react';
import type { TabId } from '../state/view.ts';
import { WatchTab } from './WatchTab.tsx';

export interface Tab {
  id: TabId;
  label: string;
  /** Mounted only while its tab is open. */
  Content: ComponentType;
}

/** The tabs in their order; all but the first are loaded when they are opened. */
export const tabs: readonly Tab[] = [
  { id: 'watch', label: 'Watch', Content: WatchTab },
  {
    id: 'attn',
    label: 'Attention',
    Content: lazy(() => import('../attention/AttentionTab.tsx').then((it) => ({ default: it.AttentionTab }))),
  },
  {
    id: 'text',
    label: 'Text',
    Content: lazy(() => import('../text/TextTab.tsx').then((it) => ({ default: it.TextTab }))),
  },
  {
    id: 'cmp',
    label: 'Compare',
    Content: lazy(() => import('../compare/CompareTab.tsx').then((it) => ({ default: it.CompareTab }))),
  },
  {
    id: 'data',
    label: 'Data',
    Content: lazy(() => import('../data/DataTab.tsx').then((it) => ({ default: it.DataTab }))),
  },
  {
    id: 'about',
    label: 'About',
    Content: lazy(() => import('../about/AboutTab.tsx').then((it) => ({ default: it.AboutTab }))),
  },
];

export const tabDomId = (id: TabId): string => `tab-${id}`;
