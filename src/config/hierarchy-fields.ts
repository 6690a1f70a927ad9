import type { Access, Field } from './field.ts';
import { attentionWindow, decimal, integer } from './field-kinds.ts';
import type { HierarchyConfig } from './types.ts';

/** Most hierarchies that one model may have. */
export const MAX_HIERARCHIES = 8;

/** Longest context in bytes, and so the widest window. */
export const MAX_CONTEXT = 65536;

function of<K extends keyof HierarchyConfig>(name: K): Access<HierarchyConfig, HierarchyConfig[K]> {
  return { name, get: (owner) => owner[name], set: (owner, value) => ({ ...owner, [name]: value }) };
}

/** First field of a hierarchy in a link, where it stands without a letter. */
export const factorField = integer(
  of('factor'),
  { min: 1, max: 1024 },
  {
    key: 'h',
    label: 'Factor',
    help:
      'Compression: one token of this hierarchy stands for this many bytes. Factor 1 is a plain byte stream. ' +
      'Parameters of the compressor grow in proportion to it. A power of two, different for every hierarchy.',
    unit: '×',
    applies: 'restart',
  },
);

/** What a hierarchy states after its factor, in the order in which a link writes it. */
export const hierarchyFields: readonly Field<HierarchyConfig>[] = [
  integer(
    of('stride'),
    { min: 1, max: 1024 },
    {
      key: 's',
      label: 'Stride',
      help:
        'Distance in bytes between neighbouring tokens, a power of two up to the factor. At 1 there is a token for every ' +
        'byte; a stride of s leaves one token in s and divides the cost of this hierarchy by s, but bytes then see ' +
        'tokens that are up to s-1 bytes old.',
      unit: 'bytes',
      applies: 'restart',
    },
  ),
  integer(
    of('dim'),
    { min: 1, max: 8192 },
    {
      key: 'd',
      label: 'Width',
      help:
        'Channels of the token stream. Projections and feed-forward cost grows with its square; the widest hierarchy ' +
        'also sets the width of the byte embedding and with it the cost of every compressor.',
      unit: 'channels',
      applies: 'restart',
    },
  ),
  integer(
    of('heads'),
    { min: 1, max: 128 },
    {
      key: 'n',
      label: 'Heads',
      help: 'Attention heads of every layer. Attention cost and parameters grow in proportion to heads times head width.',
      unit: 'heads',
      applies: 'restart',
    },
  ),
  integer(
    of('dimHead'),
    { min: 2, max: 128 },
    {
      key: 'e',
      label: 'Head width',
      help:
        'Channels of one attention head, an even number because rotary embeddings turn pairs of channels. Attention cost ' +
        'and parameters grow in proportion to it.',
      unit: 'channels',
      applies: 'restart',
    },
  ),
  // No exponent: a minus sign would end the field in a link. Numbers from 0.01 up never need one.
  decimal(
    of('ffMult'),
    { min: 0.01, max: 32 },
    {
      key: 'f',
      label: 'Feed-forward multiple',
      help:
        'The hidden layer of the feed-forward network is this many times as wide as the stream (rounded down); fractions ' +
        'are allowed. Feed-forward cost and parameters grow in proportion to it.',
      unit: '× width',
      applies: 'restart',
    },
    String,
  ),
  attentionWindow(of('window'), MAX_CONTEXT, {
    key: 'w',
    label: 'Window',
    help:
      'How many earlier tokens attention sees besides the current one: off (0) leaves attention out of the layer, a ' +
      'number costs that many keys for each token, full (f) costs time that grows with the square of the context. ' +
      'Local and full attention also differ in their norm and in the decay with distance.',
    unit: 'tokens',
    applies: 'restart',
  }),
];
