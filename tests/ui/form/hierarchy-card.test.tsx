import { expect, test } from 'vitest';
import { factorField } from '../../../src/config/fields.ts';
import { presetConfig } from '../../../src/config/presets.ts';
import { HierarchyCard } from '../../../src/ui/form/HierarchyCard.tsx';
import { markup } from '../support/render.tsx';

const { hierarchies } = presetConfig('quick').model;

function card(query: string, index: number): string {
  return markup(
    <HierarchyCard index={index} hierarchy={hierarchies[index]} problems={[]} startsOpen search="" />,
    {},
    query,
  );
}

test('every setting of a hierarchy has its help, the factor too', () => {
  const shown = card('p=quick', 1);
  const labels = shown.match(/class="row-label"/g)!;

  expect(shown.match(/aria-label="Help"/g)).toHaveLength(labels.length);
  expect(shown).toContain(factorField.help);
});

test('what removes a hierarchy says so, and the only one stays', () => {
  expect(card('p=quick', 1)).toMatch(
    /<button[^>]*title="Take this hierarchy out of the model"[^>]*>.*Remove .*4.*×<\/button>/,
  );
  expect(card('p=quick&h=1', 0)).toMatch(/<button[^>]*disabled=""[^>]*title="A model has one hierarchy at least"/);
});
