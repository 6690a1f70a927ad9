import { decodeCurve } from '../../config/codec/curve-text.ts';
import { decodeQuery } from '../../config/codec/decode.ts';
import { metricsOf } from '../state/run-curve.ts';
import type { RunRecord } from '../state/runs.ts';

/**
 * The link, with its curve, of a plain transformer that was trained beside the recorded run: the same text, seed, batch and
 * number of steps, and as much work a step. Its time is left out, for it was another machine's. Whoever records anew trains
 * the flat baseline of that as well and puts its link, as Share makes it, here.
 */
export const OPPONENT_LINK =
  'v=1&p=quick&h=1-d144-n5-f4-wf&st=300&r=Y9RhZACD_2jAQ2Wih9JEF6VOF6FOFSHPJQxowGCp_Epu1sv5kpyrN_PfNX640HO579GJmZsZkhed9Nncr611XtBeoSt2c3egpJh_rPREFT4DBV5LWXVGY24pxkwpdmHnaEVWaTFDNV8LVw4t2VwXKUZtc1NDBmZW1kQDPzFdXX5jaxGjqco9lozC0iKs6Yy8RiHSGlIi-ar2lg7GYVwOy2Mnts9Wl128ejlrfWKlbmCs03JLV-7lAt6S8sKBfnvDdoswiGc2sgjxsnMzMbMwMTMwMjCie4LmIFyEg5mJkRFkMR7LAQ';

/** The flat run that the recorded one is compared with; null where the browser cannot unpack its curve. */
export async function loadOpponent(): Promise<RunRecord | null> {
  const { config, preset, curve: text } = decodeQuery(OPPONENT_LINK);
  const curve = text === undefined ? 'is missing' : await decodeCurve(text);
  if (typeof curve === 'string') return null;
  const metrics = metricsOf(curve, config);
  return {
    id: -3,
    origin: 'link',
    name: 'Flat, recorded',
    preset,
    config,
    text: null,
    metrics,
    model: null,
    pin: null,
  };
}
