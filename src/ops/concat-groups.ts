import { channelsOf, type Tensor } from '../tensor/tensor.ts';

interface Joined {
  parts: readonly Tensor[];
  strides: readonly number[];
  length: number;
}

/** As many parts as a dispatch has bindings for. */
const GROUP = 4;

/** Parts that one dispatch of `concat.wgsl` takes: their bindings, and all of its Params. */
export interface PartGroup {
  parts: Record<`part_${number}`, Tensor>;
  params: Record<string, number>;
}

/** Parts in groups of `most` or fewer, in order. */
export function groupsOf({ parts, strides, length }: Joined, most = GROUP): PartGroup[] {
  const channels = parts.reduce((sum, part) => sum + channelsOf(part.shape), 0);
  const groups: PartGroup[] = [];
  let firstChannel = 0;
  for (let start = 0; start < parts.length; start += most) {
    const [batch] = parts[0].shape;
    const group: PartGroup = {
      parts: {},
      params: {
        batch,
        length,
        channels,
        first_channel: firstChannel,
        lanes: 1,
        rows_per_block: 1,
        accumulate: 0,
        finish: 0,
      },
    };
    let end = 0;
    for (let slot = 0; slot < GROUP; slot++) {
      const isThere = slot < most && start + slot < parts.length;
      // A binding needs a buffer also where there is no part for it.
      const i = isThere ? start + slot : start;
      if (isThere) end += channelsOf(parts[i].shape);
      group.parts[`part_${slot}`] = parts[i];
      group.params[`end_${slot}`] = end;
      group.params[`length_${slot}`] = parts[i].shape[1];
      group.params[`stride_${slot}`] = strides[i];
    }
    firstChannel += end;
    groups.push(group);
  }
  return groups;
}
