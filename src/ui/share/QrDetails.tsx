import { Suspense, useState } from 'react';
import { Fallible } from '../shell/Fallible.tsx';
import { QrPanel } from './QrPanel.tsx';

/** A link as a QR code, which is drawn once somebody wants to see it. */
export function QrDetails({ text }: { text: string }) {
  const [open, setOpen] = useState(false);
  return (
    <details className="qr" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>QR code, to open the link on a phone</summary>
      {open && (
        <Fallible what="The QR code">
          <Suspense fallback={<p className="hint">Being drawn.</p>}>
            <QrPanel text={text} />
          </Suspense>
        </Fallible>
      )}
    </details>
  );
}
