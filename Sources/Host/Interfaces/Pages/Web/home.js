// The first page of a node: what it is, how it stands, where to go on.
import { h, put, ask, rest, live, number, ago, frame, card, figure, cut, short } from '/page.js'

const state = frame('/', h('p', {}, 'Shown by this node to this machine alone, unless its operator says otherwise (pages of [metrics] in node.toml).'))
const figures = h('div', { class: 'row' })
const notice = h('div')
const place = { rest: h('code', {}, '…') }

document.getElementById('content').replaceChildren(
  h('div', { class: 'lead' }, h('h1', {}, 'A confidential smart-contract network, from the inside'),
    h('p', {}, 'Contracts compute on encrypted input, state and output. This node’s host decides blocks and keeps what is public; its enclave alone has keys and runs contract calls.')),
  notice,
  h('section', { class: 'card', 'aria-label': 'State' }, figures),
  h('div', { class: 'row' },
    card('Explorer', null, h('p', {}, 'Blocks, transactions, contracts, accounts and validators as they come.'), h('p', { style: { marginTop: '0.6rem' } }, h('a', { href: '/explorer' }, 'Open the explorer'))),
    card('Inspector', null, h('p', {}, 'What crosses between host and enclave, message by message; what the enclave proves of itself.'), h('p', { style: { marginTop: '0.6rem' } }, h('a', { href: '/inspector' }, 'Open the inspector'))),
    card('For programs', null, h('p', {}, 'Wallets and scripts ask REST at ', place.rest, '. Here: ', h('a', { href: '/interface' }, 'every route, to try'), ', ', h('a', { href: '/metrics' }, 'metrics'), ', ', h('a', { href: '/status' }, 'status'), ', ', h('a', { href: '/ready' }, 'ready'), '.'))),
  card('A private call, from a terminal', 'with the network of make run',
    h('pre', {}, [
      'cloister tx compute store contracts/build/counter.wasm --from a      # gives a code id',
      "cloister tx compute instantiate 1 '{\"count\":1}' --label first --from a",
      "cloister tx compute execute ADDRESS '{\"increment\":{}}' --from a      # the chain sees ciphertext",
      "cloister query compute query ADDRESS '{\"get_count\":{}}'              # only you read the answer",
    ].join('\n'))))

async function refresh() {
  try {
    const [status, validators] = await Promise.all([ask('/status'), rest('/cosmos/base/tendermint/v1beta1/validatorsets/latest')])
    state(status.ready ? 'good' : 'warn', `${cut(status.chain_id, 50)} · block ${number(status.height)}`)
    put(notice, status.ready ? null : h('div', { class: 'notice' }, 'Not ready: ' + status.not_ready.map((text) => cut(text, 300)).join('; ')))
    put(place.rest, cut(status.rest, 100))
    const age = (Date.now() - new Date(status.time)) / 1000
    put(figures,
      figure('Block', number(status.height), isNaN(age) ? '' : `${ago(age)} old; blocks come when there is something to decide`),
      figure('Validators', number(validators.pagination?.total ?? validators.validators.length), `${number(status.peers.length)} peers connected`),
      figure('Waiting', number(status.mempool.transactions), 'transactions for the next block'),
      figure('Enclave', status.enclave.answers ? 'answers' : 'silent', [short(status.enclave.measurement, 8, 4), status.enclave.simulated ? ' simulated' : '']),
      figure('Node', cut(status.moniker, 40), `version ${cut(status.version, 40)}, engine ${cut(status.engine, 20)}`))
    document.body.dataset.looks = String(Number(document.body.dataset.looks ?? 0) + 1)
  } catch (error) {
    state('bad', 'no answer')
    put(notice, h('div', { class: 'notice bad' }, error.message))
    throw error
  }
}

live(refresh, 2000)
