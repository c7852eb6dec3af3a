// strophe.js under Node, over WebSocket.

import * as library from 'strophe.js';
import { runPair } from './client_ws_run.mjs';
import { makeStrophe } from './client_ws_strophe_like.mjs';

library.Strophe.setLogLevel(library.Strophe.LogLevel.WARN);

await runPair(() => makeStrophe(library));
