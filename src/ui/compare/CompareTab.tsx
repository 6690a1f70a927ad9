export function CompareTab() {
  return <p className="empty">Compare</p>;
}
