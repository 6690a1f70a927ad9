const EVERY_MS = 10 * 60 * 1000;
const LOOK_MS = 5000;

/**
 * Calls `save` every ten minutes; later where losses are high just then: what was saved before they
 * have blown up is not overwritten.
 *
 * @returns ends that
 */
export function saveRegularly(run: { readonly goesWell: boolean }, save: () => void): () => void {
  let due = Date.now() + EVERY_MS;
  const look = (): void => {
    if (Date.now() < due || !run.goesWell) return;
    due = Date.now() + EVERY_MS;
    save();
  };
  const timer = setInterval(look, LOOK_MS).unref();
  return () => clearInterval(timer);
}
