import { useEffect, useState } from 'react';
import { exact } from '../format/quantity.ts';
import { useSession } from '../session.ts';
import { isCalledRun } from '../state/run-file.ts';

/** As long as it takes to read what is said of a drop. */
const SAID_MS = 8000;

/**
 * A file dropped anywhere on the page becomes the text, or is opened as a run. Tells whether one hovers over it, and what is
 * to be said of several that were dropped at once; empty where nothing is.
 */
export function useFileDrop(): { dropping: boolean; said: string } {
  const { texts, runFile } = useSession();
  const [dropping, setDropping] = useState(false);
  const [said, say] = useState('');
  useEffect(() => {
    let over: EventTarget | null = null;
    const onDragEnter = ({ target }: DragEvent): void => {
      over = target;
    };
    const onDragOver = (event: DragEvent): void => {
      if (!event.dataTransfer?.types.includes('Files')) return;
      event.preventDefault();
      setDropping(true);
    };
    const onDragLeave = ({ target }: DragEvent): void => {
      // The next element is entered before this one is left; nothing is when the page is left. Safari does not tell where a
      // drag goes (https://bugs.webkit.org/show_bug.cgi?id=66547).
      if (target === over) setDropping(false);
    };
    const onDrop = (event: DragEvent): void => {
      const [file, ...others] = event.dataTransfer?.files ?? [];
      setDropping(false);
      if (file === undefined) return;
      event.preventDefault();
      say(others.length === 0 ? '' : dropText(file.name, others.length));
      if (isCalledRun(file.name)) void runFile.open(file);
      else void texts.openFile(file, file.name);
    };
    document.addEventListener('dragenter', onDragEnter);
    document.addEventListener('dragover', onDragOver);
    document.addEventListener('dragleave', onDragLeave);
    document.addEventListener('drop', onDrop);
    return () => {
      document.removeEventListener('dragenter', onDragEnter);
      document.removeEventListener('dragover', onDragOver);
      document.removeEventListener('dragleave', onDragLeave);
      document.removeEventListener('drop', onDrop);
    };
  }, [texts, runFile]);
  useEffect(() => {
    if (said === '') return;
    const timer = setTimeout(() => say(''), SAID_MS);
    return () => clearTimeout(timer);
  }, [said]);
  return { dropping, said };
}

/** What becomes of a file that was dropped together with `others` more. */
function dropText(name: string, others: number): string {
  return `One file at a time: ${name} is opened, the other ${others === 1 ? 'is' : `${exact(others)} are`} not.`;
}
