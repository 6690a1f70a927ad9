import { decodeQuery, linkComplaints } from '../../config/codec/decode.ts';
import { encodeQuery } from '../../config/codec/encode.ts';
import type { RunText } from '../../comparison/same-bytes.ts';
import type { QueuedRun } from './queued-run.ts';

const KEY = 'queue';

/** The runs that waited in this tab when it was left; what cannot be read is none. */
export function readQueue(storage: () => Storage): readonly QueuedRun[] {
  try {
    const kept: unknown = JSON.parse(storage().getItem(KEY) ?? '[]');
    return Array.isArray(kept) ? kept.flatMap(queuedRun) : [];
  } catch {
    return [];
  }
}

/** Keeps what waits, for as long as the tab is there. Storage may be forbidden; then it lasts as long as the page. */
export function writeQueue(storage: () => Storage, waiting: readonly QueuedRun[]): void {
  const kept = waiting.map(({ config, preset, text: { name, sha256 }, ...rest }) => ({
    query: encodeQuery(config, preset),
    text: { name, sha256 },
    name: rest.name,
  }));
  try {
    if (kept.length === 0) storage().removeItem(KEY);
    else storage().setItem(KEY, JSON.stringify(kept));
  } catch {
    // Nothing is lost but the memory of it.
  }
}

/** As a list of one; empty for what is no such run, or one that this version would understand otherwise. */
function queuedRun(kept: unknown): QueuedRun[] {
  if (!isRecord(kept) || typeof kept.query !== 'string' || !isText(kept.text)) return [];
  const link = decodeQuery(kept.query);
  if (linkComplaints(link).length > 0) return [];
  const { name, sha256 } = kept.text;
  const run: QueuedRun = { config: link.config, preset: link.preset, text: { name, sha256 } };
  return [typeof kept.name === 'string' ? { ...run, name: kept.name } : run];
}

function isText(kept: unknown): kept is RunText {
  return isRecord(kept) && typeof kept.name === 'string' && (kept.sha256 === null || typeof kept.sha256 === 'string');
}

function isRecord(kept: unknown): kept is Record<string, unknown> {
  return typeof kept === 'object' && kept !== null;
}
