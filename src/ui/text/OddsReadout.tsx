import { loss } from '../format/quantity.ts';
import { hueOf } from '../hue.ts';
import type { Capture } from '../state/inspection.ts';
import type { Passage } from '../state/loss-reader.ts';
import { AttentionLink } from './AttentionLink.tsx';
import { byteOdds } from './byte-odds.ts';
import type { ByteOdds } from './byte-odds.ts';
import { byteName, spokenByte } from './byte-name.ts';

interface OddsReadoutProps {
  capture: Capture | null;
  passage: Passage;
  /** Place in the passage; null when no byte is looked at. */
  at: number | null;
}

/** Bits below which it cannot be said that a hierarchy helped. */
const LEAST_SAVING = 0.005;

/** What the model made of one byte, and what it held more likely. Takes the same room with and without one. */
export function OddsReadout({ capture, passage, at }: OddsReadoutProps) {
  const odds = capture === null || at === null ? null : byteOdds(capture.inspection, at);
  return (
    <div className="odds">
      {odds === null || at === null ? (
        <p className="hint">{hintOf(capture, at)}</p>
      ) : (
        <>
          <p className="odds-byte">
            <strong>{spokenByte(odds.byte)}</strong> <span className="unit">byte {passage.start + at}</span>
          </p>
          <p className="odds-figures">{figuresOf(odds)}</p>
          <ol className="odds-candidates" aria-label="Likeliest bytes here">
            {odds.candidates.map(({ byte, probability }) => (
              <li key={byte} data-true={byte === odds.byte || undefined} style={{ '--share': String(probability) }}>
                <span className="odds-label">{byteName(byte)}</span>
                <span>{probabilityText(probability)}</span>
              </li>
            ))}
          </ol>
          {odds.helped !== null && <Helped {...odds.helped} />}
          <AttentionLink passage={passage} at={at} />
        </>
      )}
    </div>
  );
}

function Helped({ factor, savedBits }: NonNullable<ByteOdds['helped']>) {
  if (savedBits < LEAST_SAVING) return <p className="odds-helped">No hierarchy made this byte cheaper.</p>;
  return (
    <p className="odds-helped">
      Helped most: <strong style={{ color: hueOf(factor) }}>{factor}×</strong>. Without it{' '}
      <span className="nowrap">{loss(savedBits)} bits more.</span>
    </p>
  );
}

function hintOf(capture: Capture | null, at: number | null): string {
  if (capture === null) return 'The model has not read this passage yet.';
  if (at === null) return 'Point at a byte to see what the model expected there; press it to keep it.';
  return 'This byte is beyond the context: the model did not read it.';
}

function figuresOf({ bits, probability, rank }: ByteOdds): string {
  if (rank === null) return 'Nothing stands before it, so nothing predicts it.';
  return `${loss(bits)} bits · ${probabilityText(probability)} · rank ${rank} of 256`;
}

/** `42 %`, `3.1 %`, `0.02 %`, `< 0.01 %`. */
function probabilityText(probability: number): string {
  const percent = 100 * probability;
  if (percent < 0.01) return '< 0.01 %';
  return `${percent.toFixed(percent < 0.1 ? 2 : percent < 10 ? 1 : 0)} %`;
}
