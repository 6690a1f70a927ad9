/** What ends a run early but saves it, and the numbers that go into the exit status. */
const SIGNALS = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 } as const;
const SIGPIPE = 13;
/** A terminal signals npm as well as us, and npm may pass that on: what comes so soon is the same key once more. */
const SAME_KEY_MS = 1000;

/** The part of `process` that tells that it shall end. */
export interface EndingProcess {
  on(signal: keyof typeof SIGNALS, listener: () => void): unknown;
  exit(status: number): void;
  stdout: Output;
  stderr: Output;
}

interface Output {
  on(event: 'error', listener: () => void): unknown;
}

/** Calls `end` with an exit status at the first signal; a later Ctrl-C or SIGTERM ends the process at once. */
export function onSignal(process: EndingProcess, end: (status: number) => void, now = () => performance.now()): void {
  let endedAt: number | null = null;
  const ended = (signal: keyof typeof SIGNALS): void => {
    const status = 128 + SIGNALS[signal];
    if (endedAt === null) {
      endedAt = now();
      end(status);
    } else if (signal !== 'SIGHUP' && now() - endedAt > SAME_KEY_MS) process.exit(status);
  };
  for (const signal of Object.keys(SIGNALS) as (keyof typeof SIGNALS)[]) process.on(signal, () => ended(signal));
}

/** Calls `end` with an exit status once nobody reads what is printed any more, as behind `| head` or a closed terminal. */
export function onClosedOutput({ stdout, stderr }: EndingProcess, end: (status: number) => void): void {
  let isClosed = false;
  const close = (): void => {
    if (isClosed) return;
    isClosed = true;
    end(128 + SIGPIPE);
  };
  for (const output of [stdout, stderr]) output.on('error', close);
}
