import { decodeQuery } from '../config/codec/decode.ts';
import { flopsPerStep } from '../config/costs.ts';
import { presetConfig, presets } from '../config/presets.ts';
import type { Gpu } from '../gpu/device.ts';
import { tuningFor } from '../tensor/tuning.ts';
import type { KernelChoice } from '../train/kernels/kernel-check.ts';
import { chooseKernels } from '../train/kernels/kernel-choice.ts';
import { kernelsEvent } from '../train/kernels/run-kernels.ts';
import { Attempts } from './attempts.ts';
import { measureCeilings, type Ceilings } from './ceilings.ts';
import { idOf } from './kernel-case.ts';
import { fullList, quickList } from './kernel-list.ts';
import { measureKernel } from './measure-kernel.ts';
import { measureStep, type StepCase } from './measure-step.ts';
import { measureTexts } from './measure-texts.ts';
import { Patience } from './patience.ts';
import type { Report, SuiteEvent } from './report.ts';
import { soak } from './soak.ts';
import { SOAK_QUERY, type SuiteOptions } from './suite-options.ts';

/** What the suite needs of where it runs. */
export interface SuiteHost {
  /** A new device, at any time. The suite closes it. */
  open(): Promise<Gpu>;
  /** Processor, operating system and runtime. */
  machine: string;
  /** Bytes of the JavaScript heap, after a collection where the runtime allows one; null where it does not tell. */
  heap(): number | null;
}

/** A plain window over a long context, which is where windows pay. */
const WINDOW_QUERY = 'h=1-d64-n2-e32-f2-w32&l=2&n=1024&b=1';

/** Configurations whose steps are timed with f16 storage and with subgroup matrices as well, where the adapter has them. */
const STORED_QUERIES = ['p=quick', 'p=two'].flatMap((query) =>
  ['hp=1', 'sm=1', 'hp=1&sm=1'].map((settings) => `${query}&${settings}`),
);

/** Steps that are also timed with dispatches of each hierarchy's own, where hierarchies share them. */
const APART_QUERIES = ['p=quick', 'p=two', 'p=readme4'];

const TEXT_QUERIES = ['p=micro', 'p=quick', 'p=two', 'p=readme4'];

interface Selected {
  kernels: ReturnType<typeof fullList>;
  steps: StepCase[];
  texts: { id: string; query: string }[];
  soakSteps: number;
}

/** Every preset and a few more, ascending in work. */
function allSteps(): string[] {
  const queries = [...presets.map(({ id }) => `p=${id}`), 'p=quick&b=4', WINDOW_QUERY, ...STORED_QUERIES];
  const work = (query: string): number => flopsPerStep(decodeQuery(query).config).total;
  return queries.sort((a, b) => work(a) - work(b));
}

function isIn(id: string, part: string): boolean {
  return id.toLowerCase().includes(part.toLowerCase());
}

function select({ quick, only, queries, soakSteps }: SuiteOptions): Selected {
  const wanted = (id: string): boolean => only.length === 0 || only.some((part) => isIn(id, part));
  const stepOf = (query: string): StepCase => ({ id: `step/${query}`, query, isApart: false });
  const stepsOf = (query: string): StepCase[] => {
    const apart = { id: `step/${query} hierarchies apart`, query, isApart: true };
    return APART_QUERIES.includes(query) ? [stepOf(query), apart] : [stepOf(query)];
  };
  const textOf = (query: string) => ({ id: `texts/${query}`, query });
  if (queries.length > 0) {
    return { kernels: [], steps: queries.map(stepOf), texts: queries.map(textOf), soakSteps: 0 };
  }
  return {
    kernels: (quick ? quickList() : fullList()).filter((kernelCase) => wanted(idOf(kernelCase))),
    steps: (quick ? ['p=micro'] : allSteps()).flatMap(stepsOf).filter(({ id }) => wanted(id)),
    texts: (quick ? ['p=micro'] : TEXT_QUERIES).map(textOf).filter(({ id }) => wanted(id)),
    soakSteps: wanted('soak') ? soakSteps : 0,
  };
}

/** Ids of everything that a run with these options would measure. */
export function listSuite(options: SuiteOptions): string[] {
  const { kernels, steps, texts, soakSteps } = select(options);
  const named = [...steps, ...texts].map(({ id }) => id);
  return ['ceilings', ...kernels.map(idOf), ...named, ...(soakSteps > 0 ? ['soak'] : [])];
}

/** What ids of a list begin with: the kernel families, and what else there is. */
export function familiesOf(options: SuiteOptions): string[] {
  return [...new Set(listSuite({ ...options, only: [] }).map((id) => id.split('/')[0]))];
}

/** What is wrong with `only`, where a part of it is in no id of the list; null where all are. */
export function unknownName(options: SuiteOptions): string | null {
  if (options.queries.length > 0) return null;
  const ids = listSuite({ ...options, only: [] });
  const unknown = options.only.find((part) => !ids.some((id) => isIn(id, part)));
  if (unknown === undefined) return null;
  const list = options.quick ? 'in the small list ' : '';
  return `nothing ${list}is called "${unknown}"; names begin with ${familiesOf(options).toSorted().join(', ')}`;
}

/**
 * Measures ceilings, kernels, whole steps, texts and a long run, and reports each figure as soon as it is there; also what
 * fails. Throws where there is no device at all.
 */
export async function runSuite(host: SuiteHost, options: SuiteOptions, report: Report): Promise<void> {
  const unknown = unknownName(options);
  if (unknown !== null) throw new Error(`Only: ${unknown}.`);
  const { kernels, steps, texts, soakSteps } = select(options);
  const total = listSuite(options).length;
  let done = 0;
  const begin = (id: string): void => report({ kind: 'progress', id, done: done++, total });
  const end = (): void => report({ kind: 'progress', id: '', done: total, total });
  const attempts = await Attempts.begin(() => host.open(), report);
  await reportHeader(attempts, host.machine, report);
  begin('ceilings');
  const ceilings = await ceilingsOf(attempts, report);
  if (!ceilings) {
    const reason = 'the ceilings, which everything is compared with, could not be measured';
    for (const id of listSuite(options).slice(1)) report({ kind: 'skipped', id, reason });
    attempts.close();
    end();
    return;
  }

  const patience = new Patience(options.limits.kernel);
  for (const kernelCase of kernels) {
    const id = idOf(kernelCase);
    begin(id);
    const events: SuiteEvent[] = [];
    const isSound = await attempts.onSharedDevice(id, (gpu) =>
      measureKernel(gpu, kernelCase, { ceilings, patience }, (event) => events.push(event)),
    );
    // What a device complained about while it was timed took no such time.
    for (const event of events) if (isSound || event.kind !== 'kernel') report(event);
  }
  attempts.close();

  const known = { ceilings, patience: new Patience(options.limits.step) };
  for (const step of steps) {
    begin(step.id);
    await attempts.onNewDevice(step.id, (gpu) => measureStep(gpu, step, known, report));
  }
  for (const text of texts) {
    begin(text.id);
    await attempts.onNewDevice(text.id, (gpu) => measureTexts(gpu, text, known, report));
  }
  if (soakSteps > 0) {
    begin('soak');
    await attempts.onNewDevice('soak', async (gpu) => {
      const rows = await soak(gpu, SOAK_QUERY, soakSteps, () => host.heap());
      report({ kind: 'soak', query: SOAK_QUERY, rows });
    });
  }
  end();
}

/** Says what is measured on, with the kernels that suit; those that adapters of its kind get where choosing them fails. */
async function reportHeader(attempts: Attempts, machine: string, report: Report): Promise<void> {
  const { info: adapter, limits } = attempts.gpu;
  const { model } = presetConfig('quick');
  let choice: KernelChoice = { tuning: tuningFor(adapter), replaced: [], passedOver: [], wrong: [], checked: [] };
  // Without a memory: what is measured here is not to rest on an earlier visit.
  await attempts.onSharedDevice('choice of kernels', async (gpu) => {
    choice = await chooseKernels({ gpu, model });
  });
  const { variants, replaced, passedOver, wrong } = kernelsEvent({ ...choice, remembered: false, activations: 'f32' });
  const { maxBufferSize, maxStorageBufferBindingSize } = limits;
  report({
    kind: 'header',
    adapter,
    kernels: { variants, replaced, passedOver, wrong },
    limits: { maxBufferSize, maxStorageBufferBindingSize },
    machine,
    date: new Date().toISOString(),
  });
}

/** Null, which is reported, where something went wrong meanwhile: then whatever was measured may be nonsense. */
async function ceilingsOf(attempts: Attempts, report: Report): Promise<Ceilings | null> {
  const measured: Ceilings[] = [];
  const isSound = await attempts.onSharedDevice('ceilings', async (gpu) => {
    measured.push(await measureCeilings(gpu));
  });
  if (!isSound) return null;
  const [ceilings] = measured;
  report({ kind: 'ceilings', ...ceilings });
  return ceilings;
}
