import { useStore } from 'zustand';
import { bytes, exact } from '../format/quantity.ts';
import { useRun, useSession } from '../session.ts';
import { goToControl } from '../shell/go-to-control.ts';
import { FIRST_WEIGHTS } from '../state/start-blocker.ts';
import { MOST_RUNS } from '../state/stored-runs.ts';
import { EarlierRunList, goOnLabel, WhatRun } from './EarlierRunList.tsx';
import { Notice } from './Notice.tsx';
import { useEarlierRuns } from './use-earlier-runs.ts';

/** Runs that can go on, those of this browser and one of a file, and that the present one cannot be kept. */
export function KeptRunNotices() {
  return (
    <>
      <RunFileFailure />
      <TrainedFailure />
      <RunOfFile />
      <Untaken />
      <EarlierRuns />
      <GivenUp />
      <Unkept />
    </>
  );
}

/** So many are seen at once. */
const SHOWN = 2;

/** Runs that stand still in this browser, while no other is there. */
function EarlierRuns() {
  const idle = useRun((state) => state.phase.name === 'idle');
  const earlier = useEarlierRuns();
  if (!idle || earlier.length === 0) return null;
  const title = earlier.length === 1 ? 'An earlier run is kept' : `${earlier.length} earlier runs are kept`;
  return (
    <Notice tone="plain" title={title}>
      <EarlierRunList runs={earlier.slice(0, SHOWN)} givesUp />
      {earlier.length > SHOWN && (
        <details className="older-runs">
          <summary>{earlier.length - SHOWN} more</summary>
          <EarlierRunList runs={earlier.slice(SHOWN)} givesUp />
        </details>
      )}
      {earlier.length >= MOST_RUNS && (
        <p className="hint">
          More than {MOST_RUNS} beside the present one are not kept: with another one, the one that trained the shortest
          goes.
        </p>
      )}
    </Notice>
  );
}

/** That a kept run is gone, which may have been a slip. */
function GivenUp() {
  const { storedRuns } = useSession();
  const idle = useRun((state) => state.phase.name === 'idle');
  const givenUp = useRun((state) => state.givenUp);
  if (!idle || givenUp === null) return null;
  return (
    <Notice key={givenUp.id} tone="plain" title={`${givenUp.name} is deleted`} short asked>
      <button type="button" className="text-button" onClick={() => void storedRuns.bringBack()}>
        Bring it back
      </button>
    </Notice>
  );
}

function RunOfFile() {
  const session = useSession();
  const { runFile, link } = session;
  const idle = useRun((state) => state.phase.name === 'idle');
  const loaded = useRun((state) => state.corpus?.name);
  const offered = useRun((state) => state.runFile);
  const ready = useRun((state) => state.adapter.state === 'ready');
  if (offered === null) return null;
  const { name, runName, config, preset, since, step, text, curveEnd, isModelAlone, isTextMissing } = offered;
  const { steps } = config.training;
  return (
    <Notice key={name} tone="plain" title={`The run in ${name}`} asked>
      <p>
        <WhatRun name={runName} {...{ config, preset, since }} />
        <br />
        It stands at step {exact(step)} of {exact(steps)}, trained on {text}.
        {curveEnd === 0 && step > 0 && ' Its curve is not in the file.'}
        {curveEnd > 0 && curveEnd < step && ` Its curve in the file ends at step ${exact(curveEnd)}.`}
        {isModelAlone && ' It holds the model alone: where it trains on, Adam begins anew.'}
        {!idle && !isTextMissing && ' To go on with it ends the present run.'}
        {isTextMissing && ` To go on with it, open ${text} under Data first, and then this file.`}
        {loaded !== undefined && ` Its weights can be what a new run on ${loaded} begins with.`}
      </p>
      <div className="notice-actions">
        {!isTextMissing && (
          <button type="button" className="button" disabled={!ready} onClick={() => runFile.goOn()}>
            {goOnLabel(step, steps)}
          </button>
        )}
        <button
          type="button"
          className="button"
          onClick={() => {
            link.commit(() => runFile.beginWithOffered());
            goToControl(session, FIRST_WEIGHTS);
          }}
        >
          Begin a new run with its weights
        </button>
        <button type="button" className="text-button" onClick={() => runFile.leave()}>
          Leave it
        </button>
      </div>
    </Notice>
  );
}

function RunFileFailure() {
  const { runFile } = useSession();
  const failure = useRun((state) => state.runFileFailure);
  return failure === null ? null : (
    <Notice key={failure} tone="warn" title="This file cannot be opened as a run" asked>
      <p>{failure}</p>
      <div className="notice-actions">
        <button type="button" className="button" onClick={() => runFile.closeFailure()}>
          Close
        </button>
      </div>
    </Notice>
  );
}

/** That the model which comes with the page could not be opened. */
function TrainedFailure() {
  const { trained } = useSession();
  const failure = useStore(trained.store, (state) => state.failure);
  return failure === null ? null : (
    <Notice tone="warn" title="The trained model could not be opened" asked>
      <p>{failure} A model can be trained here in its place: press Train.</p>
      <div className="notice-actions">
        <button type="button" className="button" onClick={() => void trained.open()}>
          Try again
        </button>
        <button type="button" className="text-button" onClick={() => trained.closeFailure()}>
          Close
        </button>
      </div>
    </Notice>
  );
}

/** That a run which was offered has become another tab's. */
function Untaken() {
  const { storedRuns } = useSession();
  const idle = useRun((state) => state.phase.name === 'idle');
  const untaken = useRun((state) => state.untaken);
  if (!idle || untaken === null) return null;
  return (
    <Notice key={untaken.name} tone="warn" title={`The run ${untaken.name} cannot be had here`} asked>
      <p>{untaken.why}</p>
      <div className="notice-actions">
        <button type="button" className="button" onClick={() => storedRuns.closeUntaken()}>
          Close
        </button>
      </div>
    </Notice>
  );
}

/** That the present run would be gone with the page. */
function Unkept() {
  const { storedRuns, shell } = useSession();
  const unkept = useRun((state) => state.unkept);
  const kept = useRun((state) => state.kept);
  if (unkept === null) return null;
  return (
    <Notice tone="warn" title="This run is not kept in the browser">
      {unkept.why === 'size' ? (
        <p>
          With the optimizer’s state it has {bytes(unkept.bytes)}, and a page can keep {bytes(unkept.most)}. It ends
          with the page, or with its GPU. npm run train keeps runs of any size.
        </p>
      ) : unkept.why === 'memory' ? (
        <p>There is no memory left for a copy of it, so it ends with the page. A smaller batch leaves more.</p>
      ) : (
        <p>
          The browser’s storage does not take it: {unkept.message.replace(/\.$/, '')}. It may be full, or off in a
          private window. Before you close the page, save the run as a file.
        </p>
      )}
      <div className="notice-actions">
        {unkept.why === 'storage' && kept !== null && (
          <button type="button" className="button" onClick={() => shell.setState({ dialog: 'share' })}>
            Share and save
          </button>
        )}
        <button type="button" className="button" onClick={() => storedRuns.closeUnkept()}>
          Close
        </button>
      </div>
    </Notice>
  );
}
