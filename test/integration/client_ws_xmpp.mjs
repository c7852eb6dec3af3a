// @xmpp/client under Node, over WebSocket. It enables stream management (XEP-0198) by itself.

import WebSocket from 'ws';
import { loginMillis, runPair } from './client_ws_run.mjs';

globalThis.WebSocket = WebSocket; // Node has one from version 22 on
const { client, jid, xml } = await import('@xmpp/client');

await runPair(() => {
    let xmpp;
    return {
        async login(options, received) {
            const { local, domain } = jid(options.jid);
            xmpp = client({ service: options.service, domain, username: local, password: options.password, timeout: loginMillis });
            xmpp.reconnect.stop();
            let mechanism = null;
            xmpp.on('send', (element) => {
                if (element.is('auth')) {
                    mechanism = element.attrs.mechanism;
                }
            });
            xmpp.on('stanza', (stanza) => {
                if (stanza.is('message')) {
                    received(stanza.attrs.id, stanza.getChildText('body'));
                }
            });
            xmpp.on('error', (error) => process.stderr.write(`@xmpp/client: ${error}\n`));
            const address = await xmpp.start();
            await xmpp.send(xml('presence'));
            return { jid: address.toString(), mechanism };
        },

        async roster() {
            const answer = await xmpp.iqCaller.request(xml('iq', { type: 'get' }, xml('query', { xmlns: 'jabber:iq:roster' })));
            return answer.getChild('query', 'jabber:iq:roster') !== undefined;
        },

        send(to, id, text) {
            return xmpp.send(xml('message', { to, id, type: 'chat' }, xml('body', {}, text)));
        },

        disconnect() {
            return xmpp.stop();
        },
    };
});
