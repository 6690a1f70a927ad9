import { Segmented } from '../form/Segmented.tsx';
import { hueOf } from '../hue.ts';
import type { Bounds, MapView, Position } from './position.ts';

interface PositionControlsProps {
  bounds: Bounds;
  position: Position;
  onGo(change: Partial<Position>): void;
}

/** More choices than this are a list. */
const MOST_SEGMENTS = 8;

const VIEWS: readonly { value: MapView; label: string }[] = [
  { value: 'dist', label: 'Distance' },
  { value: 'abs', label: 'Absolute' },
];

/** Layer, hierarchy, head, view and mask. Every one has a key as well. */
export function PositionControls({ bounds, position, onGo }: PositionControlsProps) {
  const layers = Array.from({ length: bounds.layers }, (_, at) => ({ value: String(at), label: String(at + 1) }));
  const hierarchies = bounds.hierarchies.map(({ factor }, at) => ({
    value: String(at),
    label: `${factor}×`,
    color: hueOf(factor),
  }));
  const { heads } = bounds.hierarchies[position.hierarchy];
  // One head is its own average, whatever the heads of other hierarchies are drawn as.
  const isAlone = heads === 1;
  const headOptions = [
    ...(isAlone
      ? []
      : [
          { value: 'avg', label: 'average' },
          { value: 'max', label: 'max' },
        ]),
    ...Array.from({ length: heads }, (_, at) => ({ value: String(at), label: String(at + 1) })),
  ];
  const toHead = (value: string): Position['head'] => (value === 'avg' || value === 'max' ? value : Number(value));
  return (
    <div className="position-controls">
      <Choice
        name="layer"
        label="Layer"
        keys="↑ ↓"
        value={String(position.layer)}
        options={layers}
        onChange={(value) => onGo({ layer: Number(value) })}
      />
      <Choice
        name="hierarchy"
        label="Hierarchy"
        keys="H"
        value={String(position.hierarchy)}
        options={hierarchies}
        onChange={(value) => onGo({ hierarchy: Number(value) })}
      />
      <Choice
        name="head"
        label="Head"
        keys="[ ] A"
        value={isAlone ? '0' : String(position.head)}
        options={headOptions}
        onChange={(value) => onGo({ head: toHead(value) })}
      />
      <Choice
        name="view"
        label="Map"
        keys="D"
        value={position.view}
        options={VIEWS}
        onChange={(view) => onGo({ view })}
      />
      <label className="check" title="Tell what cannot be attended to apart from what is not (K)">
        <input
          type="checkbox"
          aria-keyshortcuts="k"
          checked={position.mask}
          onChange={({ target }) => onGo({ mask: target.checked })}
        />
        Mask
      </label>
    </div>
  );
}

interface ChoiceProps<T extends string> {
  name: string;
  label: string;
  /** What to press instead. */
  keys: string;
  value: T;
  options: readonly { value: T; label: string; color?: string }[];
  onChange(value: T): void;
}

function Choice<T extends string>({ name, label, keys, value, options, onChange }: ChoiceProps<T>) {
  const labelId = `attention-${name}-label`;
  return (
    <div className="choice" title={`${label} (${keys})`}>
      <span id={labelId} className="choice-label">
        {label}
      </span>
      {options.length > MOST_SEGMENTS ? (
        <select aria-labelledby={labelId} value={value} onChange={({ target }) => onChange(target.value as T)}>
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
      ) : (
        <Segmented
          name={`attention-${name}`}
          labelledBy={labelId}
          value={value}
          options={options}
          onChange={onChange}
        />
      )}
    </div>
  );
}
