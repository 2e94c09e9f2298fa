import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import '@digital-go-jp/design-tokens/dist/tokens.css';
import '../styles/base.css';
import '../styles/frame.css';
import '../styles/panels.css';
import '../styles/dialogs.css';
import '../styles/map.css';
import '../styles/layers.css';
import '../styles/public.css';
import { PublicRoot } from './PublicRoot';

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <PublicRoot />
  </StrictMode>,
);
