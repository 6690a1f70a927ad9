import { useEffect, useState } from 'react';

const EVERY_MS = 10_000;

/** Milliseconds since 1970, told anew every ten seconds: for what says how long ago something was. */
export function useNow(): number {
  const [now, tell] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => tell(Date.now()), EVERY_MS);
    return () => clearInterval(timer);
  }, []);
  return now;
}
