// The page of client_strophe_browser.mjs and client_ws_strophe_browser.mjs: a strophe.js client that keeps its session over a reload. What it has
// got is written to sessionStorage as it comes, so that it outlives the page.

/* global Strophe, $iq, $msg, $pres */

const client = {
    statuses: [],
    mechanism: null,

    got: () => JSON.parse(sessionStorage.getItem('got') ?? '[]'),

    open(options) {
        this.connection = new Strophe.Connection(options.service, { keepalive: true });
        this.connection.xmlOutput = (body) => {
            const auth = body.nodeName === 'auth' ? body : body.getElementsByTagName('auth')[0]; // over WebSocket there is no <body/>
            this.mechanism ??= auth?.getAttribute('mechanism') ?? null;
        };
        const onMessage = (message) => {
            const text = message.getElementsByTagName('body')[0]?.textContent;
            sessionStorage.setItem('got', JSON.stringify([...this.got(), { id: message.getAttribute('id'), text }]));
            return true;
        };
        const onStatus = (status) => {
            this.statuses.push(Object.keys(Strophe.Status).find((k) => Strophe.Status[k] === status));
            if (status === Strophe.Status.CONNECTED) {
                this.connection.addHandler(onMessage, null, 'message');
                this.connection.send($pres());
            } else if (status === Strophe.Status.ATTACHED) {
                this.connection.addHandler(onMessage, null, 'message');
            }
        };
        if (options.restore) {
            this.connection.restore(options.jid, onStatus, options.wait);
        } else {
            this.connection.connect(options.jid, options.password, onStatus, options.wait);
        }
    },

    roster() {
        return new Promise((resolve, reject) => {
            const iq = $iq({ type: 'get' }).c('query', { xmlns: 'jabber:iq:roster' });
            this.connection.sendIQ(iq, (answer) => resolve(answer.getElementsByTagName('query').length === 1),
                (error) => reject(new Error(error ? Strophe.serialize(error) : 'timed out')));
        });
    },

    send(id, text, to = this.connection.jid) {
        this.connection.send($msg({ to, id, type: 'chat' }).c('body').t(text));
    },
};
