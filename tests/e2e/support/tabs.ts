import type { Visit } from '../../page/support/visit.ts';

export const TABS = ['Watch', 'Attention', 'Text', 'Compare', 'Data', 'About'];

/** Opens a tab and waits for all that it loads. */
export async function openTab({ page }: Visit, tab: string): Promise<void> {
  await page.getByRole('tab', { name: tab, exact: true }).click();
  await page.getByRole('tabpanel', { name: tab, exact: true }).waitFor();
  await page.getByText(`${tab} is being loaded.`, { exact: true }).waitFor({ state: 'hidden' });
}
