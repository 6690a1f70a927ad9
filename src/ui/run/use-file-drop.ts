import { useEffect, useState } from 'react';
import { useSession } from '../session.ts';

/** A file dropped anywhere on the page becomes the text, or is opened as a run. True while one hovers over it. */
export function useFileDrop(): boolean {
  const { texts, runFile } = useSession();
  const [dropping, setDropping] = useState(false);
  useEffect(() => {
    const onDragOver = (event: DragEvent): void => {
      if (!event.dataTransfer?.types.includes('Files')) return;
      event.preventDefault();
      setDropping(true);
    };
    const onDragLeave = (event: DragEvent): void => {
      // Leaving the page leads nowhere; leaving an element leads to the next.
      if (event.relatedTarget === null) setDropping(false);
    };
    const onDrop = (event: DragEvent): void => {
      const file = event.dataTransfer?.files[0];
      setDropping(false);
      if (file === undefined) return;
      event.preventDefault();
      if (file.name.endsWith('.safetensors')) void runFile.open(file);
      else void texts.openFile(file, file.name);
    };
    document.addEventListener('dragover', onDragOver);
    document.addEventListener('dragleave', onDragLeave);
    document.addEventListener('drop', onDrop);
    return () => {
      document.removeEventListener('dragover', onDragOver);
      document.removeEventListener('dragleave', onDragLeave);
      document.removeEventListener('drop', onDrop);
    };
  }, [texts, runFile]);
  return dropping;
}
