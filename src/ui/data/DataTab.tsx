import { DataPanel } from '../run/DataPanel.tsx';

export function DataTab() {
  return <DataPanel />;
}
