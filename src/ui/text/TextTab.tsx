export function TextTab() {
  return <p className="empty">Text</p>;
}
