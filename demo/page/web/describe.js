// What a record says, in words.

const namespaces = {
    'urn:ietf:params:xml:ns:xmpp-bind': 'an address',
    'urn:ietf:params:xml:ns:xmpp-session': 'a session',
    'jabber:iq:roster': 'the contact list',
    'urn:xmpp:ping': 'a ping',
    'http://jabber.org/protocol/disco#info': 'what the server can do',
};

// stanzasOf are what a <body/> carries, or a frame is.
export function stanzasOf(element) {
    if (!element) {
        return [];
    }
    return element.localName === 'body' ? [...element.children] : [element];
}

// messagesOf are the ids of the chat messages in it: by them the timeline joins the two ends.
export function messagesOf(element) {
    return stanzasOf(element).filter((s) => s.localName === 'message' && textOf(s) !== null && s.getAttribute('type') !== 'error').map((s) => s.getAttribute('id'));
}

function textOf(message) {
    return [...message.children].find((child) => child.localName === 'body')?.textContent ?? null;
}

// quote is the beginning of a text.
function quote(text) {
    return '“' + (text.length > 40 ? text.slice(0, 39) + '…' : text) + '”';
}

// stanza names one, as something that is sent or received.
function stanza(s, out) {
    switch (s.localName) {
        case 'auth': return `log-in (${s.getAttribute('mechanism')})`;
        case 'response': return 'log-in, second step';
        case 'challenge': return 'a question about the password';
        case 'success': return 'log-in accepted';
        case 'failure': return 'log-in refused';
        case 'features': return 'what the server offers';
        case 'open': return out ? 'opens a stream' : 'stream opened';
        case 'close': return out ? 'closes the stream' : 'stream closed';
        case 'presence': return presence(s, out);
        case 'message': return message(s);
        case 'iq': return iq(s, out);
        default: return `<${s.nodeName}>`;
    }
}

function presence(s, out) {
    if (s.getAttribute('type') === 'unavailable') {
        return out ? 'says good-bye' : 'somebody has left';
    }
    return out ? '“I am here”' : 'who is here';
}

function message(s) {
    if (s.getAttribute('type') === 'error') {
        return 'a message came back undelivered';
    }
    const text = textOf(s);
    return text === null ? 'a message without text' : `message ${quote(text)}`;
}

function iq(s, out) {
    const what = namespaces[s.firstElementChild?.namespaceURI];
    switch (s.getAttribute('type')) {
        case 'error': return 'an error';
        case 'result': return what ? `gets ${what}` : 'a confirmation';
        default: return out ? `asks for ${what ?? 'something'}` : `is asked for ${what ?? 'something'}`;
    }
}

const names = (element, out) => stanzasOf(element).map((s) => stanza(s, out)).join(', ');

// sentWords and answerWords describe the two halves of a request.
export function sentWords(r) {
    if (r.first) {
        return `opens a session: “hold my questions for up to ${r.sent.getAttribute('wait')} s”`;
    }
    if (r.again) {
        return 'goes on after the reload, with the number whose answer was missed';
    }
    if (r.sent.getAttribute('type') === 'terminate') {
        return 'ends the session';
    }
    if (r.sent.getAttributeNS('urn:xmpp:xbosh', 'restart')) {
        return 'starts anew, now logged in';
    }
    return names(r.sent, true) || 'asks: anything new?';
}

export function answerWords(r) {
    if (r.brokenAt) {
        return 'broke off without an answer';
    }
    if (!r.answeredAt) {
        return 'no answer yet: the server holds it';
    }
    if (r.status !== 200 || !r.answer) {
        return `refused with status ${r.status}`;
    }
    if (r.answer.getAttribute('type') === 'terminate') {
        const condition = r.answer.getAttribute('condition');
        return condition ? `session over: ${condition}` : 'session over';
    }
    if (r.sent.getAttribute('type') === 'terminate') {
        return 'good-bye: the session is over';
    }
    const carried = names(r.answer, false);
    if (r.first) {
        return `session opened: up to ${r.answer.getAttribute('requests')} requests, one held` + (carried && ', ' + carried);
    }
    return carried || (r.overtaken ? 'let go, empty: the next request takes its place' : 'empty: nothing new, the time is up');
}

export const frameWords = (r) => (r.element ? names(r.element, r.out) : 'something that is no XML');

export function socketWords(r) {
    return r.closedAt ? `WebSocket closed (${r.code})` : 'WebSocket open: both may write at any time';
}

// seconds is a time in milliseconds as people say it.
export function seconds(ms) {
    return ms < 1000 ? `${Math.max(1, Math.round(ms))} ms` : `${(ms / 1000).toFixed(1)} s`;
}

// nameOf is a user's name as it is written.
export const nameOf = (user) => user[0].toUpperCase() + user.slice(1);
