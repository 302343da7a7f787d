// Made by proto/pages.py. Do not edit.
// swift-format-ignore-file

extension PageFile {
    static let all: [PageFile] = [
        PageFile(path: "/", contentType: "text/html; charset=utf-8", text: ##"""
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Cloister</title>
<link rel="icon" href="/icon.svg">
<link rel="stylesheet" href="/style.css">
<script type="module" src="/home.js"></script>
</head>
<body>
<a class="skip" href="#content">Skip to the content</a>
<div id="bar" class="bar"></div>
<main id="content" tabindex="-1"><noscript>This page is made by its script, which asks this node and nobody else.</noscript></main>
<footer id="foot"></footer>
</body>
</html>

"""##),
        PageFile(path: "/boundary.json", contentType: "application/json", text: ##"""
{"manifest":"c9c1a773507645b3b2b0ea806d01569dd444b9c19d2fe3e15785db798f1ede9d","frames":[{"into":true,"number":1,"name":"hello","message":"Hello","class":"public","trust":"checked"},{"into":true,"number":2,"name":"bootstrap","message":"EnclaveBootstrapRequest","class":"public","trust":"checked"},{"into":true,"number":3,"name":"unseal","message":"EnclaveUnsealRequest","class":"length only","trust":"checked"},{"into":true,"number":4,"name":"health","message":"EnclaveHealthRequest","class":"public","trust":"checked"},{"into":true,"number":5,"name":"take_module","message":"EnclaveTakeModuleRequest","class":"public","trust":"checked"},{"into":true,"number":6,"name":"abandon_query","message":"EnclaveAbandonQueryRequest","class":"public","trust":"checked"},{"into":true,"number":7,"name":"make_evidence","message":"EnclaveRegistrationRequest","class":"public","trust":"checked"},{"into":true,"number":8,"name":"join","message":"EnclaveJoinRequest","class":"ciphertext","trust":"checked"},{"into":true,"number":9,"name":"lease","message":"EnclaveLeaseRequest","class":"public","trust":"checked"},{"into":true,"number":10,"name":"begin_block","message":"EnclaveBeginBlockRequest","class":"ciphertext","trust":"proved"},{"into":true,"number":11,"name":"block_chunk","message":"EnclaveBlockChunkRequest","class":"ciphertext","trust":"proved"},{"into":true,"number":12,"name":"run_transaction","message":"EnclaveRunTransactionRequest","class":"ciphertext","trust":"proved"},{"into":true,"number":13,"name":"end_block","message":"EnclaveEndBlockRequest","class":"public","trust":"checked"},{"into":true,"number":14,"name":"advance","message":"EnclaveAdvanceRequest","class":"public","trust":"proved"},{"into":true,"number":20,"name":"query","message":"EnclaveQueryRequest","class":"ciphertext","trust":"checked"},{"into":true,"number":30,"name":"state","message":"HostReadStateResponse","class":"ciphertext","trust":"proved"},{"into":true,"number":31,"name":"code","message":"HostReadCodeResponse","class":"public","trust":"proved"},{"into":true,"number":32,"name":"ledger_message","message":"HostRunLedgerMessageResponse","class":"public","trust":"vouched"},{"into":true,"number":33,"name":"scope_reverted","message":"HostRevertScopeResponse","class":"public","trust":"checked"},{"into":true,"number":34,"name":"module","message":"HostReadModuleResponse","class":"public","trust":"checked"},{"into":true,"number":35,"name":"journal","message":"HostReadJournalResponse","class":"public","trust":"checked"},{"into":true,"number":36,"name":"headers","message":"HostReadHeadersResponse","class":"public","trust":"proved"},{"into":true,"number":40,"name":"make_consensus_key","message":"EnclaveMakeConsensusKeyRequest","class":"public","trust":"checked"},{"into":true,"number":41,"name":"import_consensus_key","message":"EnclaveImportConsensusKeyRequest","class":"SECRET","trust":"checked"},{"into":true,"number":42,"name":"open_consensus_key","message":"EnclaveOpenConsensusKeyRequest","class":"length only","trust":"checked"},{"into":true,"number":43,"name":"sign_vote","message":"EnclaveSignVoteRequest","class":"public","trust":"checked"},{"into":true,"number":44,"name":"make_founding_evidence","message":"EnclaveFoundingEvidenceRequest","class":"length only","trust":"checked"},{"into":true,"number":45,"name":"found","message":"EnclaveFoundRequest","class":"public","trust":"checked"},{"into":true,"number":46,"name":"open_founded","message":"EnclaveOpenFoundedRequest","class":"ciphertext","trust":"checked"},{"into":true,"number":48,"name":"hand_over_key","message":"EnclaveHandOverKeyRequest","class":"ciphertext","trust":"proved"},{"into":true,"number":49,"name":"take_over_key","message":"EnclaveTakeOverKeyRequest","class":"ciphertext","trust":"checked"},{"into":false,"number":1,"name":"hello","message":"Hello","class":"public","trust":"from the enclave"},{"into":false,"number":2,"name":"opened","message":"EnclaveOpenResponse","class":"length only","trust":"from the enclave"},{"into":false,"number":4,"name":"health","message":"EnclaveHealthResponse","class":"public","trust":"from the enclave"},{"into":false,"number":5,"name":"module_taken","message":"EnclaveTakeModuleResponse","class":"public","trust":"from the enclave"},{"into":false,"number":6,"name":"query_abandoned","message":"EnclaveAbandonQueryResponse","class":"public","trust":"from the enclave"},{"into":false,"number":7,"name":"evidence_made","message":"EnclaveRegistrationResponse","class":"public","trust":"from the enclave"},{"into":false,"number":9,"name":"lease_told","message":"EnclaveLeaseResponse","class":"public","trust":"from the enclave"},{"into":false,"number":10,"name":"block_begun","message":"EnclaveBeginBlockResponse","class":"ciphertext","trust":"from the enclave"},{"into":false,"number":11,"name":"chunk_received","message":"EnclaveBlockChunkResponse","class":"public","trust":"from the enclave"},{"into":false,"number":12,"name":"transaction_run","message":"EnclaveRunTransactionResponse","class":"ciphertext","trust":"from the enclave"},{"into":false,"number":13,"name":"block_ended","message":"EnclaveEndBlockResponse","class":"length only","trust":"from the enclave"},{"into":false,"number":14,"name":"advanced","message":"EnclaveAdvanceResponse","class":"length only","trust":"from the enclave"},{"into":false,"number":20,"name":"query_answered","message":"EnclaveQueryResponse","class":"ciphertext","trust":"from the enclave"},{"into":false,"number":30,"name":"read_state","message":"HostReadStateRequest","class":"public","trust":"from the enclave"},{"into":false,"number":31,"name":"read_code","message":"HostReadCodeRequest","class":"public","trust":"from the enclave"},{"into":false,"number":32,"name":"run_ledger_message","message":"HostRunLedgerMessageRequest","class":"public","trust":"from the enclave"},{"into":false,"number":33,"name":"revert_scope","message":"HostRevertScopeRequest","class":"public","trust":"from the enclave"},{"into":false,"number":34,"name":"read_module","message":"HostReadModuleRequest","class":"public","trust":"from the enclave"},{"into":false,"number":35,"name":"read_journal","message":"HostReadJournalRequest","class":"public","trust":"from the enclave"},{"into":false,"number":36,"name":"read_headers","message":"HostReadHeadersRequest","class":"public","trust":"from the enclave"},{"into":false,"number":40,"name":"consensus_key","message":"EnclaveConsensusKeyResponse","class":"length only","trust":"from the enclave"},{"into":false,"number":43,"name":"vote_signed","message":"EnclaveSignVoteResponse","class":"public","trust":"from the enclave"},{"into":false,"number":44,"name":"founding_evidence_made","message":"EnclaveFoundingEvidenceResponse","class":"public","trust":"from the enclave"},{"into":false,"number":45,"name":"founded","message":"EnclaveFoundResponse","class":"ciphertext","trust":"from the enclave"},{"into":false,"number":48,"name":"key_handed_over","message":"EnclaveHandOverKeyResponse","class":"ciphertext","trust":"from the enclave"},{"into":false,"number":63,"name":"failure","message":"Failure","class":"public","trust":"from the enclave"}],"messages":{"Hello":[["lane","public","checked","1 control, 2 execution, 3 query"],["version","public","checked",""],["manifest_hash","public","checked","32 B"]],"AttestationRoot":[["name","public","checked","64 B, UTF-8"],["spki_sha256","public","checked","32 B"],["kind","public","checked","1 simulated, 2 hardware"]],"ChainIdentity":[["chain_id","public","checked","50 B, UTF-8"],["genesis_seconds","public","checked",""],["genesis_nanoseconds","public","checked",""],["initial_height","public","checked",""],["initial_validators_hash","public","checked","32 B"],["attestation_roots","public","checked","8"],["profile","public","checked","1 development, 2 production"],["lease_answers","public","checked",""],["lease_seconds","public","checked",""],["epoch_blocks","public","checked",""],["epoch_grace_blocks","public","checked",""]],"StoreRoot":[["name","public","proved","32 B, UTF-8"],["root","public","proved","32 B"]],"StoreKeys":[["store","public","from the enclave","32 B, UTF-8"],["keys","public","from the enclave","1024 x 200 B"]],"StateProof":[["store","public","proved","32 B, UTF-8"],["keys","public","proved","1024 x 200 B"],["present","public","proved","1024 B"],["values","ciphertext","proved","1024 x 4194304 B, one for each 1 in present, none for a 0, as many places as keys"],["proof","public","proved","4194304 B"]],"EventAttribute":[["key","ciphertext","from the enclave","2097152 B, UTF-8"],["value","ciphertext","from the enclave","2097152 B, UTF-8"]],"Event":[["type","public","from the enclave","65536 B, UTF-8"],["attributes","ciphertext","from the enclave","65536"]],"TransactionOutput":[["codespace","public","from the enclave","64 B, UTF-8"],["log","ciphertext","from the enclave","2097152 B, UTF-8"],["data","ciphertext","from the enclave","8388608 B"],["events","ciphertext","from the enclave","65536"],["salt","ciphertext","from the enclave","32 B"]],"StateWrite":[["key","public","from the enclave","200 B"],["value","ciphertext","from the enclave","4194304 B, absent if removed"],["removed","public","from the enclave",""]],"EnclaveBootstrapRequest":[["identity","public","checked","required"]],"EnclaveUnsealRequest":[["sealed_record","length only","checked","4194304 B"]],"EnclaveRegistrationRequest":[["identity","public","checked","required"],["height","public","checked",""],["header_hash","public","checked","32 B"],["sender","public","checked","20 B"],["replaces","public","checked","32 B"]],"EnclaveRegistrationResponse":[["registration_key","public","from the enclave","32 B"],["certificate","public","from the enclave","17408 B"],["measurement","public","from the enclave","32 B"]],"EnclaveJoinRequest":[["identity","public","checked","required"],["seed_exchange_public_key","public","checked","32 B"],["encrypted_seed","ciphertext","checked","4096 B"],["beginning","public","checked","1 genesis, 2 grant"],["network_evidence","public","checked","16384 B"],["quoted_io_public_key","public","checked","32 B"]],"Founding":[["identity","public","checked","required"],["policy","public","checked","4096 B"],["draft_hash","public","checked","32 B"],["certificates","public","checked","64 x 17408 B"]],"EnclaveFoundingEvidenceRequest":[["founding","public","checked","required"],["sealed_consensus_key","length only","checked","256 B"],["power","public","checked",""]],"EnclaveFoundingEvidenceResponse":[["certificate","public","from the enclave","17408 B"]],"EnclaveFoundRequest":[["founding","public","checked","required"]],"EnclaveFoundResponse":[["io_public_key","public","from the enclave","32 B"],["seed_exchange_public_key","public","from the enclave","32 B"],["evidence","public","from the enclave","16384 B"],["encrypted_seeds","ciphertext","from the enclave","64 x 4096 B"]],"EnclaveOpenFoundedRequest":[["founding","public","checked","required"],["seed_exchange_public_key","public","checked","32 B"],["encrypted_seed","ciphertext","checked","4096 B"],["network_evidence","public","checked","16384 B"]],"EnclaveOpenResponse":[["io_public_key","public","from the enclave","32 B"],["seed_exchange_public_key","public","from the enclave","32 B"],["evidence","public","from the enclave","16384 B"],["sealed_record","length only","from the enclave","4194304 B"],["head_height","public","from the enclave",""],["head_hash","public","from the enclave","32 B"],["measurement","public","from the enclave","32 B"],["founder","public","from the enclave","32 B"]],"EnclaveHealthRequest":[],"EnclaveHealthResponse":[["head_height","public","from the enclave",""],["modules_loaded","public","from the enclave",""],["resident_bytes","public","from the enclave",""],["transcript","public","from the enclave","32 B"]],"EnclaveTakeModuleRequest":[],"EnclaveTakeModuleResponse":[["code_hash","public","from the enclave","32 B"],["sealed","public","from the enclave","12582912 B"],["waiting","public","from the enclave",""]],"EnclaveAbandonQueryRequest":[["lane","public","checked",""],["query","public","checked",""]],"EnclaveAbandonQueryResponse":[],"EnclaveMakeConsensusKeyRequest":[],"EnclaveImportConsensusKeyRequest":[["private_key","SECRET","checked","32 B"],["height","public","checked",""],["round","public","checked",""],["step","public","checked",""]],"EnclaveOpenConsensusKeyRequest":[["sealed_key","length only","checked","256 B"]],"EnclaveConsensusKeyResponse":[["public_key","public","from the enclave","32 B"],["sealed_key","length only","from the enclave","256 B"],["evidence","public","from the enclave","16384 B"],["height","public","from the enclave",""],["round","public","from the enclave",""],["step","public","from the enclave",""]],"EnclaveHandOverKeyRequest":[["sealed_key","length only","checked","256 B"],["registration_key","public","checked","32 B"],["store_roots","public","proved","64"],["registration","ciphertext","proved","required"]],"EnclaveHandOverKeyResponse":[["handed_key","ciphertext","from the enclave","256 B"]],"EnclaveTakeOverKeyRequest":[["handed_key","ciphertext","checked","256 B"]],"EnclaveSignVoteRequest":[["kind","public","checked","1 prevote, 2 precommit, 32 proposal"],["height","public","checked",""],["round","public","checked",""],["lock_round","public","checked",""],["block_hash","public","checked","32 B"],["parts_total","public","checked",""],["parts_hash","public","checked","32 B"],["seconds","public","checked",""],["nanoseconds","public","checked",""]],"EnclaveSignVoteResponse":[["signature","public","from the enclave","64 B"],["seconds","public","from the enclave",""],["nanoseconds","public","from the enclave",""]],"EnclaveLeaseRequest":[],"EnclaveLeaseResponse":[["nonce","public","from the enclave","32 B"],["granted_height","public","from the enclave",""],["granted_seconds","public","from the enclave",""],["answers_left","public","from the enclave",""]],"EnclaveBeginBlockRequest":[["header","public","proved","4096 B"],["commit","public","checked","2097152 B"],["validators","public","proved","2097152 B"],["transaction_hashes","public","proved","65536 x 32 B"],["store_roots","public","proved","64"],["previous_results","public","proved","65536 x 32 B"],["previous_failures","public","proved","65536"],["next","public","proved",""],["renewed","ciphertext","proved",""]],"ProvingBlock":[["header","public","proved","4096 B"],["commit","public","checked","2097152 B"],["validators","public","proved","2097152 B"],["results","public","proved","65536 x 32 B"],["refused","public","proved","65536"]],"FailedResult":[["index","public","proved",""],["leaf","public","proved","128 B"]],"EnclaveBeginBlockResponse":[["height","public","from the enclave",""],["header_hash","public","from the enclave","32 B"],["output_keys","public","from the enclave","65536"],["register_writes","ciphertext","from the enclave","256"],["compute_writes","ciphertext","from the enclave","1024"],["io_public_key","public","from the enclave","32 B"],["evidence","public","from the enclave","16384 B"]],"OutputKey":[["index","public","from the enclave",""],["key","public","from the enclave","32 B"]],"EnclaveBlockChunkRequest":[["first_index","public","checked",""],["transactions","ciphertext","proved","65536 x 8388608 B"]],"EnclaveBlockChunkResponse":[["received","public","from the enclave",""]],"EnclaveRunTransactionRequest":[["index","public","checked",""],["prefetched","ciphertext","proved","8"],["proved_result","public","proved","2097408 B"]],"EnclaveRunTransactionResponse":[["code","public","from the enclave",""],["gas_wanted","public","from the enclave",""],["gas_used","public","from the enclave",""],["data","public","from the enclave","2097216 B"],["output","ciphertext","from the enclave","12582912 B"],["writes","ciphertext","from the enclave","65536"],["stored_codes","public","from the enclave","64 x 4194304 B"],["register_writes","ciphertext","from the enclave","256"]],"EnclaveEndBlockRequest":[],"EnclaveEndBlockResponse":[["sealed_record","length only","from the enclave","4194304 B"]],"EnclaveAdvanceRequest":[["header","public","proved","4096 B"],["commit","public","checked","2097152 B"],["validators","public","proved","2097152 B"],["trusted_validators","public","proved","2097152 B"]],"EnclaveAdvanceResponse":[["sealed_record","length only","from the enclave","4194304 B"]],"EnclaveQueryRequest":[["contract","public","checked","20 B"],["input","ciphertext","checked","2048000 B"],["height","public","checked",""],["gas_limit","public","checked",""],["prefetched","ciphertext","proved","8"]],"EnclaveQueryResponse":[["data","ciphertext","from the enclave","8388608 B"],["error","ciphertext","from the enclave","2097152 B, UTF-8"],["gas_used","public","from the enclave",""],["stamp","ciphertext","from the enclave","256 B"]],"HostReadStateRequest":[["reads","public","from the enclave","8"],["version","public","from the enclave",""]],"HostReadStateResponse":[["proofs","ciphertext","proved","8"]],"HostReadCodeRequest":[["code_hash","public","from the enclave","32 B"]],"HostReadCodeResponse":[["code","public","proved","4194304 B"]],"HostReadModuleRequest":[["code_hash","public","from the enclave","32 B"]],"HostReadModuleResponse":[["sealed_module","public","checked","12582912 B"]],"HostRunLedgerMessageRequest":[["scope","public","from the enclave",""],["signer","public","from the enclave","20 B"],["type_url","public","from the enclave","256 B, UTF-8"],["value","public","from the enclave","4194304 B"]],"HostRunLedgerMessageResponse":[["code","public","vouched",""],["codespace","public","vouched","64 B, UTF-8"],["log","public","vouched","65536 B, UTF-8"],["data","public","vouched","65536 B"],["response_type_url","public","vouched","256 B, UTF-8"]],"HostRevertScopeRequest":[["scope","public","from the enclave",""]],"HostRevertScopeResponse":[],"HostReadJournalRequest":[["first","public","from the enclave",""],["count","public","from the enclave",""]],"HostReadJournalResponse":[["hashes","public","checked","1048576 B, whole hashes"]],"HostReadHeadersRequest":[["highest","public","from the enclave",""],["count","public","from the enclave",""]],"HostReadHeadersResponse":[["headers","public","proved","4096 x 4096 B"]],"Failure":[["number","public","from the enclave",""]]}}
"""##),
        PageFile(path: "/explorer", contentType: "text/html; charset=utf-8", text: ##"""
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Cloister: explorer</title>
<link rel="icon" href="/icon.svg">
<link rel="stylesheet" href="/style.css">
<script type="module" src="/explorer.js"></script>
</head>
<body>
<a class="skip" href="#content">Skip to the content</a>
<div id="bar" class="bar"></div>
<main id="content" tabindex="-1"><noscript>This page is made by its script, which asks this node and nobody else.</noscript></main>
<footer id="foot"></footer>
</body>
</html>

"""##),
        PageFile(path: "/explorer.js", contentType: "text/javascript; charset=utf-8", text: ##"""
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

"""##),
        PageFile(path: "/home.js", contentType: "text/javascript; charset=utf-8", text: ##"""
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

"""##),
        PageFile(path: "/icon.svg", contentType: "image/svg+xml", text: ##"""
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect x="2" y="2" width="28" height="28" rx="6" fill="#3b4fa8"/><path d="M8 25V15a8 8 0 0 1 16 0v10" fill="none" stroke="#fff" stroke-width="2.6" stroke-linecap="round"/><path d="M13 25v-9a3 3 0 0 1 6 0v9" fill="none" stroke="#8fe0d3" stroke-width="2.6" stroke-linecap="round"/></svg>

"""##),
        PageFile(path: "/inspector", contentType: "text/html; charset=utf-8", text: ##"""
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Cloister: inspector</title>
<link rel="icon" href="/icon.svg">
<link rel="stylesheet" href="/style.css">
<script type="module" src="/inspector.js"></script>
</head>
<body>
<a class="skip" href="#content">Skip to the content</a>
<div id="bar" class="bar"></div>
<main id="content" tabindex="-1"><noscript>This page is made by its script, which asks this node and nobody else.</noscript></main>
<footer id="foot"></footer>
</body>
</html>

"""##),
        PageFile(path: "/inspector.js", contentType: "text/javascript; charset=utf-8", text: ##"""
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

"""##),
        PageFile(path: "/interface", contentType: "text/html; charset=utf-8", text: ##"""
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Cloister: interface</title>
<link rel="icon" href="/icon.svg">
<link rel="stylesheet" href="/style.css">
<script type="module" src="/interface.js"></script>
</head>
<body>
<a class="skip" href="#content">Skip to the content</a>
<div id="bar" class="bar"></div>
<main id="content" tabindex="-1"><noscript>This page is made by its script, which asks this node and nobody else.</noscript></main>
<footer id="foot"></footer>
</body>
</html>

"""##),
        PageFile(path: "/interface.js", contentType: "text/javascript; charset=utf-8", text: ##"""
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

"""##),
        PageFile(path: "/page.js", contentType: "text/javascript; charset=utf-8", text: ##"""
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

"""##),
        PageFile(path: "/style.css", contentType: "text/css; charset=utf-8", text: ##"""
/* Light and dark by the reader's system; one column on a phone; nothing but colour, rule and type. */
:root {
  color-scheme: light dark;
  --paper: #f6f5f1; --card: #ffffff; --sunk: #efede7; --ink: #1c1d22; --soft: #5d6069; --line: #dcd9d0;
  --accent: #3b4fa8; --good: #1f7a4d; --warn: #9a6200; --bad: #b3261e;
  --public: #3f6fb5; --ciphertext: #1c8a7c; --length: #b27a12; --secret: #b3261e;
  --s1: #c8c3b5; --s2: #8fa3c7; --s3: #b9a6cf; --s4: #1c8a7c; --s5: #3b4fa8;
  --mono: ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #131418; --card: #1b1d23; --sunk: #23262e; --ink: #e8e8ea; --soft: #9da1ad; --line: #31343e;
    --accent: #93a5f5; --good: #5cc795; --warn: #e0ab4b; --bad: #f2857c;
    --public: #7ea8e6; --ciphertext: #4cc4b4; --length: #dda945; --secret: #f2857c;
    --s1: #4b4e58; --s2: #5d7bb0; --s3: #8d75ab; --s4: #35a294; --s5: #7187e0;
  }
}
* { box-sizing: border-box; }
html { font: 15px/1.5 system-ui, -apple-system, "Segoe UI", "Helvetica Neue", "DejaVu Sans", sans-serif; }
body { margin: 0; background: var(--paper); color: var(--ink); }
a { color: var(--accent); text-decoration: none; }
a:hover { text-decoration: underline; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 3px; }
code, .mono { font-family: var(--mono); font-size: 0.87em; }
h1 { font-size: 1.35rem; margin: 0; letter-spacing: -0.01em; }
h2 { font-size: 1.02rem; margin: 0; }
p { margin: 0; }
small, .soft { color: var(--soft); }
.skip { position: absolute; left: -99em; }
.skip:focus { left: 1rem; top: 0.5rem; background: var(--card); padding: 0.4rem 0.8rem; z-index: 2; }

.bar { background: var(--card); border-bottom: 1px solid var(--line); }
.bar > div { max-width: 82rem; margin: 0 auto; padding: 0.7rem 1.25rem; display: flex; flex-wrap: wrap; gap: 0.4rem 1.6rem; align-items: center; }
.bar .name { font-weight: 650; color: var(--ink); display: flex; gap: 0.55rem; align-items: center; }
.bar .name img { width: 1.35rem; height: 1.35rem; }
.bar nav { display: flex; gap: 1.2rem; flex: 1; }
.bar nav a { color: var(--soft); padding: 0.15rem 0; border-bottom: 2px solid transparent; }
.bar nav a[aria-current] { color: var(--ink); border-color: var(--accent); }
.bar .state { display: flex; gap: 0.55rem; align-items: center; color: var(--soft); font-variant-numeric: tabular-nums; }
.dot { width: 0.6rem; height: 0.6rem; border-radius: 50%; background: var(--s1); display: inline-block; flex: none; }
.dot.good { background: var(--good); } .dot.warn { background: var(--warn); } .dot.bad { background: var(--bad); }

main { max-width: 82rem; margin: 0 auto; padding: 1.4rem 1.25rem 3rem; display: grid; gap: 1.1rem; grid-template-columns: minmax(0, 1fr); }
.lead { display: flex; flex-wrap: wrap; gap: 0.3rem 1.5rem; justify-content: space-between; align-items: baseline; }
.lead p { color: var(--soft); max-width: 62rem; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 1rem 1.15rem; min-width: 0; }
.card > header { display: flex; flex-wrap: wrap; gap: 0.25rem 1rem; align-items: baseline; justify-content: space-between; margin-bottom: 0.75rem; }
.card > header p { color: var(--soft); font-size: 0.9rem; }
.row { display: grid; gap: 1.1rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 12.5rem), 1fr)); }
.pair { display: grid; gap: 1.1rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 27rem), 1fr)); }
.figure { display: grid; gap: 0.15rem; align-content: start; }
.figure .label { color: var(--soft); font-size: 0.84rem; }
.figure .value { font-size: 1.5rem; font-weight: 600; letter-spacing: -0.02em; font-variant-numeric: tabular-nums; line-height: 1.25; overflow-wrap: anywhere; }
.figure .note { color: var(--soft); font-size: 0.86rem; overflow-wrap: anywhere; }
.notice { border-left: 3px solid var(--warn); padding: 0.5rem 0.9rem; background: var(--sunk); border-radius: 0 6px 6px 0; }
.notice.bad { border-color: var(--bad); }

.badge { display: inline-block; padding: 0 0.45em; border: 1px solid currentcolor; border-radius: 4px; font-size: 0.78rem; line-height: 1.45; white-space: nowrap; color: var(--soft); }
.badge.public { color: var(--public); } .badge.ciphertext { color: var(--ciphertext); }
.badge.length { color: var(--length); } .badge.secret { color: var(--secret); }
.badge.good { color: var(--good); } .badge.warn { color: var(--warn); } .badge.bad { color: var(--bad); }

.scroll { overflow-x: auto; margin: 0 -1.15rem; padding: 0 1.15rem; }
table { border-collapse: collapse; width: 100%; font-size: 0.9rem; }
th { text-align: left; font-weight: 500; color: var(--soft); font-size: 0.82rem; padding: 0.25rem 0.7rem 0.35rem 0; border-bottom: 1px solid var(--line); white-space: nowrap; vertical-align: bottom; }
td { padding: 0.32rem 0.7rem 0.32rem 0; border-bottom: 1px solid var(--line); vertical-align: middle; }
tbody tr:last-child > td { border-bottom: 0; }
td:last-child, th:last-child { padding-right: 0; }
.nowrap, td > button, td code { white-space: nowrap; }
dl code, td.text { white-space: normal; }
.side-by-side { display: grid; gap: 1.1rem; align-content: start; grid-template-columns: minmax(0, 1fr); }
.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
tr.moved > td { background: color-mix(in srgb, var(--accent) 7%, transparent); }
tr.quiet { color: var(--soft); }
tr.fields td { padding: 0 0 0.7rem 1.6rem; }
tr.fields table { font-size: 0.86rem; }
button { font: inherit; color: inherit; background: none; border: 0; padding: 0; cursor: pointer; text-align: left; }
button.open { display: flex; gap: 0.5rem; align-items: center; }
button.open::before { content: "▸"; color: var(--soft); font-size: 0.75rem; width: 0.7rem; }
button.open[aria-expanded="true"]::before { content: "▾"; }
.choices { display: flex; flex-wrap: wrap; gap: 0.35rem; }
.choices button { border: 1px solid var(--line); border-radius: 5px; padding: 0.05rem 0.6rem; color: var(--soft); font-size: 0.86rem; }
.choices button[aria-pressed="true"] { color: var(--ink); border-color: var(--accent); background: var(--sunk); }

.bars { display: inline-flex; align-items: flex-end; gap: 2px; height: 1.35rem; }
.bars i { width: 7px; background: var(--s1); min-height: 1px; border-radius: 1px; }
.bars.public i.on { background: var(--public); } .bars.ciphertext i.on { background: var(--ciphertext); }
.bars.length i.on { background: var(--length); } .bars.secret i.on { background: var(--secret); }

.crossing { display: grid; grid-template-columns: minmax(7rem, 1fr) minmax(14rem, 2.6fr) minmax(7rem, 1fr); align-items: stretch; }
.side { border: 1px solid var(--line); border-radius: 8px; padding: 0.9rem 1rem; display: grid; gap: 0.2rem; align-content: center; background: var(--sunk); }
.side.trusted { border: 2px solid var(--ciphertext); background: color-mix(in srgb, var(--ciphertext) 8%, var(--card)); }
.side b { font-size: 1.02rem; }
.wire { display: grid; gap: 0.9rem; padding: 0.4rem 0.9rem; align-content: center; }
.wire .way { display: grid; gap: 0.25rem; }
.wire .way > div:first-child { display: flex; justify-content: space-between; gap: 0.8rem; font-size: 0.88rem; font-variant-numeric: tabular-nums; flex-wrap: wrap; }
.wire .arrow { display: flex; align-items: center; gap: 0.3rem; }
.wire .arrow .stack { flex: 1; }
.wire .arrow span { color: var(--soft); font-size: 0.8rem; line-height: 1; }
.stack { display: flex; height: 0.95rem; border-radius: 3px; overflow: hidden; background: var(--sunk); }
.stack i { height: 100%; min-width: 0; }
.public > i, i.public { background: var(--public); }
i.ciphertext { background: var(--ciphertext); } i.length { background: var(--length); } i.secret { background: var(--secret); }
.legend { display: flex; flex-wrap: wrap; gap: 0.2rem 1.1rem; font-size: 0.84rem; color: var(--soft); }
.legend span { display: inline-flex; gap: 0.4rem; align-items: center; }
.legend i { width: 0.8rem; height: 0.8rem; border-radius: 2px; }

.life { display: grid; grid-template-columns: 4.2rem minmax(0, 1fr) auto; gap: 0.3rem 0.9rem; align-items: center; font-size: 0.9rem; }
.life .stack { height: 1.25rem; }
.life .what { color: var(--soft); font-size: 0.84rem; white-space: nowrap; text-align: right; font-variant-numeric: tabular-nums; }
i.s1 { background: var(--s1); } i.s2 { background: var(--s2); } i.s3 { background: var(--s3); } i.s4 { background: var(--s4); } i.s5 { background: var(--s5); }

.steps { list-style: none; margin: 0; padding: 0; display: grid; gap: 0.3rem; }
.steps li { display: grid; grid-template-columns: 1.3rem 1.5rem minmax(0, 1fr); gap: 0.4rem; align-items: baseline; font-size: 0.92rem; }
.steps .mark { font-weight: 700; text-align: center; }
.steps .mark.good { color: var(--good); } .steps .mark.bad { color: var(--bad); } .steps .mark.none { color: var(--soft); }
.steps .why { color: var(--soft); font-size: 0.86rem; }
dl { display: grid; grid-template-columns: auto minmax(0, 1fr); gap: 0.28rem 1.1rem; margin: 0; font-size: 0.92rem; }
dt { color: var(--soft); }
dd { margin: 0; overflow-wrap: anywhere; }
.meter { height: 0.5rem; background: var(--sunk); border-radius: 3px; overflow: hidden; margin: 0.25rem 0; }
.meter i { display: block; height: 100%; background: var(--good); }
.meter i.warn { background: var(--warn); } .meter i.bad { background: var(--bad); }
.heat td.h { width: 4.4rem; text-align: right; padding: 0; border-bottom: 1px solid var(--card); }
.heat td.h span { display: block; padding: 0.25rem 0.5rem; font-variant-numeric: tabular-nums; font-size: 0.84rem; min-height: 1.9em; }
.heat th.n { min-width: 4.2rem; padding-right: 0.5rem; }

.search { display: flex; gap: 0.5rem; flex: 1 1 18rem; max-width: 44rem; }
.search input { flex: 1; min-width: 0; font: inherit; font-size: 0.94rem; color: inherit; background: var(--card); border: 1px solid var(--line); border-radius: 6px; padding: 0.35rem 0.7rem; }
.search button, .more { border: 1px solid var(--line); border-radius: 6px; padding: 0.3rem 0.9rem; background: var(--card); }
.tabs { display: flex; flex-wrap: wrap; gap: 0.3rem 1.2rem; }
.tabs a { color: var(--soft); border-bottom: 2px solid transparent; padding-bottom: 0.1rem; }
.tabs a[aria-current] { color: var(--ink); border-color: var(--accent); }
pre { margin: 0; font: 0.84rem/1.5 var(--mono); white-space: pre-wrap; overflow-wrap: anywhere; max-height: 26rem; overflow: auto; }
ol.plain { margin: 0; padding-left: 1.2rem; display: grid; gap: 0.4rem; }
.empty { color: var(--soft); padding: 0.3rem 0; }
footer { max-width: 82rem; margin: 0 auto; padding: 0 1.25rem 2rem; color: var(--soft); font-size: 0.86rem; }

@media (max-width: 44rem) {
  html { font-size: 14.5px; }
  main { padding: 1rem 0.8rem 2rem; gap: 0.8rem; }
  .bar > div { padding: 0.6rem 0.8rem; gap: 0.3rem 1rem; }
  .bar nav { order: 3; flex-basis: 100%; }
  .bar .state { margin-left: auto; }
  .card { padding: 0.8rem 0.85rem; }
  .scroll { margin: 0 -0.85rem; padding: 0 0.85rem; }
  .row { grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 0.8rem; }
  .figure .value { font-size: 1.22rem; }
  .crossing { grid-template-columns: minmax(0, 1fr); gap: 0.6rem; }
  .wide { display: none; }
  .life { grid-template-columns: 3.4rem minmax(0, 1fr); }
  .life .what { grid-column: 2; text-align: left; margin-bottom: 0.35rem; white-space: normal; }
}
@media (prefers-reduced-motion: no-preference) {
  tr > td, .stack i, .meter i { transition: background-color 0.4s, width 0.4s; }
}

.routes { display: grid; gap: 1.1rem; grid-template-columns: minmax(0, 1fr); }
details { border-top: 1px solid var(--line); padding: 0.35rem 0; overflow-wrap: anywhere; }
summary { cursor: pointer; }
details form { display: grid; gap: 0.4rem; padding: 0.6rem 0; justify-items: start; }
details form p { display: grid; grid-template-columns: minmax(9rem, 14rem) minmax(0, 1fr); gap: 0.2rem 0.8rem; align-items: center; width: 100%; max-width: 44rem; }
details label { color: var(--soft); font-size: 0.88rem; }
details input { font: inherit; font-size: 0.9rem; color: inherit; background: var(--sunk); border: 1px solid var(--line); border-radius: 5px; padding: 0.2rem 0.5rem; min-width: 0; }

"""##),
    ]
}
