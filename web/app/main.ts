import { AppShell } from './components/app-shell';

// Where start.ts has found that the page cannot work, the words in index.html stay.
if (document.documentElement.dataset.obstacle === undefined) {
  customElements.define('actionscope-app', AppShell);
}
