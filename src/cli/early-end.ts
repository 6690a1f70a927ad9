/** What ends a run early but saves it, and the numbers that go into the exit status. */
const SIGNALS = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 } as const;
const SIGPIPE = 13;
/** A terminal signals npm as well as us, and npm may pass that on: what comes so soon is the same key once more. */
const SAME_KEY_MS = 1000;
/** What an output says whose reader has gone: one behind a pipe, and a terminal that was closed. */
const NOBODY_READS = new Set(['EPIPE', 'EIO']);
/** Of an output that fails in another way. */
const FAILED = 2;

/** The part of `process` that tells that it shall end. */
export interface EndingProcess {
  readonly pid: number;
  on(event: keyof typeof SIGNALS | 'exit', listener: () => void): unknown;
  removeAllListeners(signal: 'SIGHUP'): unknown;
  kill(pid: number, signal: 'SIGHUP'): unknown;
  exit(status: number): void;
  stdout: Output;
  stderr: Output;
}

interface Output {
  on(event: 'error', listener: (error: NodeJS.ErrnoException) => void): unknown;
}

/** Ends a run with an exit status, and says what went wrong if something did. */
type End = (status: number, problem: string | null) => void;

/**
 * Has a process whose terminal was closed end, when all is done, by the signal that says so. Else Node 20 aborts, since it
 * cannot set the terminal as it was (nodejs/node#51519).
 */
export function endWithTerminal(process: EndingProcess): void {
  let isClosed = false;
  process.on('SIGHUP', () => (isClosed = true));
  process.on('exit', () => {
    if (!isClosed) return;
    process.removeAllListeners('SIGHUP');
    process.kill(process.pid, 'SIGHUP');
  });
}

/**
 * Calls `end` for the first of what ends a run early: a signal, or an output that nobody reads or that fails. The rest
 * follows from it, as a closed terminal is a signal and then an output that nobody reads.
 *
 * @param withSignals false leaves signals to end the process at once
 */
export function onEarlyEnd(
  process: EndingProcess,
  withSignals: boolean,
  end: End,
  now = () => performance.now(),
): void {
  let ends = false;
  const endOnce: End = (status, problem) => {
    if (ends) return;
    ends = true;
    end(status, problem);
  };
  onFailedOutput(process, endOnce);
  if (withSignals) onSignal(process, endOnce, now);
}

/** Ends a process that has nothing to save as soon as nobody reads what it prints, or that cannot be written. */
export function endWithOutput(process: EndingProcess): void {
  onEarlyEnd(process, false, (status, problem) => {
    if (problem !== null) console.error(problem);
    process.exit(status);
  });
}

/** Calls `end` at a signal; a later Ctrl-C or SIGTERM ends the process at once. */
function onSignal(process: EndingProcess, end: End, now: () => number): void {
  let endedAt: number | null = null;
  const ended = (signal: keyof typeof SIGNALS): void => {
    const status = 128 + SIGNALS[signal];
    if (endedAt === null) {
      endedAt = now();
      end(status, null);
    } else if (signal !== 'SIGHUP' && now() - endedAt > SAME_KEY_MS) process.exit(status);
  };
  for (const signal of Object.keys(SIGNALS) as (keyof typeof SIGNALS)[]) process.on(signal, () => ended(signal));
}

/** Calls `end` when nobody reads what is printed any more, as behind `| head`, or when it cannot be written. */
function onFailedOutput({ stdout, stderr }: EndingProcess, end: End): void {
  for (const output of [stdout, stderr]) {
    output.on('error', ({ code, message }) => {
      if (code !== undefined && NOBODY_READS.has(code)) end(128 + SIGPIPE, null);
      else end(FAILED, `The output cannot be written (${message}).`);
    });
  }
}
