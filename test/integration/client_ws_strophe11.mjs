// strophe.js 1.1, which speaks the framing before RFC 7395, under Node.

import { DOMImplementation, DOMParser } from '@xmldom/xmldom';
import { createRequire } from 'node:module';
import WebSocket from 'ws';
import { runPair } from './client_ws_run.mjs';
import { makeStrophe } from './client_ws_strophe_like.mjs';

// What a browser has around a script of those days, as far as strophe.js asks for it. The script sets its names there.
globalThis.DOMParser = DOMParser;
globalThis.WebSocket = WebSocket;
globalThis.window = globalThis;
globalThis.document = { implementation: new DOMImplementation(), createElement: (nodeName) => ({ nodeName }) };

createRequire(import.meta.url)('strophe11');
Strophe.log = (level, text) => {
    if (level >= Strophe.LogLevel.WARN) {
        process.stderr.write(`strophe: ${text}\n`);
    }
};

await runPair(() => makeStrophe(globalThis));
