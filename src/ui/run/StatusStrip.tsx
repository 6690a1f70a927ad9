import { useStore } from 'zustand';
import { tokensPerStep } from '../../config/costs.ts';
import { useEstimate } from '../form/use-estimate.ts';
import { bytes, compact, exact } from '../format/quantity.ts';
import { useConfig, useCurves, useRun, useSession } from '../session.ts';
import { isActive } from '../state/run-state.ts';
import type { AdapterState, RunPhase } from '../state/run-state.ts';
import { canStayAwake, useWakeLock } from './use-wake-lock.ts';

/** The GPU, and what it is doing. */
export function StatusStrip() {
  const adapter = useRun((state) => state.adapter);
  const phase = useRun((state) => state.phase);
  const model = useRun((state) => state.model);
  const { metrics } = useCurves();
  const running = phase.name === 'training';
  const recorded = useRun((state) => state.recorded !== null);
  const rate = recorded ? null : metrics.stepsPerSecond;
  const tokens = useRun((state) => state.config && tokensPerStep(state.config));
  const steps = useConfig((state) => state.config.training.steps);
  const estimate = useEstimate();
  return (
    <div className="status-strip">
      <span className="gpu-chip" data-adapter={adapterTone(adapter, phase)}>
        <span className="dot" aria-hidden="true" />
        <span className="gpu-name">{adapterName(adapter)}</span>
        <span className="gpu-state">{adapterText(adapter, phase)}</span>
      </span>
      {phase.name === 'idle' && estimate !== null && (
        <Figure label={`${exact(steps)} steps here`} value={estimate.time + estimate.without} live={false} />
      )}
      {tokens !== null && (
        <>
          <Figure label="speed" title="of training alone" value={rate === null ? '–' : stepRate(rate)} live={running} />
          <Figure label="throughput" value={rate === null ? '–' : `${bytes(rate * tokens)}/s`} live={running} />
        </>
      )}
      {model !== null && (
        <>
          {rate !== null && (
            <Figure label="arithmetic" value={`${compact(rate * model.flopsPerStep)}FLOP/s`} live={running} fine />
          )}
          <Figure label="on the GPU" value={bytes(model.engineBytes)} live fine />
          <Figure label="a step" value={`${model.dispatches} dispatches, ${model.pipelines} shaders`} live fine />
        </>
      )}
      {isActive(phase) && canStayAwake && <StayAwake training={running} />}
    </div>
  );
}

/** A long run on a phone or a laptop ends where the screen goes dark. */
function StayAwake({ training }: { training: boolean }) {
  const { shell } = useSession();
  const stayAwake = useStore(shell, (state) => state.stayAwake);
  useWakeLock(stayAwake && training);
  return (
    <label className="stay-awake">
      <input
        type="checkbox"
        checked={stayAwake}
        onChange={({ target }) => shell.setState({ stayAwake: target.checked })}
      />
      keep the screen on
    </label>
  );
}

function stepRate(rate: number): string {
  return rate < 1 ? `${twoDigits(1 / rate)} s a step` : `${twoDigits(rate)} steps/s`;
}

function twoDigits(value: number): string {
  return value.toFixed(value < 10 ? 1 : 0);
}

interface FigureProps {
  label: string;
  value: string;
  title?: string;
  /** Whether it is true at this moment. */
  live: boolean;
  /** Left out where there is little room. */
  fine?: boolean;
}

function Figure({ label, value, title, live, fine }: FigureProps) {
  return (
    <span className="figure" title={title} data-live={live} data-weight={fine ? 'fine' : undefined}>
      <span className="figure-label">{label}</span> <span className="figure-value">{value}</span>
    </span>
  );
}

function adapterName(adapter: AdapterState): string {
  if (adapter.state !== 'ready') return 'GPU';
  const { description, vendor, architecture } = adapter.info;
  return description || [vendor, architecture].filter(Boolean).join(' ') || 'GPU';
}

function adapterText(adapter: AdapterState, phase: RunPhase): string {
  if (phase.name === 'lost') return 'lost';
  switch (adapter.state) {
    case 'unknown':
      return 'not loaded';
    case 'probing':
      return 'looking for an adapter…';
    case 'none':
      return 'no WebGPU';
    case 'no-adapter':
      return 'no adapter';
    case 'no-device':
      return 'not usable';
    case 'ready':
      return adapter.info.software ? 'software adapter' : 'ready';
  }
}

function adapterTone(adapter: AdapterState, phase: RunPhase): 'wait' | 'ok' | 'warn' | 'bad' {
  if (phase.name === 'lost') return 'bad';
  if (adapter.state === 'probing') return 'wait';
  if (adapter.state !== 'ready') return 'bad';
  return adapter.info.software ? 'warn' : 'ok';
}
