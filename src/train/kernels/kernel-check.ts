import type { Gpu } from '../../gpu/device.ts';
import { kernelProbes, type KernelKind } from '../../model/kernel-probes.ts';
import type { KernelTraits } from '../../model/kernel-traits.ts';
import type { KernelProbe } from '../../model/probe-recording.ts';
import { everySize, TUNINGS, type Tuning } from '../../tensor/tuning.ts';
import { failureOf, RecordedProbes, runsAlike, type RecordedProbe, type Results } from './probe-run.ts';
import { UPDATE_PROBE } from './update-probe.ts';

/** The kernel variants of an adapter, and why some are not those that would have suited it. */
export interface KernelChoice {
  tuning: Tuning;
  /** A sentence for each variant that computed something else than the plain kernel. */
  replaced: string[];
  /**
   * One for each that was faster but rounded otherwise than the usual kernels, or could not be timed or compared with them, and for each
   * that is used but not checked.
   */
  passedOver: string[];
  /** A sentence for each thing that comes out wrong by the kernels of this tuning, so that no other would help. */
  wrong: string[];
  /** Names of the variants that were compared with the plain kernels, and for what; and of what else was checked. */
  checked: string[];
}

/** Largest deviation from the plain kernel, by the largest number of a result: rounding is a hundredth of it. */
const TOLERANCE = 1e-4;

/** How attention is computed, in words. */
export const ATTENTION_NAMES: Record<Tuning['attention'], string> = {
  tiled: 'by tiles',
  'tiled ahead': 'by tiles that are read ahead',
  quads: 'by quads',
  direct: 'without tiles',
};

interface Check {
  /** Names the variant and what it is for, also for the code: equal names are one check. */
  what: string;
  probe: KernelProbe;
  /** The variant in question; all else is plain. */
  tuning: Tuning;
  /** What to use when it is wrong. */
  instead: Partial<Tuning>;
  /** Whether it is about kernels that other checks are about, so that it says something only once those are right. */
  isLast: boolean;
}

/** What is known after some checks. */
interface Findings extends Omit<KernelChoice, 'checked' | 'wrong'> {
  checked: Set<string>;
  /** What plain kernels compute; a text says why there is nothing to compare with. */
  expected: Map<KernelProbe, Results | string>;
}

/**
 * Runs every variant of a choice that models of these traits need, and that was not checked before, against the plain
 * kernels on random numbers, forward and backward. Replaces those that disagree or cannot be compiled; what replaces one
 * is checked as well. Variants that run stay where the plain kernels do not, which no run may need. Throws when the device is lost.
 */
export async function checkKernels(gpu: Gpu, choice: KernelChoice, traits: KernelTraits): Promise<KernelChoice> {
  const plain = plainOf(choice.tuning);
  const probes = { ...kernelProbes(traits), update: [UPDATE_PROBE] };
  const findings: Findings = {
    tuning: choice.tuning,
    replaced: [...choice.replaced],
    passedOver: [...choice.passedOver],
    checked: new Set(choice.checked),
    expected: new Map(),
  };
  for (;;) {
    const due = checksOf(findings.tuning, plain, probes).filter(({ what }) => !findings.checked.has(what));
    if (due.length === 0) break;
    const first = due.filter(({ isLast }) => !isLast);
    await runRound(gpu, first.length > 0 ? first : due, plain, findings);
  }
  const { tuning, replaced, passedOver, checked } = findings;
  return { tuning, replaced, passedOver, wrong: choice.wrong, checked: [...checked] };
}

/** The kernels that others are compared with. */
function plainOf(tuning: Tuning): Tuning {
  const { matmul, attention, reductions, lossLanes } = TUNINGS.software;
  return { ...tuning, matmul, jointGradients: false, sharedDispatches: false, attention, reductions, lossLanes };
}

/** Compiles all that some checks need at once, then makes them. */
async function runRound(gpu: Gpu, checks: readonly Check[], plain: Tuning, findings: Findings): Promise<void> {
  const { expected } = findings;
  const recorded = new RecordedProbes(gpu);
  try {
    const runs = checks.map((check) => ({ check, run: recorded.record(check.probe, check) }));
    const missing = new Set(checks.map(({ probe }) => probe).filter((probe) => !expected.has(probe)));
    const plainRuns = [...missing].map((probe) => [probe, recorded.record(probe, { tuning: plain })] as const);
    await recorded.compile();
    for (const [probe, { session, outputs }] of plainRuns) {
      const results = await session.run(outputs).catch((error: unknown) => failureOf(gpu, error));
      expected.set(probe, results);
    }
    for (const { check, run } of runs) await judge(gpu, check, run, findings);
  } finally {
    recorded.release();
  }
}

/** Makes one check, unless another of the same variant has failed already. */
async function judge(gpu: Gpu, check: Check, { session, outputs }: RecordedProbe, findings: Findings): Promise<void> {
  const { what, probe, instead } = check;
  const { tuning, replaced, passedOver, checked, expected } = findings;
  if (Object.entries(instead).every(([field, value]) => tuning[field as keyof Tuning] === value)) return;
  checked.add(what);
  const plainResults = expected.get(probe)!;
  const isComparable = typeof plainResults !== 'string';
  const fault = await runsAlike(gpu, () => session.run(outputs), isComparable ? plainResults : {}, TOLERANCE);
  if (fault !== null) {
    findings.tuning = { ...tuning, ...instead };
    replaced.push(`${what} ${fault}`);
  } else if (!isComparable) {
    passedOver.push(`${what} are used unchecked: the plain kernels do not run: ${plainResults}`);
  }
}

type Probes = Readonly<Record<KernelKind | 'update', readonly KernelProbe[]>>;

/** All that tells whether the variants of a tuning compute what the plain kernels do. */
function checksOf(
  { matmul, jointGradients, sharedDispatches, attention, reductions, lossLanes }: Tuning,
  plain: Tuning,
  probes: Probes,
): Check[] {
  const checks: Check[] = [];
  const check = (name: string, kind: keyof Probes, variant: Partial<Tuning>, instead: Partial<Tuning>): void => {
    const tuning = { ...plain, ...variant };
    const isLast = kind === 'streams';
    checks.push(...probes[kind].map((probe) => ({ what: name + probe.of, probe, tuning, instead, isLast })));
  };

  const plainProducts = { matmul: plain.matmul };
  if (matmul === 'quads') check('Matrix products by quads', 'matmul', { matmul }, plainProducts);
  else if (matmul !== 'direct') {
    for (const tile of new Set(Object.values(matmul))) {
      check(`Matrix products in tiles of ${tile}`, 'matmul', { matmul: everySize(tile) }, plainProducts);
    }
    if (jointGradients) {
      const name = 'Gradients of products at once';
      const apart = { jointGradients: false };
      // Large ones are never made at once.
      for (const tile of new Set([matmul.few, matmul.small, matmul.medium])) {
        check(`${name} in tiles of ${tile}`, 'gradients', { matmul: everySize(tile), jointGradients }, apart);
      }
      check(name, 'derivative', { matmul, jointGradients }, apart);
    }
  }
  if (matmul !== plain.matmul) check('Activations of products', 'activation', { matmul }, plainProducts);
  if (attention !== plain.attention) {
    const instead = attention === 'tiled ahead' ? 'tiled' : plain.attention;
    check(`Attention kernels ${ATTENTION_NAMES[attention]}`, 'attention', { attention }, { attention: instead });
  }
  if (reductions === 'subgroup') {
    const name = 'Sums over rows by subgroups';
    check(name, 'reductions', { reductions }, { reductions: 'shared' });
    // Without subgroups the plain update adds up in the same way.
    check(name, 'update', { reductions }, { reductions: 'shared' });
  } else if (reductions !== plain.reductions) {
    const instead = { reductions: plain.reductions };
    check('Sums over rows that invocations share', 'reductions', { reductions }, instead);
  }
  if (lossLanes !== plain.lossLanes) {
    const instead = { lossLanes: plain.lossLanes };
    const how = reductions === 'subgroup' ? ' of a subgroup' : '';
    check(`Losses by ${lossLanes} invocations a row${how}`, 'lossLanes', { lossLanes, reductions }, instead);
  }
  if (sharedDispatches) {
    const variants = { matmul, jointGradients, sharedDispatches, attention, reductions };
    check('Dispatches that hierarchies share', 'streams', variants, { sharedDispatches: false });
  }
  return checks;
}
