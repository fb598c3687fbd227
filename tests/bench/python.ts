/** The Python environment that scripts/setup makes. */

import { homedir } from 'node:os';
import { join } from 'node:path';

const cache =
  process.env.ACTIONSCOPE_CACHE ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'actionscope');

export const PYTHON = join(cache, 'python/bin/python');
