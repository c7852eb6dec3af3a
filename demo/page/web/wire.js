// The list of what goes over the wire, the newest first, and the records that the timeline is drawn from.

import { answerWords, frameWords, nameOf, seconds, sentWords, socketWords, stanzasOf } from './describe.js';
import { print } from './xml.js';

const recordsMax = 300;
const heldMillis = 400; // what takes longer was held

export class Wire {
    constructor(region, sums) {
        this.list = region.querySelector('ol');
        this.empty = region.querySelector('.empty');
        this.sums = sums;
        this.records = []; // oldest first
        this.rows = new Map(); // by record
        this.paused = false;
        this.filter = '';
        this.clear();
    }

    // note takes a record that is new, or has changed.
    note(record) {
        if (!this.records.includes(record)) {
            this.records.push(record);
            for (const old of this.records.splice(0, this.records.length - recordsMax)) {
                this.rows.get(old)?.item.remove();
                this.rows.delete(old);
            }
            this.overtake(record);
            this.count(record);
        } else if (record.answeredAt) {
            this.counts.answers++;
            this.counts.news += stanzasOf(record.answer).length > 0;
            this.counts.bytes += record.answerBytes;
        }
        if (!this.paused) {
            this.draw(record);
        }
        this.sum();
    }

    // overtake marks a request that is held while the next one is sent: that lets it go.
    overtake(record) {
        if (record.kind === 'request') {
            for (const r of this.pending(record.owner)) {
                r.overtaken ||= r !== record;
            }
        }
    }

    pending(owner) {
        return this.records.filter((r) => r.kind === 'request' && !r.answeredAt && !r.brokenAt && (!owner || r.owner === owner));
    }

    count(record) {
        this.counts.requests += record.kind === 'request';
        this.counts.frames += record.kind === 'frame';
        this.counts.bytes += record.sentBytes ?? record.bytes ?? 0;
    }

    sum() {
        const { requests, news, frames, bytes } = this.counts;
        const parts = [];
        if (requests) {
            parts.push(`${requests} requests, ${news} answered with news`);
        }
        if (frames) {
            parts.push(`${frames} frames`);
        }
        if (bytes) {
            parts.push(`${(bytes / 1000).toFixed(1)} kB`);
        }
        this.sums.textContent = parts.join(' · ');
    }

    draw(record) {
        let row = this.rows.get(record);
        if (!row) {
            row = new Row(record);
            row.item.hidden = Boolean(this.filter) && record.owner !== this.filter;
            this.rows.set(record, row);
            this.list.prepend(row.item);
            this.empty.hidden = true;
        }
        row.update();
    }

    // tick brings the times of what is held up to date.
    tick() {
        if (!this.paused) {
            for (const r of this.pending()) {
                this.rows.get(r)?.clock();
            }
        }
    }

    setFilter(name) {
        this.filter = name;
        for (const [record, row] of this.rows) {
            row.item.hidden = Boolean(name) && record.owner !== name;
        }
    }

    setPaused(paused) {
        this.paused = paused;
        if (!paused) {
            for (const record of this.records) {
                this.draw(record);
            }
        }
    }

    // clear forgets all but what is under way.
    clear() {
        const keep = new Set(this.pending());
        for (const [record, row] of this.rows) {
            if (!keep.has(record)) {
                row.item.remove();
                this.rows.delete(record);
            }
        }
        this.records = this.records.filter((r) => keep.has(r) || r.kind === 'socket' && !r.closedAt);
        this.counts = { requests: 0, frames: 0, news: 0, answers: 0, bytes: 0 };
        this.sum();
        this.empty.hidden = this.rows.size > 0;
    }
}

// Row is one entry of the list.
class Row {
    constructor(record) {
        this.record = record;
        this.item = make('li', `event ${record.kind}`);
        this.item.dataset.who = record.owner;
        this.details = make('details');
        this.summary = make('summary');
        this.who = make('span', 'who', nameOf(record.owner) + ' ');
        this.sent = make('span', 'sent');
        this.got = make('span', 'got');
        this.time = make('time', 'time');
        this.meta = make('span', 'meta');
        this.pill = make('span', 'pill');
        this.who.append(this.time);
        this.summary.append(this.who, this.sent, this.got, this.meta, this.pill);
        this.body = make('div', 'xml');
        this.details.append(this.summary, this.body);
        this.item.append(this.details);
        this.details.addEventListener('toggle', () => this.fill());
    }

    update() {
        const r = this.record;
        this.time.textContent = clockOf(r.closedAt ?? r.at);
        switch (r.kind) {
            case 'request':
                this.sent.textContent = sentWords(r);
                this.got.textContent = answerWords(r);
                this.meta.textContent = `connection ${r.lane + 1} · rid ${r.rid}` + (r.ack && !r.first ? ` · ack ${r.ack}` : '');
                this.item.dataset.state = r.answeredAt ? (stanzasOf(r.answer).length > 0 ? 'news' : 'nothing') : r.brokenAt ? 'broken' : 'held';
                this.clock();
                break;
            case 'frame':
                (r.out ? this.sent : this.got).textContent = frameWords(r);
                (r.out ? this.got : this.sent).remove();
                this.meta.textContent = `frame of ${r.bytes} bytes`;
                this.pill.remove();
                break;
            case 'socket':
                this.sent.textContent = socketWords(r);
                this.got.remove();
                this.meta.remove();
                this.pill.remove();
                break;
        }
        this.fill();
    }

    clock() {
        const r = this.record;
        const end = r.answeredAt ?? r.brokenAt;
        const ms = (end ?? performance.now()) - r.at;
        if (!end) {
            this.pill.textContent = `held ${Math.floor(ms / 1000)} s`;
        } else {
            this.pill.textContent = ms >= heldMillis ? `held ${seconds(ms)}` : `took ${seconds(ms)}`;
        }
    }

    // fill puts the XML in, once somebody looks.
    fill() {
        if (!this.details.open) {
            return;
        }
        const r = this.record;
        this.body.replaceChildren();
        const part = (title, element, note) => {
            const pre = make('pre');
            pre.append(element ? print(element) : note);
            this.body.append(make('p', 'part', title), pre);
        };
        if (r.kind === 'request') {
            part(`Request, ${r.sentBytes} bytes`, r.sent);
            part(r.answeredAt ? `Answer, status ${r.status}, ${r.answerBytes} bytes` : 'Answer', r.answer, r.brokenAt ? 'It never came.' : 'Not yet.');
        } else if (r.kind === 'frame') {
            part(r.out ? 'Sent' : 'Received', r.element, 'This is no XML.');
        } else {
            part('WebSocket', null, r.closedAt ? 'The connection is closed.' : 'GET with Upgrade: websocket, answered with 101 Switching Protocols. From here on the connection carries frames.');
        }
    }
}

function make(name, className = '', text = '') {
    const element = document.createElement(name);
    element.className = className;
    element.textContent = text;
    return element;
}

function clockOf(at) {
    return new Date(performance.timeOrigin + at).toLocaleTimeString([], { hour12: false });
}
