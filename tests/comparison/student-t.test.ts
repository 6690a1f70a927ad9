import { expect, test } from 'vitest';
import { studentQuantile } from '../../src/comparison/student-t.ts';

/**
 * What lies between minus and plus `bound` under the density of Student's t. With t = sqrt(degrees) tan(angle) that is
 * cos(angle) ** (degrees - 1), up to a factor.
 */
function shareWithin(bound: number, degrees: number): number {
  const density = (angle: number): number => Math.cos(angle) ** (degrees - 1);
  return integral(density, Math.atan(bound / Math.sqrt(degrees))) / integral(density, Math.PI / 2);
}

/** From 0, by the rule of midpoints. */
function integral(of: (at: number) => number, to: number): number {
  const parts = 20_000;
  let sum = 0;
  for (let part = 0; part < parts; part++) sum += of((to * (part + 0.5)) / parts);
  return (sum * to) / parts;
}

test('95 % lie within the quantile, whatever the degrees of freedom', () => {
  for (let degrees = 1; degrees <= 30; degrees++) {
    expect(shareWithin(studentQuantile(degrees), degrees), `${degrees}`).toBeCloseTo(0.95, 4);
  }
});

test('between whole degrees, and beyond those of the table, hardly more than that lies within it, and never less', () => {
  for (const degrees of [1.1, 1.5, 1.9, 2.3, 2.5, 3.7, 8.5, 29.9, 30.1, 45, 60, 120, 1000]) {
    const share = shareWithin(studentQuantile(degrees), degrees);
    expect(share, `${degrees}`).toBeGreaterThan(0.94995);
    expect(share, `${degrees}`).toBeLessThan(0.9612);
  }
});

test('of one and two degrees, and of ever more, it is what can be written down', () => {
  expect(studentQuantile(1)).toBeCloseTo(Math.tan(0.475 * Math.PI), 3);
  expect(studentQuantile(2)).toBeCloseTo(0.95 * Math.sqrt(2 / (1 - 0.95 ** 2)), 3);
  expect(studentQuantile(1e9)).toBeCloseTo(1.96, 6);
});
