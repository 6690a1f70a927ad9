const PATHS = {
  play: 'M4.5 2.8v10.4L13 8z',
  pause: 'M4 3h3v10H4zM9 3h3v10H9z',
  step: 'M3.5 2.8v10.4L10 8zM11 3h2v10h-2z',
  reset: 'M8 2.5a5.5 5.5 0 1 1-5.2 3.7l1.5.5A3.9 3.9 0 1 0 8 4.1v2.4L4.2 3.3 8 0z',
  back: 'M6.2 2.4v2.4H9a4.2 4.2 0 1 1 0 8.4H4v-1.6h5a2.6 2.6 0 1 0 0-5.2H6.2v2.4L2.4 5.6z',
  add: 'M7.2 2.5h1.6v4.7h4.7v1.6H8.8v4.7H7.2V8.8H2.5V7.2h4.7z',
  remove: 'M3.6 2.5 8 6.9l4.4-4.4 1.1 1.1L9.1 8l4.4 4.4-1.1 1.1L8 9.1l-4.4 4.4-1.1-1.1L6.9 8 2.5 3.6z',
  download: 'M7.2 1.5h1.6v7l2.5-2.5 1.1 1.1L8 11.5 3.6 7.1 4.7 6l2.5 2.5zM2.5 12.5h11V14h-11z',
  link: 'M6.6 11.9 5.2 13.3a2.9 2.9 0 0 1-4.1-4.1l2.6-2.6a2.9 2.9 0 0 1 4.1 0l-1.1 1.1a1.4 1.4 0 0 0-2 0L2.2 10.3a1.4 1.4 0 0 0 2 2l1.3-1.3zM9.4 4.1l1.4-1.4a2.9 2.9 0 0 1 4.1 4.1l-2.6 2.6a2.9 2.9 0 0 1-4.1 0l1.1-1.1a1.4 1.4 0 0 0 2 0l2.6-2.6a1.4 1.4 0 0 0-2-2L10.5 5z',
  auto: 'M8 1.5a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13zM8 3v10A5 5 0 0 0 8 3z',
  light:
    'M8 5a3 3 0 1 1 0 6 3 3 0 0 1 0-6zM7.3 1h1.4v2.2H7.3zM7.3 12.8h1.4V15H7.3zM1 7.3h2.2v1.4H1zM12.8 7.3H15v1.4h-2.2zM2.6 3.6l1-1 1.6 1.6-1 1zM10.8 11.8l1-1 1.6 1.6-1 1zM2.6 12.4l1.6-1.6 1 1-1.6 1.6zM10.8 4.2l1.6-1.6 1 1-1.6 1.6z',
  dark: 'M6.2 1.8a6.4 6.4 0 1 0 8 8A5.3 5.3 0 0 1 6.2 1.8z',
};

export type IconName = keyof typeof PATHS;

/** A sign beside or instead of words; whoever uses it alone names its button. */
export function Icon({ name }: { name: IconName }) {
  return (
    <svg className="icon" viewBox="0 0 16 16" width="14" height="14" aria-hidden="true">
      <path d={PATHS[name]} fill="currentColor" />
    </svg>
  );
}
