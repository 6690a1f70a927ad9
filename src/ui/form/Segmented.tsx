interface SegmentedProps<T extends string> {
  /** DOM id of the chosen button, the one that takes the focus. */
  id?: string;
  name: string;
  labelledBy: string;
  value: T | null;
  options: readonly { value: T; label: string; color?: string }[];
  invalid?: boolean;
  describedBy?: string;
  onChange(value: T): void;
}

/** A few exclusive choices side by side: radio buttons that look like one control. */
export function Segmented<T extends string>(props: SegmentedProps<T>) {
  const { id, name, labelledBy, value, options, invalid, describedBy, onChange } = props;
  return (
    <div
      className="segmented"
      role="radiogroup"
      aria-labelledby={labelledBy}
      aria-invalid={invalid || undefined}
      aria-describedby={describedBy}
    >
      {options.map((option) => (
        <label key={option.value} className="segment" style={{ '--segment': option.color ?? 'var(--ink)' }}>
          <input
            id={option.value === value ? id : undefined}
            type="radio"
            name={name}
            value={option.value}
            checked={option.value === value}
            onChange={() => onChange(option.value)}
          />
          <span>{option.label}</span>
        </label>
      ))}
    </div>
  );
}
