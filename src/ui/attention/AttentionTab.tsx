export function AttentionTab() {
  return <p className="empty">Attention</p>;
}
