import type { DatasetId } from '../../config/types.ts';
import { useConfig, useRun } from '../session.ts';
import type { TextSource } from './sources.ts';

/** Some texts that can be had, each with what it is and a button. */
export function SourceCards({ sources, onOpen }: { sources: readonly TextSource[]; onOpen: (id: DatasetId) => void }) {
  const chosen = useConfig((state) => state.config.dataset);
  const loaded = useRun((state) => state.corpus?.dataset);
  const loading = useRun((state) => state.loading);
  return (
    <div className="source-cards">
      {sources.map(({ id, name, size, story, example }) => (
        <article key={id} className="source-card" data-chosen={chosen === id || undefined} aria-label={name}>
          <div className="source-head">
            <h3>{name}</h3>
            {size !== undefined && <span className="unit">{size}</span>}
          </div>
          {example !== undefined && <code>{example}</code>}
          <p>{story}</p>
          <button
            type="button"
            className="button"
            aria-pressed={chosen === id}
            disabled={loading !== null && loading !== id}
            onClick={() => onOpen(id)}
          >
            {buttonText(id === 'own', chosen === id, loaded === id, loading === id)}
          </button>
        </article>
      ))}
    </div>
  );
}

function buttonText(own: boolean, chosen: boolean, loaded: boolean, loading: boolean): string {
  if (loading) return 'Loading…';
  if (own) return loaded ? 'Choose another file' : 'Choose a file';
  return chosen && loaded ? 'In use' : 'Use it';
}
