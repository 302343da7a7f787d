// What the pages share. Text of others becomes text nodes and nothing else: there is no markup in any script.

/** An element. Attributes with a function are listeners; `style` is an object; children are nodes or texts. */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue
    if (typeof value === 'function') element.addEventListener(name, value)
    else if (name === 'style') Object.assign(element.style, value)
    else element.setAttribute(name, value === true ? '' : String(value))
  }
  for (const child of children.flat(3)) {
    if (child === undefined || child === null || child === false) continue
    element.append(child instanceof Node ? child : String(child))
  }
  return element
}

/** Replaces what is in `place`, unless it would be the same text as before: focus and selection stay. */
export function put(place, ...children) {
  const next = h('div', {}, ...children)
  const same = place.childNodes.length === next.childNodes.length
    && [...place.childNodes].every((node, index) => node.isEqualNode(next.childNodes[index]))
  if (!same) place.replaceChildren(...next.childNodes)
}

/** JSON of this origin, or an error with a sentence. */
export async function ask(path) {
  const stop = AbortSignal.timeout(8000)
  let answer
  try {
    answer = await fetch(path, { signal: stop, headers: { accept: 'application/json' } })
  } catch {
    throw new Error('the node does not answer')
  }
  const value = await answer.json().catch(() => null)
  if (answer.ok && value !== null) return value
  throw new Error(cut(value && typeof value.message === 'string' ? value.message : `status ${answer.status}`, 200))
}

export const rest = (path) => ask('/rest' + path)

/** Calls `look` now and then, while somebody looks at the page; one call at a time. */
export function live(look, milliseconds) {
  let timer = null
  async function turn() {
    clearTimeout(timer)
    timer = null
    if (!document.hidden) await look().catch(() => {})
    if (timer === null) timer = setTimeout(turn, milliseconds)
  }
  document.addEventListener('visibilitychange', () => { if (!document.hidden) turn() })
  turn()
  return turn
}

// ---- texts

export const cut = (text, length) => {
  const value = String(text ?? '')
  return value.length <= length ? value : value.slice(0, length) + '…'
}

/** Both ends of a long name of no meaning; the whole of it shows where a pointer rests. */
export function short(text, head = 8, tail = 6) {
  const value = String(text ?? '')
  const shown = value.length <= head + tail + 1 ? value : value.slice(0, head) + '…' + value.slice(-tail)
  return h('code', { title: cut(value, 300) }, shown)
}

/** Integers of any size, which REST writes as texts. */
export function number(value) {
  const text = String(value ?? '')
  return /^-?\d+$/.test(text) ? text.replace(/\B(?=(\d{3})+(?!\d))/g, '\u2009') : cut(text, 40)
}

export function bytes(value) {
  let size = Number(value) || 0
  for (const unit of ['B', 'kB', 'MB', 'GB']) {
    if (size < 1024 || unit === 'GB') return (unit === 'B' ? Math.round(size) : size.toFixed(size < 10 ? 1 : 0)) + '\u202f' + unit
    size /= 1024
  }
}

export function span(microseconds) {
  if (microseconds < 1000) return Math.round(microseconds) + '\u202fµs'
  const milliseconds = microseconds / 1000
  if (milliseconds < 1000) return milliseconds.toFixed(milliseconds < 10 ? 1 : 0) + '\u202fms'
  return ago(milliseconds / 1000)
}

export function ago(seconds) {
  const value = Math.max(0, Math.round(seconds))
  if (value < 100) return value + '\u202fs'
  if (value < 6000) return Math.round(value / 60) + '\u202fmin'
  return value < 360000 ? Math.round(value / 3600) + '\u202fh' : Math.round(value / 86400) + '\u202fd'
}

export const clock = (text) => {
  const time = new Date(text)
  return isNaN(time) ? cut(text, 40) : time.toISOString().slice(0, 19).replace('T', ' ') + ' UTC'
}

export const secret = (amount, denomination) => denomination === 'uscrt' && /^\d+$/.test(amount)
  ? number(amount.padStart(7, '0').slice(0, -6)) + (amount.padStart(7, '0').slice(-6).replace(/0+$/, '').replace(/^(?=.)/, '.')) + ' SCRT'
  : number(amount) + ' ' + cut(denomination, 64)

export const coins = (list) => (list ?? []).slice(0, 20).map((coin) => secret(String(coin.amount), String(coin.denom))).join(', ') || 'nothing'

// ---- the frame of every page

/** The bar at the top and the line at the bottom; the answer shows the chain's state there. */
export function frame(current, foot) {
  const pages = [['/', 'Home'], ['/explorer', 'Explorer'], ['/inspector', 'Inspector'], ['/interface', 'Interface']]
  const dot = h('span', { class: 'dot' })
  const text = h('span', { role: 'status', 'aria-live': 'off' }, 'asking the node')
  document.getElementById('bar').append(h('div', {},
    h('a', { href: '/', class: 'name' }, h('img', { src: '/icon.svg', alt: '' }), 'Cloister'),
    h('nav', { 'aria-label': 'Pages' }, pages.map(([href, name]) =>
      h('a', { href, 'aria-current': href === current ? 'page' : false }, name))),
    h('span', { class: 'state' }, dot, text)))
  if (foot) document.getElementById('foot').append(foot)
  return (state, words) => {
    dot.className = 'dot ' + state
    text.textContent = words
  }
}

export const card = (title, note, ...children) => h('section', { class: 'card', 'aria-label': title },
  h('header', {}, h('h2', {}, title), note ? h('p', {}, note) : null), ...children)

export const table = (heads, rows, attributes = {}) => h('div', { class: 'scroll' }, h('table', attributes,
  h('thead', {}, h('tr', {}, heads.map((head) => h('th', { class: head.startsWith('#') ? 'n' : false }, head.replace('#', ''))))),
  h('tbody', {}, rows)))

export const figure = (label, value, note) => h('div', { class: 'figure' },
  h('span', { class: 'label' }, label), h('span', { class: 'value' }, value), h('span', { class: 'note' }, note))
