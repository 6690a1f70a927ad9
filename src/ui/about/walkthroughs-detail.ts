/** The position in the About tab at which the walk-throughs stand. */
export const WALKTHROUGHS = 'walkthroughs';
