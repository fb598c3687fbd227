import { DeviceBench } from './components/device-bench';

// Where start.ts has found that the page cannot work, the words in bench.html stay.
if (document.documentElement.dataset.obstacle === undefined) {
  customElements.define('device-bench', DeviceBench);
}
