import { controlId } from '../form/control-id.ts';
import { useConfig, useRun } from '../session.ts';
import { LoadedText } from './LoadedText.tsx';
import { ShortText } from './ShortText.tsx';
import { SOURCES } from './sources.ts';
import { TextStatus } from './TextStatus.tsx';
import { useTexts } from './use-texts.tsx';

/** Which text a run learns from, and what is known of it before any model has seen it. */
export function DataTab() {
  const chosen = useConfig((state) => state.config.dataset);
  const corpus = useRun((state) => state.corpus);
  const loading = useRun((state) => state.loading);
  const { open, picker } = useTexts();
  return (
    <div className="data-tab">
      <section className="panel" id={controlId('dataset')} tabIndex={-1} aria-labelledby="sources-title">
        <h2 id="sources-title">What to learn from</h2>
        <div className="source-cards">
          {SOURCES.map(({ id, name, size, story }) => (
            <article key={id} className="source-card" data-chosen={chosen === id || undefined} aria-label={name}>
              <div className="source-head">
                <h3>{name}</h3>
                <span className="unit">{size}</span>
              </div>
              <p>{story}</p>
              <button
                type="button"
                className="button"
                aria-pressed={chosen === id}
                disabled={loading !== null && loading !== id}
                onClick={() => open(id)}
              >
                {buttonText(id === 'own', chosen === id, corpus?.dataset === id, loading === id)}
              </button>
            </article>
          ))}
        </div>
        {picker}
        <TextStatus />
        <ShortText />
      </section>
      {corpus !== null && <LoadedText corpus={corpus} />}
    </div>
  );
}

function buttonText(own: boolean, chosen: boolean, loaded: boolean, loading: boolean): string {
  if (loading) return 'Loading…';
  if (own) return loaded ? 'Choose another file' : 'Choose a file';
  return chosen && loaded ? 'In use' : 'Use it';
}
