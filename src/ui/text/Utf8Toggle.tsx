import { useStore } from 'zustand';
import { useSession } from '../session.ts';

/** Whether bytes that form one character are one cell. */
export function Utf8Toggle() {
  const { writer } = useSession();
  const asUtf8 = useStore(writer.store, (state) => state.asUtf8);
  return (
    <label className="check">
      <input type="checkbox" checked={asUtf8} onChange={({ target }) => writer.setAsUtf8(target.checked)} />
      as UTF-8
    </label>
  );
}
