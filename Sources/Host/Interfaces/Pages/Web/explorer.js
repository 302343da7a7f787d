// The explorer: what the chain shows to everybody, over the node's own REST. The address after # says what is looked at.
import { h, put, rest, live, short, number, ago, clock, coins, secret, frame, card, table, figure, cut } from '/page.js'

const SEEN = 12
const PAGE = 25
const state = frame('/explorer', h('p', {}, 'Public data of the chain. What contracts were told and what they keep is ciphertext here; only who sent it reads it.'))
const body = h('div', { style: { display: 'grid', gap: '1.1rem' } })
const field = h('input', { type: 'search', name: 'q', autocomplete: 'off', spellcheck: 'false', maxlength: '200', 'aria-label': 'Height, hash or address', placeholder: 'Height, transaction hash or address  ( / )' })
const VIEWS = [['', 'Latest'], ['contracts', 'Contracts'], ['accounts', 'Accounts'], ['validators', 'Validators']]
const tabs = h('nav', { class: 'tabs', 'aria-label': 'Views' }, VIEWS.map(([view, name]) => h('a', { href: '#/' + view, 'data-view': view }, name)))

document.getElementById('content').replaceChildren(
  h('div', { class: 'lead' }, h('h1', {}, 'Explorer'),
    h('form', { class: 'search', role: 'search', submit: (event) => { event.preventDefault(); find(field.value.trim()) } }, field, h('button', { type: 'submit' }, 'Find'))),
  tabs, body)

document.addEventListener('keydown', (event) => {
  if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || event.target instanceof HTMLInputElement) return
  event.preventDefault()
  field.focus()
})

function find(text) {
  if (/^\d{1,18}$/.test(text)) location.hash = '#/block/' + text
  else if (/^[0-9a-fA-F]{64}$/.test(text)) location.hash = '#/tx/' + text.toUpperCase()
  else if (/^secret1[02-9ac-hj-np-z]{38}$/.test(text)) location.hash = '#/account/' + text
  else if (text !== '') put(body, h('div', { class: 'notice' }, 'That is no height, no hash of 64 hexadecimal digits and no address.'))
}

// ---- what REST says, in our words

const hexOf = (base64) => {
  try { return Array.from(atob(base64), (c) => c.charCodeAt(0).toString(16).padStart(2, '0')).join('').toUpperCase() } catch { return '' }
}
const KINDS = {
  '/secret.compute.v1beta1.MsgExecuteContract': ['contract call', 'ciphertext'], '/secret.compute.v1beta1.MsgInstantiateContract': ['new contract', 'ciphertext'],
  '/secret.compute.v1beta1.MsgMigrateContract': ['migration', 'ciphertext'], '/secret.compute.v1beta1.MsgStoreCode': ['new code', 'public'],
  '/cosmos.bank.v1beta1.MsgSend': ['payment', 'public'], '/cosmos.bank.v1beta1.MsgMultiSend': ['payments', 'public'],
  '/secret.registration.v1beta1.RaAuthenticate': ['enclave asks for seeds', 'public'], '/cloister.lease.v1.MsgLease': ['lease', 'public'],
}
const kindOf = (type) => KINDS[type] ?? [cut(String(type).split('.').pop().replace(/^Msg/, ''), 40), 'public']
const kinds = (messages) => (messages ?? []).slice(0, 4).map((message) => {
  const [name, kind] = kindOf(message['@type'])
  return [h('span', { class: 'badge ' + kind }, name), ' ']
}).concat((messages ?? []).length > 4 ? `and ${messages.length - 4} more` : [])
const account = (address, head = 10) => /^secret1[a-z0-9]{38}$/.test(address) ? h('a', { href: '#/account/' + address }, short(address, head, 4)) : cut(address, 60)
const block = (height) => h('a', { href: '#/block/' + height, class: 'mono' }, number(height))
const transaction = (hash) => h('a', { href: '#/tx/' + hash }, short(hash, 8, 4))
const outcome = (code) => Number(code) === 0 ? h('span', { class: 'badge good' }, 'done') : h('span', { class: 'badge bad' }, 'failed, ' + Number(code))
const age = (time) => { const seconds = (Date.now() - new Date(time)) / 1000; return h('span', { title: clock(time) }, isNaN(seconds) ? '' : ago(seconds)) }
const signerOf = (messages) => { const first = (messages ?? [])[0] ?? {}; return first.sender ?? first.from_address ?? first.granter ?? '' }
const list = (entries, words) => entries.length ? entries : [h('tr', {}, h('td', { class: 'empty', colspan: 9 }, words))]

const BLOCKS = '/cosmos/base/tendermint/v1beta1/blocks/'
const details = (rows) => h('dl', {}, rows.filter(([, value]) => value !== null && value !== undefined).map(([name, value]) => [h('dt', {}, name), h('dd', {}, value)]))

function transactionRows(responses, withHeight, withGas) {
  return list(responses.slice(0, PAGE).map((response) => {
    const messages = response.tx?.body?.messages
    return h('tr', {}, h('td', {}, transaction(response.txhash)), h('td', {}, messages?.length ? kinds(messages) : h('span', { class: 'badge public' }, 'enclave’s nonce')), h('td', { class: 'wide' }, account(signerOf(messages))),
      withHeight ? h('td', { class: 'n' }, block(response.height)) : null, withGas ? h('td', { class: 'n wide' }, number(response.gas_used)) : null, h('td', { class: 'nowrap' }, outcome(response.code)),
      withHeight ? h('td', { class: 'n soft' }, age(response.timestamp)) : null)
  }), 'No transactions.')
}
const transactionHeads = (withHeight, withGas) => ['Transaction', 'What', 'Signer', withHeight ? '#Block' : '', withGas ? '#Gas' : '', 'Outcome', withHeight ? '#Age' : ''].filter(Boolean)

/** Hides the columns of few words on a phone, as the cells do. */
function transactionTable(responses, withHeight = true, withGas = true) {
  const shown = table(transactionHeads(withHeight, withGas), transactionRows(responses, withHeight, withGas))
  for (const head of shown.querySelectorAll('th')) if (['Signer', 'Gas'].includes(head.textContent)) head.classList.add('wide')
  return shown
}

// ---- views

const known = new Map()

/** Blocks do not change: each is asked for once. */
async function blockAt(height) {
  if (!known.has(height)) {
    known.set(height, await rest(BLOCKS + height))
    if (known.size > 200) known.delete(known.keys().next().value)
  }
  return known.get(height)
}

async function latest() {
  const newest = await rest(BLOCKS + 'latest')
  const height = Number(newest.block.header.height)
  const heights = Array.from({ length: SEEN }, (_, index) => height - index).filter((one) => one > 0)
  const blocks = (await Promise.all(heights.map((one) => blockAt(one).catch(() => null)))).filter(Boolean)
  const [found, pool, codes] = await Promise.all([
    rest(`/cosmos/tx/v1beta1/txs?events=${encodeURIComponent('tx.height>0')}&order_by=ORDER_BY_DESC&limit=${SEEN}&page=1`).catch(() => ({ tx_responses: [] })),
    rest('/cosmos/base/tendermint/v1beta1/validatorsets/latest'), rest('/compute/v1beta1/codes?pagination.limit=1&pagination.count_total=true').catch(() => ({}))])
  return [
    h('section', { class: 'card', 'aria-label': 'State' }, h('div', { class: 'row' },
      figure('Block', number(height), clock(newest.block.header.time)), figure('Transactions', number(found.total ?? 0), 'that are found by hash'),
      figure('Validators', number(pool.validators.length), 'sign the next block'), figure('Codes', number(codes.pagination?.total ?? codes.code_infos?.length ?? 0), 'that contracts are made of'))),
    h('div', { class: 'pair' },
      card('Blocks', null, table(['Height', 'Hash', '#Transactions', '#Age'], blocks.map((one) => h('tr', {}, h('td', {}, block(one.block.header.height)),
        h('td', {}, short(hexOf(one.block_id.hash), 8, 6)), h('td', { class: 'n' }, number(one.block.data.txs.length)), h('td', { class: 'n soft' }, age(one.block.header.time)))))),
      card('Transactions', null, transactionTable(found.tx_responses ?? [], true, false))),
  ]
}

async function showBlock(height) {
  const one = await blockAt(height)
  const header = one.block.header
  const found = await rest(`/cosmos/tx/v1beta1/txs?events=${encodeURIComponent('tx.height=' + height)}&limit=${PAGE}&page=1`).catch(() => ({ tx_responses: [] }))
  const signatures = one.block.last_commit?.signatures ?? []
  const signed = signatures.filter((signature) => signature.block_id_flag === 'BLOCK_ID_FLAG_COMMIT' || signature.block_id_flag === 2).length
  return [card(`Block ${number(height)}`, [Number(height) > 1 ? h('a', { href: '#/block/' + (Number(height) - 1) }, '← before') : null, '  ', h('a', { href: '#/block/' + (Number(height) + 1) }, 'next →')],
    details([['hash', h('code', {}, hexOf(one.block_id.hash))], ['time', clock(header.time)], ['proposer', h('code', {}, hexOf(header.proposer_address) || cut(header.proposer_address, 60))],
      ['application hash', h('code', {}, hexOf(header.app_hash))], ['results hash', h('code', {}, hexOf(header.last_results_hash))],
      ['commit of the block before', `${signed} of ${signatures.length} signed`], ['transactions', number(one.block.data.txs.length)]])),
  card('Transactions', null, transactionTable(found.tx_responses ?? [], false))]
}

async function showTransaction(hash) {
  const { tx, tx_response: response } = await rest('/cosmos/tx/v1beta1/txs/' + hash)
  const messages = tx?.body?.messages ?? []
  const events = (response.events ?? []).slice(0, 40)
  return [card('Transaction', [outcome(response.code)], details([
    ['hash', h('code', {}, cut(response.txhash, 80))], ['block', block(response.height)], ['time', clock(response.timestamp)],
    ['gas', `${number(response.gas_used)} used of ${number(response.gas_wanted)}`], ['fee', coins(tx?.auth_info?.fee?.amount)],
    ['memo', tx?.body?.memo ? cut(tx.body.memo, 256) : null], ['log', Number(response.code) ? cut(response.raw_log, 600) : null]])),
  ...messages.slice(0, 8).map((message, index) => card(messages.length > 1 ? `Message ${index + 1}` : 'Message', [kinds([message])], messageRows(message))),
  card('Events', 'names and values of contracts may be ciphertext', events.length === 0 ? h('p', { class: 'empty' }, 'None.')
    : table(['Event', 'Attributes'], events.map((event) => h('tr', {}, h('td', {}, h('code', {}, cut(event.type, 60))),
      h('td', { class: 'text', style: { overflowWrap: 'anywhere' } }, (event.attributes ?? []).slice(0, 12).map((pair) => h('div', {}, h('span', { class: 'soft' }, cut(pair.key, 80) + ' '), cut(pair.value, 160))))))))]
}

const SEALED = new Set(['msg', 'init_msg', 'callback_sig'])

/** Each field as text; what is sealed with its length, since that is what everybody learns. */
function messageRows(message) {
  return details(Object.entries(message).slice(0, 24).filter(([name, value]) => name !== '@type' && value !== null && value !== '').map(([name, value]) => {
    if (SEALED.has(name) && typeof value === 'string' && value !== '') {
      const size = Math.floor(value.replace(/=+$/, '').length * 3 / 4)
      return [name, [h('span', { class: 'badge ciphertext' }, 'ciphertext'), ` ${number(size)} bytes `, h('code', {}, cut(value, 96))]]
    }
    if (Array.isArray(value) && value.every((one) => one && one.denom !== undefined)) return [name, coins(value)]
    if (typeof value === 'string' && /^secret1[a-z0-9]{38}$/.test(value)) return [name, account(value, 46)]
    return [name, cut(typeof value === 'string' ? value : JSON.stringify(value), 400)]
  }))
}

async function showContracts() {
  const found = await rest(`/compute/v1beta1/codes?pagination.limit=${PAGE}&pagination.reverse=true`)
  const codes = (found.code_infos ?? []).slice(0, PAGE)
  const made = await Promise.all(codes.map((code) => rest('/compute/v1beta1/contracts/' + code.code_id).catch(() => ({}))))
  const contracts = made.flatMap((one, index) => (one.contract_infos ?? []).slice(0, 100).map((info) => ({ ...info, code: codes[index].code_id })))
  return [card('Contracts', null, table(['Address', 'Label', '#Code', 'Made by'], list(contracts.slice(0, 200).map((one) => h('tr', {},
    h('td', {}, h('a', { href: '#/contract/' + one.contract_address }, short(one.contract_address, 14, 6))), h('td', {}, cut(one.contract_info?.label, 80)),
    h('td', { class: 'n' }, number(one.code)), h('td', {}, account(String(one.contract_info?.creator ?? ''))))), 'No contract yet.'))),
  card('Codes', null, table(['#Nr.', 'Hash', 'Stored by', 'Source'], list(codes.map((code) => h('tr', {}, h('td', { class: 'n' }, number(code.code_id)),
    h('td', {}, short(code.code_hash, 14, 8)), h('td', {}, account(String(code.creator ?? ''))), h('td', { class: 'soft' }, cut(code.source, 60)))), 'No code yet.')))]
}

async function showContract(address) {
  const [info, hash, calls] = await Promise.all([rest('/compute/v1beta1/info/' + address), rest('/compute/v1beta1/code_hash/by_contract_address/' + address).catch(() => ({})),
    rest(`/cosmos/tx/v1beta1/txs?events=${encodeURIComponent(`message.contract_address='${address}'`)}&order_by=ORDER_BY_DESC&limit=${PAGE}&page=1`).catch(() => ({ tx_responses: [] }))])
  const told = info.contract_info ?? {}
  return [card('Contract', cut(told.label, 80), details([['address', h('code', {}, address)], ['code', [number(told.code_id), ' ', hash.code_hash ? short(hash.code_hash, 16, 8) : null]],
    ['made by', account(String(told.creator ?? ''), 46)], ['admin', told.admin ? account(String(told.admin), 46) : 'nobody'], ['state', [h('span', { class: 'badge ciphertext' }, 'ciphertext'), ' kept sealed by the enclave under keys of this contract']]])),
  card('Calls', null, transactionTable(calls.tx_responses ?? []))]
}

async function showAccounts() {
  const found = await rest(`/cosmos/auth/v1beta1/accounts?pagination.limit=${PAGE}`)
  const accounts = (found.accounts ?? []).map((one) => one.base_account ?? one.base_vesting_account?.base_account ?? one).filter((one) => one.address)
  const held = await Promise.all(accounts.map((one) => rest('/cosmos/bank/v1beta1/balances/' + one.address).catch(() => ({}))))
  return [card('Accounts', found.pagination?.next_key ? `the first ${PAGE}` : null, table(['Address', '#Number', '#Transactions', '#Balance'], list(accounts.map((one, index) => h('tr', {},
    h('td', {}, account(one.address)), h('td', { class: 'n' }, number(one.account_number)), h('td', { class: 'n' }, number(one.sequence)), h('td', { class: 'n' }, coins(held[index].balances)))), 'No account.')))]
}

async function showAccount(address) {
  // A contract has an account, too.
  if (await rest('/compute/v1beta1/info/' + address).then(() => true, () => false)) return showContract(address)
  const [told, held, sent] = await Promise.all([rest('/cosmos/auth/v1beta1/account_info/' + address).catch(() => ({})), rest('/cosmos/bank/v1beta1/balances/' + address),
    rest(`/cosmos/tx/v1beta1/txs?events=${encodeURIComponent(`message.sender='${address}'`)}&order_by=ORDER_BY_DESC&limit=${PAGE}&page=1`).catch(() => ({ tx_responses: [] }))])
  return [card('Account', null, details([['address', h('code', {}, address)], ['balance', coins(held.balances)], ['number', told.info ? number(told.info.account_number) : 'none yet'], ['transactions', told.info ? number(told.info.sequence) : '0']])),
    card('Transactions', null, transactionTable(sent.tx_responses ?? []))]
}

async function showValidators() {
  const found = await rest('/cosmos/base/tendermint/v1beta1/validatorsets/latest')
  const all = found.validators.reduce((sum, one) => sum + Number(one.voting_power), 0) || 1
  return [card('Validators', `at block ${number(found.block_height)}`, table(['Address', 'Key', '#Power', '#Share'], found.validators.slice(0, 200).map((one) => h('tr', {},
    h('td', {}, h('code', {}, cut(one.address, 60))), h('td', {}, short(one.pub_key?.key, 12, 6)), h('td', { class: 'n' }, number(one.voting_power)), h('td', { class: 'n' }, (100 * Number(one.voting_power) / all).toFixed(1) + ' %')))))]
}

// ---- where we are

const ROUTES = [
  [/^$/, latest], [/^block\/(\d{1,18})$/, showBlock], [/^tx\/([0-9A-Fa-f]{64})$/, showTransaction], [/^contracts$/, showContracts],
  [/^contract\/(secret1[a-z0-9]{38})$/, showContract], [/^accounts$/, showAccounts], [/^account\/(secret1[a-z0-9]{38})$/, showAccount], [/^validators$/, showValidators],
]

let turn = 0
async function show() {
  const mine = ++turn
  const place = location.hash.replace(/^#\/?/, '')
  for (const tab of tabs.children) {
    if (tab.dataset.view === place.split('/')[0]) tab.setAttribute('aria-current', 'page')
    else tab.removeAttribute('aria-current')
  }
  const route = ROUTES.find(([pattern]) => pattern.test(place))
  try {
    const parts = route ? await route[1](...place.match(route[0]).slice(1)) : [h('div', { class: 'notice' }, 'There is no such view.')]
    if (mine !== turn) return
    put(body, ...parts)
  } catch (error) {
    if (mine === turn) put(body, h('div', { class: 'notice' }, error.message))
  }
  if (mine === turn) document.body.dataset.looks = String(Number(document.body.dataset.looks ?? 0) + 1)
}

async function refresh() {
  try {
    const newest = await rest(BLOCKS + 'latest')
    state('good', `${cut(newest.block.header.chain_id, 50)} · block ${number(newest.block.header.height)}`)
  } catch {
    state('bad', 'no answer')
  }
  await show()
}

const again = live(refresh, 2000)
window.addEventListener('hashchange', () => { put(body, h('p', { class: 'empty' }, 'asking the node')); again(); window.scrollTo(0, 0) })
