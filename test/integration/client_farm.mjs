// Many strophe.js clients in one process, each with cookies and connections of its own, as in as many browsers. test/deploy puts them in front of a proxy with two nodes behind it.
//
//   node client_farm.mjs '{"service": "https://localhost:443/http-bind/", "domains": ["a.example"], "localAddress": "127.0.0.77"}'
//
// Each says one message, and "ready" is printed when all are answered; then each goes on saying one after the other until a line comes on standard input. A client whose session ends logs in
// anew, and says again what was not answered. The last line is one of JSON: per client its domain, how many sessions it had, how they ended, and the ids that came.

import https from 'node:https';
import readline from 'node:readline';
import { Strophe, $msg } from 'strophe.js';

Strophe.setLogLevel(Strophe.LogLevel.FATAL);

const options = JSON.parse(process.argv[2]);
const browsers = new Map(); // by domain, and by sid: { cookies, agent }

function browserOf(text) {
    const sid = / sid=["']([^"']*)["']/.exec(text)?.[1];
    const to = / to=["']([^"']*)["']/.exec(text)?.[1];
    return browsers.get(sid ?? to);
}

// What strophe.js needs of a browser's XMLHttpRequest.
globalThis.XMLHttpRequest = class {
    readyState = 0;
    status = 0;
    responseText = '';
    fields = {};

    open(method, url) {
        this.method = method;
        this.url = new URL(url);
        this.readyState = 1;
    }

    setRequestHeader(name, value) {
        this.fields[name] = value;
    }

    send(text) {
        const browser = browserOf(text);
        const cookie = [...browser.cookies].map(([k, v]) => `${k}=${v}`).join('; ');
        this.request = https.request(this.url, {
            method: this.method, agent: browser.agent, headers: { ...this.fields, ...(cookie && { Cookie: cookie }), 'Content-Length': Buffer.byteLength(text) },
        }, (answer) => {
            for (const line of answer.headers['set-cookie'] ?? []) {
                const [, name, value] = /^([^=]+)=([^;]*)/.exec(line);
                browser.cookies.set(name, value);
            }
            let body = '';
            answer.setEncoding('utf8');
            answer.on('data', (piece) => { body += piece; });
            answer.on('error', () => this.end(0, ''));
            answer.on('end', () => {
                const sid = / sid=["']([^"']*)["']/.exec(body)?.[1];
                if (sid) {
                    browsers.set(sid, browser);
                }
                this.end(answer.statusCode, body);
            });
        });
        this.request.on('error', () => this.end(0, ''));
        this.request.end(text);
    }

    end(status, text) {
        if (this.readyState === 4) {
            return;
        }
        this.readyState = 4;
        this.status = status;
        this.responseText = text;
        this.responseXML = status === 200 && text ? new DOMParser().parseFromString(text, 'text/xml') : null;
        this.onreadystatechange?.();
    }

    abort() {
        this.readyState = 4;
        this.request?.destroy();
    }

    getResponseHeader() {
        return null;
    }

    getAllResponseHeaders() {
        return '';
    }
};

let ending = false;

class Client {
    constructor(domain) {
        this.result = { domain, sessions: 0, ends: [], seen: [], acked: [] };
        this.said = 0;
        this.answered = new Map();
        browsers.set(domain, { cookies: new Map(), agent: new https.Agent({ keepAlive: true, localAddress: options.localAddress }) });
        this.done = new Promise((resolve) => { this.finish = resolve; });
        this.first = new Promise((resolve) => { this.began = resolve; });
    }

    login() {
        const connection = new Strophe.Connection(options.service, {});
        connection.connect(`me@${this.result.domain}`, 'secret', (status, condition) => {
            if (connection !== this.connection) {
                return;
            }
            switch (status) {
                case Strophe.Status.CONNECTED:
                    this.result.sessions++;
                    this.say();
                    break;
                case Strophe.Status.CONNFAIL:
                case Strophe.Status.AUTHFAIL:
                    this.result.ends.push(String(condition));
                    break;
                case Strophe.Status.DISCONNECTED:
                    this.connection = null;
                    setTimeout(() => this.login(), 50); // as clients do, but sooner
            }
        }, 50, 1);
        connection.addHandler((message) => this.take(message), null, 'message');
        this.connection = connection;
    }

    get id() {
        return `${this.result.domain}-s${this.said}`;
    }

    say() {
        this.connection.send($msg({ to: `other@${this.result.domain}`, id: this.id }).c('body').t('hello'));
        this.connection.flush();
    }

    take(message) {
        const id = message.getAttribute('id');
        this.result.seen.push(id);
        if (id === `r-${this.id}`) {
            this.result.acked.push(this.id);
            this.said++;
            this.began();
            if (ending) {
                this.finish();
            } else if (started) {
                this.say();
            }
        }
        return true;
    }
}

let started = false;
const clients = options.domains.map((domain) => new Client(domain));
for (const client of clients) {
    client.login();
}
await Promise.all(clients.map((client) => client.first));
process.stdout.write('ready\n');

const lines = readline.createInterface({ input: process.stdin })[Symbol.asyncIterator]();
await lines.next();
started = true;
for (const client of clients) {
    client.say();
}
await lines.next();
ending = true;
await Promise.all(clients.map((client) => client.done));
process.stdout.write(JSON.stringify(clients.map((client) => client.result)) + '\n', () => process.exit(0));
