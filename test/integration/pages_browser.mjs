// The pages for people in headless Chromium, on a phone and on a desktop, light and dark, with sessions that are alive. Prints what was seen, for the Go test to judge.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import './client_xhr.mjs';
import { $msg, $pres, Strophe } from 'strophe.js';
import { report, within } from './client_run.mjs';

const options = JSON.parse(process.argv[2]);
const sizes = { phone: { width: 390, height: 844 }, desktop: { width: 1280, height: 800 } };

// connect logs a user in over BOSH; it talks to itself from then on.
function connect(n) {
    const jid = `user${n}@localhost/pages`;
    const c = new Strophe.Connection(options.url);
    const up = new Promise((resolve, reject) =>
        c.connect(jid, 'any', (status) => {
            if (status === Strophe.Status.CONNECTED) {
                resolve(c);
            } else if (status === Strophe.Status.CONNFAIL || status === Strophe.Status.AUTHFAIL) {
                reject(new Error(`${jid}: status ${status}`));
            }
        }));
    return within(`log-in of ${jid}`, up).then(() => {
        c.send($pres());
        c.chatter = setInterval(() => c.send($msg({ to: jid, type: 'chat' }).c('body').t('hello '.repeat(n + 1))), 150 + 90 * n);
        return c;
    });
}

// look opens one page and says what is wrong with it.
async function look(browser, seen, name, url, size, scheme) {
    const context = await browser.newContext({
        viewport: sizes[size], colorScheme: scheme, deviceScaleFactor: 2, javaScriptEnabled: scheme === 'light',
        httpCredentials: { username: 'admin', password: options.password },
    });
    const page = await context.newPage();
    const complaints = [];
    page.on('console', (m) => ['warning', 'error'].includes(m.type()) && complaints.push(m.text()));
    page.on('requestfailed', (r) => complaints.push(`${r.url()}: ${r.failure()?.errorText}`));
    const asked = [];
    page.on('request', (r) => asked.push(r.url()));
    await page.goto(url);
    if (options.screenshots) {
        await page.screenshot({ path: join(options.screenshots, `${name}-${size}-${scheme}.png`), fullPage: true });
    }
    const one = { name: `${name} ${size} ${scheme}`, complaints, asked };
    if (scheme === 'light') {
        Object.assign(one, await page.evaluate(() => ({
            wide: document.documentElement.scrollWidth > window.innerWidth,
            charts: document.querySelectorAll('svg.plot').length,
            styled: getComputedStyle(document.querySelector('.card')).borderRadius !== '0px',
            sessions: document.querySelector('.tile .value').textContent,
            title: document.title,
        })));
    }
    seen.push(one);
    await context.close();
}

const result = { seen: [] };
report(result, async () => {
    Strophe.setLogLevel(Strophe.LogLevel.WARN);
    const profile = await mkdtemp(join(tmpdir(), 'p-'));
    const browser = await chromium.launch({
        executablePath: '/usr/bin/chromium', headless: true,
        args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update',
            '--disable-sync', '--disable-dev-shm-usage', '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1'],
    });
    const connections = [];
    try {
        for (let n = 0; n < 6; n++) {
            connections.push(await connect(n));
        }
        const page = await browser.newPage();
        await page.evaluate(async (url) => {
            const open = "<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' to='localhost' version='1.0'/>";
            window.sockets = await Promise.all([1, 2, 3].map(() => new Promise((resolve, reject) => {
                const s = new WebSocket(url, 'xmpp');
                s.onopen = () => s.send(open);
                s.onmessage = () => resolve(s);
                s.onerror = reject;
            })));
        }, options.url.replace('http:', 'ws:').replace(/http-bind\/$/, 'ws/'));
        await new Promise((resolve) => setTimeout(resolve, options.millis)); // samples are taken every ten seconds
        for (const scheme of ['light', 'dark']) {
            for (const size of Object.keys(sizes)) {
                await look(browser, result.seen, 'statistics', options.url, size, scheme);
                await look(browser, result.seen, 'sysinfo', options.url + 'sysinfo/', size, scheme);
            }
        }
    } finally {
        for (const c of connections) {
            clearInterval(c.chatter);
            c.disconnect();
        }
        await browser.close();
        await rm(profile, { recursive: true, force: true });
    }
});
