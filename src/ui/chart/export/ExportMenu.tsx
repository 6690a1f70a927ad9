import { useRef, useState } from 'react';
import type { RefObject } from 'react';
import { Icon } from '../../Icon.tsx';
import { useSession } from '../../session.ts';
import { saveFile } from '../../shell/save-file.ts';
import type { ChartContent, ChartFormat } from './chart-files.ts';

const FORMATS: readonly { format: ChartFormat; label: string; about: string }[] = [
  { format: 'svg', label: 'SVG', about: 'the drawing' },
  { format: 'png', label: 'PNG', about: 'an image' },
  { format: 'csv', label: 'CSV', about: 'a row for each step' },
  { format: 'json', label: 'JSON', about: 'values and settings' },
];

interface ExportMenuProps extends ChartContent {
  id: string;
  panel: RefObject<HTMLElement | null>;
}

/** Files of one chart. */
export function ExportMenu({ id, panel, ...content }: ExportMenuProps) {
  const { run } = useSession();
  const menu = useRef<HTMLDetailsElement>(null);
  const [failure, setFailure] = useState('');
  const close = (): void => {
    if (menu.current !== null) menu.current.open = false;
  };
  const leave = (): void => {
    close();
    menu.current?.querySelector('summary')?.focus();
  };
  const save = async (format: ChartFormat): Promise<void> => {
    try {
      setFailure('');
      const { chartFile } = await import('./chart-files.ts');
      saveFile(await chartFile(format, panel.current!, content, run.getState()), `${id}.${format}`);
      leave();
    } catch {
      setFailure('The browser could not make this file.');
    }
  };
  return (
    <details
      ref={menu}
      className="export"
      onBlur={({ currentTarget, relatedTarget }) => {
        if (relatedTarget !== null && !currentTarget.contains(relatedTarget)) close();
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape') leave();
      }}
    >
      <summary aria-label={`Export ${content.title}`} title="Save this chart as a file">
        <Icon name="download" />
      </summary>
      {/* Safari gives a button that is pressed no focus, but what is around it, which must not be outside. */}
      <div className="export-choices" role="group" aria-label="File format" tabIndex={-1}>
        {FORMATS.map(({ format, label, about }) => (
          <button key={format} type="button" onClick={() => void save(format)}>
            <strong>{label}</strong> <span>{about}</span>
          </button>
        ))}
        {failure !== '' && (
          <p className="message" role="alert" data-severity="error">
            {failure}
          </p>
        )}
      </div>
    </details>
  );
}
