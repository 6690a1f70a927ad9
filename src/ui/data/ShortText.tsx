import { tooShort } from '../../text/text-length.ts';
import { controlId } from '../form/control-id.ts';
import { Messages } from '../form/Messages.tsx';
import { useConfig, useRun } from '../session.ts';
import { shorterContext } from '../state/remedies.ts';

/** That the chosen text has no room for the context of the form, and which it has room for. */
export function ShortText() {
  const { dataset, model } = useConfig((state) => state.config);
  const corpus = useRun((state) => state.corpus);
  if (corpus === null || corpus.dataset !== dataset) return null;
  const why = tooShort(corpus, model.contextLength);
  if (why === null) return null;
  const fix = shorterContext(corpus);
  const message = fix === null ? `${why}. No context is so short that it would do.` : `${why}.`;
  return (
    <Messages
      id={`${controlId('dataset')}-messages`}
      problems={[{ control: 'dataset', severity: 'error', message, ...(fix && { fix }) }]}
    />
  );
}
