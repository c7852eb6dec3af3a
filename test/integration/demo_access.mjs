// What a page owes to those who don't see it, or use no mouse. Both run on any page; a complaint is a line of text.

// accessible runs in the page: names, landmarks, headings, sizes of what is pressed, and the contrast of each visible text (WCAG 2.2, level AA).
export function accessible() {
    const complaints = [];
    const all = (selector) => [...document.querySelectorAll(selector)];
    const say = (text, element) => complaints.push(`${text}: <${element.nodeName.toLowerCase()} class="${element.getAttribute('class') ?? ''}">`);
    const visible = (e) => e.checkVisibility({ visibilityProperty: true, opacityProperty: true });

    if (!document.documentElement.lang) {
        complaints.push('the page has no language');
    }
    for (const [selector, count] of [['main', 1], ['h1', 1], ['body > header', 1], ['body > footer', 1], ['[role=status]', 1]]) {
        if (all(selector).length !== count) {
            complaints.push(`${all(selector).length} of ${selector}, want ${count}`);
        }
    }
    let level = 0;
    for (const h of all('h1, h2, h3, h4')) {
        if (Number(h.nodeName[1]) > level + 1) {
            say('a heading that skips a level', h);
        }
        level = Number(h.nodeName[1]);
    }
    const ids = all('[id]').map((e) => e.id);
    ids.filter((id, i) => ids.indexOf(id) !== i).forEach((id) => complaints.push(`two elements with the id ${id}`));
    for (const e of all('[aria-labelledby], [aria-describedby]')) {
        for (const id of `${e.getAttribute('aria-labelledby') ?? ''} ${e.getAttribute('aria-describedby') ?? ''}`.trim().split(/\s+/)) {
            if (!document.getElementById(id)) {
                say(`it names the id ${id}, which is not there`, e);
            }
        }
    }

    const nameOf = (e) => (e.getAttribute('aria-label') ?? (document.getElementById(e.getAttribute('aria-labelledby'))?.textContent) ??
        (e.labels?.length ? [...e.labels].map((l) => l.textContent).join(' ') : e.textContent)).trim();
    for (const e of all('button, input, a, summary, [role=log], [role=region], [role=group], form, section')) {
        if (visible(e) && !nameOf(e)) {
            say('nothing names it', e);
        }
    }
    for (const e of all('svg')) {
        if (e.getAttribute('aria-hidden') !== 'true' && !(e.getAttribute('role') === 'img' && nameOf(e))) {
            say('a picture that is neither named nor hidden', e);
        }
    }
    for (const e of all('button, .choice, summary, input:not([type=radio])').filter(visible)) { // 2.5.8
        const box = e.getBoundingClientRect();
        if (box.width < 24 || box.height < 24) {
            say(`it is ${box.width} by ${box.height} pixels`, e);
        }
    }
    for (const e of all('*').filter((e) => visible(e) && /auto|scroll/.test(getComputedStyle(e).overflowY) && e.scrollHeight > e.clientHeight)) {
        if (e.tabIndex < 0) {
            say('it scrolls, but not by keyboard', e);
        }
    }

    const pen = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
    const rgba = (color) => {
        pen.clearRect(0, 0, 1, 1);
        pen.fillStyle = color;
        pen.fillRect(0, 0, 1, 1);
        const [r, g, b, a] = pen.getImageData(0, 0, 1, 1).data;
        return [r, g, b, a / 255];
    };
    const over = (top, below) => [0, 1, 2].map((i) => top[i] * top[3] + below[i] * (1 - top[3])).concat(1);
    const ground = (e) => {
        const color = e ? rgba(getComputedStyle(e).backgroundColor) : [255, 255, 255, 1];
        return color[3] === 1 ? color : over(color, ground(e.parentElement));
    };
    const light = (c) => {
        const [r, g, b] = c.map((v) => v / 255).map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const contrast = (a, b) => {
        const [high, low] = [light(a), light(b)].sort((x, y) => y - x);
        return (high + 0.05) / (low + 0.05);
    };
    let lowest = 21;
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
        const e = texts.currentNode.parentElement;
        if (!texts.currentNode.data.trim() || !visible(e) || e.closest(':disabled, .sr, .skip, script, noscript, title')) {
            continue;
        }
        const style = getComputedStyle(e);
        const face = e.closest('.face')?.querySelector('circle');
        const below = face ? rgba(getComputedStyle(face).fill) : ground(e.closest('svg') ?? e);
        const ratio = contrast(over(rgba(e.closest('svg') ? style.fill : style.color), below), below);
        const large = parseFloat(style.fontSize) >= 24 || parseFloat(style.fontSize) >= 18.66 && Number(style.fontWeight) >= 700;
        lowest = Math.min(lowest, ratio);
        if (ratio < (large ? 3 : 4.5)) {
            say(`contrast ${ratio.toFixed(2)} of “${texts.currentNode.data.trim().slice(0, 30)}”`, e);
        }
    }
    for (const e of all('input:not([type=radio]), .filter, .quiet').filter((e) => visible(e) && !e.matches(':disabled'))) { // 1.4.11
        const ratio = contrast(rgba(getComputedStyle(e).borderTopColor), ground(e.parentElement));
        if (ratio < 3) {
            say(`its edge has contrast ${ratio.toFixed(2)}`, e);
        }
    }
    return { complaints: [...new Set(complaints)], lowest: Number(lowest.toFixed(2)) };
}

// tabOrder presses Tab on a page that has just been loaded, and says where the focus goes and whether it is seen.
export async function tabOrder(page) {
    const order = [];
    for (let i = 0; i < 60; i++) {
        await page.keyboard.press('Tab');
        const at = await page.evaluate(() => {
            const e = document.activeElement;
            if (e === document.body) {
                return null;
            }
            const shown = e.matches('input[type=radio]') ? e.nextElementSibling : e;
            const style = getComputedStyle(shown);
            const name = e.getAttribute('aria-label') ?? (e.labels?.length ? e.labels[0].textContent : e.textContent);
            return { name: name.trim().replace(/\s+/g, ' ').slice(0, 40), seen: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2 };
        });
        if (!at) {
            break;
        }
        order.push(at);
    }
    return order;
}
