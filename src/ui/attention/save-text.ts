import { saveFile } from '../shell/save-file.ts';

/** Hands a text to the visitor as a file. */
export function saveText(name: string, text: string): void {
  saveFile(new Blob([text], { type: 'text/csv' }), name);
}
