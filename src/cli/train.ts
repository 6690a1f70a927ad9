/** `npm run train -- --preset quick --steps 200 --data FILE --seed 1 --json`: the page's trainer under Node. */
import { isatty } from 'node:tty';
import { adapterLimits, problems } from '../config/problems.ts';
import type { RunConfig } from '../config/types.ts';
import { Gpu } from '../gpu/device.ts';
import { cachedText } from '../launcher/cached-text.ts';
import { openNodeGpu } from '../launcher/dawn.ts';
import { nodeRuntime } from '../launcher/runtime.ts';
import type { WorkerEvent } from '../protocol/events.ts';
import { KernelMemory } from '../train/kernels/kernel-memory.ts';
import { Trainer } from '../train/trainer.ts';
import { parseTrainArguments, USAGE } from './train/arguments.ts';
import { CurveLog } from './train/curve-log.ts';
import { endWithTerminal, onEarlyEnd } from './early-end.ts';
import { headerOf, sayKernels, type BuiltRun } from './train/header.ts';
import { datasetOf, loadText } from './train/load-text.ts';
import { Reporter, reportOf, sayAnew, sayBlowUp, sayOtherRate, sayTest, type Report } from './train/reporter.ts';
import { checkApart, checkPlace, checkSameText, readRun, writeRun } from './train/run-file.ts';
import { RunSaver } from './train/run-saver.ts';
import { saveRegularly } from './train/save-regularly.ts';

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(2);
}

async function main(): Promise<void> {
  const args = process.argv.slice(2);
  if (args.includes('--help')) {
    console.log(USAGE);
    return;
  }
  const { dataFile, json, every, test, overwrite, modelFile, ...given } = parseTrainArguments(args);
  const note = (text: string): void => {
    if (!json) console.log(text);
  };
  const from = given.resumeFile === null ? undefined : await readRun(given.resumeFile);
  const asked = from ? withSteps(from.config, given.steps) : given.config;
  const isThrough = from !== undefined && from.step >= asked.training.steps;
  if (from && isThrough && !test && modelFile === null) {
    throw new Error(
      `--steps: the run in ${given.resumeFile} is at ${from.step} of ${asked.training.steps}, needs more`,
    );
  }
  // One that is through is only measured, or has its model taken out, and its file stays as it is.
  const saveFile = isThrough ? null : given.saveFile;
  const keeps = saveFile !== null || modelFile !== null;
  const otherRate = from && !isThrough ? sayOtherRate(from.config, asked) : null;
  if (otherRate !== null) console.error(otherRate);
  if (from?.isModelAlone && !isThrough) console.error(sayAnew(given.resumeFile));
  if (saveFile !== null) await checkPlace(saveFile, given.resumeFile, overwrite);
  if (modelFile !== null && saveFile !== null) await checkApart(modelFile, saveFile);
  if (modelFile !== null) await checkPlace(modelFile, null, overwrite, '--save-model');
  // It has no more steps than it has made, whatever its length was to be.
  const length = from && isThrough ? Math.max(from.step, asked.training.steps) : null;
  if (from && isThrough && modelFile !== null && !test) {
    await writeRun(modelFile, { ...from, config: withSteps(from.config, length) }, '--save-model');
    note(`the model of step ${from.step} saved to ${modelFile}`);
    return;
  }
  const corpus = await loadText(dataFile);
  if (from) await checkSameText(from, corpus);
  const config = { ...withSteps(asked, length), dataset: await datasetOf(dataFile, corpus, asked.dataset) };
  const gpu = await Gpu.open(await openNodeGpu());
  const errors = problems(config, adapterLimits(gpu.limits, gpu.info)).filter(({ severity }) => severity === 'error');
  if (errors.length > 0) {
    const text = errors.map(({ control, message, fix }) => `${control}: ${message}${fix ? ` ${fix.label}.` : ''}`);
    throw new Error(text.join('\n'));
  }

  const { steps } = config.training;
  // A validation falls on a report, about twenty in a run.
  const validateEvery = every * Math.max(1, Math.round(steps / every / 20));
  const print = (report: Report): void => console.log(json ? JSON.stringify(report) : formatReport(report, steps));
  const reporter = new Reporter(
    every,
    () => trainer?.bytesPerSecond ?? 0,
    (step) => step % validateEvery === 0 || step === steps,
    print,
  );
  let failure: string | null = null;
  let isDone = isThrough;
  let isScored = false;
  const curve = new CurveLog(config, from);
  const facts: Partial<BuiltRun> = {};
  const emit = (event: WorkerEvent): void => {
    if (event.type === 'metrics') {
      curve.add(event.batch);
      reporter.add(event.batch, steps);
    } else if (event.type === 'validation') {
      curve.addValidation(event);
      reporter.addValidation(event.step, event.bpb);
    } else if (event.type === 'started') {
      facts.parameters = event.parameters;
      facts.flopsPerStep = event.flopsPerStep;
      note(
        `${event.parameters.toLocaleString('en')} parameters, ${event.pipelines} pipelines, ${event.dispatches} dispatches a step`,
      );
    } else if (event.type === 'kernels') {
      const { variants, replaced, passedOver, remembered, savedWith } = event;
      facts.kernels = { variants, replaced, passedOver, ...(savedWith !== undefined && { savedWith }) };
      note(`kernels: ${variants}${remembered ? ' (remembered from an earlier run)' : ''}`);
      for (const line of sayKernels(facts.kernels)) console.error(line);
    } else if (event.type === 'diverged') failure = `${event.message} Last finite step: ${event.lastFiniteStep}.`;
    else if (event.type === 'blown-up') console.error(sayBlowUp(event.blowUp));
    else if (event.type === 'done') isDone = true;
    else if (event.type === 'scored' && event.score !== null) {
      isScored = true;
      curve.addScore(event.score);
      const report = reportOf(event.score);
      console.log(json ? JSON.stringify(report) : sayTest(report));
    } else if (event.type === 'failed') failure = event.failure.message;
  };
  note(
    `${gpu.info.description}${gpu.info.software ? ' (software)' : ''}, ${corpus.name}, ${corpus.bytes.length.toLocaleString('en')} bytes`,
  );
  const memory = new KernelMemory(cachedText('kernel-choices.json'), nodeRuntime);
  let trainer: Trainer | null = null;
  let endsEarly = false;
  if (keeps && [0, 1, 2].some(isatty)) endWithTerminal(process);
  onEarlyEnd(process, keeps, (status, problem) => {
    if (problem !== null) console.error(problem);
    if (!trainer || !keeps) process.exit(status);
    endsEarly = true;
    process.exitCode = status;
    console.error('ends after the step under way and saves the run; Ctrl-C again ends at once, without saving');
    void trainer.pause();
    trainer.stopScore();
  });
  let saver: RunSaver | null = null;
  // What was saved before is there still.
  const complain = (error: Error): void => console.error(error.message);
  /** Whether losses were far above what they had come down to when the run ended. */
  let isRuined = false;
  try {
    const run = await Trainer.create({
      gpu,
      runId: 1,
      config,
      corpus,
      emit,
      autoSample: false,
      validateEvery,
      memory,
      from,
    });
    trainer = run;
    if (keeps) {
      const kept = new RunSaver({
        run,
        files: {
          ...(saveFile !== null && { '--save': saveFile }),
          ...(modelFile !== null && { '--save-model': modelFile }),
        },
        from: from && given.resumeFile !== null ? { step: from.step, file: given.resumeFile } : null,
        complete: (checkpoint) => ({ ...checkpoint, name: from?.name, curve: curve.upTo(checkpoint.step) }),
        onSaved: ({ option, step, file }) =>
          note(option === '--save' ? `saved at step ${step} to ${file}` : `the model of step ${step} saved to ${file}`),
      });
      saver = kept;
      saveRegularly(run, () => void kept.saveWhereWell().catch(complain));
    }
    if (from && !isThrough) note(`goes on at step ${from.step} and is kept in ${saveFile}`);
    if (json) console.log(JSON.stringify(await headerOf({ config, corpus, from, adapter: gpu.info, facts })));
    await run.resume();
    reporter.end();
    if (failure === null && !endsEarly && !isDone) throw new Error(`The run ended before its step ${steps}.`);
    isRuined = failure === null && saver !== null && !run.goesWell;
    if (isRuined)
      failure = 'The last losses were far above what they had come down to, so the last steps are not kept.';
    if (failure === null) await saver?.save();
    else if (saver !== null) {
      await saver.saveSound().catch(complain);
      failure = `${failure} ${saver.state}`;
    }
    if (failure === null && test && !endsEarly) await run.score();
    // Once more, with the score: measuring takes a while, and a run that is through should not be lost meanwhile.
    if (isScored) await saver?.save();
    await run.stop();
  } catch (error) {
    // Whatever waits for a lost device fails, each in words of its own.
    if (!(await gpu.isLost())) throw error;
    reporter.end();
    const { message } = await gpu.lost;
    const rest = saver?.state ?? (isThrough ? 'The file of the run is as it was.' : 'Nothing was saved.');
    throw new Error(`The GPU was lost (${message.replace(/\.$/, '')}). ${rest}`, { cause: error });
  }
  // A signal was asked for, and has a status of its own.
  if (failure !== null && !(isRuined && endsEarly)) throw new Error(failure);
  if (failure !== null) console.error(failure);
  process.exit();
}

function withSteps(config: RunConfig, steps: number | null): RunConfig {
  return steps === null ? config : { ...config, training: { ...config.training, steps } };
}

function formatReport({ step, trainBpb, valBpb, recon, ar, tokensPerSecond }: Report, steps: number): string {
  const each = (values: (number | null)[]): string => values.map((v) => (v === null ? '-' : v.toFixed(3))).join(' ');
  const validation = valBpb === undefined ? '' : `  val ${valBpb.toFixed(3)}`;
  return `step ${step}/${steps}  train ${trainBpb.toFixed(3)}${validation}  recon ${each(recon)}  ar ${each(ar)}  ${Math.round(tokensPerSecond)} bytes/s`;
}
