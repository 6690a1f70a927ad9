const POLL_MS = 1;

/** Where Dawn looks for the function that runs it again. */
type Scope = Pick<typeof globalThis, 'setImmediate' | 'setTimeout'>;

/** Whether `callback` is compiled code, as Dawn's are, and not script. */
function isNative(callback: unknown): boolean {
  return typeof callback === 'function' && Function.prototype.toString.call(callback).includes('[native code]');
}

/**
 * Lets the process sleep while Dawn waits. For as long as any promise of a device is open, Dawn looks for finished work at every
 * turn of the event loop, by `setImmediate`, and keeps a processor busy with that. Where kernels run on the processors
 * they lose it: on two cores a step takes up to twice the time. After this Dawn looks once a millisecond; what scripts hand to
 * `setImmediate` is left as it is.
 */
export function pollByTimer(scope: Scope = globalThis): void {
  const { setTimeout } = scope;
  scope.setImmediate = new Proxy(scope.setImmediate, {
    apply: (immediate, receiver, [callback, ...args]: Parameters<typeof setImmediate>) =>
      isNative(callback)
        ? setTimeout(callback, POLL_MS, ...args)
        : Reflect.apply(immediate, receiver, [callback, ...args]),
  });
}
