/** DOM id of the open tab's content. */
export const PANEL_ID = 'tab-panel';
