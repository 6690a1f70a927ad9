/** A frame's size in CSS pixels: the header and a chart that can be read. */
const WIDTH = 640;
const HEIGHT = 420;

/** HTML that shows a link of this page in another one. It needs no `allow`: WebGPU is not a feature that pages delegate. */
export function embedCode(link: string, title: string): string {
  const attributes = {
    src: link,
    width: String(WIDTH),
    height: String(HEIGHT),
    title,
    // Neither a worker nor a GPU device before the reader gets there.
    loading: 'lazy',
  };
  const written = Object.entries(attributes).map(([name, value]) => `${name}="${escaped(value)}"`);
  return `<iframe ${written.join(' ')}></iframe>`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
}
