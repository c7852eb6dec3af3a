// stanza under Node, over BOSH only.

import { createClient } from 'stanza';
import { run } from './client_run.mjs';

let client;
let lastAcknowledged; // settles when the server has acknowledged the last message sent

await run({
    login(options, received) {
        client = createClient({
            jid: options.jid,
            password: options.password,
            transports: { bosh: options.service },
            autoReconnect: false,
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
        lastAcknowledged = new Promise((resolve) => {
            client.on('message:acked', (message) => message.id === id && resolve());
        });
        client.sendMessage({ to, id, type: 'chat', body: text });
    },

    // It comes to rest only when nothing of its own was still to be sent.
    async disconnect() {
        await lastAcknowledged;
        await client.outgoingDataQueue.drain();
        await new Promise((resolve) => {
            client.on('disconnected', resolve);
            client.disconnect();
        });
    },
});
