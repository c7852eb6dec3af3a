// strophe.js 1.2, as old installations still have it, under Node.

import { DOMImplementation, DOMParser } from '@xmldom/xmldom';
import { createRequire } from 'node:module';
import './client_xhr.mjs';
import { run } from './client_run.mjs';

// What a browser has around a script of those days, as far as strophe.js asks for it.
globalThis.DOMParser = DOMParser;
globalThis.window = globalThis;
globalThis.document = { implementation: new DOMImplementation() };

const { Strophe, $iq, $msg, $pres } = createRequire(import.meta.url)('strophe12');
Strophe.log = (level, text) => {
    if (level >= Strophe.LogLevel.WARN) {
        process.stderr.write(`strophe: ${text}\n`);
    }
};

let connection;
let disconnected;

await run({
    login(options, received) {
        connection = new Strophe.Connection(options.service, {});
        let mechanism = null;
        connection.xmlOutput = (body) => {
            for (let el = body.firstChild; el; el = el.nextSibling) {
                if (el.nodeName === 'auth') {
                    mechanism = el.getAttribute('mechanism');
                }
            }
        };
        connection.addHandler((message) => {
            received(message.getAttribute('id'), message.getElementsByTagName('body')[0]?.textContent);
            return true;
        }, null, 'message');
        return new Promise((resolve, reject) => {
            disconnected = new Promise((gone) => {
                connection.connect(options.jid, options.password, (status, condition) => {
                    switch (status) {
                        case Strophe.Status.CONNECTED:
                            connection.send($pres().tree());
                            resolve({ jid: connection.jid, mechanism });
                            break;
                        case Strophe.Status.DISCONNECTED:
                            gone();
                        // fall through
                        case Strophe.Status.AUTHFAIL:
                        case Strophe.Status.CONNFAIL:
                        case Strophe.Status.ERROR:
                            reject(new Error(`status ${status} ${condition ?? ''}`));
                    }
                }, options.wait);
            });
        });
    },

    roster() {
        return new Promise((resolve, reject) => {
            const iq = $iq({ type: 'get' }).c('query', { xmlns: 'jabber:iq:roster' });
            connection.sendIQ(iq.tree(), (answer) => resolve(answer.getElementsByTagName('query').length === 1),
                (error) => reject(new Error(error ? Strophe.serialize(error) : 'timed out')));
        });
    },

    send(to, id, text) {
        connection.send($msg({ to, id, type: 'chat' }).c('body').t(text).tree());
    },

    disconnect() {
        connection.disconnect('done');
        return disconnected;
    },
});
