// strophe.js in Chromium over HTTPS and WSS, and what becomes of a request in clear for its session.

import { request } from 'node:http';
import { Site, withPage } from './client_browser.mjs';
import { report, special, within } from './client_run.mjs';

const options = JSON.parse(process.argv[2]);
const result = { rounds: {} };

await report(result, async () => {
    const site = new Site({
        '/': { text: '<!doctype html><meta charset="utf-8"><title>strophe.js</title><script src="/strophe.js"></script><script src="/page.js"></script>' },
        '/strophe.js': 'node_modules/strophe.js/dist/strophe.umd.min.js',
        '/page.js': 'client_strophe_page.js',
    });
    await site.listen();
    // Of two switches of a name the last one counts.
    const rules = `MAP ${options.host} 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1`;
    const switches = [`--host-resolver-rules=${rules}`, `--ignore-certificate-errors-spki-list=${options.publicKey}`];
    try {
        await withPage(async (page) => {
            for (const service of [options.service, options.webSocket]) {
                result.rounds[new URL(service).protocol] = await talk(site, page, service);
            }
        }, switches);
    } finally {
        site.close();
    }
});

async function talk(site, page, service) {
    const status = (name) => page.waitForFunction((s) => client.statuses.includes(s), name);
    const round = {};
    const onResponse = async (response) => {
        if (response.url() === service) {
            round.protocol ??= (await response.securityDetails())?.protocol;
        }
    };
    page.on('response', onResponse);
    await page.goto(site.url);
    await page.evaluate((o) => {
        sessionStorage.clear();
        client.open(o);
        client.connection.xmlInput = (body) => (globalThis.secure ??= body.getAttribute('secure'));
    }, { ...options, service });
    await status('CONNECTED');
    round.jid = await page.evaluate(() => client.connection.jid);
    round.mechanism = await page.evaluate(() => client.mechanism);
    round.secure = await page.evaluate(() => globalThis.secure);
    round.roster = await page.evaluate(() => client.roster());
    const { sid, rid } = await page.evaluate(() => client.connection._proto);
    if (sid) {
        round.clear = await askInClear(`<body rid='${rid}' sid='${sid}' xmlns='http://jabber.org/protocol/httpbind'/>`);
    }
    await page.evaluate((text) => client.send('echo', text), special);
    await page.waitForFunction(() => client.got().some((m) => m.id === 'echo'));
    round.intact = await page.evaluate((text) => client.got()[0].text === text, special);
    await page.evaluate(() => client.connection.disconnect('done'));
    await within('the page’s disconnect', status('DISCONNECTED'));
    page.off('response', onResponse);
    return round;
}

// askInClear settles with what a request over plain HTTP is answered with: "closed" when the connection is closed instead.
function askInClear(body) {
    return within('the request in clear', new Promise((resolve, reject) => {
        const r = request(options.clear, { method: 'POST', headers: { 'Content-Type': 'text/xml; charset=utf-8' } }, async (response) => {
            let text = `${response.statusCode} `;
            for await (const piece of response) {
                text += piece;
            }
            resolve(text);
        });
        r.on('error', (error) => (error.code === 'ECONNRESET' ? resolve('closed') : reject(error)));
        r.end(body);
    }));
}
