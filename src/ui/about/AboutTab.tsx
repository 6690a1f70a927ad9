export function AboutTab() {
  return <p>Strata trains hierarchical transformers in this page, on your own GPU.</p>;
}
