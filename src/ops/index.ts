export * from './cross-entropy.ts';
export * from './cosine-loss.ts';
export * from './norm.ts';
export * from './concat.ts';
export * from './embedding.ts';
export * from './depthwise-conv.ts';
