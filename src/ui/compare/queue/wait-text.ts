import type { QueueWait } from '../../state/run-queue.ts';

/** What the next run waits for, as a sentence or two about the present one. */
export function waitText(wait: QueueWait, present: string): string {
  switch (wait.why) {
    case 'training':
      return `The next begins once ${present} is through.`;
    case 'paused':
      return `The next begins once ${present} is through, which is paused.`;
    case 'measuring':
      return `${present} is through and is measured on the test part. Then the next begins.`;
    case 'keeping':
      return `${present} is through and is being kept. Then the next begins.`;
    case 'diverged':
      return `The next does not begin by itself: ${present} has diverged.`;
    case 'failed':
      return `The next does not begin by itself: ${present} has failed.`;
    case 'lost':
      return `The next does not begin by itself: ${present} has lost the GPU.`;
    case 'opened':
      return `The next does not begin by itself, so that ${present} stays as it was opened.`;
    case 'no run':
      return 'The next does not begin by itself while there is no run.';
    case 'blocked':
      return `The next cannot begin. ${wait.reason}`;
  }
}

/** Whether somebody may say that the next is to begin in spite of that. */
export function canGoOn({ why }: QueueWait): boolean {
  return (
    why === 'keeping' ||
    why === 'diverged' ||
    why === 'failed' ||
    why === 'lost' ||
    why === 'opened' ||
    why === 'no run'
  );
}
