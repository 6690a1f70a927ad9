// binary16 of IEEE 754: 1 bit of sign, 5 of exponent, 10 of fraction. Node has no Float16Array yet.

const FRACTION = 2 ** 10;
/** Distance of neighbours where numbers are smallest. */
const LEAST = 2 ** -24;
/** From here on the nearest number is infinity. */
const OVERFLOW = 65_520;

/** The bits of the nearest f16 of each number, of two that are equally near the even one. */
export function halvesOf(values: ArrayLike<number>): Uint16Array<ArrayBuffer> {
  return Uint16Array.from(values, bitsOf);
}

/** The numbers of f16 bits. */
export function floatsOf(bits: Uint16Array): Float32Array<ArrayBuffer> {
  return Float32Array.from(bits, valueOf);
}

function bitsOf(value: number): number {
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const size = Math.abs(value);
  if (Number.isNaN(value)) return 0x7e00;
  if (size >= OVERFLOW) return sign | 0x7c00;
  // A fraction that is rounded up to the next power of two carries into the exponent, as it should.
  const exponent = Math.max(-14, size === 0 ? -14 : Math.floor(Math.log2(size)));
  const steps = roundToEven(size / (LEAST * 2 ** (exponent + 14)));
  return sign | (exponent === -14 ? steps : (exponent + 14) * FRACTION + steps);
}

function roundToEven(value: number): number {
  const low = Math.floor(value);
  const rest = value - low;
  return rest < 0.5 || (rest === 0.5 && low % 2 === 0) ? low : low + 1;
}

function valueOf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits % FRACTION;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  if (exponent === 0) return sign * fraction * LEAST;
  return sign * (FRACTION + fraction) * LEAST * 2 ** (exponent - 1);
}
