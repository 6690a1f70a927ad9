import { encodeQuery } from '../../config/codec/encode.ts';
import type { Fix } from '../../config/problems.ts';
import type { Session } from '../session.ts';
import { editConfig } from '../state/config-store.ts';
import { withEdits } from '../state/live-changes.ts';
import { goToBlocker, startOver } from './start-over.ts';

/** Trains the run on the screen anew with a remedy. The form has it as well unless it describes another run by now. */
export function trainAgain(
  session: Pick<Session, 'config' | 'run' | 'controller' | 'shell' | 'view'>,
  { apply }: Pick<Fix, 'apply'>,
): void {
  const form = session.config.getState();
  const { config: running, preset, begunWith: weights } = session.run.getState();
  const edited = running === null ? form.config : withEdits(running, form);
  if (encodeQuery(edited) === encodeQuery(form.config) && form.weights?.file === weights?.file) {
    editConfig(session.config, apply);
    startOver(session);
  } else goToBlocker(session, session.controller.trainBeside({ config: apply(edited), preset, weights }));
}
