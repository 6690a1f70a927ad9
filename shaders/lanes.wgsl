// Which block of a workgroup's tile a lane has: x = down, y = across. Neighbours that differ in bit 0 share a row of blocks, in bit 1 a
// column: then NVIDIA's processors (7.0 on) need two cycles for a vector of four from workgroup memory instead of four.
// https://forums.developer.nvidia.com/t/unexpected-shared-memory-bank-conflict/77228/2
// Products by tiles and attention by tiles have it put in the place of their own; a workgroup is LANES_N lanes wide there.

const LANES_N: u32 = 8u;

fn own_block(lane: u32) -> vec2u {
  return vec2u(lane / 2u % 2u + lane / (2u * LANES_N) * 2u, lane % 2u + lane / 4u % (LANES_N / 2u) * 2u);
}
