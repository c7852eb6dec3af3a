// The page of the demo in headless Chromium, as somebody uses it who has just typed "make run". Prints what was seen, for the Go test to judge.

import { join } from 'node:path';
import { Peer, withPage } from './client_browser.mjs';
import { report, within } from './client_run.mjs';
import { accessible, tabOrder } from './demo_access.mjs';

const options = JSON.parse(process.argv[2]);
const sizes = { phone: { width: 375, height: 812 }, desktop: { width: 1280, height: 900 } };
const users = ['juliet', 'romeo'];

const panel = (page, user) => page.locator(`.panel[data-user=${user}]`);
const said = (page, user, text) => panel(page, user).locator('.bubble', { hasText: text }).first().waitFor();
const online = (page) => Promise.all(users.map((user) => page.locator(`.panel[data-user=${user}][data-state=online]`).waitFor()));
const rows = (page) => page.evaluate(() => [...document.querySelectorAll('.event')].map((row) => ({
    who: row.dataset.who,
    sent: row.querySelector('.sent')?.textContent ?? '',
    got: row.querySelector('.got')?.textContent ?? '',
    meta: row.querySelector('.meta')?.textContent ?? '',
    pill: row.querySelector('.pill')?.textContent ?? '',
    state: row.dataset.state ?? '',
})).reverse()); // the oldest first

async function say(page, user, text) {
    const input = page.getByLabel(`Message from ${user[0].toUpperCase()}${user.slice(1)}`);
    await input.fill(text);
    await input.press('Enter');
}

async function choose(page, transport) {
    await page.locator(`input[value=${transport}]`).check();
    if (options.password) {
        await page.getByLabel('Password').fill(options.password);
    }
    await page.getByRole('button', { name: 'Log both in' }).click();
    await online(page);
}

// xml opens the newest entry whose text fits, and gives the XML that it shows.
async function xml(page, text) {
    const row = page.locator('.event', { hasText: text }).first();
    await row.locator('summary').click();
    const shown = await row.locator('.xml').innerText();
    await row.locator('summary').click();
    return shown;
}

// leaks opens every entry, and says which secrets are then somewhere in the page.
async function leaks(page) {
    const html = await page.evaluate(() => {
        const all = [...document.querySelectorAll('.event details')];
        all.forEach((details) => (details.open = true));
        return new Promise((resolve) => setTimeout(() => { // they are filled in events of their own
            resolve(document.documentElement.outerHTML);
            all.forEach((details) => (details.open = false));
        }, 100));
    });
    const password = options.password || 'any will do';
    const secrets = users.flatMap((user) => [`\0${user}\0${password}`, `n,,n=${user},r=`]).map((text) => Buffer.from(text).toString('base64').slice(0, 12));
    if (!html.includes('characters, masked')) {
        return ['no entry was filled'];
    }
    return [password, ...secrets].filter((secret) => html.includes(secret));
}

// talk is the whole of it over one transport, on a page that is at its beginning.
async function talk(page, transport) {
    const seen = { transport };
    await choose(page, transport);
    seen.status = await page.locator('#status').textContent();
    await say(page, 'juliet', 'one & <two>');
    await said(page, 'romeo', 'one & <two>');
    await panel(page, 'romeo').locator('.chip').click();
    await said(page, 'juliet', 'I am, Juliet.');
    await page.locator('.event', { hasText: 'message “I am, Juliet.”' }).nth(1).waitFor();
    seen.rows = await rows(page);
    seen.message = await xml(page, 'message “one & <two>”');
    seen.login = await xml(page, 'log-in (');
    seen.leaks = await leaks(page);
    seen.passing = await page.locator('.timeline .passing').count();
    seen.marks = await page.locator('.timeline .mark').count();
    seen.bars = await page.locator('.timeline .bar.juliet, .timeline .line.juliet').count();
    seen.now = await page.locator('#now').textContent();
    seen.sums = await page.locator('#sums').textContent();
    await picture(page, `demo-${transport}`);

    await (transport === 'bosh' ? reloadWhileSomebodySpeaks(page, seen) : page.reload());
    seen.kept = await panel(page, 'juliet').locator('.bubble').allInnerTexts();
    await online(page);
    await say(page, 'romeo', 'after the reload');
    await said(page, 'juliet', 'after the reload');
    seen.after = await rows(page);
    seen.afterStatus = await page.locator('#status').textContent();
    seen.stored = await page.evaluate(() => JSON.stringify({ ...sessionStorage, ...localStorage }));

    seen.filtered = await page.evaluate(() => {
        const visible = () => [...document.querySelectorAll('.event:not([hidden])')].map((row) => row.dataset.who);
        document.querySelector('[data-filter=romeo]').click();
        const only = [...new Set(visible())];
        document.querySelector('[data-filter=""]').click();
        return only;
    });
    await page.getByRole('button', { name: 'Pause' }).click();
    const before = await page.locator('.event').count();
    await say(page, 'juliet', 'while paused');
    await said(page, 'romeo', 'while paused');
    seen.paused = await page.locator('.event').count() === before;
    await page.getByRole('button', { name: 'Go on' }).click();
    await page.locator('.event', { hasText: 'while paused' }).first().waitFor();

    await page.getByRole('button', { name: 'Log both out' }).click();
    await Promise.all(users.map((user) => page.locator(`.panel[data-user=${user}][data-state=offline]`).waitFor()));
    await page.reload(); // nobody is logged in without being asked
    await page.getByRole('button', { name: 'Log both in' }).waitFor();
    seen.out = await page.locator('#status').textContent();
    return seen;
}

// reloadWhileSomebodySpeaks sends Juliet a message while her page is gone: over BOSH she gets it afterwards.
async function reloadWhileSomebodySpeaks(page, seen) {
    const { jid } = await page.evaluate(() => JSON.parse(sessionStorage['bosh-server-demo.session.juliet']));
    const nurse = new Peer(options.service);
    await nurse.login('nurse@localhost', options.password || 'any');
    const script = '**/demo/app.js';
    let come, go;
    const asked = new Promise((resolve) => (come = resolve));
    const released = new Promise((resolve) => (go = resolve));
    await page.route(script, async (route) => {
        come();
        await released;
        await route.continue();
    });
    const loaded = page.reload();
    await within('the script of the reloaded page', asked);
    await nurse.send(jid, 'meanwhile', 'Madam!');
    go();
    await loaded;
    await page.unroute(script);
    await said(page, 'juliet', 'Madam!');
    seen.meanwhile = true;
    await nurse.logout();
}

// look judges how the page is laid out and whom it serves, in one size, light and dark.
async function look(page, size) {
    await page.setViewportSize(sizes[size]);
    const wide = () => page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
    const seen = { name: size, wide: await wide(), access: {} };
    const schemes = async (work) => {
        for (const scheme of ['light', 'dark']) {
            await page.emulateMedia({ colorScheme: scheme, reducedMotion: scheme === 'dark' ? 'reduce' : 'no-preference' });
            await work(scheme);
        }
    };
    await schemes((scheme) => picture(page, `demo-first-${size}-${scheme}`));
    await choose(page, size === 'phone' ? 'both' : 'bosh');
    await say(page, 'juliet', 'Soft! What light through yonder window breaks? It is the east, and here is a line that is long.');
    await said(page, 'romeo', 'Soft!');
    await say(page, 'romeo', 'unbroken'.repeat(9));
    await said(page, 'juliet', 'unbroken');
    await page.locator('.event summary', { hasText: 'message “unbroken' }).first().click();
    seen.wideLater = await wide();
    seen.cut = await page.evaluate(() => [...document.querySelectorAll('.panel, .panel *, .tools *, .choices *, summary *')]
        .filter((e) => e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).overflowX !== 'visible' && !e.matches('.sr, .over, input')).map((e) => e.className || e.nodeName));
    await schemes(async (scheme) => {
        await page.evaluate(() => Promise.all(document.getAnimations().map((animation) => animation.finished))); // colours that change are no colours yet
        seen.access[scheme] = await page.evaluate(accessible);
        await picture(page, `demo-talk-${size}-${scheme}`);
    });
    await page.getByRole('button', { name: 'Log both out' }).click();
    await page.getByRole('button', { name: 'Log both in' }).waitFor();
    return seen;
}

async function picture(page, name) {
    if (options.screenshots) {
        await page.screenshot({ path: join(options.screenshots, `${name}.png`), fullPage: true });
    }
}

const result = { seen: [], looks: [], complaints: [], asked: [] };
await report(result, () => withPage(async (page) => {
    await page.setViewportSize(sizes.desktop);
    page.on('console', (m) => ['warning', 'error'].includes(m.type()) && result.complaints.push(m.text()));
    page.on('pageerror', (error) => result.complaints.push(String(error)));
    page.context().on('request', (request) => result.asked.push(request.url()));
    page.on('websocket', (socket) => result.asked.push(socket.url()));
    for (const transport of options.transports) {
        await page.goto(options.page);
        await page.evaluate(() => sessionStorage.clear());
        await page.reload();
        result.seen.push(await talk(page, transport));
    }
    for (const size of options.password ? [] : Object.keys(sizes)) {
        await page.goto(options.page);
        await page.evaluate(() => sessionStorage.clear());
        await page.reload();
        result.looks.push(await look(page, size));
    }
    if (!options.password) {
        await choose(page, 'bosh');
        await page.reload();
        await online(page);
        result.tabs = await tabOrder(page);
    }
}));
