/** In each dimension of a dispatch, on every adapter. */
export const MAX_WORKGROUPS = 65_535;

/**
 * Workgroup counts for `count` items, `perGroup` items each, spread over x and then y, since no dimension may exceed
 * 65,535. A kernel finds its group with `workgroup_id.x + workgroup_id.y * num_workgroups.x` and checks the end.
 */
export function grid(count: number, perGroup: number): readonly [number, number, number] {
  const groups = Math.max(1, Math.ceil(count / perGroup));
  if (groups <= MAX_WORKGROUPS) return [groups, 1, 1];
  const y = Math.ceil(groups / MAX_WORKGROUPS);
  return [Math.ceil(groups / y), y, 1];
}
