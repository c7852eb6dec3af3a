// stanza under Node, over WebSocket.

import { createClient } from 'stanza';
import { runPair } from './client_ws_run.mjs';

await runPair(() => {
    let client;
    return {
        login(options, received) {
            client = createClient({
                jid: options.jid,
                password: options.password,
                transports: { websocket: options.service, bosh: false },
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
            client.sendMessage({ to, id, type: 'chat', body: text });
        },

        disconnect() {
            return new Promise((resolve) => {
                client.on('disconnected', resolve);
                client.disconnect();
            });
        },
    };
});
