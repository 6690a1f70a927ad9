/** A command line that is not understood; the message names the option and says what would be right. */
export class UsageError extends Error {
  override name = 'UsageError';
}
