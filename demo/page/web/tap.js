// The tap: every request and every WebSocket of this page goes through it, and is noted as it is on the wire, with times of the page's clock.
//
// A record of a request has kind 'request': owner, rid, ack, sent (its <body/>), at (when it was sent), lane (0 or 1: which of the owner's
// two connections), then answeredAt, status, answer, or brokenAt. One of a WebSocket has kind 'socket': at, openedAt, closedAt, code; each of its frames
// is a record of kind 'frame': out, element. Every element has its secrets masked already; nothing else of a body is kept.

import { parse } from './xml.js';

let numbers = 0;

// tap begins. ownerOf names the user of an XMLHttpRequest or WebSocket; note is called with a record when it is made, and again when it has changed.
export function tap(ownerOf, note) {
    const underWay = new Set(); // requests that have no answer

    globalThis.XMLHttpRequest = class extends XMLHttpRequest {
        constructor() {
            super();
            this.addEventListener('readystatechange', () => this.follow()); // before strophe.js has a listener: it sends its next request in there
            this.addEventListener('abort', () => this.finish({ brokenAt: performance.now() }));
        }

        send(body) {
            const sent = parse(String(body ?? ''));
            const owner = ownerOf(this);
            if (sent?.localName === 'body' && owner) {
                const taken = [...underWay].filter((r) => r.owner === owner).map((r) => r.lane);
                this.record = {
                    kind: 'request', number: ++numbers, owner, at: performance.now(), lane: [0, 1, 2].find((n) => !taken.includes(n)) ?? 2,
                    rid: Number(sent.getAttribute('rid')), ack: sent.getAttribute('ack'), first: !sent.hasAttribute('sid'), sent, sentBytes: size(body),
                };
                underWay.add(this.record);
                note(this.record);
            }
            super.send(body);
        }

        follow() {
            if (this.readyState === XMLHttpRequest.HEADERS_RECEIVED && this.record) {
                this.record.headAt = performance.now();
            }
            if (this.readyState === XMLHttpRequest.DONE) {
                const now = performance.now();
                this.finish(this.status === 0 ? { brokenAt: now } : {
                    answeredAt: this.record?.headAt ?? now, status: this.status, answer: parse(this.responseText), answerBytes: size(this.responseText),
                });
            }
        }

        finish(how) {
            if (underWay.delete(this.record)) {
                note(Object.assign(this.record, how));
            }
        }
    };

    globalThis.WebSocket = class extends WebSocket {
        constructor(...args) {
            super(...args);
            const socket = { kind: 'socket', number: ++numbers, at: performance.now() };
            this.socket = socket;
            const change = (more) => {
                socket.owner ??= ownerOf(this);
                Object.assign(socket, more);
                if (socket.owner) {
                    note(socket);
                }
            };
            this.addEventListener('open', () => change({ openedAt: performance.now() }));
            this.addEventListener('close', (event) => change({ closedAt: performance.now(), code: event.code }));
            this.addEventListener('message', (event) => this.frame(false, event.data));
        }

        send(data) {
            this.frame(true, data);
            super.send(data);
        }

        frame(out, text) {
            if (this.socket.owner) {
                note({ kind: 'frame', number: ++numbers, owner: this.socket.owner, at: performance.now(), out, element: parse(String(text)), bytes: size(text) });
            }
        }
    };
}

function size(text) {
    return new TextEncoder().encode(String(text ?? '')).length;
}
