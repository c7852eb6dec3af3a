// strophe.js in Chromium, over WebSocket, from another origin than bosh-server's, and a peer under Node.

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

    await page.goto(site.url);
    result.origin = await page.evaluate(() => location.origin);
    await page.evaluate((o) => client.open(o), options);
    await status('CONNECTED');
    result.jid = await page.evaluate(() => client.connection.jid);
    result.mechanism = await page.evaluate(() => client.mechanism);
    result.roster = await page.evaluate(() => client.roster());
    await page.evaluate((text) => client.send('echo', text), special);
    await gotten('echo');

    const ids = Array.from({ length: 50 }, (_, i) => `order-${i}`);
    const to = peer.connection.jid;
    await page.evaluate(([all, jid]) => all.forEach((id) => client.send(id, `message ${id}`, jid)), [ids, to]);
    for (const id of ids) {
        peer.post(result.jid, id, `answer ${id}`);
    }
    await Promise.all([gotten(ids.at(-1)), peer.inbox.await(ids.at(-1))]);

    const got = await page.evaluate(() => client.got());
    result.sent = ids.length;
    result.got = [...got.map((m) => m.id), '|', ...peer.inbox.ids()];
    result.inOrder = result.got.join() === ['echo', ...ids, '|', ...ids].join();
    result.echo = got.find((m) => m.id === 'echo')?.text;
    result.intact = result.echo === special;
    await page.evaluate(() => client.connection.disconnect('done'));
    await within('the page’s disconnect', status('DISCONNECTED'));
    result.disconnected = true;
}
