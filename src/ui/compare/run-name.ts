import { encodeQuery } from '../../config/codec/encode.ts';
import type { RunConfig } from '../../config/types.ts';

const FIRST =
  'amber ashen autumn azure bold brave brisk bronze calm clear cobalt copper coral crisp dapper dusky eager early ' +
  'fabled fair fleet frosty gentle gilded golden grand hazel hidden humble icy indigo ivory jade jolly keen lively ' +
  'lucid lunar mellow merry misty modest noble olive opal pale patient plucky proud quiet rapid rosy rustic sable ' +
  'sandy scarlet silent silver sleek solar spry steady stormy sunny swift tawny tidal velvet vivid warm wild windy';
const SECOND =
  'acorn alder aspen badger beacon birch bison brook canyon cedar comet condor coral crane creek delta dune eagle ' +
  'ember falcon fern finch fjord fox garnet glacier grove harbor hare harrier heron hollow ibex island jackdaw kestrel ' +
  'lagoon lantern lark laurel linden lynx magpie maple marten meadow meteor nutmeg oak orchid osprey otter owl pebble ' +
  'pine plover poppy puffin quartz raven reef ridge robin sparrow spruce summit swallow thistle tundra walrus willow';

const firstWords = FIRST.split(' ');
const secondWords = SECOND.split(' ');

/** FNV-1a with a final mix: near configurations, whose links differ in one digit, get names that are far apart. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return (value ^ (value >>> 16)) >>> 0;
}

/** `brisk otter`: two words that follow from the configuration with its seed, the same on every visit. */
export function runName(config: RunConfig): string {
  const number = hash(encodeQuery(config, 'quick'));
  const first = firstWords[number % firstWords.length];
  const second = secondWords[Math.floor(number / firstWords.length) % secondWords.length];
  return `${first} ${second}`;
}

/** The name, or if it is taken, the name with the first free number after it. */
export function freeName(name: string, taken: readonly string[]): string {
  if (!taken.includes(name)) return name;
  let number = 2;
  while (taken.includes(`${name} ${number}`)) number++;
  return `${name} ${number}`;
}
