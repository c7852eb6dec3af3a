// Node has no XMLHttpRequest. xhr2 is one over Node's http, with keep-alive connections; strophe.js reads
// answers through responseXML, which a browser offers and xhr2 doesn't: it needs a global DOMParser.

import xhr2 from 'xhr2';

globalThis.XMLHttpRequest = class extends xhr2.XMLHttpRequest {
    get responseXML() {
        const type = this.getResponseHeader('Content-Type') ?? '';
        if (this.readyState !== 4 || !/^(text|application)\/xml\b/.test(type)) {
            return null;
        }
        return new DOMParser().parseFromString(this.responseText, 'text/xml');
    }

    set responseXML(_) {} // xhr2 resets the field between requests

    get overrideMimeType() {
        return undefined; // xhr2 has it only to throw
    }
};

if (globalThis.crypto === undefined) {
    globalThis.crypto = (await import('node:crypto')).webcrypto; // Node before 19; SCRAM needs it
}
