// node-xmpp-client under Node, over WebSocket.

import { createRequire } from 'node:module';
import { runPair } from './client_ws_run.mjs';

const { Client, Stanza } = createRequire(import.meta.url)('node-xmpp-client');

await runPair(() => {
    let client;
    let onRoster;
    return {
        login(options, received) {
            client = new Client({ jid: options.jid, password: options.password, websocket: { url: options.service } });
            let mechanism = null;
            const send = client.connection.send;
            client.connection.send = function (stanza) {
                if (stanza.root().is('auth')) {
                    mechanism = stanza.root().attrs.mechanism;
                }
                return send.call(this, stanza);
            };
            client.on('stanza', (stanza) => {
                if (stanza.is('message')) {
                    received(stanza.attrs.id, stanza.getChildText('body'));
                } else if (stanza.is('iq') && stanza.attrs.id === 'roster') {
                    onRoster(stanza.attrs.type === 'result' && stanza.getChild('query', 'jabber:iq:roster') !== undefined);
                }
            });
            return new Promise((resolve, reject) => {
                client.on('error', (error) => reject(error instanceof Error ? error : new Error(String(error))));
                client.on('online', ({ jid }) => {
                    client.send(new Stanza('presence'));
                    resolve({ jid: jid.toString(), mechanism });
                });
            });
        },

        roster() {
            return new Promise((resolve) => {
                onRoster = resolve;
                client.send(new Stanza('iq', { type: 'get', id: 'roster' }).c('query', { xmlns: 'jabber:iq:roster' }));
            });
        },

        send(to, id, text) {
            client.send(new Stanza('message', { to, id, type: 'chat' }).c('body').t(text));
        },

        disconnect() {
            return new Promise((resolve) => {
                client.once('close', resolve);
                client.end();
            });
        },
    };
});
