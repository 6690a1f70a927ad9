/** Tells styles how high the header is, as `--top`, whatever its lines hold: for what sticks below it, and is not to lie under it. */
export function noteHeight(header: HTMLElement): () => void {
  const { style } = document.documentElement;
  const observer = new ResizeObserver(([entry]) => {
    style.setProperty('--top', `${entry.borderBoxSize[0].blockSize}px`);
  });
  observer.observe(header);
  return () => observer.disconnect();
}
