import { afterAll } from 'vitest';
import { settle } from './gpu.ts';

afterAll(settle);
