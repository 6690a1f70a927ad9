import { useStore } from 'zustand';
import { useSession } from '../session.ts';
import { useMedia } from '../shell/use-media.ts';

/** Whether the page is dark at the moment. */
export function useDark(): boolean {
  const chosen = useStore(useSession().theme, (state) => state.theme);
  const preferred = useMedia('(prefers-color-scheme: dark)');
  return chosen === 'auto' ? preferred : chosen === 'dark';
}
