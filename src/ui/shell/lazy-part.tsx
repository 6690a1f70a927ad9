import { use } from 'react';
import type { ComponentType } from 'react';
import { loadOnce } from './load-part.ts';

/** Like React's `lazy`, but what did not come can be asked for again, which a `Fallible` around it does. */
export function lazyPart<Module>(load: () => Promise<Module>, pick: (module: Module) => ComponentType): ComponentType {
  const loaded = loadOnce(load);
  return function Part() {
    const Content = pick(use(loaded()));
    return <Content />;
  };
}
