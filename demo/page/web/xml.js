// XML for people: parsed, its secrets taken out, indented.

const sasl = 'urn:ietf:params:xml:ns:xmpp-sasl';
const saslSecret = new Set(['auth', 'challenge', 'response', 'success']);
const otherSecret = new Set(['password', 'digest']); // of jabber:iq:auth and jabber:iq:register

// parse gives the root element with no secret left in it, or null for what is no XML.
export function parse(text) {
    const document = new DOMParser().parseFromString(text, 'text/xml');
    if (document.getElementsByTagName('parsererror').length > 0) {
        return null;
    }
    mask(document.documentElement);
    return document.documentElement;
}

// mask replaces what proves who somebody is: SASL's payload, passwords, and all but the beginning of a sid, whose knower owns the session.
function mask(root) {
    for (const element of [root, ...root.getElementsByTagName('*')]) {
        const secret = element.namespaceURI === sasl ? saslSecret : otherSecret;
        const length = element.textContent.length;
        if (secret.has(element.localName) && length > 0) {
            element.textContent = `•••••• (${length} characters, masked)`;
        }
    }
    const sid = root.getAttribute('sid');
    if (sid) {
        root.setAttribute('sid', sid.slice(0, 6) + '…');
    }
}

// print gives a fragment with the element in lines, its parts marked for the style sheet.
export function print(element) {
    const out = document.createDocumentFragment();
    append(out, element, 0);
    return out;
}

function append(out, element, depth) {
    const indent = '  '.repeat(depth);
    out.append(indent, span('tag', `<${element.nodeName}`));
    for (const attribute of element.attributes) {
        out.append(' ', span('name', attribute.name), '=', span('value', `"${attribute.value}"`));
    }
    const children = [...element.childNodes].filter((node) => node.nodeType === Node.ELEMENT_NODE || node.data?.trim());
    if (children.length === 0) {
        out.append(span('tag', '/>'), '\n');
        return;
    }
    out.append(span('tag', '>'));
    const inLine = children.every((node) => node.nodeType !== Node.ELEMENT_NODE);
    if (!inLine) {
        out.append('\n');
    }
    for (const node of children) {
        if (node.nodeType === Node.ELEMENT_NODE) {
            append(out, node, depth + 1);
        } else {
            out.append(inLine ? '' : indent + '  ', span('text', node.data), inLine ? '' : '\n');
        }
    }
    out.append(inLine ? '' : indent, span('tag', `</${element.nodeName}>`), '\n');
}

function span(className, text) {
    const s = document.createElement('span');
    s.className = className;
    s.textContent = text;
    return s;
}
