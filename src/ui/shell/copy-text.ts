/**
 * Puts a text on the clipboard; false if the browser does not let it. Pages without https have no clipboard of their
 * own but may copy what is selected, in a field that has to lie beside `near`, since a modal dialog keeps the focus.
 */
export async function copyText(text: string, near: Element): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copySelected(text, near);
  }
}

function copySelected(text: string, near: Element): boolean {
  const focused = document.activeElement;
  const field = document.createElement('textarea');
  field.className = 'visually-hidden';
  field.value = text;
  near.after(field);
  field.select();
  // oxlint-disable-next-line typescript/no-deprecated -- The only way there is on such pages.
  const copied = document.execCommand('copy');
  field.remove();
  if (focused instanceof HTMLElement) focused.focus();
  return copied;
}
