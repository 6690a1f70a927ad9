import type { KernelTime } from '../gpu/kernel-sums.ts';
import { DOUBLED_TO, doublingRows, type DoublingRow } from './doubling.ts';
import { figure } from './figure.ts';
import type { GenerationRow } from './generation.ts';
import type { CeilingsRow, Header, KernelRow, StepRow, SuiteEvent } from './report.ts';
import { soakChange } from './soak-change.ts';
import type { SoakRow } from './soak.ts';

/** A table as people read it; figures are right-aligned. */
export interface Table {
  title: string;
  columns: { title: string; isFigure: boolean }[];
  rows: string[][];
}

interface Column<Row> {
  title: string;
  text: (row: Row) => string;
  /** Words, not a figure. */
  isWords?: boolean;
}

const percent = (share: number): string => `${figure(100 * share)} %`;
const megabytes = (bytes: number): string => figure(bytes / 1e6);

const CEILINGS: Column<CeilingsRow>[] = [
  { title: 'multiply-adds, GFLOP/s', text: ({ gflops }) => figure(gflops) },
  { title: 'copy of a buffer, GB/s', text: ({ gigabytes }) => figure(gigabytes) },
  { title: 'copy by a kernel, GB/s', text: ({ kernelGigabytes }) => figure(kernelGigabytes) },
  { title: 'a dispatch, µs', text: ({ dispatchMicroseconds }) => figure(dispatchMicroseconds) },
  { title: 'clock', text: ({ clock }) => (clock === 'gpu' ? "the GPU's" : "the host's"), isWords: true },
];

const KERNELS: Column<KernelRow>[] = [
  { title: 'shape', text: ({ shape }) => shape, isWords: true },
  { title: 'pass', text: ({ pass }) => pass, isWords: true },
  { title: 'ms', text: ({ milliseconds }) => figure(milliseconds) },
  { title: '±', text: ({ spread }) => percent(spread) },
  { title: 'least ms', text: ({ least }) => figure(least) },
  { title: 'GFLOP/s', text: ({ gflops }) => figure(gflops) },
  { title: 'GB/s', text: ({ gigabytes }) => figure(gigabytes) },
  { title: 'of ceiling', text: ({ share }) => (share === null ? '-' : percent(share)) },
  { title: 'limit', text: ({ limit }) => limit ?? '-', isWords: true },
  { title: 'dispatches', text: ({ dispatches }) => figure(dispatches) },
  { title: 'off by', text: ({ deviation }) => (deviation === 0 ? '0' : deviation.toExponential(0)) },
];

const times = (factor: number): string => `x${factor.toFixed(2)}`;

const DOUBLINGS: Column<DoublingRow>[] = [
  { title: 'window', text: ({ window }) => String(window ?? 'none') },
  { title: 'dilation', text: ({ dilation }) => String(dilation) },
  { title: 'pass', text: ({ pass }) => pass, isWords: true },
  ...DOUBLED_TO.map((tokens, i) => ({
    title: `n ${figure(tokens)}`,
    text: ({ steps }: DoublingRow) => {
      const step = steps[i];
      return step ? `${times(step.time)} (${times(step.work)})` : '-';
    },
  })),
];

function configurationOf({ query, isApart }: Pick<StepRow, 'query' | 'isApart'>): string {
  return isApart ? `${query}, hierarchies apart` : query;
}

const STEPS: Column<StepRow>[] = [
  { title: 'configuration', text: configurationOf, isWords: true },
  { title: 'parameters', text: ({ parameters }) => figure(parameters) },
  { title: 'dispatches', text: ({ dispatches }) => figure(dispatches) },
  { title: 'pipelines', text: ({ pipelines }) => figure(pipelines) },
  { title: 'ms a step', text: ({ milliseconds }) => figure(milliseconds) },
  { title: '±', text: ({ spread }) => percent(spread) },
  { title: 'least ms', text: ({ least }) => figure(least) },
  { title: 'GPU ms', text: ({ gpuMilliseconds }) => (gpuMilliseconds === null ? '-' : figure(gpuMilliseconds)) },
  { title: 'host ms', text: ({ hostMilliseconds }) => figure(hostMilliseconds) },
  { title: 'host µs a dispatch', text: (row) => figure((1000 * row.hostMilliseconds) / row.dispatches) },
  { title: 'GFLOP/s', text: ({ gflops }) => figure(gflops) },
  { title: 'GB/s', text: ({ gigabytes }) => figure(gigabytes) },
  { title: 'of ceiling', text: ({ share }) => (share === null ? '-' : percent(share)) },
  { title: 'MB held', text: ({ bytesAlive }) => megabytes(bytesAlive) },
  { title: 's to first loss', text: ({ firstLossSeconds }) => figure(firstLossSeconds) },
];

const STEP_KERNELS: Column<KernelTime>[] = [
  { title: 'kernel', text: ({ label }) => label, isWords: true },
  { title: 'dispatches', text: ({ dispatches }) => figure(dispatches) },
  { title: 'ms', text: ({ milliseconds: ms }) => (ms === null ? 'too short for this clock' : figure(ms)) },
];

const TEXTS: Column<GenerationRow>[] = [
  { title: 'way', text: ({ way }) => way, isWords: true },
  { title: 'prompt, bytes', text: ({ promptBytes }) => figure(promptBytes) },
  { title: 'ms to the first byte', text: ({ firstByteMilliseconds }) => figure(firstByteMilliseconds) },
  { title: 'ms a byte', text: ({ byteMilliseconds }) => figure(byteMilliseconds) },
  { title: 'bytes/s', text: ({ bytesPerSecond }) => figure(bytesPerSecond) },
  { title: 'dispatches a byte', text: ({ dispatchesPerByte }) => figure(dispatchesPerByte) },
];

const SOAK: Column<SoakRow>[] = [
  { title: 'step', text: ({ step }) => figure(step) },
  { title: 'ms a step', text: ({ stepMilliseconds }) => figure(stepMilliseconds) },
  { title: 'heap, bytes', text: ({ heapBytes }) => (heapBytes === null ? '-' : figure(heapBytes)) },
  { title: 'buffers alive', text: ({ buffersAlive }) => figure(buffersAlive) },
  { title: 'bytes alive', text: ({ bytesAlive }) => figure(bytesAlive) },
  { title: 'bind groups created', text: ({ bindGroupsCreated }) => figure(bindGroupsCreated) },
  { title: 'pipelines created', text: ({ pipelinesCreated }) => figure(pipelinesCreated) },
];

/** A long run, and below it what has changed from its first row to its last. */
function soakTable(query: string, rows: readonly SoakRow[]): Table {
  const stretches = table(`A long run of ${query}`, SOAK, rows);
  const change = soakChange(rows);
  if (!change) return stretches;
  const { from, to, time } = change;
  const count = (before: number, after: number): string => {
    if (after === before) return 'unchanged';
    return `${after > before ? '+' : ''}${figure(after - before)}`;
  };
  const cells = [
    `${figure(to.step)} against ${figure(from.step)}`,
    time === null ? '-' : `x${time.toFixed(3)}`,
    from.heapBytes === null || to.heapBytes === null ? '-' : `x${(to.heapBytes / from.heapBytes).toFixed(3)}`,
    count(from.buffersAlive, to.buffersAlive),
    count(from.bytesAlive, to.bytesAlive),
    count(from.bindGroupsCreated, to.bindGroupsCreated),
    count(from.pipelinesCreated, to.pipelinesCreated),
  ];
  return { ...stretches, rows: [...stretches.rows, cells] };
}

const KERNELS_OF_A_STEP = 8;

function table<Row>(title: string, columns: Column<Row>[], rows: readonly Row[]): Table {
  return {
    title,
    columns: columns.map((column) => ({ title: column.title, isFigure: !column.isWords })),
    rows: rows.map((row) => columns.map(({ text }) => text(row))),
  };
}

/** What was measured, on what and when, in one line; null before it is known. */
export function headline(events: readonly SuiteEvent[]): string | null {
  const header = events.find((event): event is Header => event.kind === 'header');
  if (!header) return null;
  const { adapter, kernels, machine, date } = header;
  const name = `${adapter.description}${adapter.software ? ', a software adapter' : ''}`;
  const features = adapter.features.length > 0 ? adapter.features.join(', ') : 'no extra features';
  const variants = [kernels.variants, ...kernels.replaced, ...kernels.passedOver, ...kernels.wrong].join('; ');
  return `${name} (${features}); ${variants}; ${machine}; ${date.slice(0, 16).replace('T', ' ')} UTC`;
}

/** All tables of what has been reported so far, without those that would be empty. */
export function tablesOf(events: readonly SuiteEvent[]): Table[] {
  const ofKind = <Kind extends SuiteEvent['kind']>(kind: Kind): Extract<SuiteEvent, { kind: Kind }>[] =>
    events.filter((event): event is Extract<SuiteEvent, { kind: Kind }> => event.kind === kind);
  const kernels = ofKind('kernel');
  const families = [...new Set(kernels.map(({ family }) => family))];
  const steps = ofKind('step');
  const tables = [
    table('Ceilings', CEILINGS, ofKind('ceilings')),
    ...families.map((name) =>
      table(
        name[0].toUpperCase() + name.slice(1),
        KERNELS,
        kernels.filter(({ family }) => family === name),
      ),
    ),
    table('Attention at twice the length: least ms (FLOPs)', DOUBLINGS, doublingRows(kernels)),
    table('Training steps', STEPS, steps),
    ...steps.map(({ kernels: times, ...step }) =>
      table(`Where a step of ${configurationOf(step)} goes`, STEP_KERNELS, times.slice(0, KERNELS_OF_A_STEP)),
    ),
    ...ofKind('texts').map(({ query, rows }) => table(`Texts by ${query}`, TEXTS, rows)),
    ...ofKind('soak').map(({ query, rows }) => soakTable(query, rows)),
    table(
      'Wrong',
      [
        { title: 'what', text: ({ id }) => id, isWords: true },
        { title: 'off by', text: ({ deviation }) => deviation.toPrecision(2) },
      ],
      ofKind('wrong'),
    ),
    table(
      'Failed',
      [
        { title: 'what', text: ({ id }) => id, isWords: true },
        { title: 'message', text: ({ message }) => message.replaceAll(/\s+/g, ' '), isWords: true },
      ],
      ofKind('failed'),
    ),
    table(
      'Skipped',
      [
        { title: 'what', text: ({ id }) => id, isWords: true },
        { title: 'why', text: ({ reason }) => reason, isWords: true },
      ],
      ofKind('skipped'),
    ),
  ];
  return tables.filter(({ rows }) => rows.length > 0);
}
