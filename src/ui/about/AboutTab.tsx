import { CopyButton } from '../shell/CopyButton.tsx';
import { HierarchyDiagram } from './HierarchyDiagram.tsx';
import { LIMITS, PAPERS } from './facts.ts';
import { Walkthroughs } from './Walkthroughs.tsx';
import { useDiagnostics } from './use-diagnostics.ts';

/** What this is, how hierarchies work, where they come from, and what the page cannot do. */
export function AboutTab() {
  return (
    <div className="about-tab">
      <section className="panel prose" aria-labelledby="about-what">
        <h2 id="about-what">What this is</h2>
        <p>
          Strata trains a small language model in this page, on your own GPU, while you watch. The model reads a text
          byte by byte and learns to say which byte comes next. Its loss is the number of bits that it needs for each
          byte: 8 when it knows nothing, fewer the better it predicts.
        </p>
        <p>
          What is special about it are <strong>hierarchies</strong>: besides the stream of bytes it keeps coarser
          streams, whose tokens stand for 2, 4, 8 … bytes. Add one, change its width or what it can see, train again,
          and find out whether it helps. Nothing leaves your machine, and a link reproduces what you have set.
        </p>

        <h2>How hierarchies work</h2>
        <HierarchyDiagram />
        <ol className="steps">
          <li>
            <strong>Compress.</strong> A byte becomes a vector. For a hierarchy of factor 4, a causal convolution makes
            one token of the last 4 bytes, and does so anew at every byte (or, with a larger stride, at every second or
            fourth). A token only knows bytes up to its own position, so nothing leaks from the future.
          </li>
          <li>
            <strong>Attend.</strong> Every stream is a transformer of its own, as wide and with as many heads as you
            give it. A fine stream sees a short window of its neighbours; a coarse one sees far with few tokens, since
            each looks back in strides of its own factor: 32 keys of the 4× stream reach 128 bytes.
          </li>
          <li>
            <strong>Merge.</strong> After every layer the streams are laid side by side, and a small network writes what
            they know together into the stream that predicts. So the letters of this word and the gist of the last
            sentence meet at every byte.
          </li>
          <li>
            <strong>Predict.</strong> The predicting stream, usually 1×, gives the odds of all 256 possible next bytes.
          </li>
        </ol>
        <p>
          Two more losses keep the coarse streams honest. <em>Reconstruction</em> asks each compressed token for the
          bytes that it stands for; <em>hierarchical prediction</em> asks each stream for its own next token. Both are
          drawn for every hierarchy on Watch.
        </p>

        <h2>Reading the colours</h2>
        <p>
          A hue is a hierarchy, the same one everywhere on the page: on the diagram beside the tabs, on curves, on
          attention; only where runs are drawn over one another has each of these a colour of its own. Attention weights
          show where a stream looked, not why the model said what it said; the number beside them, how many bits each
          byte costs once a hierarchy is taken out of the merge, is closer to that.
        </p>
      </section>

      <section className="panel prose" aria-labelledby="about-papers">
        <h2 id="about-papers">Where it comes from</h2>
        <ul className="papers">
          {PAPERS.map(({ title, href, authors, about }) => (
            <li key={href}>
              <a href={href} target="_blank" rel="noreferrer">
                {title}
              </a>
              <span className="unit">{authors}</span>
              <p>{about}</p>
            </li>
          ))}
        </ul>
      </section>

      <section className="panel prose" aria-labelledby="about-limits">
        <h2 id="about-limits">Limits</h2>
        <ul className="bullets">
          {LIMITS.map((text) => (
            <li key={text}>{text}</li>
          ))}
        </ul>
        <p className="hint">
          What others wrote that is in this page has its own{' '}
          <a href="licenses.md" target="_blank">
            licences
          </a>
          .
        </p>
      </section>

      <Walkthroughs />

      <Diagnostics />
    </div>
  );
}

function Diagnostics() {
  const text = useDiagnostics();
  return (
    <section className="panel diagnostics" aria-labelledby="about-diagnostics">
      <div className="panel-head">
        <h2 id="about-diagnostics">Diagnostics</h2>
        <CopyButton label="Copy diagnostics" text={text} />
      </div>
      <p className="hint">What to send along when something does not work. It is not sent anywhere by itself.</p>
      <p className="hint">
        How fast each kernel runs on this adapter, beside what it could do, is measured on{' '}
        <a href="bench.html" target="_blank">
          the benchmark page
        </a>
        .
      </p>
      <pre>{text}</pre>
    </section>
  );
}
