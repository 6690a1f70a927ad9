import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { createStore } from 'zustand/vanilla';
import { decodeQuery } from '../config/codec/decode.ts';
import type { DecodedLink } from '../config/codec/decode.ts';
import { App } from './App.tsx';
import { EmbedApp } from './embed/EmbedApp.tsx';
import { connect } from './connect.ts';
import { SessionContext } from './session.ts';
import type { Session } from './session.ts';
import { Fallible } from './shell/Fallible.tsx';
import { loadAhead, loadOnce } from './shell/load-part.ts';
import { createAway } from './state/away.ts';
import { leaveZoom, onOtherAxis } from './state/chart-view.ts';
import { Calibrator } from './state/calibrator.ts';
import { createConfigStore } from './state/config-store.ts';
import { bumpRevision, createCurvesStore } from './state/curves.ts';
import { Edits } from './state/edits.ts';
import { fetchFile } from './state/fetch-file.ts';
import { ExactRows } from './state/exact-rows.ts';
import { Inspector } from './state/inspector.ts';
import { RunFile } from './state/run-file.ts';
import { LinkSync, statesConfig } from './state/link-sync.ts';
import type { Address } from './state/link-sync.ts';
import { LossReader } from './state/loss-reader.ts';
import { noRecordStorage, noRunStorage, noStorage } from './state/no-storage.ts';
import { isRecorded, loadRecording } from './state/recording.ts';
import { RecordingPlayer } from './state/recording-player.ts';
import { createPump } from './state/revision-pump.ts';
import { RunController } from './state/run-controller.ts';
import { RunQueue } from './state/run-queue.ts';
import { initialRunState } from './state/run-state.ts';
import type { RunState } from './state/run-state.ts';
import { browserRecordStorage } from './state/record-storage.ts';
import { createRunPlaces } from './state/run-places.ts';
import { browserRunStorage } from './state/run-storage.ts';
import { StoredRecords } from './state/stored-records.ts';
import { StoredRuns } from './state/stored-runs.ts';
import { forgetRemoved, keepRuns } from './state/runs.ts';
import { SentRuns } from './state/sent-runs.ts';
import { createShellStore } from './state/shell.ts';
import { TestScorer } from './state/test-scorer.ts';
import { TrainedModel } from './state/trained-model.ts';
import { TextOpener } from './state/text-opener.ts';
import { TextPeek } from './state/text-peek.ts';
import { TextWriter } from './state/text.ts';
import { createThemeStore } from './state/theme.ts';
import { createViewStore, ViewSync } from './state/view.ts';
import { WorkerLink } from './state/worker-link.ts';
import { textUrls } from './texts.ts';
import './style/index.css';

/** Milliseconds until parts of the page are loaded that nobody has asked for: what is looked at first comes first. */
const PARTS_DELAY = 3000;

const href = (query: string): string => `${location.pathname}${query === '' ? '' : `?${query}`}${location.hash}`;
const hrefAt = (hash: string): string => `${location.pathname}${location.search}${hash}`;

function later(callback: () => void, delay: number): () => void {
  const timer = setTimeout(callback, delay);
  return () => clearTimeout(timer);
}

/** Browsers without idle callbacks wait a moment instead. */
function whenIdle(callback: () => void): void {
  if ('requestIdleCallback' in globalThis) requestIdleCallback(callback, { timeout: 2000 });
  else setTimeout(callback, 500);
}

const opened = decodeQuery(location.search);
const embedded = opened.embedded ?? false;

function goTo(url: string): void {
  // The history is also that of the page around this one, whose Back leads to what one read before.
  if (embedded) history.replaceState(null, '', url);
  else history.pushState(null, '', url);
}

const address: Address = {
  query: () => location.search.slice(1),
  replace: (query) => history.replaceState(null, '', href(query)),
  push: (query) => goTo(href(query)),
  later,
};

function openSession(): Session {
  const { config, preset } = opened;
  const configStore = createConfigStore(preset, config, statesConfig(address.query()));
  // Beside a lesson a recorded run stands only for the very one that would be trained there.
  const playsRecording = !embedded || (configStore.getState().touched && isRecorded(config));
  const run = createStore<RunState>(() => ({ ...initialRunState, awaitsRecorded: playsRecording }));
  const curves = createCurvesStore();
  const link = new LinkSync(configStore, address);
  const view = createViewStore(location.hash);
  const viewSync = new ViewSync(view, {
    hash: () => location.hash,
    replace: (hash) => history.replaceState(null, '', hrefAt(hash)),
    push: (hash) => {
      // Edits made on the new tab get an entry of their own, so that going back to the old one does not undo them.
      link.seal();
      goTo(hrefAt(hash));
    },
    later,
  });
  const pump = createPump(() => bumpRevision(curves), {
    now: () => performance.now(),
    schedule: (callback, delay) => setTimeout(() => requestAnimationFrame(callback), delay),
    hidden: () => document.hidden,
  });
  const worker = new WorkerLink({ connect, hidden: () => document.hidden });
  const texts = new TextOpener({ config: configStore, run, worker, urls: textUrls });
  const controller = new RunController({
    worker,
    texts,
    config: configStore,
    run,
    curves,
    requestRevision: () => pump.request(),
    onStart: () => link.seal(),
  });
  const asking = { run, worker, now: () => performance.now(), later, hidden: () => document.hidden };
  const runs = keepRuns({ run, curves });
  const places = createRunPlaces();
  const keeping = { run, runs, places, worker, now: () => Date.now() };
  const storedRuns = new StoredRuns({
    ...keeping,
    storage: embedded ? noRunStorage : browserRunStorage(),
    curves,
    controller,
    texts,
  });
  const storedRecords = new StoredRecords({
    ...keeping,
    storage: embedded ? noRecordStorage : browserRecordStorage(),
    newId: () => crypto.randomUUID(),
  });
  /** Other tabs may have ended runs, or given some up. */
  const lookForRuns = async (unpinned = false): Promise<void> => {
    void storedRuns.open();
    // Those that can go on are known by what they are in the list of runs.
    if (await storedRecords.open(unpinned)) void storedRuns.open();
  };
  const inspector = new Inspector(asking);
  const exactRows = new ExactRows(asking);
  const losses = { text: new LossReader(asking), watch: new LossReader(asking) };
  const writer = new TextWriter(asking);
  const peek = new TextPeek(asking);
  const scorer = new TestScorer(asking);
  const queue = new RunQueue({
    run,
    curves,
    runs,
    controller,
    scorer,
    storage: embedded ? noStorage : () => sessionStorage,
  });
  // Several parts of one page would measure at once, and load the GPU of a reader who trains none of them.
  const calibrator = embedded
    ? null
    : new Calibrator({
        run,
        worker,
        config: () => configStore.getState().config,
        whenIdle,
        hidden: () => document.hidden,
      });
  const away = createAway({ run, curves, later });
  document.addEventListener('visibilitychange', () => {
    away.turn(document.hidden);
    worker.tellVisibility();
    pump.request();
    calibrator?.consider();
    if (!document.hidden) void lookForRuns();
  });
  // A window beside another is never hidden.
  window.addEventListener('focus', () => {
    if (run.getState().phase.name === 'idle') void lookForRuns();
  });
  window.addEventListener('popstate', () => {
    viewSync.read();
    void openSent(decodeQuery(address.query()));
    // Another tab of the same configuration leaves the form alone.
    if (link.isCurrent()) return;
    link.read();
    texts.openWanted();
  });
  const theme = createThemeStore(embedded ? noStorage : () => localStorage, (chosen) =>
    document.documentElement.setAttribute('data-theme', chosen),
  );
  const shell = createShellStore(() => localStorage);
  // A part of the last run says nothing of the next.
  run.subscribe((state, before) => {
    if (state.runId !== before.runId) leaveZoom(view);
  });
  // What one left behind is no slip any more.
  view.subscribe(({ tab }, before) => {
    if (tab !== before.tab) forgetRemoved(runs);
  });
  const hover = createStore(() => ({ x: null }));
  onOtherAxis(view, () => hover.setState({ x: null }));
  const runFile = new RunFile({ config: configStore, run, curves, runs, controller, texts });
  const trained = new TrainedModel({ runFile, fetchFile });
  const sentRuns = new SentRuns({
    runs,
    report: (problem) => link.report(problem),
    loadReader: loadOnce(() => import('./state/sent-curve.ts')),
  });
  // A part of another page has no room for more than one run.
  const openSent = (sent: DecodedLink): Promise<void> =>
    sentRuns.open(embedded ? { ...sent, versus: undefined } : sent);
  const player = new RecordingPlayer({
    run,
    curves,
    runs,
    inspector,
    requestRevision: () => pump.request(),
    load: () => loadRecording(async () => (await fetch('recording.json')).text()),
    later: (callback, delay) => void setTimeout(callback, delay),
    still: () => matchMedia('(prefers-reduced-motion: reduce)').matches,
    watched: () => view.getState().tab === 'watch',
  });
  // A curve that came with the link is what one came to see.
  void openSent(opened).then(() => {
    if (playsRecording) void player.open();
    // It is pinned before those that were, and a whole comparison is seen by itself.
    void lookForRuns(opened.versus !== undefined);
  });
  return {
    embedded,
    config: configStore,
    edits: new Edits(configStore, later),
    run,
    curves,
    runs,
    sent: sentRuns.store,
    link,
    view,
    shell,
    controller,
    texts,
    queue,
    storedRuns,
    storedRecords,
    runFile,
    trained,
    inspector,
    exactRows,
    losses,
    writer,
    peek,
    scorer,
    theme,
    hover,
    away: away.store,
  };
}

const session = openSession();
createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <SessionContext value={session}>
      {/* Without its header nothing could pause the run; a pause keeps it as well. */}
      <Fallible what="The page" onFailure={() => session.controller.pause()}>
        {embedded ? <EmbedApp /> : <App />}
      </Fallible>
    </SessionContext>
  </StrictMode>,
);
session.controller.open();
// A frame in a lesson shows one part.
if (!embedded) later(() => whenIdle(loadAhead), PARTS_DELAY);
