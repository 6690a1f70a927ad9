import type { ReactNode } from 'react';

/** A box with a title: something to know (`plain`), to heed (`warn`), or that is in the way (`bad`, which is read out at once). */
export function Notice(props: { tone: 'plain' | 'warn' | 'bad'; title: string; children: ReactNode }) {
  const { tone, title, children } = props;
  return (
    <section className="notice" data-tone={tone} role={tone === 'bad' ? 'alert' : 'note'}>
      <h2>{title}</h2>
      {children}
    </section>
  );
}
