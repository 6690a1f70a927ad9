/** Something in a link that could not be used as it was. */
export interface LinkProblem {
  /** Key of the query. */
  key: string;
  /** What the link says, shortened. */
  given: string;
  /** The text that would have said what is used now. */
  used: string;
  message: string;
  /** The message without what is used instead, where it names that. */
  complaint?: string;
}

/** What a link got wrong, in sentences: for those who need one configuration, and refuse it rather than use what can be read. */
export function linkComplaints(link: {
  problems: LinkProblem[];
  ignored: string[];
  versus?: readonly unknown[];
}): string[] {
  const { problems, ignored, versus } = link;
  return [
    ...problems.map(complaintOf),
    ...ignored.map((key) => `"${key}" is not a setting`),
    ...(versus === undefined ? [] : ['it holds several runs, and one is needed: leave out "vs"']),
  ];
}

export function complaintOf({ message, complaint }: LinkProblem): string {
  return complaint ?? message;
}

const LONGEST_QUOTE = 60;
const MOST_ENTRIES = 100;

/** A text of unknown origin, short enough to be shown. */
export function quote(text: string): string {
  return text.length > LONGEST_QUOTE ? `${text.slice(0, LONGEST_QUOTE)}…` : text;
}

/** Collects what a link got wrong. Hostile links are long: past a hundred entries nothing is added. */
export class LinkReport {
  readonly problems: LinkProblem[] = [];
  private readonly unknown = new Set<string>();
  /** What stands between keys and their values. */
  private readonly sign: string;

  constructor(sign = '=') {
    this.sign = sign;
  }

  get ignored(): string[] {
    return [...this.unknown];
  }

  ignore(text: string): void {
    if (this.unknown.size < MOST_ENTRIES) this.unknown.add(quote(text));
  }

  /** `instead` is the end of the message that names what is used. */
  add(key: string, given: string, used: string, complaint: string, instead = ''): void {
    if (this.problems.length >= MOST_ENTRIES) return;
    const problem = { key, given: quote(given), used, message: complaint + instead };
    this.problems.push(instead === '' ? problem : { ...problem, complaint });
  }

  /** A value that its field refused, `needs` being why. */
  refuse(key: string, given: string, used: string, needs: string): void {
    this.add(key, given, used, `${this.say(key, given)} is not allowed (${needs})`, `; using ${used}`);
  }

  /** A key and its value as the link has them. */
  say(key: string, value: string): string {
    return `\`${key}${this.sign}${quote(value)}\``;
  }
}
