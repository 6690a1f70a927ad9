import { isSynthetic } from '../../config/synthetic.ts';
import { SOURCES } from '../data/sources.ts';
import { TextStatus } from '../data/TextStatus.tsx';
import { useTexts } from '../data/use-texts.tsx';
import { useConfig, useRun } from '../session.ts';

/** The text that the link asks for, until it is there: it is downloaded, or chosen, when somebody says so. */
export function EmbedText() {
  const chosen = useConfig((state) => state.config.dataset);
  const loaded = useRun((state) => state.corpus?.dataset);
  const loading = useRun((state) => state.loading);
  const failure = useRun((state) => state.corpusFailure);
  const { open, picker } = useTexts();
  // The built-in text comes by itself, and so do those that a rule makes.
  if (failure === null && (chosen === 'sample' || isSynthetic(chosen) || (loading === null && loaded === chosen)))
    return null;
  return (
    <section className="panel" aria-labelledby="embed-text-title">
      <h2 id="embed-text-title">Text</h2>
      <TextStatus />
      <div className="notice-actions">
        {SOURCES.map(({ id, name, about }) => (
          <button
            key={id}
            type="button"
            className="button small"
            title={about}
            disabled={loading !== null}
            onClick={() => open(id)}
          >
            {name}
          </button>
        ))}
      </div>
      {picker}
    </section>
  );
}
