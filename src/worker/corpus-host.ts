import type { SyntheticFacts } from '../config/synthetic.ts';
import type { DatasetId } from '../config/types.ts';
import type { Corpus } from '../data/corpus.ts';
import { spanLength } from '../data/corpus.ts';
import { downloadEnwik8, loadKeptEnwik8 } from '../data/download-enwik8.ts';
import { loadEmbeddedCorpus } from '../data/embedded-corpus.ts';
import { ENWIK8 } from '../data/enwik8.ts';
import { MemoryStore } from '../data/memory-store.ts';
import { openOpfsStore } from '../data/opfs-store.ts';
import { readCorpusFile } from '../data/read-corpus-file.ts';
import { makeSynthetic } from '../data/synthetic/make-synthetic.ts';
import { textStatistics } from '../data/text-statistics.ts';
import type { ByteStore } from '../data/byte-store.ts';
import type { Command } from '../protocol/commands.ts';
import type { WorkerEvent } from '../protocol/events.ts';
import { identify } from '../train/saving/checkpoint.ts';

/** A page that wants to see the text has no use for all of it. */
const MOST_PEEKED = 4096;

type Asking<T extends Command['type']> = Extract<Command, { type: T }>;

interface Loaded {
  corpus: Corpus;
  /** Why it has to be downloaded again at the next visit. */
  unkept?: string;
  synthetic?: SyntheticFacts;
}

interface OpenStore {
  store: ByteStore;
  /** Why what it holds does not outlive this visit. */
  unkept?: string;
}

/** Holds the text that runs are trained on, and gets another when asked. The newest request wins. */
export class CorpusHost {
  /** The one that the page has taken last. */
  current: Corpus | null = null;
  /** One that was told and not yet taken. */
  private offered: { requestId: number; corpus: Corpus } | null = null;
  private readonly emit: (event: WorkerEvent) => void;
  /** Number of the text that is being read; null when none is. */
  private request: number | null = null;
  private abort: AbortController | null = null;
  private store: Promise<OpenStore> | null = null;

  constructor(emit: (event: WorkerEvent) => void) {
    this.emit = emit;
  }

  useEmbedded({ requestId, url }: Asking<'use-embedded'>): Promise<void> {
    return this.load('sample', requestId, async () => ({ corpus: await loadEmbeddedCorpus(url) }));
  }

  useFile({ requestId, file, name }: Asking<'use-file'>): Promise<void> {
    const source = new File([file], name);
    return this.load('own', requestId, async (signal) => ({ corpus: await readCorpusFile(source, { signal }) }));
  }

  useSynthetic({ requestId, id }: Asking<'use-synthetic'>): Promise<void> {
    return this.load(id, requestId, async () => {
      const { corpus, ...synthetic } = makeSynthetic(id);
      return { corpus, synthetic };
    });
  }

  /** From the browser's own storage if it was downloaded before, else from the URL. */
  useEnwik8({ requestId, url }: Asking<'use-enwik8'>): Promise<void> {
    return this.load('enwik8', requestId, async (signal) => {
      const { store, unkept } = await (this.store ??= openStore());
      const source = { ...ENWIK8, url };
      const kept = await loadKeptEnwik8(store, source);
      if (kept) return { corpus: kept, unkept };
      const { corpus, notice } = await downloadEnwik8(
        {
          store,
          signal,
          onProgress: ({ receivedBytes, totalBytes, bytesPerSecond }) =>
            this.emit({ type: 'download', requestId, receivedBytes, totalBytes, bytesPerSecond }),
        },
        source,
      );
      return { corpus, unkept: notice ?? unkept };
    });
  }

  /** Makes a text that was told the present one, unless it was given up since. */
  take(requestId: number): void {
    if (this.offered?.requestId !== requestId) return;
    this.current = this.offered.corpus;
    this.offered = null;
  }

  /** Gives up the text that was asked for, also where it has been told already. */
  cancel(): void {
    this.request = null;
    this.offered = null;
    this.abort?.abort();
    this.abort = null;
  }

  /** Tells a little of the present text; who asks for more gets no more. */
  peek(requestId: number, offset: number, length: number): void {
    if (this.current === null) return;
    const { bytes } = this.current;
    this.emit({ type: 'peek', requestId, bytes: bytes.slice(offset, offset + Math.min(length, MOST_PEEKED)) });
  }

  private async load(
    dataset: DatasetId,
    requestId: number,
    get: (signal: AbortSignal) => Promise<Loaded>,
  ): Promise<void> {
    this.cancel();
    this.request = requestId;
    this.abort = new AbortController();
    try {
      const { corpus, unkept, synthetic } = await get(this.abort.signal);
      // The digest is computed on a thread of its own, and takes about as long.
      const [sha256, statistics] = await Promise.all([digestOf(corpus), textStatistics(corpus.bytes)]);
      const { gzipSampleBytes, zeroBytes } = statistics;
      if (requestId !== this.request) return;
      this.offered = { requestId, corpus };
      this.emit({
        type: 'corpus',
        requestId,
        info: {
          dataset,
          name: corpus.name,
          bytes: corpus.bytes.length,
          sha256,
          trainBytes: spanLength(corpus.train),
          validationBytes: spanLength(corpus.validation),
          order0Bits: statistics.order0BitsPerByte,
          gzipBits: statistics.gzipBitsPerByte,
          ...(gzipSampleBytes < corpus.bytes.length && { gzipBytes: gzipSampleBytes }),
          ...(zeroBytes > 0 && { zeroBytes }),
          ...(unkept !== undefined && { unkept }),
          ...(synthetic && { synthetic }),
        },
      });
    } catch (error) {
      if (requestId !== this.request) return;
      const message = error instanceof Error ? error.message : String(error);
      this.emit({ type: 'corpus-failed', requestId, dataset, message });
    }
  }
}

function digestOf(corpus: Corpus): Promise<string | null> {
  return identify(corpus).then(
    ({ sha256 }) => sha256,
    () => null,
  );
}

/** Without the origin's private file system (a private window, say) texts last as long as the page. */
async function openStore(): Promise<OpenStore> {
  try {
    return { store: await openOpfsStore('texts') };
  } catch (error) {
    return { store: new MemoryStore(), unkept: error instanceof Error ? error.message : String(error) };
  }
}
