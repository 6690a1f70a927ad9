import { useState } from 'react';
import { useStore } from 'zustand';
import { useSession } from '../../session.ts';

/** What was queued last, in words, and a way to say it: no news any more once nothing waits. */
export function useQueuedNews(): [news: string, tell: (news: string) => void] {
  const { queue } = useSession();
  const waits = useStore(queue.store, ({ waiting }) => waiting.length > 0);
  const [news, tell] = useState('');
  // Forgotten, or it would be back with the next run that waits.
  if (news !== '' && !waits) tell('');
  return [waits ? news : '', tell];
}
