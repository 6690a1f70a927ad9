import { haveSameText } from '../../comparison/same-bytes.ts';
import type { Described } from '../../comparison/same-bytes.ts';
import { dataField } from '../../config/run-fields.ts';

/** The texts of some runs, one word for each text: those of one name are told apart by their digest. */
export function textNames(runs: readonly Described[]): string[] {
  const firsts = runs.map((run) => runs.find((other) => haveSameText(other, run)) ?? run);
  return firsts.map((run) => {
    const name = textName(run);
    const hasNamesake = firsts.some((other) => textName(other) === name && other.text?.sha256 !== run.text?.sha256);
    return hasNamesake && run.text?.sha256 ? `${name} (${run.text.sha256.slice(0, 6)})` : name;
  });
}

function textName({ config, text }: Described): string {
  if (config.dataset === 'own' && text) return text.name;
  const value = dataField.read(config);
  return (dataField.kind === 'choice' && dataField.choices.find((each) => each.value === value)?.label) || value;
}
