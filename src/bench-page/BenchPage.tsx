import { useCallback, useState } from 'react';
import { markdown } from '../bench/markdown.ts';
import { headline, tablesOf } from '../bench/tables.ts';
import { CopyButton } from '../ui/shell/CopyButton.tsx';
import { choiceFrom, suiteOptions, type Choice } from './choice.ts';
import { Status } from './Status.tsx';
import { TableView } from './TableView.tsx';
import { useBench } from './use-bench.ts';

/** What this adapter can do at most, and how near to it kernels and training steps come. */
export function BenchPage({ search }: { search: string }) {
  const { state, start, stop } = useBench();
  const [choice, setChoice] = useState<Choice>(() => choiceFrom(search));
  const { events, phase } = state;
  const json = useCallback(() => JSON.stringify(events), [events]);
  const asMarkdown = useCallback(() => markdown(events), [events]);
  const running = phase === 'running';
  const { list } = choice;
  const [names, setNames] = useState<readonly string[]>([]);
  // The cases bring all kernels with them, which this page else leaves to its worker.
  const lookUpNames = async (): Promise<void> => {
    const { familiesOf } = await import('../bench/suite.ts');
    setNames(familiesOf(suiteOptions({ list, only: '' })));
  };
  return (
    <main className="bench" data-phase={phase}>
      <header className="bench-head">
        <h1>Strata benchmark</h1>
        <p className="bench-lead">
          Measures what this browser&rsquo;s GPU adapter can do at most, then every kernel, whole training steps and a
          long run against it. Results are checked before they are timed. Nothing leaves your machine. For steady
          figures keep this tab in front and let nothing else run. <a href="./">Back to the playground</a>
        </p>
        <form
          className="bench-form"
          onSubmit={(event) => {
            event.preventDefault();
            if (!running) start(choice);
          }}
        >
          <label>
            Measure
            <select
              value={choice.list}
              disabled={running}
              onChange={({ target }) =>
                setChoice({ ...choice, list: target.value === 'everything' ? 'everything' : 'small' })
              }
            >
              <option value="small">a small list, under a minute on a GPU</option>
              <option value="everything">everything, several minutes</option>
            </select>
          </label>
          <label>
            Only
            <input
              type="text"
              value={choice.only}
              disabled={running}
              placeholder="all; or matmul, step"
              spellCheck={false}
              list="bench-names"
              onFocus={() => void lookUpNames()}
              onChange={({ target }) => setChoice({ ...choice, only: target.value })}
            />
          </label>
          <datalist id="bench-names">
            {names.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </datalist>
          {running ? (
            <button key="stop" type="button" className="button" onClick={stop}>
              Stop
            </button>
          ) : (
            <button key="start" type="submit" className="button primary">
              Start
            </button>
          )}
          <span className="bench-copy">
            {events.length > 0 && (
              <>
                <CopyButton label="Copy as JSON" text={json} />
                <CopyButton label="Copy as Markdown" text={asMarkdown} />
              </>
            )}
          </span>
        </form>
        <Status state={state} />
      </header>
      <p className="bench-machine">{headline(events)}</p>
      {tablesOf(events).map((table) => (
        <TableView key={table.title} table={table} />
      ))}
    </main>
  );
}
