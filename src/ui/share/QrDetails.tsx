import { useState } from 'react';
import { WhenLoaded } from '../shell/WhenLoaded.tsx';
import { QrPanel } from './QrPanel.tsx';

/** A link as a QR code, which is drawn once somebody wants to see it. */
export function QrDetails({ text }: { text: string }) {
  const [open, setOpen] = useState(false);
  return (
    <details className="qr" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>QR code, to open the link on a phone</summary>
      {open && (
        <WhenLoaded what="The QR code" waiting={<p className="hint">Being drawn.</p>}>
          <QrPanel text={text} />
        </WhenLoaded>
      )}
    </details>
  );
}
