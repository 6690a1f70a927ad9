const EVERY_MS = 10 * 60 * 1000;
const LOOK_MS = 5000;

/**
 * Calls `save` every ten minutes while the process lives; later where losses are high just then: what was saved before they
 * have blown up is not overwritten.
 */
export function saveRegularly(run: { readonly goesWell: boolean }, save: () => void): void {
  let due = Date.now() + EVERY_MS;
  const look = (): void => {
    if (Date.now() < due || !run.goesWell) return;
    due = Date.now() + EVERY_MS;
    save();
  };
  setInterval(look, LOOK_MS).unref();
}
