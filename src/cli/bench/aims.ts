// Whether a figure is what was aimed at, in words: what is missed is said.

export const aimAtMost = (value: number, most: number, unit = ''): string =>
  `the aim of ${most}${unit} or less is ${value <= most ? 'met' : 'missed'}.`;

export const aimAtLeast = (value: number, least: number, unit = ''): string =>
  `the aim of ${least}${unit} or more is ${value >= least ? 'met' : 'missed'}.`;
