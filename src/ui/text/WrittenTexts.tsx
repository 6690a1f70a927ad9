import { useRun } from '../session.ts';
import { isUnderWay } from '../state/text.ts';
import type { Writing } from '../state/text.ts';
import { WrittenText } from './WrittenText.tsx';
import { endOf, wentOn, writersOf } from './written.ts';

/** What was asked for last: a text, or several below one another that differ in who wrote them. */
export function WrittenTexts({ writings }: { writings: readonly Writing[] }) {
  const runId = useRun((state) => state.runId);
  const isOfThisRun = writings[0].runId === runId;
  return (
    <div className="written">
      {writings.length === 1 ? (
        <WrittenText writing={writings[0]} hasToggle />
      ) : (
        <ol className="written-texts">
          {writings.map((writing, at) => (
            <li key={writing.requestId}>
              <WrittenText writing={writing} hasToggle={at === 0} />
            </li>
          ))}
        </ol>
      )}
      <p className="hint">
        {isOfThisRun
          ? `Press a byte to see what ${reader(writings)} expects in its place.`
          : 'An earlier run wrote this; pressing a byte asks the present one.'}
      </p>
      {wentOn(writings) && (
        <p className="hint">
          {writings.length === 1
            ? 'Training went on while this was written, each byte by the model of its time. While it is paused, a seed gives the same text again.'
            : 'Training went on while these were written, so that they differ by that, too. Pause it to compare one model.'}
        </p>
      )}
      <p className="visually-hidden" role="status">
        {spokenStatus(writings)}
      </p>
    </div>
  );
}

/** Who says what a byte was expected to be: always the whole model. */
function reader(writings: readonly Writing[]): string {
  const withAll = writings.some(({ without }) => without !== null) ? ' with all hierarchies' : '';
  return `the model, as it is now${withAll},`;
}

function spokenStatus(writings: readonly Writing[]): string {
  const current = writings.find(isUnderWay);
  if (current) return current.hadChoice ? `Writing, ${writersOf(current)}.` : 'Writing.';
  const last = writings.at(-1)!;
  if (writings.length > 1) return `${writings.length} texts written, ${endOf(last)}.`;
  return `${last.bytes.length} bytes written, ${endOf(last)}.`;
}
