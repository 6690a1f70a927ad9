/** A part of a line: plain, or set off by `**`, `*` or backticks. */
export interface Span {
  kind: 'text' | 'strong' | 'em' | 'code';
  text: string;
}

/** What the walk-throughs are made of. */
export type Block =
  | { kind: 'heading'; text: readonly Span[] }
  | { kind: 'paragraph'; text: readonly Span[] }
  | { kind: 'steps'; items: readonly (readonly Span[])[] }
  | { kind: 'table'; rows: readonly (readonly (readonly Span[])[])[] }
  /** Lines as they stand. */
  | { kind: 'lines'; lines: readonly string[] };

/** Reads the little of Markdown that the walk-throughs use; the title of the document is left out. */
export function readMarkdown(text: string): Block[] {
  const blocks: Block[] = [];
  const lines = text.split('\n');
  const linesWhile = (at: number, belongs: (line: string) => boolean): string[] => {
    let end = at;
    while (end < lines.length && belongs(lines[end])) end++;
    return lines.slice(at, end);
  };
  for (let at = 0; at < lines.length;) {
    const line = lines[at];
    if (line.startsWith('```')) {
      const inside = linesWhile(at + 1, (each) => !each.startsWith('```'));
      blocks.push({ kind: 'lines', lines: inside });
      at += inside.length + 2;
    } else if (line.startsWith('## ')) {
      blocks.push({ kind: 'heading', text: spans(line.slice(3)) });
      at++;
    } else if (line.startsWith('|')) {
      const rows = linesWhile(at, (each) => each.startsWith('|'));
      // The line under the head has nothing to say.
      blocks.push({ kind: 'table', rows: rows.filter((row) => !/^[|\s:-]+$/.test(row)).map(cells) });
      at += rows.length;
    } else if (line.trim() === '' || line.startsWith('# ')) at++;
    else {
      const rows = linesWhile(at, (each) => each.trim() !== '' && !/^(?:```|#|\|)/.test(each));
      blocks.push(
        /^\d+\. /.test(line)
          ? { kind: 'steps', items: itemsOf(rows) }
          : { kind: 'paragraph', text: spans(rows.join(' ')) },
      );
      at += rows.length;
    }
  }
  return blocks;
}

/** Numbered items; a line that begins with spaces goes on with the one before. */
function itemsOf(lines: readonly string[]): Span[][] {
  const items: string[] = [];
  for (const line of lines) {
    if (/^\d+\. /.test(line)) items.push(line.replace(/^\d+\. /, ''));
    else items.push(`${items.pop() ?? ''} ${line.trim()}`);
  }
  return items.map(spans);
}

function cells(row: string): Span[][] {
  return row
    .split('|')
    .slice(1, -1)
    .map((cell) => spans(cell.trim()));
}

const SPAN = /\*\*(?<strong>[^*]+)\*\*|\*(?<em>[^*]+)\*|`(?<code>[^`]+)`/g;

function spans(text: string): Span[] {
  const found: Span[] = [];
  let end = 0;
  for (const match of text.matchAll(SPAN)) {
    if (match.index > end) found.push({ kind: 'text', text: text.slice(end, match.index) });
    const [kind, inside] = Object.entries(match.groups!).find(([, value]) => value !== undefined)!;
    found.push({ kind: kind as Span['kind'], text: inside });
    end = match.index + match[0].length;
  }
  if (end < text.length) found.push({ kind: 'text', text: text.slice(end) });
  return found;
}
