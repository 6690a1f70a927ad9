import { useStore } from 'zustand';
import { useSession } from '../session.ts';

/** Whether every byte is a cell of its own, spaces and parts of a character too. */
export function BytesToggle() {
  const { writer } = useSession();
  const asBytes = useStore(writer.store, (state) => state.asBytes);
  return (
    <label className="check" title="Every byte by itself, with a mark where it is no character">
      <input type="checkbox" checked={asBytes} onChange={({ target }) => writer.setAsBytes(target.checked)} />
      bytes
    </label>
  );
}
