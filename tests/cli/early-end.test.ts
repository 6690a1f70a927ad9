import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import { onClosedOutput, onSignal, type EndingProcess } from '../../src/cli/train/early-end.ts';

function ending() {
  const process = new EventEmitter();
  const [stdout, stderr] = [new EventEmitter(), new EventEmitter()];
  const exits: number[] = [];
  const ends: number[] = [];
  const of = Object.assign(process, { stdout, stderr, exit: (status: number) => exits.push(status) }) as EventEmitter &
    EndingProcess;
  return { of, stdout, stderr, exits, ends, end: (status: number) => ends.push(status) };
}

test.each([
  ['SIGHUP', 129],
  ['SIGINT', 130],
  ['SIGTERM', 143],
])('%s ends a run and is told by the exit status %i', (signal, status) => {
  const { of, ends, exits, end } = ending();
  onSignal(of, end);
  of.emit(signal);
  expect({ ends, exits }).toEqual({ ends: [status], exits: [] });
});

test('Ctrl-C that npm passes on as well counts once, and a later one ends the process', () => {
  let time = 5000;
  const { of, ends, exits, end } = ending();
  onSignal(of, end, () => time);
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
  onSignal(of, end, () => time);
  of.emit('SIGINT');
  time += 3000;
  of.emit('SIGHUP');
  expect({ ends, exits }).toEqual({ ends: [130], exits: [] });
});

test('an output that nobody reads ends a run once, however much is still printed', () => {
  const { of, stdout, stderr, ends, end } = ending();
  onClosedOutput(of, end);
  stdout.emit('error', new Error('EPIPE'));
  stdout.emit('error', new Error('EPIPE'));
  stderr.emit('error', new Error('EIO'));
  expect(ends).toEqual([141]);
});
