// The drawing: time goes to the right, each user has a lane for each connection. A bar is a request that the server holds.

import { messagesOf, nameOf, stanzasOf } from './describe.js';

const svgNamespace = 'http://www.w3.org/2000/svg';
const laneHeight = 26;
const barHeight = 14;
const groupGap = 12;
const axisHeight = 22;

export class Timeline {
    // users: names, in the order of their lanes. records gives all there are; transportOf says how a user is connected.
    constructor(figure, users, records, transportOf) {
        Object.assign(this, { svg: figure.querySelector('svg'), users, records, transportOf });
        this.title = this.svg.querySelector('title');
        new ResizeObserver(() => this.draw()).observe(figure);
    }

    // lanes says where each user's lanes are, and how high all are together.
    lanes() {
        let y = 4;
        const lanes = new Map();
        for (const user of this.users) {
            const own = this.transportOf(user) === 'websocket' ? ['WebSocket'] : ['connection 1', 'connection 2'];
            lanes.set(user, own.map((label, i) => ({ label, y: y + i * laneHeight + laneHeight / 2 })));
            y += own.length * laneHeight + groupGap;
        }
        return { lanes, height: y - groupGap + 4 };
    }

    draw() {
        const width = this.svg.clientWidth;
        if (width === 0) {
            return;
        }
        const narrow = width < 480;
        const gutter = narrow ? 64 : 148;
        const { lanes, height } = this.lanes();
        const span = narrow ? 20_000 : 30_000;
        const now = performance.now();
        this.x = (at) => gutter + (width - gutter - 8) * (1 - (now - at) / span);
        this.left = gutter;
        this.from = now - span;
        this.now = now;
        this.svg.setAttribute('viewBox', `0 0 ${width} ${height + axisHeight}`);
        this.svg.style.height = `${height + axisHeight}px`;
        const parts = [this.title];
        this.marks = []; // above all bars
        this.axis(parts, width, height, span, narrow);
        for (const [user, own] of lanes) {
            own.forEach((lane, i) => {
                parts.push(shape('line', { class: 'rail', x1: gutter, x2: width - 8, y1: lane.y, y2: lane.y }));
                if (i === 0) {
                    parts.push(label(nameOf(user), 0, lane.y, `whose ${user}`));
                }
                parts.push(label(narrow ? (own.length > 1 ? `${i + 1}` : '') : lane.label, gutter - 8, lane.y, 'lane'));
            });
        }
        const ends = new Map(); // of messages, by id: where they were sent from
        const shown = this.records().filter((r) => (r.answeredAt ?? r.brokenAt ?? r.closedAt ?? (r.kind === 'frame' ? r.at : now)) > this.from);
        for (const r of shown) {
            const own = lanes.get(r.owner);
            const y = own[Math.min(r.lane ?? 0, own.length - 1)].y;
            if (r.kind === 'request') {
                this.request(parts, r, y, ends);
            } else if (r.kind === 'socket') {
                this.bar(parts, `line ${r.owner}`, r.openedAt ?? r.at, r.closedAt ?? now, y, 6);
            }
        }
        for (const r of shown) {
            if (r.kind === 'frame') {
                const y = lanes.get(r.owner)[0].y;
                this.mark(r.owner, r.out, r.at, y);
                this.pass(parts, r.element, r.out, r.at, y, ends);
            }
        }
        this.svg.replaceChildren(...parts, ...this.marks);
    }

    axis(parts, width, height, span, narrow) {
        const step = narrow ? 10_000 : 5_000;
        for (let ago = 0; ago <= span; ago += step) {
            const x = this.x(this.now - ago);
            parts.push(shape('line', { class: ago === 0 ? 'now-line' : 'grid', x1: x, x2: x, y1: 0, y2: height }));
            const text = shape('text', { class: 'tick', x, y: height + 15, 'text-anchor': ago === 0 ? 'end' : 'middle' });
            text.textContent = ago === 0 ? 'now' : `${ago / 1000} s ago`;
            if (ago % 10_000 === 0 && (ago < span || !narrow)) {
                parts.push(text);
            }
        }
    }

    request(parts, r, y, ends) {
        const end = r.answeredAt ?? r.brokenAt ?? this.now;
        const held = !r.answeredAt && !r.brokenAt;
        const x = this.bar(parts, `bar ${r.owner}${held ? ' open' : ''}${r.brokenAt ? ' broken' : ''}`, r.at, end, y, barHeight);
        if (x.to - x.from > 58) {
            const text = label(`…${String(r.rid).slice(-4)}`, (x.from + x.to) / 2, y, 'rid');
            text.setAttribute('text-anchor', 'middle');
            parts.push(text);
        }
        if (stanzasOf(r.sent).length > 0 || r.first) {
            this.mark(r.owner, true, r.at, y);
        }
        this.pass(parts, r.sent, true, r.at, y, ends);
        if (!r.answeredAt) {
            return;
        }
        if (stanzasOf(r.answer).length > 0) {
            this.mark(r.owner, false, end, y);
        } else if (end > this.from) {
            this.marks.push(shape('circle', { class: `hollow ${r.owner}`, cx: this.x(end), cy: y, r: 4 }));
        }
        this.pass(parts, r.answer, false, end, y, ends);
    }

    bar(parts, className, from, to, y, height) {
        const x = { from: Math.max(this.left, this.x(from)), to: Math.max(this.left, this.x(to)) };
        parts.push(shape('rect', { class: className, x: x.from, y: y - height / 2, width: Math.max(2, x.to - x.from), height, rx: Math.min(height / 2, 5) }));
        return x;
    }

    // mark is a triangle: up for what is sent, down for what is received.
    mark(owner, out, at, y) {
        if (at > this.from) {
            const x = this.x(at);
            this.marks.push(shape('path', { class: `mark ${owner}`, d: out ? `M${x} ${y - 6}l6 11h-12z` : `M${x} ${y + 6}l6 -11h-12z` }));
        }
    }

    // pass draws the way of a message from one user's lane to the other's, once both ends are known.
    pass(parts, element, out, at, y, ends) {
        for (const id of messagesOf(element)) {
            const key = `${id} ${out}`;
            const other = ends.get(`${id} ${!out}`);
            ends.set(key, { at, y });
            if (other && Math.min(at, other.at) > this.from) {
                parts.splice(1, 0, shape('line', { class: 'passing', x1: this.x(other.at), y1: other.y, x2: this.x(at), y2: y }));
            }
        }
    }
}

function shape(name, attributes) {
    const element = document.createElementNS(svgNamespace, name);
    for (const [key, value] of Object.entries(attributes)) {
        element.setAttribute(key, typeof value === 'number' ? value.toFixed(1) : value);
    }
    return element;
}

function label(text, x, y, className) {
    const element = shape('text', { class: className, x, y: y + 4 });
    element.textContent = text;
    return element;
}
