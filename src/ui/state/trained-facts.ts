/** What the model is that comes with the page, said before its file is fetched; a test compares it with the file. */
export const TRAINED = {
  /** Beside the page. */
  file: 'trained.safetensors',
  model: 'quick',
  steps: 1200,
  text: 'Moby Dick',
  bytes: 2_530_000,
} as const;
