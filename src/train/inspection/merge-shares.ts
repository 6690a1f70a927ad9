/**
 * What each hierarchy puts into a merge, as shares of 1: from norms [rows, hierarchies], the first `positions` rows. A row
 * into which nothing is put has shares of 0.
 */
export function mergeShares(norms: Float32Array, hierarchies: number, positions: number): Float32Array {
  const shares = norms.slice(0, positions * hierarchies);
  for (let row = 0; row < shares.length; row += hierarchies) {
    let sum = 0;
    for (let i = 0; i < hierarchies; i++) sum += shares[row + i];
    for (let i = 0; i < hierarchies; i++) shares[row + i] = sum > 0 ? shares[row + i] / sum : 0;
  }
  return shares;
}
