// What the browser tests share: Chromium with one page, a web server for that page, and somebody to talk to.

import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { extname, join, normalize } from 'node:path';
import { chromium } from 'playwright-core';
import './client_xhr.mjs';
import { $iq, $msg, $pres, Strophe } from 'strophe.js';
import { Inbox, within } from './client_run.mjs';

Strophe.setLogLevel(Strophe.LogLevel.WARN);

const types = {
    '.css': 'text/css', '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.json': 'application/json', '.svg': 'image/svg+xml',
    '.wasm': 'application/wasm', '.woff2': 'font/woff2',
};

// Site serves a page and its files on a port of its own: to the page, bosh-server is another origin.
export class Site {
    // routes: URL path → { text } or a file or, when the path ends in a slash, a folder.
    constructor(routes) {
        this.routes = routes;
        this.held = null;
        this.server = createServer((request, response) => this.answer(request, response));
    }

    async listen() {
        await new Promise((resolve) => this.server.listen(0, '127.0.0.1', resolve));
        this.url = `http://127.0.0.1:${this.server.address().port}/`;
    }

    // hold makes the next request for a path wait; asked settles when it has come, release lets it go on.
    hold(path) {
        const held = { path };
        held.asked = new Promise((resolve) => (held.cameIn = resolve));
        held.released = new Promise((resolve) => (held.release = resolve));
        this.held = held;
        return held;
    }

    async answer(request, response) {
        const path = normalize(decodeURIComponent(new URL(request.url, this.url).pathname));
        if (this.held?.path === path) {
            const held = this.held;
            this.held = null;
            held.cameIn();
            await held.released;
        }
        try {
            const [content, name] = await this.find(path);
            response.writeHead(200, { 'Content-Type': types[extname(name)] ?? 'application/octet-stream', 'Cache-Control': 'no-store' });
            response.end(content);
        } catch {
            response.writeHead(404).end();
        }
    }

    async find(path) {
        const exact = this.routes[path];
        if (exact?.text !== undefined) {
            return [exact.text, 'index.html'];
        }
        if (exact) {
            return [await readFile(exact), exact];
        }
        const folder = Object.keys(this.routes).find((route) => route !== '/' && route.endsWith('/') && path.startsWith(route));
        const file = join(this.routes[folder], path.slice(folder.length));
        return [await readFile(file), file];
    }

    close() {
        this.server.close();
        this.server.closeAllConnections();
    }
}

// withPage runs work with a page of a fresh Chromium, which ends with it; when this process is killed, Chromium
// ends by itself, since the pipe that it is driven through is gone. more are further switches.
export async function withPage(work, more = []) {
    const profile = await mkdtemp(join(tmpdir(), 'bosh-server-chromium-'));
    const context = await chromium.launchPersistentContext(profile, {
        executablePath: '/usr/bin/chromium',
        headless: true,
        viewport: { width: 1100, height: 700 },
        args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
            '--disable-component-update', '--disable-sync', '--disable-dev-shm-usage', '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1', ...more],
    });
    try {
        const page = context.pages()[0] ?? await context.newPage();
        page.setDefaultTimeout(20_000);
        page.on('console', (message) => {
            if (['warning', 'error'].includes(message.type())) {
                process.stderr.write(`page: ${message.text()} (${message.location().url})\n`);
            }
        });
        page.on('pageerror', (error) => process.stderr.write(`page: ${error.stack}\n`));
        await work(page);
    } finally {
        await context.close();
        await rm(profile, { recursive: true, force: true, maxRetries: 5 });
    }
}

// Peer is the other one in a conversation: strophe.js under Node, on a session of its own.
export class Peer {
    constructor(service) {
        this.connection = new Strophe.Connection(service, {});
        this.inbox = new Inbox();
    }

    login(jid, password) {
        this.connection.addHandler((message) => {
            const body = message.getElementsByTagName('body')[0];
            if (body) {
                this.inbox.add(message.getAttribute('id'), body.textContent, message.getAttribute('from'));
            }
            return true;
        }, null, 'message');
        return within('the peer’s log-in', new Promise((resolve, reject) => {
            this.disconnected = new Promise((gone) => {
                this.connection.connect(jid, password, (status, condition) => {
                    switch (status) {
                        case Strophe.Status.CONNECTED:
                            this.connection.send($pres());
                            resolve();
                            break;
                        case Strophe.Status.DISCONNECTED:
                            gone();
                        // fall through
                        case Strophe.Status.AUTHFAIL:
                        case Strophe.Status.CONNFAIL:
                            reject(new Error(`the peer's log-in: status ${status} ${condition ?? ''}`));
                    }
                }, 20);
            });
        }));
    }

    post(to, id, text) {
        this.connection.send($msg({ to, id, type: 'chat' }).c('body').t(text));
    }

    // send settles when the server has dealt with the message: it answers in order.
    async send(to, id, text) {
        this.post(to, id, text);
        await within(`the peer's message ${id}`, new Promise((resolve) => {
            const query = $iq({ type: 'get' }).c('query', { xmlns: 'jabber:iq:roster' });
            this.connection.sendIQ(query, resolve, resolve);
        }));
    }

    async logout() {
        this.connection.disconnect('done');
        await within('the peer’s disconnect', this.disconnected);
    }
}
