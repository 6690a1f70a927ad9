export * from './cross-entropy.ts';
