// The page: two users, their panels, the tap and its view.

import { Panel } from './chat.js';
import { nameOf } from './describe.js';
import { load, save } from './store.js';
import { tap } from './tap.js';
import { Timeline } from './timeline.js';
import { User } from './user.js';
import { Wire } from './wire.js';

const page = document.documentElement.dataset;
const byId = (id) => document.getElementById(id);
const here = new URL('.', document.baseURI);
const service = (path) => new URL(path, here).href;
const config = {
    domain: page.domain,
    bosh: service(page.bosh),
    websocket: service(page.websocket).replace(/^http/, 'ws'),
    wait: Number(page.wait),
    anyPassword: !byId('password'),
};

const wire = new Wire(byId('events'), byId('sums'));
const users = ['juliet', 'romeo'].map((name) => new User(name, config, { changed, received, undelivered }));
const [juliet, romeo] = users;
const userOf = (name) => users.find((user) => user.name === name);
const partnerOf = (user) => (user === juliet ? romeo : juliet);
const panels = new Map(users.map((user) => [user, new Panel(document.querySelector(`[data-user=${user.name}]`), (text) => say(user, text))]));
const timeline = new Timeline(byId('timeline'), users.map((user) => user.name), () => wire.records, (name) => userOf(name).transport);

tap((thing) => users.find((user) => user.owns(thing))?.name, (record) => {
    if (record.kind === 'request') {
        const user = userOf(record.owner);
        record.again ??= user.again === record.rid;
        if (record.answeredAt && record.status === 200 && record.answer?.getAttribute('type') !== 'terminate') {
            user.tookAnswer(record.rid);
        }
    }
    wire.note(record);
});

function say(user, text) {
    const partner = partnerOf(user);
    return user.say(partner.fullJID ?? `${partner.name}@${config.domain}`, text);
}

function received(user, message) {
    panels.get(user).add({ ...message, at: Date.now() });
}

function undelivered(user, id) {
    panels.get(user).lose(id);
}

function changed(user) {
    panels.get(user).show(user.state, user.transport);
    if (user.state === 'offline' && ['on', 'lost'].includes(document.body.dataset.state)) { // nobody has asked for it
        const gone = users.filter((u) => u.state === 'offline').map((u) => nameOf(u.name));
        tell(`${gone.join(' and ')} went offline: ${user.why ?? 'the connection was lost'}.`, 'lost');
    }
    explain();
}

// The form: what is wanted, and the way there. A choice that comes meanwhile waits for its turn.
const form = byId('controls');
const start = byId('start');
const status = byId('status');
const password = byId('password');
let turn = Promise.resolve();
let active = false;

const transportsOf = (choice) => (choice === 'both' ? ['bosh', 'websocket'] : [choice, choice]);
const resumed = {
    bosh: 'Loaded anew: both sessions go on where they were.',
    websocket: 'Loaded anew: over WebSocket that took a new log-in of both.',
    both: 'Loaded anew: Juliet’s session goes on where it was, Romeo has logged in again.',
};
const named = { bosh: 'over BOSH', websocket: 'over WebSocket', both: 'Juliet over BOSH, Romeo over WebSocket' };

function inTurn(work) {
    turn = turn.then(work);
}

function tell(text, state) {
    status.textContent = text;
    document.body.dataset.state = state;
    active = state === 'on' || state === 'busy';
    start.textContent = active ? 'Log both out' : 'Log both in';
    start.disabled = state === 'busy';
    start.formNoValidate = active; // who logs out needs no password
}

async function logIn(choice) {
    save('choice', choice);
    tell(`Logging in ${named[choice]}…`, 'busy');
    const transports = transportsOf(choice);
    await Promise.all(users.map((user) => user.logout())); // one may be left of the pair
    const online = await Promise.all(users.map((user, i) => user.login(transports[i], password?.value || user.credentials || 'any will do')));
    conclude(online, `Both are online, ${named[choice]}. Say something.`);
}

async function logOut() {
    tell('Logging out…', 'busy');
    await Promise.all(users.map((user) => user.logout()));
    tell('Nobody is logged in. One click, and both are.', 'off');
}

async function resume(choice) {
    tell('Going on after the reload…', 'busy');
    const saved = users.map((user) => user.saved);
    const online = await Promise.all(users.map((user, i) => (saved[i] ? user.resume(saved[i]) : false)));
    conclude(online, users.some((user) => user.forgotten) ? 'Loaded anew: the server knew the session no more, so that took a new log-in.' : resumed[choice]);
}

function conclude(online, text) {
    if (online.every(Boolean)) {
        tell(text, 'on');
        return;
    }
    const why = users.find((user) => user.why)?.why ?? 'the connection failed';
    tell(`That didn’t work: ${why}.`, online.some(Boolean) ? 'on' : 'failed');
}

form.addEventListener('submit', (event) => {
    event.preventDefault();
    const wanted = active ? logOut : () => logIn(form.elements.transport.value);
    inTurn(wanted);
});

form.addEventListener('change', (event) => {
    explain();
    if (event.target.name === 'transport' && active) {
        inTurn(async () => {
            await logOut();
            await logIn(form.elements.transport.value);
        });
    }
});

// explain brings that part of the explanation forward that is about the choice.
function explain() {
    const chosen = new Set(transportsOf(form.elements.transport.value));
    for (const card of document.querySelectorAll('[data-explains]')) {
        card.classList.toggle('chosen', chosen.has(card.dataset.explains));
    }
    for (const item of document.querySelectorAll('[data-legend]')) {
        item.hidden = !chosen.has(item.dataset.legend);
    }
    timeline.draw();
}

// The view of the wire.
for (const button of document.querySelectorAll('[data-filter]')) {
    button.addEventListener('click', () => {
        wire.setFilter(button.dataset.filter);
        for (const other of document.querySelectorAll('[data-filter]')) {
            other.setAttribute('aria-pressed', String(other === button));
        }
    });
}
byId('pause').addEventListener('click', (event) => {
    wire.setPaused(!wire.paused);
    event.target.setAttribute('aria-pressed', String(wire.paused));
    event.target.textContent = wire.paused ? 'Go on' : 'Pause';
});
byId('clear').addEventListener('click', () => wire.clear());

function rightNow() {
    const parts = users.filter((user) => user.state !== 'offline').map((user) => {
        const held = wire.pending(user.name).map((r) => Math.floor((performance.now() - r.at) / 1000));
        if (user.transport === 'websocket') {
            return `${nameOf(user.name)} has an open line`;
        }
        return held.length > 0 ? `${nameOf(user.name)}’s question waits, ${Math.max(...held)} s` : `${nameOf(user.name)} has none waiting`;
    });
    byId('now').textContent = parts.length > 0 ? `Right now: ${parts.join(' · ')}` : 'Nobody is connected.';
}

// The drawing moves ten times a second; for who would rather have no motion, once a second.
const calm = matchMedia('(prefers-reduced-motion: reduce)');
let drawnAt = 0;
function frame(at) {
    if (at - drawnAt >= (calm.matches ? 1000 : 100)) {
        drawnAt = at;
        rightNow();
        wire.tick();
        if (!wire.paused) {
            timeline.draw();
        }
    }
    requestAnimationFrame(frame);
}

const choice = load('choice');
if (choice) {
    form.elements.transport.value = choice;
}
explain();
if (users.some((user) => user.saved)) {
    inTurn(() => resume(choice));
}
requestAnimationFrame(frame);
