/** Columns of chart files by name, in the words of docs/chart-files.md; `Fx` stands for a hierarchy's factor. */
export const columnMeanings: Readonly<Record<string, string>> = {
  run: 'name of the run',
  step: 'optimizer step, 1 is the first; validated ten to forty times in a run, and after its last',
  bytes_seen: 'bytes of text trained on by the end of the step',
  active_seconds: 'seconds of training by the end of the step, pauses left out; empty for a run from a link',
  training_flop: 'floating-point operations by the end of the step, a multiply-add counted as two',
  train_bits_per_byte: "next-byte cross entropy of the step's batch, before the update",
  train_bits_per_byte_smoothed: 'the same of a run from a link, which brings some points of a moving average instead',
  validation_bits_per_byte: 'next-byte cross entropy on the validation part of the text',
  reconstruction_bits_per_byte_Fx: 'reconstruction loss of the hierarchy with factor F, per reconstructed byte',
  reconstruction_bits_per_byte_smoothed_Fx: 'the same of a run from a link, likewise a moving average',
  prediction_one_minus_cosine_Fx: 'hierarchical prediction loss of the hierarchy with factor F',
  embedding_spread_Fx:
    'mean of 1 - cosine between embeddings half a context apart, of the hierarchy with factor F, on the validation part',
  next_byte_nats: 'next-byte cross entropy as the optimiser sees it',
  weighted_reconstruction_nats: 'reconstruction loss of all hierarchies times its weight at that step',
  weighted_prediction: 'hierarchical prediction loss of all hierarchies times its weight at that step',
  gradient_norm: 'global norm of the gradient, before clipping',
  learning_rate: 'learning rate of the step',
  step_milliseconds: 'training time of a step, mean of the last eight',
  forward_milliseconds:
    'GPU time of the forward pass, of the first step of its submit (of its last micro-batch, times their number)',
  backward_milliseconds: 'GPU time of the backward pass, likewise',
  update_milliseconds: 'GPU time of the update, of the first step of its submit',
};

/** @throws of a name without a meaning: a file may not have such a column */
export function columnMeaning(name: string): string {
  const meaning = columnMeanings[name.replace(/_\d+x$/, '_Fx')];
  if (meaning === undefined) throw new Error(`columnMeaning: given ${name}, needs a column of the table`);
  return meaning;
}
