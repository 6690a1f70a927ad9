import type { Parsed } from './number-text.ts';

/**
 * How a setting is named in its owner, read from it, and written into a copy of it. `name` is what problems call the
 * control (`depth`, `hierarchies[1].stride`).
 */
export interface Access<Owner, T> {
  name: string;
  get(owner: Owner): T;
  set(owner: Owner, value: T): Owner;
}

/** What every setting tells about itself, whatever its kind. */
export interface Description {
  /** Key in a link: short, letter first, never given to another setting later. */
  key: string;
  label: string;
  /** One paragraph: what it does and what changing it costs. */
  help: string;
  /** Unit of the number, empty where it counts nothing. */
  unit: string;
  /** `hot`: takes effect in a running model. `restart`: the run begins anew. */
  applies: 'hot' | 'restart';
}

/** One setting. Form control, link, validation and documentation are all made from this object. */
interface Setting<Owner, T> extends Access<Owner, T>, Description {
  /** What is wrong with a value of any origin, as `needs ...`; null when it is allowed. */
  check(value: unknown): string | null;
  /** Reads a text of the link grammar, which is also what a form field accepts. */
  parse(text: string): Parsed<T>;
  /** Canonical text: the shortest, made of characters that a link never escapes. `parse` gives the value back. */
  format(value: T): string;
  /** `format` of the owner's value. */
  read(owner: Owner): string;
  /** A copy of the owner with the parsed text in it. */
  write(owner: Owner, text: string): Parsed<Owner>;
  /** A copy of the owner in which a refused value has become the nearest allowed one. */
  repair(owner: Owner): Owner;
  /** The allowed values in words, for a table. */
  allowed: string;
}

export interface NumberField<Owner> extends Setting<Owner, number> {
  kind: 'integer' | 'number';
  min: number;
  max: number;
}

/** A whole number, or null, which has a word of its own (`auto`, `none`). */
export interface OptionalIntegerField<Owner> extends Setting<Owner, number | null> {
  kind: 'optional-integer';
  min: number;
  max: number;
  nullText: string;
}

/** Off (0), a number of rows, or full (null). */
export interface WindowField<Owner> extends Setting<Owner, number | null> {
  kind: 'window';
  min: number;
  max: number;
}

export interface BooleanField<Owner> extends Setting<Owner, boolean> {
  kind: 'boolean';
}

export interface ChoiceField<Owner> extends Setting<Owner, string> {
  kind: 'choice';
  choices: readonly { value: string; label: string }[];
}

export type Field<Owner> =
  | NumberField<Owner>
  | OptionalIntegerField<Owner>
  | WindowField<Owner>
  | BooleanField<Owner>
  | ChoiceField<Owner>;

/** What a kind of field defines; the rest of a setting follows from it. */
export interface Codec<T> {
  parse(text: string): Parsed<T>;
  format(value: T): string;
  /** `needs ...` for a refused value, else null. */
  check(value: unknown): string | null;
  /** The allowed value nearest to one of any origin. */
  nearest(value: unknown): T;
  allowed: string;
}

/** Joins a setting's place, description and text form into one object. */
export function setting<Owner, T>(
  access: Access<Owner, T>,
  description: Description,
  codec: Codec<T>,
): Setting<Owner, T> {
  const parse = (text: string): Parsed<T> => {
    const parsed = codec.parse(text.trim());
    if (!parsed.ok) return parsed;
    const error = codec.check(parsed.value);
    return error === null ? parsed : { ok: false, error };
  };
  return {
    ...access,
    ...description,
    allowed: codec.allowed,
    check: codec.check,
    format: codec.format,
    parse,
    read: (owner) => codec.format(access.get(owner)),
    write: (owner, text) => {
      const parsed = parse(text);
      return parsed.ok ? { ok: true, value: access.set(owner, parsed.value) } : parsed;
    },
    repair: (owner) => access.set(owner, codec.nearest(access.get(owner))),
  };
}
