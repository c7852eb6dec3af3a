// The parts of a client that are the same in strophe.js of every age: it is given the library's names.

export const makeStrophe = ({ Strophe, $iq, $msg, $pres }) => {
    let connection;
    let disconnected;
    const tree = (builder) => builder.tree();
    return {
        login(options, received) {
            connection = new Strophe.Connection(options.service, {});
            let mechanism = null;
            connection.xmlOutput = (el) => {
                if (el.nodeName === 'auth') {
                    mechanism = el.getAttribute('mechanism');
                }
            };
            connection.addHandler((message) => {
                received(message.getAttribute('id'), message.getElementsByTagName('body')[0]?.textContent);
                return true;
            }, null, 'message');
            return new Promise((resolve, reject) => {
                disconnected = new Promise((gone) => {
                    connection.connect(options.jid, options.password, (status, condition) => {
                        switch (status) {
                            case Strophe.Status.CONNECTED:
                                connection.send(tree($pres()));
                                resolve({ jid: connection.jid, mechanism });
                                break;
                            case Strophe.Status.DISCONNECTED:
                                gone();
                            // fall through
                            case Strophe.Status.AUTHFAIL:
                            case Strophe.Status.CONNFAIL:
                            case Strophe.Status.ERROR:
                                reject(new Error(`status ${status} ${condition ?? ''}`));
                        }
                    }, options.wait);
                });
            });
        },

        roster() {
            return new Promise((resolve, reject) => {
                const iq = $iq({ type: 'get' }).c('query', { xmlns: 'jabber:iq:roster' });
                connection.sendIQ(tree(iq), (answer) => resolve(answer.getElementsByTagName('query').length === 1),
                    (error) => reject(new Error(error ? Strophe.serialize(error) : 'timed out')));
            });
        },

        send(to, id, text) {
            connection.send(tree($msg({ to, id, type: 'chat' }).c('body').t(text)));
        },

        disconnect() {
            connection.disconnect('done');
            return disconnected;
        },
    };
};
