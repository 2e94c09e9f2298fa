import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import '@digital-go-jp/design-tokens/dist/tokens.css';
import './styles/base.css';
import './styles/frame.css';
import './styles/panels.css';
import './styles/drawer.css';
import './styles/map.css';
import './styles/degrees.css';
import './styles/flights.css';
import './styles/queue.css';
import './styles/review.css';
import './styles/decide.css';
import './styles/dialogs.css';
import './styles/mask.css';
import './styles/routes.css';
import './styles/layers.css';
import './styles/desk.css';
import './styles/locks.css';
import './styles/accounts.css';
import './styles/access.css';
import './styles/board.css';
import './styles/draw.css';
import './styles/replay.css';
import './styles/impact.css';
import { Root } from './Root';

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <Root />
  </StrictMode>,
);
