// node-xmpp-client under Node, over BOSH: a TCP connection of its own for each request.

import { createRequire } from 'node:module';
import { run } from './client_run.mjs';

const { Client, Stanza } = createRequire(import.meta.url)('node-xmpp-client');

let client;
let onRoster;

await run({
    login(options, received) {
        client = new Client({ jid: options.jid, password: options.password, bosh: { url: options.service, wait: options.wait } });
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
});
