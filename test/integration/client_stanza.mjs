// stanza under Node, over BOSH only.

import { createClient } from 'stanza';
import { run } from './client_run.mjs';

let client;

await run({
    login(options, received) {
        client = createClient({
            jid: options.jid,
            password: options.password,
            transports: { bosh: options.service },
            autoReconnect: false,
            // With it (XEP-0198), a log-out is a gamble: an <r/> in the last answer, after the end of its stream, ends the
            // process, and with an <a/> of its own still to be sent it never says that it is disconnected.
            useStreamManagement: options.streamManagement,
        });
        let mechanism = null;
        client.on('raw:outgoing', (xml) => {
            mechanism ??= /<auth\b[^>]*\bmechanism=["']([^"']+)/.exec(xml)?.[1];
        });
        client.on('message', (message) => received(message.id, message.body));
        return new Promise((resolve, reject) => {
            client.on('auth:failed', () => reject(new Error('auth:failed')));
            client.on('stream:error', (error) => reject(new Error(JSON.stringify(error))));
            client.on('disconnected', () => reject(new Error('disconnected')));
            client.on('session:started', () => {
                client.sendPresence();
                resolve({ jid: client.jid, mechanism });
            });
            client.connect();
        });
    },

    async roster() {
        return Array.isArray((await client.getRoster()).items);
    },

    send(to, id, text) {
        client.sendMessage({ to, id, type: 'chat', body: text });
    },

    disconnect() {
        return new Promise((resolve) => {
            client.on('disconnected', resolve);
            client.disconnect();
        });
    },
});
