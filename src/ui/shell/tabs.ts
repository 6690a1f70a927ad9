import type { ComponentType } from 'react';
import type { TabId } from '../state/view.ts';
import { lazyPart } from './lazy-part.tsx';
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
    Content: lazyPart(
      () => import('../attention/AttentionTab.tsx'),
      (it) => it.AttentionTab,
    ),
  },
  {
    id: 'text',
    label: 'Text',
    Content: lazyPart(
      () => import('../text/TextTab.tsx'),
      (it) => it.TextTab,
    ),
  },
  {
    id: 'cmp',
    label: 'Compare',
    Content: lazyPart(
      () => import('../compare/CompareTab.tsx'),
      (it) => it.CompareTab,
    ),
  },
  {
    id: 'data',
    label: 'Data',
    Content: lazyPart(
      () => import('../data/DataTab.tsx'),
      (it) => it.DataTab,
    ),
  },
  {
    id: 'about',
    label: 'About',
    Content: lazyPart(
      () => import('../about/AboutTab.tsx'),
      (it) => it.AboutTab,
    ),
  },
];

export const tabDomId = (id: TabId): string => `tab-${id}`;
