import { channelsOf, type Tensor } from '../tensor/tensor.ts';

/** Sequences side by side, as the arguments of `concat` describe them. */
export interface Joined {
  parts: readonly Tensor[];
  strides: readonly number[];
  length: number;
}

/** As many parts as a dispatch has bindings for. */
const GROUP = 4;

interface Group {
  /** part_0 .. part_3 */
  parts: Record<string, Tensor>;
  /** Those Params of the kernels that say where the parts lie. */
  geometry: Record<string, number>;
}

/** The parts in groups of four or fewer, in order. */
export function groupsOf(joined: Joined): Group[] {
  const groups: Group[] = [];
  for (let start = 0; start < joined.parts.length; start += GROUP) groups.push(groupOf(joined, start, GROUP));
  return groups;
}

/** Each part alone, since each has a gradient of its own. */
export function singlesOf(joined: Joined): { part: Tensor; geometry: Group['geometry'] }[] {
  return joined.parts.map((part, i) => ({ part, geometry: groupOf(joined, i, 1).geometry }));
}

function groupOf({ parts, strides, length }: Joined, start: number, most: number): Group {
  const group: Group = {
    parts: {},
    geometry: {
      batch: parts[0].shape[0],
      length,
      channels: totalChannels(parts),
      first_channel: totalChannels(parts.slice(0, start)),
    },
  };
  for (let slot = 0; slot < GROUP; slot++) {
    // A binding needs a buffer also where there is no part for it.
    const i = slot < most && start + slot < parts.length ? start + slot : start;
    group.parts[`part_${slot}`] = parts[i];
    group.geometry[`end_${slot}`] = totalChannels(parts.slice(start, start + Math.min(most, slot + 1)));
    group.geometry[`length_${slot}`] = parts[i].shape[1];
    group.geometry[`stride_${slot}`] = strides[i];
  }
  return group;
}

/** Channels of all parts together. */
export function totalChannels(parts: readonly Tensor[]): number {
  return parts.reduce((sum, part) => sum + channelsOf(part.shape), 0);
}
