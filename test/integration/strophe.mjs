// A strophe.js client under Node: logs in over BOSH, does what a person's client does, and prints what
// happened as one line of JSON. The Go tests start it and judge the result.
//
//   node strophe.mjs '{"service": "http://127.0.0.1:5280/http-bind/", "jid": "alice@localhost", "password": "secret", "wait": 3}'

import './client_xhr.mjs';
import { Strophe, $iq, $msg, $pres } from 'strophe.js';

Strophe.setLogLevel(Strophe.LogLevel.WARN);
Strophe.log = (level, text) => {
    if (level >= Strophe.LogLevel.WARN) {
        process.stderr.write(`strophe: ${text}\n`);
    }
};

const options = JSON.parse(process.argv[2]);
const wait = options.wait ?? 5;
// How long one step may take before it counts as failed. A held request counts for a whole wait.
const stepMillis = 1000 * (2 * wait + 15);
const result = { outcome: null, statuses: [], steps: {} };

function finish(outcome, error) {
    result.outcome = outcome;
    if (error) {
        result.error = String(error.stack ?? error);
    }
    process.stdout.write(JSON.stringify(result) + '\n', () => process.exit(0));
}
process.on('uncaughtException', (error) => finish('exception', error));
process.on('unhandledRejection', (error) => finish('exception', error));

// within fails a promise that takes longer than a step may.
function within(what, promise) {
    let timer;
    const late = new Promise((_, reject) => {
        timer = setTimeout(() => reject(new Error(`${what}: nothing within ${stepMillis} ms`)), stepMillis);
    });
    return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

const statusName = (status) => Object.keys(Strophe.Status).find((k) => Strophe.Status[k] === status) ?? String(status);

// Client is one connection; login() settles with the status that decided the log-in.
class Client {
    constructor() {
        this.connection = new Strophe.Connection(options.service, {});
        this.emptyAnswers = 0;
        this.elementsOut = [];
        this.messageCallbacks = new Map(); // id → function of the message
        this.order = [];
        this.connection.xmlInput = (body) => {
            if (body.childNodes.length === 0) {
                this.emptyAnswers++;
                this.onEmptyAnswer?.();
            }
        };
        this.connection.xmlOutput = (body) => {
            for (let el = body.firstChild; el; el = el.nextSibling) {
                this.elementsOut.push(el);
            }
        };
    }

    login(jid, password) {
        return within('log-in', new Promise((resolve) => {
            this.disconnected = new Promise((gone) => {
                this.connection.connect(jid, password, (status, condition) => {
                    result.statuses.push(condition ? `${statusName(status)}: ${condition}` : statusName(status));
                    switch (status) {
                        case Strophe.Status.CONNECTED:
                        case Strophe.Status.AUTHFAIL:
                        case Strophe.Status.CONNFAIL:
                        case Strophe.Status.CONNTIMEOUT:
                        case Strophe.Status.ERROR:
                            resolve(statusName(status));
                            break;
                        case Strophe.Status.DISCONNECTED:
                            resolve(statusName(status));
                            gone();
                    }
                }, wait, options.hold ?? 1);
            });
            this.connection.addHandler((message) => {
                const id = message.getAttribute('id');
                this.order.push(id);
                this.messageCallbacks.get(id)?.(message);
                return true;
            }, null, 'message');
        }));
    }

    iq(what, iq) {
        return within(what, new Promise((resolve, reject) => {
            this.connection.sendIQ(iq, resolve, (error) => reject(new Error(`${what}: ${error ? Strophe.serialize(error) : 'timed out'}`)));
        }));
    }

    // awaitMessage settles with the message of that id, once it has come.
    awaitMessage(id) {
        return within(`message ${id}`, new Promise((resolve) => this.messageCallbacks.set(id, resolve)));
    }

    sendText(to, id, text) {
        this.connection.send($msg({ to, id, type: 'chat' }).c('body').t(text));
    }

    mechanism() {
        return this.elementsOut.find((el) => el.nodeName === 'auth')?.getAttribute('mechanism') ?? null;
    }
}

const bodyText = (message) => message.getElementsByTagName('body')[0]?.textContent ?? '';

const steps = {
    async roster(client) {
        const answer = await client.iq('roster', $iq({ type: 'get' }).c('query', { xmlns: 'jabber:iq:roster' }));
        return { type: answer.getAttribute('type'), query: answer.getElementsByTagName('query').length };
    },

    async disco(client) {
        const answer = await client.iq('disco', $iq({ type: 'get', to: Strophe.getDomainFromJid(client.connection.jid) })
            .c('query', { xmlns: 'http://jabber.org/protocol/disco#info' }));
        return { identities: answer.getElementsByTagName('identity').length, features: answer.getElementsByTagName('feature').length };
    },

    async ping(client) {
        const answer = await client.iq('ping', $iq({ type: 'get', to: Strophe.getDomainFromJid(client.connection.jid) })
            .c('ping', { xmlns: 'urn:xmpp:ping' }));
        return { type: answer.getAttribute('type') };
    },

    // One message to itself: every character that XML treats specially, one outside the basic plane, 60 KB.
    async echo(client) {
        const special = '& < > " \' 😀 ]]> &amp; \t|\n|';
        let text = special;
        while (Buffer.byteLength(text) < 60 * 1024) {
            text += ' the quick brown fox jumps over the lazy dog, ' + text.length + ' characters in, and back again';
        }
        text += special;
        const back = client.awaitMessage('echo');
        client.sendText(client.connection.jid, 'echo', text);
        const got = bodyText(await back);
        return { bytes: Buffer.byteLength(text), intact: got === text, gotBytes: Buffer.byteLength(got) };
    },

    async order(client) {
        const ids = Array.from({ length: 200 }, (_, i) => `order-${i}`);
        client.order = [];
        const last = client.awaitMessage(ids.at(-1));
        for (const id of ids) {
            client.sendText(client.connection.jid, id, `message ${id}`);
        }
        await last;
        return { sent: ids.length, got: client.order.length, inOrder: client.order.join() === ids.join() };
    },

    // One at a time, each sent when the one before has come back: every one takes a held request with it.
    async pingPong(client) {
        for (let i = 0; i < 20; i++) {
            const back = client.awaitMessage(`pingpong-${i}`);
            client.sendText(client.connection.jid, `pingpong-${i}`, 'back and forth');
            await back;
        }
        return { rounds: 20 };
    },

    // Nothing to say for longer than one wait: the held request is answered empty and the client polls on.
    async idle(client) {
        const before = client.emptyAnswers;
        const start = Date.now();
        await within('idle', new Promise((resolve) => {
            client.onEmptyAnswer = () => {
                if (client.emptyAnswers >= before + 2 && Date.now() - start > 1000 * wait) {
                    client.onEmptyAnswer = null;
                    resolve();
                }
            };
        }));
        const millis = Date.now() - start;
        const back = client.awaitMessage('awake');
        client.sendText(client.connection.jid, 'awake', 'still there');
        await back;
        return { millis, emptyAnswers: client.emptyAnswers - before };
    },

    // A second client of the same account, on its own session; the two exchange messages.
    async peer(client) {
        const peer = new Client();
        const outcome = await peer.login(`${Strophe.getBareJidFromJid(options.jid)}/peer`, options.password);
        if (outcome !== 'CONNECTED') {
            throw new Error(`the peer's log-in ended with ${outcome}`);
        }
        peer.connection.send($pres());
        const there = peer.awaitMessage('there');
        client.sendText(peer.connection.jid, 'there', 'to the peer');
        const got = await there;
        const back = client.awaitMessage('back');
        peer.sendText(got.getAttribute('from'), 'back', 'from the peer');
        await back;
        peer.connection.disconnect('done');
        await within('the peer’s disconnect', peer.disconnected);
        return { from: got.getAttribute('from') };
    },
};

const client = new Client();
const outcome = await client.login(options.jid, options.password ?? null);
result.mechanism = client.mechanism();
if (outcome !== 'CONNECTED') {
    // What strophe.js does after a refusal is part of the result: it has to come to rest.
    if (outcome !== 'DISCONNECTED') {
        client.connection.disconnect('refused');
        await within('disconnect', client.disconnected);
    }
    finish(outcome);
} else {
    result.jid = client.connection.jid;
    client.connection.send($pres());
    for (const name of options.steps ?? Object.keys(steps)) {
        const start = Date.now();
        result.steps[name] = await steps[name](client);
        process.stderr.write(`${name}: ${Date.now() - start} ms ${JSON.stringify(result.steps[name])}\n`);
    }
    client.connection.disconnect('done');
    await within('disconnect', client.disconnected);
    finish('CONNECTED');
}
