/** The views behind the landing, with all that they are made of: nobody needs them before a file is here. */

import './clip-view';
import './live-view';
import './model-view';
