// Every route of REST, out of the document that the node makes of its descriptors, with a form to ask it.
import { h, put, ask, cut, frame } from '/page.js'

const state = frame('/interface', h('p', {}, 'The document itself is at /openapi.json of the REST port, for generators of clients and for testers.'))
const list = h('div', { class: 'routes' })
const filter = h('input', { type: 'search', 'aria-label': 'Filter the routes', placeholder: 'bank, validators, /cosmos/gov …', input: () => show() })
let groups = []

document.getElementById('content').replaceChildren(
  h('div', { class: 'lead' }, h('h1', {}, 'The interface for programs'),
    h('p', {}, 'What wallets and scripts may ask over REST. The same is answered over gRPC, and by abci_query of CometBFT’s RPC.')),
  h('div', { class: 'search' }, filter), list)

/** A form for one route, and what it answers. */
function route({ path, verb, operation }) {
  const parameters = operation.parameters.filter((one) => one.in !== 'header')
  const fields = parameters.map((one) => {
    const type = one.schema.items ?? one.schema
    const id = operation.operationId + one.name
    return { ...one, id, input: h('input', { id, placeholder: type.enum ? cut(type.enum.join(' | '), 80) : type.format ?? type.type, required: one.in === 'path' }) }
  })
  const answer = h('div', { 'aria-live': 'polite' })
  async function send(event) {
    event.preventDefault()
    let target = path
    const query = new URLSearchParams()
    for (const { name, in: place, input } of fields) {
      if (place === 'path') target = target.replace(`{${name}}`, () => encodeURIComponent(input.value))
      else if (input.value) query.append(name, input.value)
    }
    const whole = target + (query.size ? '?' + query : '')
    put(answer, h('p', { class: 'soft' }, 'asking …'))
    try {
      const response = await fetch('/rest' + whole, { signal: AbortSignal.timeout(15000) })
      const text = await response.text()
      let shown = text
      try { shown = JSON.stringify(JSON.parse(text), null, 2) } catch { /* as it came */ }
      put(answer, h('p', {}, h('span', { class: 'badge ' + (response.ok ? 'good' : 'bad') }, response.status), ' ', h('code', {}, cut(whole, 300))),
        h('pre', { tabindex: 0 }, cut(shown, 200000)))
    } catch {
      put(answer, h('p', { class: 'notice bad' }, 'the node does not answer'))
    }
  }
  const form = verb === 'get'
    ? h('form', { submit: send }, fields.map((one) => h('p', {}, h('label', { for: one.id }, one.name), one.input)), h('button', { class: 'more' }, 'Ask'))
    : h('p', { class: 'soft' }, 'Takes a body of JSON; from a terminal: ', h('code', {}, `curl -d '{…}' REST${path}`))
  return h('details', {}, h('summary', {}, h('span', { class: 'badge' }, verb.toUpperCase()), ' ', h('code', {}, path), ' ', h('span', { class: 'soft' }, operation.summary)), form, answer)
}

function show() {
  const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean)
  const fits = (one) => words.every((word) => (one.path + one.operation.operationId).toLowerCase().includes(word))
  const parts = groups.map(([name, routes]) => [name, routes.filter(fits)]).filter(([, routes]) => routes.length)
  list.replaceChildren(...parts.map(([name, routes]) => h('section', { class: 'card', 'aria-label': name }, h('header', {}, h('h2', {}, name)), routes.map(route))))
  if (!parts.length) list.replaceChildren(h('p', { class: 'empty' }, 'No route has these words.'))
}

try {
  const told = await ask('/rest/openapi.json')
  const found = new Map()
  for (const [path, item] of Object.entries(told.paths)) {
    for (const [verb, operation] of Object.entries(item)) {
      const name = operation.tags[0]
      if (!found.has(name)) found.set(name, [])
      found.get(name).push({ path, verb, operation })
    }
  }
  groups = [...found].sort(([left], [right]) => left < right ? -1 : 1)
  state('good', `${groups.reduce((count, [, routes]) => count + routes.length, 0)} routes`)
  show()
} catch (error) {
  state('bad', 'no answer')
  put(list, h('div', { class: 'notice bad' }, error.message))
}
