// What every client over WebSocket under Node is put through, twice at a time: alice and bob log in, alice gets her
// roster, each sends the other many messages at the same time, both disconnect. Prints what happened as one line of
// JSON, for the Go tests to judge.
//
// make() makes a client of the library, which is an object as client_run.mjs describes it.

import { Inbox, report, special, within } from './client_run.mjs';

const messages = 50;

// Some work out SCRAM's key in JavaScript, all of them at the same time.
export const loginMillis = 40_000;

export async function runPair(make) {
    const options = JSON.parse(process.argv[2]);
    const result = {};
    await report(result, async () => {
        const inboxes = [new Inbox(), new Inbox()];
        const [alice, bob] = [make(), make()];
        const login = async (client, inbox, more) => within('log-in', client.login({ ...options, ...more }, (id, text) => inbox.add(id, text)), loginMillis);
        const [own, peer] = await Promise.all([
            login(alice, inboxes[0], {}),
            login(bob, inboxes[1], { jid: options.peerJID, password: options.peerPassword }),
        ]);
        Object.assign(result, { jid: own.jid, mechanism: own.mechanism });
        result.roster = await within('roster', alice.roster());

        alice.send(peer.jid, 'echo', special);
        result.echo = (await inboxes[1].await('echo')).text;
        result.intact = result.echo === special;

        const ids = Array.from({ length: messages }, (_, i) => `order-${i}`);
        for (const id of ids) {
            alice.send(peer.jid, id, `message ${id}`);
            bob.send(own.jid, id, `answer ${id}`);
        }
        await Promise.all(inboxes.map((inbox) => inbox.await(ids.at(-1))));

        // What comes later is errors for what the other had not acknowledged (XEP-0198) when it left.
        result.sent = ids.length;
        const got = inboxes.map((inbox) => inbox.ids().filter((id) => id !== 'echo'));
        result.inOrder = got.every((g) => g.join() === ids.join());
        if (!result.inOrder) {
            result.got = [...got[0], '|', ...got[1]];
        }

        await within('disconnect', Promise.all([alice.disconnect(), bob.disconnect()]));
        result.disconnected = true;
    });
}
