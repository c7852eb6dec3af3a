// What outlives a reload of the page, and not the tab: the conversation, how the users are connected, and the sessions.

const prefix = 'bosh-server-demo.';

export function save(name, value) {
    try {
        sessionStorage.setItem(prefix + name, JSON.stringify(value));
    } catch {
        // A browser that keeps nothing: a reload begins anew.
    }
}

export function load(name) {
    try {
        return JSON.parse(sessionStorage.getItem(prefix + name));
    } catch {
        return null;
    }
}

export function forget(name) {
    try {
        sessionStorage.removeItem(prefix + name);
    } catch {
        // Nothing was kept.
    }
}
