// @xmpp/client under Node, over WebSocket, with a relay between it and bosh-server that first swallows what goes
// through it and then cuts the socket: the session is resumed (XEP-0198), and what was swallowed comes once, in order.

import { connect, createServer } from 'node:net';
import WebSocket from 'ws';
import { Inbox, report, within } from './client_run.mjs';
import { loginMillis } from './client_ws_run.mjs';

// One message an event, as in a browser: @xmpp/client begins to count in a promise that <enabled/> settles.
globalThis.WebSocket = class extends WebSocket {
    constructor(url, protocols) {
        super(url, protocols, { allowSynchronousEvents: false });
    }
};
const { client, jid, xml } = await import('@xmpp/client');

const options = JSON.parse(process.argv[2]);
const result = {};

// Relay passes bytes on; what isn't its to pass on is lost, as with a network that is gone.
class Relay {
    constructor(service) {
        this.to = new URL(service);
        this.pairs = new Set();
        this.deaf = false;
        this.lost = 0; // bytes
        this.server = createServer((down) => this.join(down, connect(this.to.port, this.to.hostname)));
    }

    async listen() {
        await new Promise((resolve) => this.server.listen(0, '127.0.0.1', resolve));
        this.url = `ws://127.0.0.1:${this.server.address().port}${this.to.pathname}`;
    }

    join(...pair) {
        this.pairs.add(pair);
        const end = () => {
            this.pairs.delete(pair);
            pair.forEach((socket) => socket.destroy());
        };
        const deaf = () => this.deaf && this.pairs.has(pair);
        pair.forEach((socket, i) => {
            socket.on('data', (bytes) => {
                if (deaf()) {
                    this.lost += bytes.length;
                    this.onLost?.();
                } else {
                    pair[1 - i].write(bytes);
                }
            });
            socket.on('end', end);
            socket.on('error', end);
        });
    }

    // lose settles when so many bytes more are lost.
    lose(bytes) {
        const enough = this.lost + bytes;
        return new Promise((resolve) => (this.onLost = () => this.lost >= enough && resolve()));
    }

    // cut resets every connection, or ends it as one that is closed in good order does.
    cut(reset) {
        for (const pair of this.pairs) {
            pair.forEach((socket) => (reset ? socket.resetAndDestroy() : socket.end()));
        }
        this.pairs.clear();
        this.deaf = false;
    }

    close() {
        this.cut(false);
        this.server.close();
    }
}

// User is one of the two: what it has got, and what came of its sessions.
class User {
    constructor(service, address, password) {
        const { local, domain } = jid(address);
        this.inbox = new Inbox();
        this.online = 0;
        this.resumed = 0;
        this.sent = [];
        this.xmpp = client({ service, domain, username: local, password, timeout: loginMillis });
        this.xmpp.reconnect.delay = 50;
        this.xmpp.on('online', () => this.online++);
        this.xmpp.on('error', (error) => process.stderr.write(`@xmpp/client: ${error}\n`));
        this.xmpp.on('stanza', (stanza) => {
            if (stanza.is('message')) {
                this.inbox.add(stanza.attrs.id, stanza.getChildText('body'));
            }
        });
        this.xmpp.on('send', (element) => {
            if (element.is('auth')) {
                result.mechanism = element.attrs.mechanism;
            }
        });
        this.back = new Promise((resolve) => this.xmpp.streamManagement.on('resumed', () => resolve(++this.resumed)));
    }

    async login() {
        this.jid = (await this.xmpp.start()).toString();
        await this.xmpp.send(xml('presence'));
    }

    async send(peer, ids) {
        for (const id of ids) {
            await this.xmpp.send(xml('message', { to: peer.jid, id, type: 'chat' }, xml('body', {}, `message ${id}`)));
        }
    }

    // roster is a way to know that the server has dealt with what was sent before. The client doesn't count answers
    // (XEP-0198 §4): it would have one stanza again for each of them when it resumes.
    async roster() {
        const answer = await this.xmpp.iqCaller.request(xml('iq', { type: 'get' }, xml('query', { xmlns: 'jabber:iq:roster' })));
        return answer.getChild('query', 'jabber:iq:roster') !== undefined;
    }
}

await report(result, async () => {
    const relay = new Relay(options.service);
    await relay.listen();
    const alice = new User(relay.url, options.jid, options.password);
    const bob = new User(options.service, options.peerJID, options.peerPassword);
    await within('log-in', Promise.all([alice.login(), bob.login()]), loginMillis);
    result.jid = alice.jid;

    const numbers = (name, n) => Array.from({ length: n }, (_, i) => `${name}-${i}`);
    const before = numbers('before', 10);
    await Promise.all([alice.send(bob, before), bob.send(alice, before)]);
    await Promise.all([alice.inbox.await(before.at(-1)), bob.inbox.await(before.at(-1))]);

    // Both directions are lost, while both sides believe that the socket is well.
    relay.deaf = true;
    const during = numbers('during', 20);
    const lost = relay.lose(2 * 20 * 40);
    await Promise.all([alice.send(bob, during), bob.send(alice, during)]);
    await within('the answer to bob', bob.roster());
    await within('loss', lost);
    relay.cut(options.reset);
    await within('resumption', alice.back, loginMillis);

    const after = numbers('after', 10);
    await Promise.all([alice.send(bob, after), bob.send(alice, after)]);
    await Promise.all([alice.inbox.await(after.at(-1)), bob.inbox.await(after.at(-1))]);
    result.roster = await within('roster', alice.roster());
    result.intact = alice.online === 1 && alice.resumed === 1 && alice.xmpp.jid.toString() === alice.jid;
    result.echo = `${alice.online} sessions, ${alice.resumed} resumptions, ${alice.xmpp.jid}`;

    const want = [...before, ...during, ...after];
    result.sent = want.length;
    result.got = [...alice.inbox.ids(), '|', ...bob.inbox.ids()];
    result.inOrder = result.got.join() === [...want, '|', ...want].join();
    await within('disconnect', Promise.all([alice.xmpp.stop(), bob.xmpp.stop()]));
    result.disconnected = true;
    relay.close();
});
