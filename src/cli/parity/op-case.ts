import type { StoredTensor } from '../../protocol/safetensors.ts';
import { compare, failure, numbers, TOLERANCES, type Check, type Values } from './report.ts';

/** One case of an op file: its attributes, its tensors (`CASE/...`), and what became of the comparisons. */
export class OpCase {
  readonly name: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly checks: Check[] = [];
  private readonly tensors: ReadonlyMap<string, StoredTensor>;
  private readonly used = new Set<string>();

  constructor(name: string, attributes: Readonly<Record<string, unknown>>, tensors: ReadonlyMap<string, StoredTensor>) {
    this.name = name;
    this.attributes = attributes;
    const prefix = `${name}/`;
    const own = [...tensors].filter(([key]) => key.startsWith(prefix));
    this.tensors = new Map(own.map(([key, tensor]) => [key.slice(prefix.length), tensor]));
  }

  has(key: string): boolean {
    return this.tensors.has(key);
  }

  shape(key: string): number[] {
    return this.find(key).shape;
  }

  floats(key: string): Float32Array<ArrayBuffer> {
    return Float32Array.from(numbers(this.find(key)));
  }

  /** Whole numbers as u32, negative ones modulo 2^32, where they are no class. */
  ids(key: string): Uint32Array<ArrayBuffer> {
    return Uint32Array.from(numbers(this.find(key)));
  }

  /** The only number of a tensor. */
  scalar(key: string): number {
    const { shape } = this.find(key);
    const values = this.floats(key);
    if (values.length !== 1) throw new Error(`${key}: given [${shape.join(', ')}], needs one number`);
    return values[0];
  }

  /** An attribute that is a number. */
  number(attribute: string, otherwise?: number): number {
    const value = this.attributes[attribute] ?? otherwise;
    if (typeof value !== 'number') throw new Error(`${attribute}: given ${JSON.stringify(value)}, needs a number`);
    return value;
  }

  /** Throws unless the attribute is what the engine has built in, or is not given. */
  expectBuiltIn(attribute: string, value: unknown): void {
    const given = this.attributes[attribute] ?? value;
    if (given !== value) {
      throw new Error(
        `${attribute}: given ${JSON.stringify(given)}, needs ${JSON.stringify(value)}, as the engine has it`,
      );
    }
  }

  /** Compares a result with the tensor of this name. */
  forward(key: string, actual: Values): void {
    this.compare('forward', key, actual, TOLERANCES.forward);
  }

  /** `scale`: what the gradient is measured by where its own magnitude is smaller, because it is rounding alone. */
  gradient(key: string, actual: Values, scale = 0): void {
    this.compare('gradients', key, actual, TOLERANCES.gradients, scale);
  }

  exact(key: string, actual: Values): void {
    this.compare('exact', key, actual, TOLERANCES.exact);
  }

  compare(group: string, key: string, actual: Values, tolerance: number, scale = 0): void {
    this.checks.push(compare(group, `${this.name}/${key}`, actual, this.find(key), tolerance, scale));
  }

  /** A comparison with something that is no tensor of the file. */
  check(group: string, what: string, deviation: number, tolerance: number): void {
    this.checks.push({ group, what: `${this.name}/${what}`, deviation, tolerance });
  }

  fail(error: string): void {
    this.checks.push(failure('case', this.name, error));
  }

  /** For a case that no rule of its family fits. */
  unknown(known: string): Error {
    const named = Object.keys(this.attributes).filter((key) => key !== 'case' && key !== 'note');
    return new Error(
      `unknown kind of case, with tensors ${[...this.tensors.keys()].join(', ') || 'none'} ` +
        `and attributes ${named.join(', ') || 'none'}; known are ${known}`,
    );
  }

  /** Names of tensors that nothing has asked for. */
  unused(): string[] {
    return [...this.tensors.keys()].filter((key) => !this.used.has(key));
  }

  private find(key: string): StoredTensor {
    const tensor = this.tensors.get(key);
    if (!tensor) throw new Error(`the file has no tensor "${this.name}/${key}"`);
    this.used.add(key);
    return tensor;
  }
}

/** (..., a, b) as (..., b, a): channels and positions change places. */
export function swapLast(values: ArrayLike<number>, shape: readonly number[]): Float32Array<ArrayBuffer> {
  const [rows, columns] = shape.slice(-2);
  const swapped = new Float32Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const inner = i % (rows * columns);
    swapped[i - inner + (inner % columns) * rows + Math.floor(inner / columns)] = values[i];
  }
  return swapped;
}

/** Largest magnitude of a list. */
export function largest(values: ArrayLike<number>): number {
  let most = 0;
  for (let i = 0; i < values.length; i++) most = Math.max(most, Math.abs(values[i]));
  return most;
}
