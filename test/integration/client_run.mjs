// What every client under Node is put through: log in, get the roster, send itself one message of awkward
// characters and then many in a row, disconnect. Prints what happened as one line of JSON, for the Go tests to judge.
//
// A client is an object with
//   login(options, received)   options: service, jid, password, wait; received(id, text) is to be called for each
//                              message; settles with { jid, mechanism }, or throws
//   roster()                   settles with true when the server's roster has come
//   send(to, id, text)         sends a chat message
//   disconnect()               settles when the client says that it is disconnected

const messages = 50;
const stepMillis = 15_000;

export const special = '& < > " \' 😀 ]]> &amp; \t|\n|';

// within fails a promise that takes longer than a step may.
export function within(what, promise, millis = stepMillis) {
    let timer;
    const late = new Promise((_, reject) => {
        timer = setTimeout(() => reject(new Error(`${what}: nothing within ${millis} ms`)), millis);
    });
    return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

// Inbox keeps the messages in the order of their arrival, and lets a step wait for one.
export class Inbox {
    constructor() {
        this.got = []; // { id, text }
        this.waiting = new Map(); // id → function of the message
    }

    add(id, text, from) {
        const message = { id, text, from };
        this.got.push(message);
        this.waiting.get(id)?.(message);
        this.onMessage?.(message);
    }

    ids() {
        return this.got.map((m) => m.id);
    }

    // first settles with the first message that fits, there already or still to come.
    first(fits) {
        const there = this.got.find(fits);
        return there ? Promise.resolve(there) : new Promise((resolve) => (this.onMessage = (m) => fits(m) && resolve(m)));
    }

    await(id) {
        const there = this.got.find((m) => m.id === id);
        return there ? Promise.resolve(there) : within(`message ${id}`, new Promise((resolve) => this.waiting.set(id, resolve)));
    }
}

// report prints the result, what failed included, and ends the process.
export async function report(result, work) {
    const fail = (error) => {
        result.error ??= String(error?.stack ?? error);
    };
    const print = () => process.stdout.write(JSON.stringify(result) + '\n', () => process.exit(0));
    process.on('uncaughtException', (error) => (fail(error), print()));
    process.on('unhandledRejection', (error) => (fail(error), print()));
    try {
        await work();
    } catch (error) {
        fail(error);
    }
    print();
}

export async function run(client) {
    const options = JSON.parse(process.argv[2]);
    const inbox = new Inbox();
    const result = {};
    await report(result, async () => {
        const { jid, mechanism } = await within('log-in', client.login(options, (id, text) => inbox.add(id, text)));
        Object.assign(result, { jid, mechanism });
        result.roster = await within('roster', client.roster());

        client.send(jid, 'echo', special);
        result.echo = (await inbox.await('echo')).text;
        result.intact = result.echo === special;

        const ids = Array.from({ length: messages }, (_, i) => `order-${i}`);
        for (const id of ids) {
            client.send(jid, id, `message ${id}`);
        }
        await inbox.await(ids.at(-1));

        await within('disconnect', client.disconnect());
        result.disconnected = true;
        result.sent = ids.length;
        result.inOrder = inbox.ids().join() === ['echo', ...ids].join();
        if (!result.inOrder) {
            result.got = inbox.ids();
        }
    });
}
