/** A part of the page that did not come. */
export class LoadError extends Error {
  /** Has it asked for once more the next time that it is needed. */
  readonly forget: () => void;

  constructor(forget: () => void, options: ErrorOptions) {
    super('given no answer, needs the file of this part', options);
    this.forget = forget;
  }
}

/** Most browsers say which file did not come, and answer for that address from memory from then on. */
const ADDRESS = /https?:\S+\.js/;

/** All parts that were declared so far. */
const parts: (() => Promise<unknown>)[] = [];

/** Loads all parts, so that they are there without a network and after an update. What does not come is asked for when it is needed. */
export function loadAhead(): void {
  for (const part of parts) {
    part().catch((error: unknown) => {
      if (error instanceof LoadError) error.forget();
    });
  }
}

/**
 * Gives a promise of a part of the page, the same each time, for `use`: rejected with a LoadError if it did not come. What
 * failed is asked for under an address that the browser does not know yet.
 */
export function loadOnce<Module>(load: () => Promise<Module>): () => Promise<Module> {
  let promise: Promise<Module> | null = null;
  let attempts = 0;
  const forget = (): void => void (promise = null);
  const attempt = async (): Promise<Module> => {
    attempts++;
    try {
      return await load().catch((error: unknown) => {
        const address = ADDRESS.exec(String(error));
        if (address === null) throw error;
        return import(/* @vite-ignore */ `${address[0]}?${attempts}`) as Promise<Module>;
      });
    } catch (cause) {
      throw new LoadError(forget, { cause });
    }
  };
  const part = () => (promise ??= attempt());
  parts.push(part);
  return part;
}
