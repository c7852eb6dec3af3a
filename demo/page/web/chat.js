// One user's side of the conversation: what was said, and where to say something.

import { nameOf } from './describe.js';
import { load, save } from './store.js';

const messagesMax = 200;

const lines = {
    juliet: ['Are you there, Romeo?', 'What do we send, when we say nothing?', 'And who answers them?', 'Reload the page: I’ll still be here.'],
    romeo: ['I am, Juliet.', 'Questions. They wait at the server.', 'You do, by speaking.', 'So will I, from the next rid on.'],
};

export class Panel {
    // say is called with a text to send, and returns the id of the message.
    constructor(element, say) {
        this.element = element;
        this.name = element.dataset.user;
        this.say = say;
        this.log = element.querySelector('.log');
        this.input = element.querySelector('input');
        this.send = element.querySelector('.send');
        this.chip = element.querySelector('.chip');
        this.presence = element.querySelector('.presence');
        this.messages = load(`chat.${this.name}`) ?? [];
        this.items = new Map();
        for (const m of this.messages) {
            this.draw(m);
        }
        this.suggest();
        element.querySelector('form').addEventListener('submit', (event) => {
            event.preventDefault();
            if (this.input.value.trim()) {
                this.speak(this.input.value.trim());
                this.input.value = '';
            }
        });
        this.chip.addEventListener('click', () => {
            this.speak(this.chip.textContent);
            this.input.focus({ preventScroll: true });
        });
    }

    speak(text) {
        const id = this.say(text);
        this.add({ id, text, from: this.name, at: Date.now() });
        this.suggest();
    }

    // suggest offers the next line that has not been said.
    suggest() {
        const said = new Set(this.messages.filter((m) => m.from === this.name).map((m) => m.text));
        const next = lines[this.name].find((line) => !said.has(line));
        this.chip.textContent = next ?? '';
        this.chip.hidden = !next || this.input.disabled;
    }

    // add shows a message; one that came before is not shown again.
    add(message) {
        if (this.items.has(message.id)) {
            return;
        }
        this.messages.push(message);
        this.messages.splice(0, this.messages.length - messagesMax);
        save(`chat.${this.name}`, this.messages);
        this.draw(message);
    }

    draw(message) {
        const item = document.createElement('p');
        item.className = message.from === this.name ? 'bubble own' : 'bubble';
        item.dataset.from = message.from;
        const who = document.createElement('span');
        who.className = 'sr';
        who.textContent = `${nameOf(message.from)}: `;
        const time = document.createElement('time');
        time.dateTime = new Date(message.at).toISOString();
        time.textContent = new Date(message.at).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit', hour12: false });
        item.append(who, message.text, ' ', time);
        item.classList.toggle('lost', Boolean(message.lost));
        this.items.set(message.id, item);
        this.log.append(item);
        this.log.scrollTop = this.log.scrollHeight;
    }

    // lose marks a message that came back.
    lose(id) {
        const message = this.messages.find((m) => m.id === id);
        if (message) {
            message.lost = true;
            save(`chat.${this.name}`, this.messages);
            this.items.get(id)?.classList.add('lost');
        }
    }

    // show says how the user is connected.
    show(state, transport) {
        const online = state === 'online';
        this.element.dataset.state = state;
        this.presence.textContent = online ? (transport === 'bosh' ? 'BOSH' : 'WebSocket') : state === 'connecting' ? 'logging in…' : 'offline';
        if (online) {
            const over = document.createElement('span');
            over.className = 'over'; // a narrow screen has no room for it
            over.textContent = 'online over ';
            this.presence.prepend(over);
        }
        for (const control of [this.input, this.send, this.chip]) {
            control.disabled = !online;
        }
        this.suggest();
    }
}
