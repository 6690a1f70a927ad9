import { useRef } from 'react';
import { useStore } from 'zustand';
import type { TestScore } from '../../protocol/test-score.ts';
import { bitsPerByte, predictedBytes } from '../../protocol/test-score.ts';
import { aboutTime } from '../format/about-time.ts';
import { bytes, exact, percent, withError } from '../format/quantity.ts';
import { useRun, useSession } from '../session.ts';
import { canAnswer } from '../state/inspection.ts';
import type { RunRecord } from '../state/runs.ts';
import { useFocusHandedOn } from '../shell/use-focus-handed-on.ts';
import { useKeptRun } from './use-kept-run.ts';
import { secondsToScore, testVerdict } from './test-verdict.ts';
import { NO_VERDICT } from './verdict.ts';
import { VerdictFigure } from './VerdictFigure.tsx';

const MORE =
  'Bits per byte more than the lowest. Both find the same sequences hard, so that this is surer than either figure';

interface TestScoreRowProps {
  runs: readonly RunRecord[];
  /** Whether one of these runs may be called the best; else their configurations are compared over seeds. */
  isContest: boolean;
}

/** How runs do on the part of the text that none learns from, and a way to have the present one measured. */
export function TestScoreRow({ runs, isContest }: TestScoreRowProps) {
  const presentId = useStore(useSession().runs, (state) => state.presentId);
  const answers = useRun((state) => canAnswer(state.phase));
  const present = answers ? runs.find(({ id }) => id === presentId) : undefined;
  if (present === undefined && runs.every(({ metrics }) => metrics.testScore === null)) return null;
  const verdict = isContest ? testVerdict(runs) : NO_VERDICT;
  return (
    <tr>
      <th scope="row">
        Test part, bits per byte
        <div className="hint">
          no run learns from it; ± is one standard error, of the text and not of other seeds
          {!isContest && '; one seed each: see Over seeds'}
        </div>
      </th>
      {runs.map((run, at) => {
        const { testScore } = run.metrics;
        return (
          <td key={run.id} className="test-score with-error" data-best={at === verdict.best || undefined}>
            {testScore !== null && (
              <>
                <VerdictFigure figure={withError(bitsPerByte(testScore))} verdict={verdict} at={at} moreTitle={MORE} />
                <ScoredOn score={testScore} />
              </>
            )}
            {run === present
              ? testScore?.step !== run.metrics.madeSteps && <Measure run={run} />
              : testScore === null && <Unmeasured run={run} />}
          </td>
        );
      })}
    </tr>
  );
}

function ScoredOn({ score }: { score: TestScore }) {
  return (
    <div className="hint" title={`${exact(score.bytes.length)} sequences, each byte predicted once`}>
      at step {exact(score.step)}, {bytes(predictedBytes(score))}
    </div>
  );
}

/** Why a run has no figure, and what would give it one. */
function Unmeasured({ run: { id, origin } }: { run: RunRecord }) {
  const kept = useKeptRun(id);
  return (
    <>
      –
      <div className="hint unmeasured">
        {origin === 'link'
          ? 'its link brought no model'
          : kept === null
            ? 'not measured while the page had its model'
            : 'open it again to measure it'}
      </div>
    </>
  );
}

function Measure({ run }: { run: RunRecord }) {
  const { scorer } = useSession();
  const { share, failure } = useStore(scorer.store);
  const corpus = useRun((state) => state.runCorpus);
  const speed = useRun((state) => state.speed);
  const box = useRef<HTMLDivElement>(null);
  useFocusHandedOn(box);
  const seconds = corpus === null ? null : secondsToScore(run, corpus, speed);
  const label = run.metrics.testScore === null ? 'Measure' : 'Measure again';
  return (
    <div ref={box}>
      <button
        type="button"
        className="button small"
        title={share === null ? 'Training waits meanwhile' : undefined}
        onClick={() => (share === null ? scorer.measure() : scorer.stop())}
      >
        {share === null ? label : 'Stop'}
        {share === null && seconds !== null && <span> ({aboutTime(seconds)})</span>}
      </button>
      {share !== null && <span className="hint"> {percent(share)} measured</span>}
      {failure !== null && (
        <div className="hint" role="alert">
          {failure}
        </div>
      )}
    </div>
  );
}
