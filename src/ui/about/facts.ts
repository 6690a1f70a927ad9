/** What the model is made of, oldest last. */
export const PAPERS: readonly { title: string; href: string; authors: string; about: string }[] = [
  {
    title: 'Simple Hierarchical Transformer',
    href: 'https://github.com/lucidrains/simple-hierarchical-transformer',
    authors: 'Phil Wang, 2023',
    about: 'The model that is trained here. Strata computes what it computes, checked number by number.',
  },
  {
    title: 'FlashAttention: Fast and Memory-Efficient Exact Attention',
    href: 'https://arxiv.org/abs/2205.14135',
    authors: 'Dao, Fu, Ermon, Rudra, Ré, 2022',
    about: 'How the attention kernels here work: block by block, keeping one number per row.',
  },
  {
    title: 'A Length-Extrapolatable Transformer',
    href: 'https://arxiv.org/abs/2212.10554',
    authors: 'Sun and others, 2022',
    about: 'The position embedding of full attention, xPos.',
  },
  {
    title: 'RoFormer: Enhanced Transformer with Rotary Position Embedding',
    href: 'https://arxiv.org/abs/2104.09864',
    authors: 'Su and others, 2021',
    about: 'The position embedding of all attention: queries and keys are turned by their place.',
  },
  {
    title: 'Hierarchical Transformers Are More Efficient Language Models',
    href: 'https://arxiv.org/abs/2110.13711',
    authors: 'Nawrot and others, 2021',
    about: 'Hourglass: shorten the sequence, work on it, lengthen it again. Here, streams run side by side instead.',
  },
  {
    title: 'Attention Is All You Need',
    href: 'https://arxiv.org/abs/1706.03762',
    authors: 'Vaswani and others, 2017',
    about: 'The transformer.',
  },
];

export const LIMITS: readonly string[] = [
  'Models that train in minutes in a browser are small: they find words and turns of phrase, not meaning.',
  'One run with one seed is an anecdote. Differences of a few hundredths of a bit need several seeds.',
  'Bits per byte of different texts cannot be compared with each other.',
  'Runs are kept in this browser and offered again at the next visit, five at most and 4 GiB together; of more, those that trained the shortest go. ' +
    'A run of more than 2 GiB, or in a browser that stores nothing, ends with the page.',
  'Everything is computed with 32-bit floats, unless half-precision activations are on. Results repeat bit for bit on one adapter and differ slightly between adapters.',
];
