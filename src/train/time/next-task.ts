/**
 * Lets the event loop serve what has arrived (commands, mapped buffers) and goes on at once after it. A message port
 * does it the same in a worker and in Node, where timers would be clamped or too late.
 */
export function makeTaskYielder(): { next: () => Promise<void>; close: () => void } {
  const { port1, port2 } = new MessageChannel();
  let resume: (() => void) | null = null;
  port1.addEventListener('message', () => resume?.());
  port1.start();
  return {
    next: () =>
      new Promise((resolve) => {
        resume = resolve;
        port2.postMessage(0);
      }),
    close: () => port1.close(),
  };
}
