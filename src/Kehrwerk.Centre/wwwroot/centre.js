// Pages of forms and tables: palette, overview of keys, and the stop of all.

import { openDesk } from "./live/palette.js";
import { listenToStop } from "./live/stop.js";

listenToStop();
openDesk({});
document.body.dataset.ready = "true";
