// The inspector: what crosses between this node's host and its enclave, and what the enclave proves of itself.
import { h, put, ask, live, short, number, bytes, span, ago, frame, card, table, figure, cut } from '/page.js'

const CLASSES = ['public', 'ciphertext', 'length only', 'SECRET']
const classOf = (name) => ({ 'length only': 'length', SECRET: 'secret' })[name] ?? name
const badge = (name) => h('span', { class: 'badge ' + classOf(name) }, name)

// What each step of a verdict asks (docs/attestation.md).
const STEPS = [
  'Is it a quote of version 3, 4 or 5, and nothing else?',
  'Do its certificates end in a configured root, and are simulated ones marked as such?',
  'Does the root vouch for the machine’s certificate, and is none of them revoked?',
  'Has the root’s signer published the tables, and are they current?',
  'Has the machine’s key signed the quoting enclave’s report?',
  'Does that report name the key that signs quotes?',
  'Has that key signed this quote?',
  'Is the quoting enclave the maker’s?',
  'Which row of the maker’s table does the machine reach?',
  'What do machine, quoting enclave and module add up to?',
  'Is what is quoted the enclave that was measured here?',
  'Are root, machine and status what is accepted?',
]
const OUTCOMES = {
  passed: ['good', '✓', ''],
  passed_without_revocation: ['good', '✓', 'without lists of revoked certificates'],
  not_checked: ['none', '–', 'not checked: needs tables of a maker, which a simulated root has not'],
  not_reached: ['none', '·', 'not reached'],
  refused: ['bad', '✗', 'refused'],
}
const SPANS = [
  ['s2', 'votes', null, 'decided'], ['s3', 'saved', 'decided', 'run_began'],
  ['s4', 'run in the enclave', 'run_began', 'ran'], ['s5', 'committed', 'ran', 'committed'],
]

const state = frame('/inspector', h('p', {},
  'Everything here is the word of this node’s host, which the design does not trust. For proof, from a machine of your own: ',
  h('code', {}, 'cloister evidence verify'), '. What each panel means: docs/inspector.md.'))

// ---- the places that are filled

const notice = h('div')
const figures = h('div', { class: 'row' })
const crossing = h('div')
const rows = h('tbody')
const ledger = h('div')
const lives = h('div')
const evidence = h('div')
const confinement = h('div')
const releases = h('div')
const shown = { way: 'all', silent: false }

function choice(label, get, set) {
  const button = h('button', { type: 'button', 'aria-pressed': String(get()), click: () => { set(); if (latest) drawMessages(...latest) } }, label)
  const refreshOne = () => button.setAttribute('aria-pressed', String(get()))
  buttons.push(refreshOne)
  return button
}
const buttons = []
const filters = h('div', { class: 'choices', role: 'group', 'aria-label': 'Which messages' },
  [['all', 'both ways'], ['into', 'into the enclave'], ['out', 'out of it']].map(([way, label]) =>
    choice(label, () => shown.way === way, () => { shown.way = way })),
  choice('those not seen, too', () => shown.silent, () => { shown.silent = !shown.silent }))

document.getElementById('content').replaceChildren(
  h('div', { class: 'lead' }, h('h1', {}, 'Inspector'),
    h('p', {}, 'What passes between this node’s untrusted host and its enclave, live.')),
  notice, h('section', { class: 'card', 'aria-label': 'State' }, figures),
  card('The boundary, now', 'frames and bytes since the node’s start, by who may read them', crossing),
  card('A block’s life', 'the newest first, each from its proposal, or from when this node heard of it', lives),
  card('What crosses, message by message', null, filters,
    h('div', { class: 'scroll' }, h('table', { id: 'messages' },
      h('thead', {}, h('tr', {}, ['Message', 'Way', 'Class', 'Believed because', 'Lane', '#Frames', '#Each second', '#Bytes', '#Mean', 'Lengths']
        .map((head, index) => h('th', { class: (head.startsWith('#') ? 'n ' : '') + ([3, 4].includes(index) ? 'wide' : '') }, head.replace('#', ''))))),
      rows))),
  h('div', { class: 'pair' },
    card('Evidence, step by step', null, evidence),
    h('div', { class: 'side-by-side' },
      card('Measurement and confinement', null, confinement), card('Key releases', 'whom the network gave its seeds', releases))),
  card('What lengths tell', 'frames whose content is sealed, by length: this much an observer of the host learns', ledger))

// ---- the boundary

let page = null
let before = null
let latest = null

/** Counts with what the boundary page says of them, and how fast they grow. */
function joined(now) {
  const counts = new Map()
  for (const lane of now.traffic?.lanes ?? []) {
    for (const message of lane.messages) {
      const key = (message.into ? 'i' : 'o') + message.number
      const known = counts.get(key) ?? { lanes: [], frames: 0, bytes: 0, buckets: message.buckets.map(() => 0) }
      known.lanes.push(lane.lane)
      known.frames += message.frames
      known.bytes += message.bytes
      message.buckets.forEach((count, index) => { known.buckets[index] += count })
      counts.set(key, known)
    }
  }
  const seconds = before ? (now.now_ms - before.at) / 1000 : 0
  const result = page.frames.map((told) => {
    const key = (told.into ? 'i' : 'o') + told.number
    const count = counts.get(key) ?? { lanes: [], frames: 0, bytes: 0, buckets: [] }
    counts.delete(key)
    return { key, ...told, ...count }
  })
  for (const [key, count] of counts) {
    result.push({ key, into: key[0] === 'i', number: Number(key.slice(1)), name: 'message ' + key.slice(1), message: '', class: 'unknown', trust: '', ...count })
  }
  for (const entry of result) {
    const earlier = before?.frames.get(entry.key) ?? entry.frames
    entry.moved = entry.frames - earlier
    entry.rate = seconds > 0 ? entry.moved / seconds : 0
    entry.byteRate = seconds > 0 ? (entry.bytes - (before.bytes.get(entry.key) ?? entry.bytes)) / seconds : 0
  }
  before = { at: now.now_ms, frames: new Map(result.map((e) => [e.key, e.frames])), bytes: new Map(result.map((e) => [e.key, e.bytes])) }
  return result
}

function drawCrossing(entries, now) {
  const way = (into) => {
    const mine = entries.filter((entry) => entry.into === into)
    const sum = (list, what) => list.reduce((total, entry) => total + entry[what], 0)
    const total = sum(mine, 'bytes') || 1
    const parts = CLASSES.map((name) => [name, sum(mine.filter((entry) => entry.class === name), 'bytes')]).filter(([, size]) => size > 0)
    const stack = h('span', { class: 'stack', role: 'img', 'aria-label': parts.map(([name, size]) => `${name}: ${bytes(size)}`).join(', ') },
      parts.map(([name, size]) => h('i', { class: classOf(name), title: `${name}: ${bytes(size)}`, style: { width: (100 * size / total).toFixed(2) + '%' } })))
    return h('div', { class: 'way', id: into ? 'way-in' : 'way-out' },
      h('div', {}, h('b', {}, into ? 'into the enclave' : 'out of the enclave'),
        h('span', {}, h('span', { class: 'total' }, number(sum(mine, 'frames'))), ' frames, ', bytes(sum(mine, 'bytes')), h('span', { class: 'soft' }, `, now ${sum(mine, 'rate').toFixed(1)}/s`))),
      h('div', { class: 'arrow', 'aria-hidden': 'false' }, into ? null : h('span', {}, '◀'), stack, into ? h('span', {}, '▶') : null))
  }
  const enclave = now.enclave
  put(crossing, h('div', { class: 'crossing' },
    h('div', { class: 'side' }, h('b', {}, 'Host'), h('small', {}, 'untrusted: consensus, state, interfaces'), h('small', {}, `height ${number(now.height)}`)),
    h('div', { class: 'wire' }, way(true), way(false),
      h('div', { class: 'legend' }, CLASSES.map((name) => h('span', {}, h('i', { class: classOf(name) }), name === 'SECRET' ? 'secret (into the enclave alone)' : name)))),
    h('div', { class: 'side trusted' }, h('b', {}, 'Enclave'), h('small', {}, enclave.simulated ? 'simulated: a process plays the processor' : 'measured by the processor'),
      h('small', {}, h('span', {}, 'measurement '), short(enclave.measurement, 8, 4)), h('small', {}, `verified head ${number(enclave.head_height ?? 0)}`))))
}

const drawn = new Map()

/** One row for each message, kept where it is: what is open stays open. */
function drawMessages(entries, bounds) {
  const visible = entries.filter((entry) => (shown.silent || entry.frames > 0) && (shown.way === 'all' || (shown.way === 'into') === entry.into))
  // As they follow each other: question and answer have one number. Blocks first, then queries, then the rest.
  const place = (entry) => entry.number >= 10 && entry.number < 20 ? 0 : entry.number >= 30 && entry.number < 40 ? 1 : entry.number === 20 ? 2 : 3
  visible.sort((a, b) => place(a) - place(b) || a.number - b.number || (place(a) === 1 ? Number(a.into) - Number(b.into) : Number(b.into) - Number(a.into)))
  const wanted = []
  for (const entry of visible) {
    let row = drawn.get(entry.key)
    if (!row) {
      row = newRow(entry)
      drawn.set(entry.key, row)
    }
    row.fill(entry, bounds)
    wanted.push(row.main)
    if (row.isOpen) wanted.push(row.more)
  }
  if (wanted.length === 0) wanted.push(h('tr', {}, h('td', { class: 'empty', colspan: 10 }, 'Nothing has crossed yet.')))
  const same = wanted.length === rows.children.length && wanted.every((row, index) => rows.children[index] === row)
  if (!same) {
    const focused = document.activeElement
    rows.replaceChildren(...wanted)
    if (focused && rows.contains(focused)) focused.focus({ preventScroll: true })
  }
  buttons.forEach((one) => one())
}

function newRow(entry) {
  const cells = Object.fromEntries(['lane', 'frames', 'rate', 'bytes', 'mean', 'lengths'].map((name) => [name, h('td', { class: name === 'lengths' ? false : name === 'lane' ? 'wide soft' : 'n' })]))
  const button = h('button', { type: 'button', class: 'open', 'aria-expanded': 'false', click: () => {
    row.isOpen = !row.isOpen
    button.setAttribute('aria-expanded', String(row.isOpen))
    if (row.isOpen) row.main.after(row.more)
    else row.more.remove()
  } }, h('code', {}, entry.name))
  const fields = page.messages[entry.message] ?? []
  const row = {
    isOpen: false,
    main: h('tr', {}, h('td', {}, button), h('td', { class: 'nowrap', title: entry.into ? 'into the enclave' : 'out of the enclave' }, entry.into ? '▶ in' : '◀ out'),
      h('td', {}, badge(entry.class)), h('td', { class: 'wide soft' }, entry.trust), cells.lane, cells.frames, cells.rate, cells.bytes, cells.mean, cells.lengths),
    more: h('tr', { class: 'fields' }, h('td', { colspan: 10 }, fields.length === 0 ? h('p', { class: 'empty' }, entry.message + ' has no fields.')
      : table(['Field of ' + entry.message, 'Class', 'Believed because', 'Limit'], fields.map(([name, kind, trust, limit]) =>
        h('tr', {}, h('td', {}, h('code', {}, name)), h('td', {}, badge(kind)), h('td', { class: 'soft' }, trust), h('td', { class: 'soft' }, limit)))))),
    fill(now, bounds) {
      row.main.className = now.moved > 0 ? 'moved' : now.frames === 0 ? 'quiet' : ''
      put(cells.lane, now.lanes.join(', '))
      put(cells.frames, number(now.frames))
      put(cells.rate, now.rate > 0 ? now.rate.toFixed(1) : '')
      put(cells.bytes, now.frames ? bytes(now.bytes) : '')
      put(cells.mean, now.frames ? bytes(now.bytes / now.frames) : '')
      put(cells.lengths, now.frames ? histogram(now.buckets, bounds, now.class) : '')
    },
  }
  return row
}

const bucketName = (bounds, index) => index === bounds.length ? `${bytes(bounds[index - 1])} and more` : `below ${bytes(bounds[index])}`

function histogram(buckets, bounds, kind) {
  const most = Math.max(...buckets, 1)
  const label = buckets.map((count, index) => count ? `${bucketName(bounds, index)}: ${count}` : '').filter(Boolean).join('; ')
  return h('span', { class: 'bars ' + classOf(kind), role: 'img', 'aria-label': label, title: label },
    buckets.map((count) => h('i', { class: count ? 'on' : false, style: { height: (count ? 15 + 85 * count / most : 5).toFixed(0) + '%' } })))
}

/** How much lengths alone tell: a row for each message of which the content is no stranger's business. */
function drawLedger(entries, bounds) {
  const sealed = entries.filter((entry) => entry.frames > 0 && ['ciphertext', 'length only'].includes(entry.class))
  sealed.sort((a, b) => Number(a.into) - Number(b.into) || b.frames - a.frames)
  if (sealed.length === 0) return put(ledger, h('p', { class: 'empty' }, 'Nothing sealed has crossed yet.'))
  const used = bounds.map((_, index) => index).concat(bounds.length)
  put(ledger, table(['Message', 'Way', 'Class', ...used.map((index) => '#' + (index === bounds.length ? '≥ ' + bytes(bounds[index - 1]) : '< ' + bytes(bounds[index])))],
    sealed.map((entry) => h('tr', {}, h('td', {}, h('code', {}, entry.name)), h('td', { class: 'nowrap' }, entry.into ? '▶ in' : '◀ out'), h('td', {}, badge(entry.class)),
      used.map((index) => {
        const count = entry.buckets[index] ?? 0
        const share = count / entry.frames
        return h('td', { class: 'h' }, h('span', { style: count ? { background: `color-mix(in srgb, var(--${classOf(entry.class)}) ${Math.round(12 + 50 * share)}%, transparent)` } : {} }, count ? number(count) : ''))
      }))), { class: 'heat' }))
}

// ---- a block's life

function drawLives(blocks) {
  const recent = blocks.filter((block) => block.moments.committed !== undefined).slice(-10).reverse()
  if (recent.length === 0) return put(lives, h('p', { class: 'empty' }, 'No block since the node’s start.'))
  const parts = recent.map((block) => {
    const m = block.moments
    const spans = SPANS.map(([kind, name, from, to]) => {
      const [start, end] = [from === null ? 0 : m[from] ?? 0, m[to]]
      return end === undefined ? null : { kind, name, length: Math.max(0, end - start) }
    }).filter(Boolean)
    return { block, spans, all: spans.reduce((sum, one) => sum + one.length, 0) }
  })
  const longest = Math.max(...parts.map((part) => part.all), 1)
  put(lives,
    h('div', { class: 'legend', style: { marginBottom: '0.7rem' } }, SPANS.map(([kind, name]) => h('span', {}, h('i', { class: kind }), name))),
    h('div', { class: 'life' }, parts.map(({ block, spans, all }) => {
      const words = spans.map((one) => `${one.name} ${span(one.length)}`).join(', ')
      const run = spans.find((one) => one.kind === 's4')
      return [h('a', { href: `/explorer#/block/${block.height}`, class: 'mono' }, number(block.height)),
        h('span', { class: 'stack', role: 'img', 'aria-label': words, title: words },
          spans.map((one) => h('i', { class: one.kind, style: { width: (100 * one.length / longest).toFixed(2) + '%' } }))),
        h('span', { class: 'what' }, `${span(all)}, ${run ? span(run.length) : '?'} in the run · ${block.transactions ?? 0} tx, ${block.contract_transactions ?? 0} by the enclave · `
          + (block.frames_in === undefined ? '' : `${number(block.frames_in + block.frames_out)} frames, ${bytes(block.bytes_in + block.bytes_out)}`))]
    })))
}

// ---- evidence, confinement, releases

function drawEvidence(told) {
  const steps = told.steps.map((step) => {
    const [kind, mark, why] = OUTCOMES[step.outcome] ?? ['none', '?', cut(step.outcome, 60)]
    return h('li', {}, h('span', { class: 'mark ' + kind, 'aria-label': step.outcome.replaceAll('_', ' ') }, mark), h('span', { class: 'soft n' }, step.step),
      h('span', {}, STEPS[step.step - 1] ?? cut(step.name, 60), why || step.refusal ? h('span', { class: 'why' }, ' — ' + [why, step.refusal].filter(Boolean).join(': ')) : null))
  })
  const passed = told.steps.filter((step) => step.outcome.startsWith('passed')).length
  put(evidence,
    h('p', { style: { marginBottom: '0.7rem' } }, h('span', { class: 'badge ' + (told.accepted ? 'good' : 'bad') }, told.accepted ? 'accepted' : 'refused'),
      ` ${passed} of ${told.steps.length} steps passed, `, `${told.steps.filter((step) => step.outcome === 'not_checked').length} not checked`),
    h('ol', { class: 'steps' }, steps),
    told.accepted ? h('dl', { style: { marginTop: '0.9rem' } }, pairs([
      ['root', [cut(told.root, 64), ' ', told.root_is_simulated ? h('span', { class: 'badge warn' }, 'simulated') : h('span', { class: 'badge good' }, 'hardware')]],
      ['root’s key', short(told.root_key, 16, 8)], ['measurement', short(told.measurement, 16, 8)], ['signer', short(told.signer, 16, 8)],
      ['product, version', `${told.product}, ${told.security_version}`], ['debug', told.debug ? h('span', { class: 'badge bad' }, 'yes') : 'no'],
      ['users’ key', told.key_is_quoted ? 'is the one that is quoted' : h('span', { class: 'badge bad' }, 'is not what is quoted')],
      ['quote', [number(told.quote_bytes), ' bytes, ', short(told.quote_id, 10, 6)]],
    ])) : null)
}

const pairs = (list) => list.filter(([, value]) => value !== null).map(([name, value]) => [h('dt', {}, name), h('dd', {}, value)])

function drawConfinement(now) {
  const { enclave, evidence: told } = now
  const kernel = enclave.kernel
  const same = page.manifest === enclave.boundary
  put(confinement, h('dl', {}, pairs([
    ['measurement', h('code', {}, enclave.measurement)],
    ['boundary', [short(enclave.boundary, 16, 8), ' ', same ? 'is the page’s' : h('span', { class: 'badge bad' }, 'is another than the page’s')]],
    ['program', `${enclave.program}, ${enclave.backend}, profile ${now.profile}`],
    ['memory it writes', enclave.backend !== 'launched' ? null : enclave.confinement === 'strict' ? 'never becomes executable; contracts are interpreted (strict)' : 'may become executable: contracts are compiled (jit)'],
    ['the quote says', (told.facts ?? []).map((fact) => [h('span', { class: 'badge ' + (fact === 'simulated' ? 'warn' : 'good') }, fact), ' '])],
    ['the kernel says', kernel === null ? 'nothing: the enclave’s process cannot be seen from here' : [
      check(kernel.seccomp_mode === 2, `system calls filtered (${kernel.seccomp_filters} filters)`), check(kernel.no_new_privileges, 'no new privileges'),
      check(kernel.capabilities === '0', kernel.capabilities === '0' ? 'no capability' : 'capabilities ' + kernel.capabilities), `${kernel.threads} threads`]],
    ['memory', enclave.resident_bytes === undefined ? null : `${bytes(enclave.resident_bytes)} resident, ${number(enclave.modules)} ${enclave.modules === 1 ? 'contract' : 'contracts'} compiled and loaded`],
  ])))
}

const check = (holds, words) => [h('span', { class: 'badge ' + (holds ? 'good' : 'bad') }, words), ' ']

function drawReleases(told) {
  if (told === null) return put(releases, h('p', { class: 'empty' }, 'No block is announced yet.'))
  const none = told.entries.length === 0
  put(releases,
    h('p', { style: { marginBottom: none ? '0' : '0.6rem' } }, none ? 'To nobody so far: only the enclaves that founded the network have its seeds.' : `${number(told.count)} so far, log head `, none ? null : short(told.head, 10, 6),
      told.waiting > 0 ? `; ${told.waiting} wait for the next block` : ''),
    none ? null : table(['#Nr.', '#Block', 'Program', 'Machine says', 'Asked by'], told.entries.map((entry) => h('tr', {}, h('td', { class: 'n' }, number(entry.number)),
      h('td', { class: 'n' }, h('a', { href: `/explorer#/block/${entry.height}` }, number(entry.height))), h('td', {}, short(entry.measurement, 8, 4)),
      h('td', { class: 'soft' }, entry.facts.join(', ')), h('td', {}, h('a', { href: `/explorer#/account/${entry.sender}` }, short(entry.sender, 10, 4)))))))
}

// ---- all of it

function drawFigures(now) {
  const { enclave, lease, evidence: told } = now
  const behind = Number(now.height) - Number(enclave.head_height ?? 0)
  const left = lease && lease.answers > 0 ? lease.answers_left / lease.answers : null
  const passed = told.steps.filter((step) => step.outcome.startsWith('passed')).length
  put(figures,
    figure('Enclave', enclave.answers ? 'answers' : h('span', { class: 'badge bad' }, 'silent'), [short(enclave.measurement, 10, 6), ' ', enclave.simulated ? h('span', { class: 'badge warn' }, 'simulated') : null]),
    figure('Verified head', number(enclave.head_height ?? 0), behind > 0 ? `as it said last; block ${number(now.height)} is announced` : 'the enclave follows the chain'),
    figure('Lease', lease === null || lease.granted_height === '0' ? 'none yet' : number(lease.answers_left), lease === null ? 'nothing known' : [
      h('div', { class: 'meter', role: 'img', 'aria-label': 'answers left' }, left === null ? null : h('i', { class: left < 0.2 ? 'bad' : left < 0.5 ? 'warn' : '', style: { width: (100 * left).toFixed(1) + '%' } })),
      lease.granted_height === '0' ? 'the enclave’s nonce stands in no block yet' : `answers left of ${number(lease.answers)}, granted at block ${number(lease.granted_height)}`]),
    figure('Evidence', told.accepted ? 'holds' : 'refused', `${passed} of ${told.steps.length} steps passed, checked ${ago(now.now_ms / 1000 - told.checked_seconds)} ago by this host`),
    figure('Up', ago(now.uptime_seconds), `cloister-node ${cut(now.version, 40)}, engine ${now.engine}`))
}

async function refresh() {
  try {
    page = page ?? await ask('/boundary.json')
    const now = await ask('/inspector.json')
    const entries = joined(now)
    const bounds = now.traffic?.bucket_bounds ?? []
    state(now.not_ready.length ? 'warn' : 'good', `${cut(now.chain_id, 50)} · block ${number(now.height)}`)
    put(notice, now.not_ready.length ? h('div', { class: 'notice' }, 'Not ready: ' + now.not_ready.map((text) => cut(text, 300)).join('; ')) : null)
    drawFigures(now)
    drawCrossing(entries, now)
    drawLives(now.blocks)
    latest = [entries, bounds]
    drawMessages(...latest)
    drawEvidence(now.evidence)
    drawConfinement(now)
    drawReleases(now.releases)
    drawLedger(entries, bounds)
    document.body.dataset.looks = String(Number(document.body.dataset.looks ?? 0) + 1)
  } catch (error) {
    state('bad', 'no answer')
    put(notice, h('div', { class: 'notice bad' }, error.message))
    throw error
  }
}

live(refresh, 1000)
