import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { createThemeStore } from '../ui/state/theme.ts';
import { BenchPage } from './BenchPage.tsx';
import '../ui/style/tokens.css';
import '../ui/style/base.css';
import './bench.css';

// What was chosen on the other page holds here.
createThemeStore(
  () => localStorage,
  (theme) => document.documentElement.setAttribute('data-theme', theme),
);
createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <BenchPage search={location.search} />
  </StrictMode>,
);
