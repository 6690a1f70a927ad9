import { useState } from 'react';
import { encodeQuery } from '../../config/codec/encode.ts';
import { useSession } from '../session.ts';
import { runInWords } from './run-in-words.ts';
import { shareLink } from './share-link.ts';
import { TextToCopy } from './TextToCopy.tsx';

/** The present run, or what the form describes where there is none, in words. They hold still while they are read. */
export function InWords() {
  const { run, runs, config, link } = useSession();
  const [text, setText] = useState('');
  const tell = (): void => {
    const { adapter, adopted } = run.getState();
    const { runs: all, presentId } = runs.getState();
    const present = all.find(({ id }) => id === presentId);
    // A run that goes on may have been trained on another machine.
    const machine = adopted === null && adapter.state === 'ready' ? adapter.info.description : null;
    const words = runInWords(present ?? { config: config.getState().config, text: null }, machine);
    const query = present === undefined ? link.query() : encodeQuery(present.config, present.preset);
    setText(`${words}\nMade with Strata: ${shareLink(location, query, '')}`);
  };
  return (
    <details className="text-to-copy" onToggle={({ currentTarget }) => currentTarget.open && tell()}>
      <summary>In words, for a report</summary>
      <TextToCopy text={text} rows={9} label="The run in words" copy="Copy words" />
    </details>
  );
}
