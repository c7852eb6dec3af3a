// strophe.js in Chromium, from another origin than bosh-server's, reloaded in the middle of its session.

import { Peer, Site, withPage } from './client_browser.mjs';
import { report, special, within } from './client_run.mjs';

const options = JSON.parse(process.argv[2]);
const result = {};

await report(result, async () => {
    const site = new Site({
        '/': { text: '<!doctype html><meta charset="utf-8"><title>strophe.js</title><script src="/strophe.js"></script><script src="/page.js"></script>' },
        '/strophe.js': 'node_modules/strophe.js/dist/strophe.umd.min.js',
        '/page.js': 'client_strophe_page.js',
    });
    await site.listen();
    const peer = new Peer(options.service);
    try {
        await Promise.all([peer.login(options.peerJID, options.peerPassword), withPage((page) => talk(site, page, peer))]);
        await peer.logout();
    } finally {
        site.close();
    }
});

async function talk(site, page, peer) {
    const status = (name) => page.waitForFunction((s) => client.statuses.includes(s), name);
    const gotten = (id) => page.waitForFunction((i) => client.got().some((m) => m.id === i), id);
    const open = (more) => page.evaluate((o) => client.open(o), { ...options, ...more });

    const polls = new Set(); // requests with bosh-server that have no answer yet
    const isPoll = (request) => request.url() === options.service && request.method() === 'POST';
    page.on('request', (request) => isPoll(request) && polls.add(request));
    for (const end of ['requestfinished', 'requestfailed']) {
        page.on(end, (request) => polls.delete(request));
    }

    await page.goto(site.url);
    result.origin = await page.evaluate(() => location.origin);
    await open({});
    await status('CONNECTED');
    result.jid = await page.evaluate(() => client.connection.jid);
    result.mechanism = await page.evaluate(() => client.mechanism);
    result.roster = await page.evaluate(() => client.roster());
    await page.evaluate((text) => client.send('echo', text), special);
    await gotten('echo');
    const ids = Array.from({ length: 50 }, (_, i) => `order-${i}`);
    await page.evaluate((all) => all.forEach((id) => client.send(id, `message ${id}`)), ids);
    await gotten(ids.at(-1));
    await peer.send(result.jid, 'before', 'before the reload');
    await gotten('before');

    // The page goes, and its held request with it, as soon as the new one has come. That one is kept from having
    // its scripts until the peer's messages are with the server: nobody polls meanwhile.
    if (polls.size === 0) {
        await page.waitForEvent('request', isPoll);
    }
    const script = site.hold('/strophe.js');
    const aborted = page.waitForEvent('requestfailed', isPoll);
    const reloaded = page.reload();
    await within('the script of the reloaded page', script.asked);
    await aborted;
    for (const id of ['during-0', 'during-1']) {
        await peer.send(result.jid, id, 'while the page reloads');
    }
    script.release();
    await reloaded;
    await open({ restore: true, jid: result.jid });
    await status('ATTACHED');
    await gotten('during-1');
    await peer.send(result.jid, 'after', 'after the reload');
    await gotten('after');
    result.rosterAfter = await page.evaluate(() => client.roster());

    const got = await page.evaluate(() => client.got());
    result.sent = ids.length;
    result.got = got.map((m) => m.id);
    result.inOrder = result.got.join() === ['echo', ...ids, 'before', 'during-0', 'during-1', 'after'].join();
    result.echo = got.find((m) => m.id === 'echo')?.text;
    result.intact = result.echo === special;
    await page.evaluate(() => client.connection.disconnect('done'));
    await status('DISCONNECTED');
    result.disconnected = true;
}
