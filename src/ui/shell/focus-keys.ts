/** Keys that a part of the page has to itself while the focus is in it, or while one types; that part handles them. */
export const focusKeys: readonly { title: string; rows: readonly { keys: readonly string[]; label: string }[] }[] = [
  {
    title: 'In the attention view',
    rows: [
      { keys: ['←', '→'], label: 'Query byte; with Shift, by 16' },
      { keys: ['↑', '↓'], label: 'Layer' },
      { keys: ['H'], label: 'Hierarchy' },
      { keys: ['[', ']'], label: 'Head' },
      { keys: ['A'], label: 'Average of the heads' },
      { keys: ['D'], label: 'By distance or by place' },
      { keys: ['K'], label: 'Show what is masked' },
      { keys: ['P'], label: 'Pin to compare with' },
      { keys: ['Esc'], label: 'Release the query' },
    ],
  },
  {
    title: 'Where text is typed',
    rows: [{ keys: ['Ctrl or ⌘', 'Enter'], label: 'Write on, or read it' }],
  },
  {
    title: 'On tabs and charts',
    rows: [
      { keys: ['←', '→'], label: 'Next tab, or next step of the crosshair' },
      { keys: ['Home', 'End'], label: 'First and last' },
      { keys: ['+', '−'], label: 'Look closer at a chart, and less close' },
      { keys: ['Esc'], label: 'The whole run again' },
    ],
  },
];
