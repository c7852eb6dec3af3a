// converse.js in Chromium, used as a person uses it: the log-in form, a chat, a message each way. It leaves a
// screenshot where options.screenshot says.

import { Peer, Site, withPage } from './client_browser.mjs';
import { report, within } from './client_run.mjs';

const options = JSON.parse(process.argv[2]);
const result = {};

const page = (settings) => `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>converse.js</title>
<link rel="stylesheet" href="/dist/converse.min.css">
<body>
<script type="module">
import converse from '/dist/converse.min.js';
converse.plugins.add('test', { initialize() { window.api = this._converse.api; } });
converse.initialize(${JSON.stringify(settings)});
</script></body></html>`;

await report(result, async () => {
    const site = new Site({
        '/': {
            text: page({
                [options.service.startsWith('ws') ? 'websocket_url' : 'bosh_service_url']: options.service,
                authentication: 'login',
                discover_connection_methods: false,
                allow_non_roster_messaging: true,
                auto_reconnect: false,
                assets_path: '/dist/',
                whitelisted_plugins: ['test'],
                view_mode: 'fullscreen',
                i18n: 'en',
                show_client_info: false,
                loglevel: 'warn',
                play_sounds: false,
                clear_cache_on_logout: true,
            }),
        },
        '/dist/': 'node_modules/converse.js/dist',
    });
    await site.listen();
    const peer = new Peer(options.service);
    try {
        await Promise.all([peer.login(options.peerJID, options.peerPassword), withPage((p) => talk(site, p, peer))]);
        await peer.logout();
    } finally {
        site.close();
    }
});

async function talk(site, page, peer) {
    try {
        await converse(site, page, peer);
    } catch (error) {
        await page.screenshot({ path: options.screenshot }); // what the person sees who is stuck
        throw error;
    }
}

async function converse(site, page, peer) {
    await page.goto(site.url);
    result.origin = await page.evaluate(() => location.origin);
    await page.fill('input[name=jid]', options.jid);
    await page.fill('input[name=password]', options.password);
    await page.click('input[type=submit], button[type=submit]');
    await page.waitForFunction(() => window.api?.connection?.connected());
    result.jid = await page.evaluate(() => api.connection.get().jid);
    result.mechanism = await page.evaluate(() => api.connection.get()._sasl_mechanism?.mechname ?? null);
    await page.evaluate(async () => void (await api.waitUntil('rosterContactsFetched')));
    result.roster = true;

    await page.click('.dropdown--contacts button');
    await page.click('.dropdown--contacts .new-chat');
    await page.fill('converse-new-chat-modal input[name=jid]', options.peerJID);
    await page.click('converse-new-chat-modal button[type=submit]');
    const shown = (text) => page.waitForFunction(
        (t) => [...document.querySelectorAll('.chat-msg__text')].some((el) => el.textContent.includes(t)), text);
    const line = '& < > " \' 😀 hello from converse';
    await page.fill('textarea.chat-textarea', line);
    await page.press('textarea.chat-textarea', 'Enter');
    await shown(line);
    const got = await within('a message from converse', peer.inbox.first((m) => m.text.includes('hello from converse')));
    result.echo = got.text;
    result.intact = got.text === line;

    const ids = Array.from({ length: 5 }, (_, i) => `reply-${i}`);
    for (const id of ids) {
        await peer.send(got.from, id, `${id}: and back, & < > " ' 😀`);
    }
    for (const id of ids) {
        await shown(`${id}: and back, & < > " ' 😀`);
    }
    result.sent = ids.length;
    result.got = await page.$$eval('.chat-msg__text', (all) => all.map((el) => el.textContent.trim()));
    result.inOrder = result.got.map((t) => t.split(':')[0]).filter((t) => ids.includes(t)).join() === ids.join();
    await page.screenshot({ path: options.screenshot });

    await page.evaluate(() => void api.user.logout());
    await page.waitForFunction(() => !api.connection.connected());
    result.disconnected = true;
}
