// A user: a connection of strophe.js, which reports what happens through three calls: changed, received, undelivered.
//
// strophe.js can restore one BOSH session a page (its keepalive option), and here are two, so each user keeps his own: with what XEP-0124 gives for it. The
// client says by ack which answers it has (§9); after a reload the first request has the rid of the first answer that is missing. If it was given
// before, the server gives it again; nothing is lost in between.

import { forget, load, save } from './store.js';

/* global $msg, $pres, Strophe */

Strophe.setLogLevel(Strophe.LogLevel.FATAL); // what goes wrong is said on the page

const { Status } = Strophe;

const resumeMillis = 500;

export class User {
    // config: domain, bosh, websocket (URLs), wait, anyPassword (whether the server takes any).
    constructor(name, config, calls) {
        Object.assign(this, { name, config, calls, state: 'offline', transport: null, connection: null, fullJID: null, again: null, forgotten: false });
    }

    // owns says whether an XMLHttpRequest or WebSocket is this user's.
    owns(thing) {
        const proto = this.connection?._proto;
        return Boolean(proto) && (proto.socket === thing || Boolean(proto._requests?.some((request) => request.xhr === thing)));
    }

    // login settles with true when the user is online, with false when that failed.
    login(transport, password) {
        this.open(transport);
        return new Promise((resolve) => {
            this.settled = resolve;
            this.credentials = password;
            this.enter('connecting');
            const websocket = transport === 'websocket';
            this.connection.connect(`${this.name}@${this.config.domain}`, password, (status, why) => this.follow(status, why), websocket ? undefined : this.config.wait);
        });
    }

    // resume takes a session up again that an earlier load of the page had: over BOSH the same one, over WebSocket a new one for the same user.
    async resume(saved) {
        if (saved.transport !== 'bosh' || !saved.sid) {
            return this.login(saved.transport, saved.credentials);
        }
        this.open('bosh');
        const resumed = await new Promise((resolve) => {
            this.settled = resolve;
            setTimeout(() => this.goOn(), resumeMillis);
            this.credentials = saved.credentials;
            this.again = this.answered = saved.answered;
            this.again++;
            this.enter('connecting');
            this.connection.attach(saved.jid, saved.sid, this.again, (status, why) => this.follow(status, why), this.config.wait, 1, saved.window);
        });
        this.forgotten = !resumed; // it was away for longer than the server waits
        return resumed || this.login('bosh', saved.credentials);
    }

    open(transport) {
        this.transport = transport;
        this.again = null;
        this.connection = new Strophe.Connection(transport === 'bosh' ? this.config.bosh : this.config.websocket);
        if (transport === 'bosh') {
            this.acknowledge(this.connection._proto);
        }
    }

    // acknowledge adds the attribute ack, which strophe.js doesn't: "1" in the first request, later only where not all answers have come (XEP-0124 §9.1).
    acknowledge(proto) {
        const build = proto._buildBody.bind(proto);
        proto._buildBody = () => {
            const body = build();
            const rid = Number(body.tree().getAttribute('rid'));
            if (proto.sid === null) {
                this.answered = rid - 1;
                this.early = new Set();
                body.attrs({ ack: '1' });
            } else if (this.answered < rid - 1) {
                body.attrs({ ack: this.answered });
            }
            return body;
        };
        this.early = new Set(); // answers that have come before those of lower rids
    }

    // tookAnswer notes that the answer to a rid has come.
    tookAnswer(rid) {
        this.early.add(rid);
        while (this.early.delete(this.answered + 1)) {
            this.answered++;
        }
        this.keep();
        this.goOn();
    }

    // goOn is the end of a resumption that has worked: an answer has come, or none, as is usual for a session that is there; one that is gone would have been
    // answered at once.
    goOn() {
        if (this.state === 'connecting' && this.again !== null) {
            this.enter('online');
        }
    }

    // keep saves what resume needs.
    keep() {
        if (!this.connection?.authenticated) {
            return;
        }
        const { sid, window } = this.connection._proto;
        save(`session.${this.name}`, { transport: this.transport, sid, window, jid: this.connection.jid, answered: this.answered, credentials: this.credentials });
    }

    follow(status, why) {
        switch (status) {
            case Status.CONNECTED:
                // Where the server checks a password, keys made of it are kept for a reload, if there are any, and never itself.
                this.credentials = this.connection.scram_keys ?? (this.config.anyPassword ? this.credentials : null);
                this.listen();
                this.connection.send($pres());
                this.keep();
                this.enter('online');
                break;
            case Status.ATTACHED:
                this.listen(); // whether the session is still there, its first answer says: tookAnswer
                break;
            case Status.AUTHFAIL:
                this.why = 'the server refuses the password';
                this.connection.disconnect(); // strophe.js leaves it open
                break;
            case Status.CONNFAIL:
                this.why = why ? `the connection failed (${why})` : 'the connection failed';
                break;
            case Status.DISCONNECTED:
                forget(`session.${this.name}`);
                this.enter('offline');
                break;
        }
    }

    enter(state) {
        const was = this.state;
        this.state = state;
        if (state === 'connecting') {
            this.why = null;
        } else {
            this.fullJID = state === 'online' ? this.connection.jid : null;
            this.settled?.(state === 'online');
            this.settled = null;
        }
        if (was !== state) {
            this.calls.changed(this);
        }
    }

    listen() {
        this.connection.addHandler((message) => {
            const text = [...message.children].find((child) => child.localName === 'body')?.textContent;
            const id = message.getAttribute('id');
            if (message.getAttribute('type') === 'error') {
                this.calls.undelivered(this, id);
            } else if (text) {
                this.calls.received(this, { id, text, from: Strophe.getNodeFromJid(message.getAttribute('from')) });
            }
            return true;
        }, null, 'message');
    }

    // say sends a message and gives its id.
    say(to, text) {
        const id = crypto.randomUUID?.() ?? String(Math.random()).slice(2);
        this.connection.send($msg({ to, id, type: 'chat' }).c('body').t(text));
        this.connection.flush(); // at once: there is a second connection for it
        return id;
    }

    // logout settles when the user is offline.
    logout() {
        forget(`session.${this.name}`);
        if (this.state === 'offline') {
            return Promise.resolve();
        }
        return new Promise((resolve) => {
            this.settled = resolve;
            this.connection.disconnect('logged out');
        });
    }

    get saved() { return load(`session.${this.name}`); }
}
