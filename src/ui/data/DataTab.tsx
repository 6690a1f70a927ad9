import { controlId } from '../form/control-id.ts';
import { useRun } from '../session.ts';
import { LoadedText } from './LoadedText.tsx';
import { ShortText } from './ShortText.tsx';
import { SourceCards } from './SourceCards.tsx';
import { SOURCES } from './sources.ts';
import { SYNTHETIC_SOURCES } from './synthetic-sources.ts';
import { TextStatus } from './TextStatus.tsx';
import { useTexts } from './use-texts.tsx';

/** Which text a run learns from, and what is known of it before any model has seen it. */
export function DataTab() {
  const corpus = useRun((state) => state.corpus);
  const { open, picker } = useTexts();
  return (
    <div className="data-tab">
      <section className="panel" id={controlId('dataset')} tabIndex={-1} aria-labelledby="sources-title">
        <h2 id="sources-title">What to learn from</h2>
        <SourceCards sources={SOURCES} onOpen={open} />
        {picker}
        <TextStatus />
        <ShortText />
        <h3>Or one thing alone</h3>
        <p className="explanation">
          A rule makes these texts, 2 MB each. What it draws nobody can guess, and all else follows, so the best
          possible score is known. A model learns such a thing suddenly: watch for the fall in the curve.
        </p>
        <SourceCards sources={SYNTHETIC_SOURCES} onOpen={open} />
      </section>
      {corpus !== null && <LoadedText corpus={corpus} />}
    </div>
  );
}
