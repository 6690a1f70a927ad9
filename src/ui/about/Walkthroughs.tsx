import { useEffect, useMemo, useRef } from 'react';
import walkthroughs from '../../../docs/walkthroughs.md?raw';
import { useView } from '../session.ts';
import { readMarkdown } from './markdown.ts';
import type { Block, Span } from './markdown.ts';
import { WALKTHROUGHS } from './walkthroughs-detail.ts';

/** What one can find out with the page, step by step, as it stands among the documents of the project. */
export function Walkthroughs() {
  const { detail } = useView();
  const section = useRef<HTMLElement>(null);
  // What stands before the first of them is for who reads the file.
  const blocks = useMemo(() => {
    const all = readMarkdown(walkthroughs);
    return all.slice(all.findIndex(({ kind }) => kind === 'heading'));
  }, []);
  useEffect(() => {
    if (detail === WALKTHROUGHS) section.current?.scrollIntoView();
  }, [detail]);
  return (
    <section ref={section} className="panel prose walkthroughs" aria-labelledby="about-walkthroughs">
      <h2 id="about-walkthroughs">Walk-throughs</h2>
      <p>Each takes a few minutes and ends in a link that opens what the last step shows. Nothing starts by itself.</p>
      {blocks.map((block, at) => (
        <BlockView key={at} block={block} />
      ))}
    </section>
  );
}

function BlockView({ block }: { block: Block }) {
  switch (block.kind) {
    case 'heading':
      return (
        <h3>
          <Spans of={block.text} />
        </h3>
      );
    case 'paragraph':
      return (
        <p>
          <Spans of={block.text} />
        </p>
      );
    case 'steps':
      return (
        <ol className="steps">
          {block.items.map((item, at) => (
            <li key={at}>
              <Spans of={item} />
            </li>
          ))}
        </ol>
      );
    case 'table': {
      const [head, ...rows] = block.rows;
      return (
        <div className="walkthrough-scroll" role="group" aria-label="Measured" tabIndex={0}>
          <table>
            <thead>
              <tr>
                {head.map((cell, at) => (
                  <th key={at} scope="col">
                    <Spans of={cell} />
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map((row, at) => (
                <tr key={at}>
                  {row.map((cell, column) => (
                    <td key={column}>
                      <Spans of={cell} />
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      );
    }
    case 'lines':
      return (
        <ul className="walkthrough-links">
          {block.lines.map((line) => (
            <li key={line}>
              <Spans of={[{ kind: 'code', text: line }]} />
            </li>
          ))}
        </ul>
      );
  }
}

function Spans({ of }: { of: readonly Span[] }) {
  return of.map(({ kind, text }, at) => {
    if (kind === 'strong') return <strong key={at}>{text}</strong>;
    if (kind === 'em') return <em key={at}>{text}</em>;
    if (kind === 'code' && text.startsWith('?')) {
      // Beside this page, whose run goes on.
      return (
        <a key={at} href={text} target="_blank" rel="noreferrer" title="Open it in a tab of its own">
          {shortened(text)}
        </a>
      );
    }
    return kind === 'code' ? <code key={at}>{text}</code> : text;
  });
}

/** A curve in a link is long, and says nothing to a reader. */
function shortened(link: string): string {
  return link.replace(/(?<=[?&]r=.{12})[^&#]+/, '…');
}
