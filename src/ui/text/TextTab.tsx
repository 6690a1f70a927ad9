import { useRun } from '../session.ts';
import { canAnswer } from '../state/inspection.ts';
import { LossPanel } from './LossPanel.tsx';
import { NoModel } from './NoModel.tsx';
import { WritePanel } from './WritePanel.tsx';

/** What the model writes, and what each byte of a text costs it. */
export function TextTab() {
  const answers = useRun((state) => canAnswer(state.phase));
  if (!answers) return <NoModel />;
  return (
    <div className="text-tab">
      <WritePanel />
      <LossPanel />
    </div>
  );
}
