import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import { endWithOutput, endWithTerminal, onEarlyEnd, type EndingProcess } from '../../src/cli/early-end.ts';

function failure(code: string): Error {
  return Object.assign(new Error(`${code}: why, write`), { code });
}

function ending() {
  const process = new EventEmitter();
  const [stdout, stderr] = [new EventEmitter(), new EventEmitter()];
  const exits: number[] = [];
  const ends: number[] = [];
  const problems: string[] = [];
  const kills: unknown[] = [];
  const of = Object.assign(process, {
    pid: 7,
    stdout,
    stderr,
    exit: (status: number) => exits.push(status),
    kill: (...given: unknown[]) => kills.push([...given, process.listenerCount('SIGHUP')]),
  }) as EventEmitter & EndingProcess;
  const end = (status: number, problem: string | null): void => {
    ends.push(status);
    if (problem !== null) problems.push(problem);
  };
  return { of, stdout, stderr, exits, ends, problems, kills, end };
}

test.each([
  ['SIGHUP', 129],
  ['SIGINT', 130],
  ['SIGTERM', 143],
])('%s ends a run and is told by the exit status %i', (signal, status) => {
  const { of, ends, exits, end } = ending();
  onEarlyEnd(of, true, end);
  of.emit(signal);
  expect({ ends, exits }).toEqual({ ends: [status], exits: [] });
});

test('Ctrl-C that npm passes on as well counts once, and a later one ends the process', () => {
  let time = 5000;
  const { of, ends, exits, end } = ending();
  onEarlyEnd(of, true, end, () => time);
  of.emit('SIGINT');
  time += 20;
  of.emit('SIGINT');
  expect({ ends, exits }).toEqual({ ends: [130], exits: [] });
  time += 3000;
  of.emit('SIGINT');
  expect({ ends, exits }).toEqual({ ends: [130], exits: [130] });
});

test('a terminal that is closed after Ctrl-C leaves the time to save', () => {
  let time = 0;
  const { of, ends, exits, end } = ending();
  onEarlyEnd(of, true, end, () => time);
  of.emit('SIGINT');
  time += 3000;
  of.emit('SIGHUP');
  expect({ ends, exits }).toEqual({ ends: [130], exits: [] });
});

test('an output that nobody reads ends a run once, however much is still printed', () => {
  const { of, stdout, stderr, ends, end } = ending();
  onEarlyEnd(of, true, end);
  stdout.emit('error', failure('EPIPE'));
  stdout.emit('error', failure('EPIPE'));
  stderr.emit('error', failure('EIO'));
  expect(ends).toEqual([141]);
});

test('a reader that has gone is no failure, a full disk is one and is said', () => {
  const [unread, full] = [ending(), ending()];
  onEarlyEnd(unread.of, true, unread.end);
  unread.stdout.emit('error', failure('EPIPE'));
  expect(unread.problems).toEqual([]);
  onEarlyEnd(full.of, true, full.end);
  full.stdout.emit('error', failure('ENOSPC'));
  full.stdout.emit('error', failure('ENOSPC'));
  expect(full.ends).toEqual([2]);
  expect(full.problems).toEqual(['The output cannot be written (ENOSPC: why, write).']);
});

test('the exit status is that of what came first: of a closed terminal the signal, then its output fails', () => {
  const { of, stderr, ends, end } = ending();
  onEarlyEnd(of, true, end);
  of.emit('SIGHUP');
  stderr.emit('error', failure('EIO'));
  stderr.emit('error', failure('ENOSPC'));
  expect(ends).toEqual([129]);
});

test('a run that is not saved leaves signals to end the process', () => {
  const { of, stdout, ends, end } = ending();
  onEarlyEnd(of, false, end);
  expect(of.eventNames()).toEqual([]);
  stdout.emit('error', failure('EPIPE'));
  expect(ends).toEqual([141]);
});

test('a process whose terminal was closed ends by that signal in the end, and only then', () => {
  const { of, kills } = ending();
  endWithTerminal(of);
  of.emit('exit');
  expect(kills).toEqual([]);
  of.emit('SIGHUP');
  expect(kills).toEqual([]);
  of.emit('exit');
  // Of itself, once nobody listens.
  expect(kills).toEqual([[7, 'SIGHUP', 0]]);
});

test('a program that has nothing to save ends with the status of a reader that went away', () => {
  const { of, stdout, exits } = ending();
  endWithOutput(of);
  stdout.emit('error', failure('EPIPE'));
  stdout.emit('error', failure('EPIPE'));
  expect(exits).toEqual([141]);
});
