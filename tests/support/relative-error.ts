/** The measure of the parity files: relative to the largest magnitude that is expected. */
export { relativeDeviation as relativeError } from '../../src/cli/parity/report.ts';
