import type { KeptText } from '../../data/kept-text.ts';
import type { DeviceInfo } from '../../gpu/adapter-info.ts';
import { adapterKey, type Tuning } from '../../tensor/tuning.ts';
import { inTime } from '../time/in-time.ts';
import type { KernelChoice } from './kernel-check.ts';
import { kernelFingerprint } from './kernel-fingerprint.ts';
import { isPossibleTuning } from './possible-tuning.ts';

/** Adapters that are remembered, the newest ones. */
const MOST_ENTRIES = 8;
/** To measure anew takes hardly longer than to wait for a storage that does not answer. */
const PATIENCE_MS = 300;
const DAY_MS = 24 * 3600 * 1000;
/** Drivers change without telling their version, so no choice counts for ever. */
const SOUND_DAYS = 30;
/** What was wrong may have been mended, or was no more than a lack of memory at that time; and one GPU without a name is like another. */
const DOUBTFUL_DAYS = 1;

interface Entry extends KernelChoice {
  /** What tells adapters apart. */
  adapter: string;
  /** With which runtime and which kernels the choice was made. */
  madeWith: string;
  /** Milliseconds since 1970. */
  madeAt: number;
}

/**
 * Remembers which kernels were chosen for the adapters of this machine. It never fails and never waits long: whatever is
 * wrong with the storage or with what lies there, nothing is remembered.
 */
export class KernelMemory {
  private readonly text: KeptText;
  private readonly madeWith: () => string;

  /**
   * @param runtime names browser, or Node and Dawn, such that another version has another name
   * @param kernels differs when the kernels or the way to choose them do
   */
  constructor(text: KeptText, runtime: () => string, kernels: () => string = kernelFingerprint) {
    this.text = text;
    this.madeWith = () => `kernels ${kernels()}, ${runtime()}`;
  }

  /** What was chosen for an adapter whose usual tuning is `usual`; null when that is not known or counts no more. */
  async recall(info: DeviceInfo, usual: Tuning): Promise<KernelChoice | null> {
    try {
      const entries = (await inTime(this.entries(), PATIENCE_MS)) ?? [];
      const adapter = adapterKey(info);
      const madeWith = this.madeWith();
      const entry = entries.find((known) => known.adapter === adapter && known.madeWith === madeWith);
      if (!entry || !isFresh(entry, info) || !isPossibleTuning(entry.tuning, usual)) return null;
      const { tuning, replaced, passedOver, wrong, checked } = entry;
      return { tuning, replaced, passedOver, wrong, checked };
    } catch {
      return null;
    }
  }

  /** Keeps a choice in the place of earlier ones for the same adapter. */
  async keep(info: DeviceInfo, choice: KernelChoice): Promise<void> {
    try {
      const adapter = adapterKey(info);
      const { tuning, replaced, passedOver, wrong, checked } = choice;
      const stamp = { adapter, madeWith: this.madeWith(), madeAt: Date.now() };
      const entry: Entry = { ...stamp, tuning, replaced, passedOver, wrong, checked };
      const known = await this.entries().catch(() => []);
      const others = known.filter((other) => other.adapter !== adapter);
      await this.text.write(JSON.stringify([entry, ...others].slice(0, MOST_ENTRIES)));
    } catch {
      // The next visit measures anew.
    }
  }

  private async entries(): Promise<Entry[]> {
    const values: unknown = JSON.parse((await this.text.read()) ?? '[]');
    return Array.isArray(values) ? values.filter(isEntry) : [];
  }
}

function isFresh({ madeAt, replaced, wrong }: Entry, { vendor }: DeviceInfo): boolean {
  const days = (Date.now() - madeAt) / DAY_MS;
  // A clock that was wrong may have stamped it with the future.
  const isSound = replaced.length === 0 && wrong.length === 0 && vendor !== '';
  return days >= 0 && days < (isSound ? SOUND_DAYS : DOUBTFUL_DAYS);
}

/** Whether a value has the form of an entry; its tuning can be anything. */
function isEntry(value: unknown): value is Entry {
  if (typeof value !== 'object' || value === null) return false;
  const { adapter, madeWith, madeAt, replaced, passedOver, wrong, checked } = value as Record<string, unknown>;
  const isText = (part: unknown): boolean => typeof part === 'string';
  const areTexts = (part: unknown): boolean => Array.isArray(part) && part.every(isText);
  return (
    isText(adapter) &&
    isText(madeWith) &&
    typeof madeAt === 'number' &&
    [replaced, passedOver, wrong, checked].every(areTexts)
  );
}
